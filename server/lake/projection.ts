import { basename, dirname, join } from "node:path";
import { maybeReadText, replaceFile } from "../base/durable.js";
import { CATALOG } from "./layout.js";
import type { LakePaths } from "./layout.js";
import { PublicFolder } from "./public-folder.js";
import type { PublicItem } from "./public-items.js";
import type { PublicSet, PublicView } from "./public-view.js";
import { ShownDates } from "./shown-dates.js";
import { maybeNames, maybeStat } from "./tree.js";

export interface ProjectionReport {
  /** Paths below `data_lake/` that did not show what the log says and now do. */
  readonly shown: readonly string[];
  readonly removed: readonly string[];
  /** Absolute paths that users' files were moved to, out of the way. */
  readonly rescued: readonly string[];
  /** Errors; what they do not concern was done all the same. */
  readonly problems: readonly unknown[];
}

/** Brings the public folders to what the log says. Doing it twice changes nothing more. */
export class Projection {
  readonly #folder: string;
  readonly #paths: LakePaths;
  readonly #view: PublicView;
  readonly #public: PublicFolder;
  readonly #dates: ShownDates;
  readonly #shown: string[] = [];
  readonly #removed: string[] = [];
  readonly #problems: unknown[] = [];

  constructor(folder: string, paths: LakePaths, view: PublicView) {
    this.#folder = folder;
    this.#paths = paths;
    this.#view = view;
    this.#public = new PublicFolder(folder, paths);
    this.#dates = new ShownDates(folder, paths);
  }

  /** One run date, what `latest/` shows of these datasets, and the catalog. */
  async projectDate(runDate: string, datasets: readonly string[]): Promise<ProjectionReport> {
    await this.#attempt(() => this.#public.sweepReplaced());
    return this.#project([runDate], datasets);
  }

  /** Of the older run dates those that do not look as they did when they were last looked through. */
  async projectAll(): Promise<ProjectionReport> {
    const all = this.#view.runDates().filter((date) => this.#view.isPublished(date) || this.#exists(date));
    const newest = all.at(-1);
    const runDates = all.filter(
      (date) => date === newest || !this.#dates.isUnchanged(date, this.#view.txnsOf(date)),
    );
    return this.#project(runDates, this.#view.datasetNames());
  }

  /** Only while nothing else is at work: `.lake/tmp` is emptied first. */
  async recoverAll(): Promise<ProjectionReport> {
    await this.#attempt(() => this.#public.sweepTemporary());
    return this.projectAll();
  }

  /** As `projectAll`, and what was public until now takes no space any longer. */
  async projectAndFree(): Promise<ProjectionReport> {
    const report = await this.projectAll();
    await this.#attempt(() => this.#public.sweepReplaced(0));
    return report;
  }

  async #project(runDates: readonly string[], datasets: readonly string[]): Promise<ProjectionReport> {
    for (const runDate of runDates) await this.#projectDate(runDate);
    await this.#apply(await this.#view.latest(datasets));
    // Last: whoever sees the catalog change finds the folders that it speaks of.
    await this.#attempt(() => this.#projectCatalog());
    return {
      shown: this.#shown,
      removed: this.#removed,
      rescued: this.#public.rescued,
      problems: this.#problems,
    };
  }

  async #projectDate(runDate: string): Promise<void> {
    const [removed, problems] = [this.#removed.length, this.#problems.length];
    const set = await this.#view.ofDate(runDate);
    await this.#dates.forget(runDate);
    await this.#apply(set);
    if (this.#removed.length > removed) this.#public.removeIfEmpty(runDate);
    if (this.#problems.length > problems) return;
    const paths = set.items.map(({ path }) => path);
    await this.#dates.remember(runDate, this.#view.txnsOf(runDate), paths);
  }

  async #apply({ items, stale, problems }: PublicSet): Promise<void> {
    this.#problems.push(...problems);
    for (const item of items) await this.#attempt(() => this.#show(item));
    await this.#attempt(async () => {
      for (const path of this.#existing(stale)) await this.#attempt(() => this.#remove(path));
    });
  }

  async #show(item: PublicItem): Promise<void> {
    if (await this.#public.isShown(item)) return;
    await this.#public.show(item);
    this.#shown.push(item.path);
  }

  async #remove(path: string): Promise<void> {
    await this.#public.remove(path);
    this.#removed.push(path);
  }

  async #projectCatalog(): Promise<void> {
    if (this.#view.datasetNames().length === 0) return;
    const path = join(this.#folder, CATALOG);
    const text = await this.#view.catalog();
    if ((await maybeReadText(path)) === text) return;
    await replaceFile(path, text, { temporaryFolder: this.#paths.tmp, mode: 0o444 });
    this.#shown.push(CATALOG);
  }

  /** One dataset that cannot be shown must not keep the others from it. */
  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#problems.push(error);
    }
  }

  /** Most paths that may be stale are of formats that never were: a folder is listed once for all of them. */
  #existing(paths: readonly string[]): string[] {
    const folders = new Map<string, ReadonlySet<string>>();
    return paths.filter((path) => {
      const folder = dirname(path);
      const names = folders.get(folder) ?? new Set(maybeNames(join(this.#folder, folder)));
      folders.set(folder, names);
      return names.has(basename(path));
    });
  }

  #exists(path: string): boolean {
    return maybeStat(join(this.#folder, path)) !== undefined;
  }
}
