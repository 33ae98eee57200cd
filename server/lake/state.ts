import { AppError } from "../base/errors.js";
import { ownValue } from "../base/own-value.js";
import type {
  Delivery,
  ExpireEntry,
  LogEntry,
  PastPublication,
  PublishEntry,
  StoreEntry,
  Tag,
  TagEntry,
} from "./model.js";

export interface VersionName {
  readonly dataset: string;
  readonly version: string;
}

/** Where a version is public: what `data_lake/<runDate>/<dataset>` shows. */
export interface Placement extends VersionName {
  readonly runDate: string;
  readonly notebook: string;
  readonly publication: PublishEntry;
}

/** What a checkpoint holds: as much as it takes to fold on from there. */
export interface FoldedState {
  readonly seq: number;
  readonly stores: readonly StoreEntry[];
  readonly history: readonly PastPublication[];
  /** The current publications in the order of the log. */
  readonly current: readonly PublishEntry[];
  readonly expired: readonly string[];
  readonly tags: readonly Tag[];
  /** What run dates had delivered that are published no more. */
  readonly retired: readonly RetiredDelivery[];
}

export type RetiredDelivery = Delivery & { readonly notebook: string };

/**
 * What the log says, folded entry by entry. The same entries give the same state, whether all of them are
 * folded or the last ones onto a checkpoint.
 */
export class LakeState {
  #seq = 0;
  readonly #stores = new Map<string, StoreEntry>();
  readonly #byFingerprint = new Map<string, StoreEntry[]>();
  readonly #publications = new Map<string, PublishEntry>();
  readonly #history: PastPublication[] = [];
  /** Those of a notebook and run date, in the order of the log: the place in it is a publication's number. */
  readonly #numbered = new Map<string, PastPublication[]>();
  readonly #tags = new Map<string, Tag>();
  readonly #expired = new Set<string>();
  readonly #retired = new Map<string, RetiredDelivery>();
  #placements: ReadonlyMap<string, readonly Placement[]> | undefined;
  #byDate: ReadonlyMap<string, readonly PublishEntry[]> | undefined;
  #deliveries: ReadonlyMap<string, readonly Delivery[]> | undefined;

  static fold(entries: Iterable<LogEntry>): LakeState {
    const state = new LakeState();
    for (const entry of entries) state.apply(entry);
    return state;
  }

  static fromFolded(folded: FoldedState): LakeState {
    const state = new LakeState();
    for (const entry of folded.stores) state.#addStore(entry);
    for (const entry of folded.current) {
      state.#publications.set(publicationKey(entry.notebook, entry.runDate), entry);
    }
    for (const past of folded.history) state.#addPast(past);
    for (const tag of folded.tags) state.#tags.set(publicationKey(tag.notebook, tag.name), tag);
    for (const key of folded.expired) state.#expired.add(key);
    for (const delivery of folded.retired)
      state.#retired.set(publicationKey(delivery.notebook, delivery.date), delivery);
    state.#seq = folded.seq;
    return state;
  }

