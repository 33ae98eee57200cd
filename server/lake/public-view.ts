import { formatCatalog } from "./catalog.js";
import type { InputStore } from "./inputs.js";
import { LATEST } from "./layout.js";
import type { Manifest } from "./model.js";
import { datasetItems, datasetPaths, inputItem, ownPaths, recordItem } from "./public-items.js";
import type { PublicItem } from "./public-items.js";
import type { LakeState, Placement } from "./state.js";
import type { VersionFolders } from "./versions.js";

export interface PublicSet {
  readonly items: readonly PublicItem[];
  /** Paths that Lakebook made at some time and that are to go. */
  readonly stale: readonly string[];
  /** What hindered: the versions that these errors name stay public as they are. */
  readonly problems: readonly unknown[];
}

/** What `data_lake/` shows according to the log: the aim of the projection and the measure of `verify`. */
export class PublicView {
  readonly #state: LakeState;
  readonly #versions: VersionFolders;
  readonly #inputs: InputStore;

  constructor(state: LakeState, versions: VersionFolders, inputs: InputStore) {
    this.#state = state;
    this.#versions = versions;
    this.#inputs = inputs;
  }

  /** All dates that ever were, also those that nothing is published for any longer. */
  runDates(): string[] {
    return [...new Set(this.#state.history().map((publication) => publication.runDate))].sort();
  }

  isPublished(runDate: string): boolean {
    return this.#state.publicationsOn(runDate).length > 0;
  }

  /** What the date shows follows from these transactions. */
  txnsOf(runDate: string): string[] {
    return this.#state.publicationsOn(runDate).map(({ txn }) => txn);
  }

  /** All datasets that ever were. */
  datasetNames(): string[] {
    return [...new Set(this.#state.history().flatMap(({ datasets }) => Object.keys(datasets)))].sort();
  }

  async ofDate(runDate: string): Promise<PublicSet> {
    const publications = this.#state.publicationsOn(runDate);
    const inputs = inputItem(runDate, publications, (sha256) => this.#inputs.file(sha256));
    const others = [...(inputs === undefined ? [] : [inputs]), ...publications.map(recordItem)];
    const own = ownPaths(runDate, this.#state.history());
    return this.#publicSet(runDate, this.#state.placementsOn(runDate), others, own);
  }

  /** Below `latest/`, of these datasets. */
  async latest(datasets: readonly string[]): Promise<PublicSet> {
    const placements = datasets.flatMap((dataset) => this.#state.placementsOf(dataset).slice(-1));
    const own = datasets.flatMap((dataset) => datasetPaths(LATEST, dataset));
    return this.#publicSet(LATEST, placements, [], own);
  }

  /** Throws `damaged` where a manifest cannot be read. */
  async catalog(): Promise<string> {
    const manifests = new Map<string, Manifest>();
    for (const dataset of this.#state.datasetNames()) {
      const latest = this.#state.placementsOf(dataset).at(-1);
      if (latest !== undefined) manifests.set(dataset, await this.#manifestOf(latest));
    }
    return formatCatalog(this.#state, ({ dataset }) => {
      const manifest = manifests.get(dataset);
      if (manifest === undefined) throw new Error(`no manifest of "${dataset}"`);
      return manifest;
    });
  }

  async #publicSet(
    base: string,
    placements: readonly Placement[],
    others: readonly PublicItem[],
    own: Iterable<string>,
  ): Promise<PublicSet> {
    const items: PublicItem[] = [];
    const problems: unknown[] = [];
    const stale = new Set(own);
    for (const placement of placements) {
      try {
        const { dataset, version } = placement;
        items.push(
          ...datasetItems(base, await this.#manifestOf(placement), this.#versions.folder(dataset, version)),
        );
      } catch (error) {
        problems.push(error);
        for (const path of datasetPaths(base, placement.dataset)) stale.delete(path);
      }
    }
    items.push(...others);
    for (const item of items) stale.delete(item.path);
    return { items, stale: [...stale], problems };
  }

  #manifestOf({ dataset, version }: Placement): Promise<Manifest> {
    return this.#versions.manifest(this.#state.storeOf(dataset, version));
  }
}