  toFolded(): FoldedState {
    return {
      seq: this.#seq,
      stores: [...this.#stores.values()],
      history: this.#history,
      current: [...this.#publications.values()].sort((a, b) => a.seq - b.seq),
      expired: [...this.#expired],
      tags: this.tags(),
      retired: [...this.#retired.values()],
    };
  }

  /** Number of the last entry. */
  get seq(): number {
    return this.#seq;
  }

  apply(entry: LogEntry): void {
    if (entry.seq !== this.#seq + 1) throw new Error(`entry ${entry.seq} cannot follow entry ${this.#seq}`);
    this.#seq = entry.seq;
    this.#placements = undefined;
    this.#byDate = undefined;
    this.#deliveries = undefined;
    if (entry.type === "store") this.#addStore(entry);
    else if (entry.type === "publish") this.#addPublication(entry);
    else if (entry.type === "tag") this.#setTag(entry);
    else this.#expire(entry);
  }

  /** The versions that are there: stored and not expired, oldest first. */
  stores(): readonly StoreEntry[] {
    return [...this.#stores.values()];
  }

  store(dataset: string, version: string): StoreEntry | undefined {
    return this.#stores.get(versionKey(dataset, version));
  }

  /** Throws `not-found` for a version that was never stored or has been removed, `damaged` for one that is published. */
  storeOf(dataset: string, version: string): StoreEntry {
    const entry = this.store(dataset, version);
    if (entry !== undefined) return entry;
    const name = `"${dataset}/${version}"`;
    if (this.#expired.has(versionKey(dataset, version)))
      throw new AppError("not-found", `${name} was removed by vacuum`);
    if (this.#history.some(({ datasets }) => ownValue(datasets, dataset) === version))
      throw new AppError("damaged", `${name} was published, and the log does not have it`);
    throw new AppError("not-found", `${name} was never stored`);
  }

  /** Those with this fingerprint, oldest first. */
  storesOf(dataset: string, fingerprint: string): readonly StoreEntry[] {
    return this.storesWith(fingerprint).filter((entry) => entry.dataset === dataset);
  }

  /** Those of any dataset with this fingerprint, oldest first. */
  storesWith(fingerprint: string): readonly StoreEntry[] {
    return this.#byFingerprint.get(fingerprint) ?? [];
  }

  /** The current publications: one of each notebook and run date. */
  publications(): readonly PublishEntry[] {
    return [...this.#publications.values()].sort(byNotebookAndDate);
  }

  /** Those of one run date, by notebook. */
  publicationsOn(runDate: string): readonly PublishEntry[] {
    this.#byDate ??= groupByDate(this.publications());
    return this.#byDate.get(runDate) ?? [];
  }

  publication(notebook: string, runDate: string): PublishEntry | undefined {
    return this.#publications.get(publicationKey(notebook, runDate));
  }

  /** All publications, also those that were replaced or expired since, in the order of the log. */
  history(): readonly PastPublication[] {
    return this.#history;
  }

  /** All that a notebook ever published for a run date, the first one first: number n stands at n - 1. */
  publicationsOf(notebook: string, runDate: string): readonly PastPublication[] {
    return this.#numbered.get(publicationKey(notebook, runDate)) ?? [];
  }

  /** Counted from 1 among the publications of its notebook and run date. */
  numberOf({ notebook, runDate, txn }: Pick<PastPublication, "notebook" | "runDate" | "txn">): number {
    return this.publicationsOf(notebook, runDate).findIndex((past) => past.txn === txn) + 1;
  }

  /** By notebook and name. */
  tags(): readonly Tag[] {
    return [...this.#tags.values()].sort((a, b) =>
      publicationKey(a.notebook, a.name) < publicationKey(b.notebook, b.name) ? -1 : 1,
    );
  }

  tag(notebook: string, name: string): Tag | undefined {
    return this.#tags.get(publicationKey(notebook, name));
  }

  /** What each run date of a notebook delivered, also one that is published no more; oldest first. */
  deliveries(notebook: string): readonly Delivery[] {
    this.#deliveries ??= deliveriesByNotebook([
      ...this.#retired.values(),
      ...[...this.#publications.values()].map(({ runDate, ...entry }) => ({ ...entry, date: runDate })),
    ]);
    return this.#deliveries.get(notebook) ?? [];
  }

  datasetNames(): readonly string[] {
    return [...this.#placementsByDataset().keys()].sort();
  }

  /** Of one dataset by run date, the greatest last. */
  placementsOf(dataset: string): readonly Placement[] {
    return this.#placementsByDataset().get(dataset) ?? [];
  }

  /** By dataset. */
  placementsOn(runDate: string): readonly Placement[] {
    const all = this.datasetNames().flatMap((dataset) => this.placementsOf(dataset));
    return all.filter((placement) => placement.runDate === runDate);
  }

  #addStore(entry: StoreEntry): void {
    this.#stores.set(versionKey(entry.dataset, entry.version), entry);
    this.#byFingerprint.set(entry.fingerprint, [...this.storesWith(entry.fingerprint), entry]);
  }

  #addPublication(entry: PublishEntry): void {
    const { inputs: _inputs, record: _record, ...past } = entry;
    this.#addPast(past);
    this.#publications.set(publicationKey(entry.notebook, entry.runDate), entry);
    this.#retired.delete(publicationKey(entry.notebook, entry.runDate));
  }

  #addPast(past: PastPublication): void {
    this.#history.push(past);
    const key = publicationKey(past.notebook, past.runDate);
    const others = this.#numbered.get(key);
    if (others === undefined) this.#numbered.set(key, [past]);
    else others.push(past);
  }

  #setTag({ notebook, runDate, name, txn, at, isDeleted }: TagEntry): void {
    const key = publicationKey(notebook, name);
    if (isDeleted) this.#tags.delete(key);
    else this.#tags.set(key, { notebook, runDate, name, txn, at });
  }

  /** A publication that was replaced since it was chosen to go stays. */
  #expire(entry: ExpireEntry): void {
    for (const { notebook, runDate, txn } of entry.publications) {
      const gone = this.publication(notebook, runDate);
      if (gone?.txn !== txn) continue;
      this.#publications.delete(publicationKey(notebook, runDate));
      this.#retired.set(publicationKey(notebook, runDate), { notebook, date: runDate, inputs: gone.inputs });
    }
    for (const name of entry.versions) this.#expireVersion(name);
  }

  #expireVersion({ dataset, version }: VersionName): void {
    const entry = this.store(dataset, version);
    this.#expired.add(versionKey(dataset, version));
    if (entry === undefined) return;
    this.#stores.delete(versionKey(dataset, version));
    const left = this.storesWith(entry.fingerprint).filter((other) => other !== entry);
    this.#byFingerprint.set(entry.fingerprint, left);
  }

  #placementsByDataset(): ReadonlyMap<string, readonly Placement[]> {
    this.#placements ??= placementsByDataset([...this.#publications.values()]);
    return this.#placements;
  }
}

/** Where two notebooks published a dataset of one name for one date, the later commit holds. */
function placementsByDataset(publications: readonly PublishEntry[]): Map<string, readonly Placement[]> {
  const byPlace = new Map<string, Placement>();
  for (const publication of [...publications].sort((a, b) => a.seq - b.seq)) {
    const { runDate, notebook } = publication;
    for (const [dataset, version] of Object.entries(publication.datasets)) {
      byPlace.set(`${runDate}/${dataset}`, { dataset, version, runDate, notebook, publication });
    }
  }
  const byDataset = new Map<string, Placement[]>();
  for (const placement of byPlace.values()) {
    const others = byDataset.get(placement.dataset);
    if (others === undefined) byDataset.set(placement.dataset, [placement]);
    else others.push(placement);
  }
  for (const placements of byDataset.values()) placements.sort((a, b) => (a.runDate < b.runDate ? -1 : 1));
  return byDataset;
}

function deliveriesByNotebook(all: readonly RetiredDelivery[]): Map<string, Delivery[]> {
  const byNotebook = new Map<string, Delivery[]>();
  for (const { notebook, date, inputs } of [...all].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    const others = byNotebook.get(notebook);
    if (others === undefined) byNotebook.set(notebook, [{ date, inputs }]);
    else others.push({ date, inputs });
  }
  return byNotebook;
}

function groupByDate(publications: readonly PublishEntry[]): Map<string, readonly PublishEntry[]> {
  const byDate = new Map<string, PublishEntry[]>();
  for (const publication of publications) {
    const others = byDate.get(publication.runDate);
    if (others === undefined) byDate.set(publication.runDate, [publication]);
    else others.push(publication);
  }
  return byDate;
}

function byNotebookAndDate(a: PublishEntry, b: PublishEntry): number {
  if (a.notebook !== b.notebook) return a.notebook < b.notebook ? -1 : 1;
  return a.runDate < b.runDate ? -1 : 1;
}

function versionKey(dataset: string, version: string): string {
  return `${dataset}/${version}`;
}

function publicationKey(notebook: string, runDate: string): string {
  return `${notebook}@${runDate}`;
}
