import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import { makeFolder, maybeJson, replaceFile } from "../base/durable.js";
import type { LakePaths } from "./layout.js";
import { maybeStat, removeTree } from "./tree.js";

const shownSchema = z.object({ txns: z.array(z.string()), stamps: z.record(z.string(), z.string()) });

/**
 * What each run date showed when it was last looked through, so that an opening does not look through all that ever
 * were. Whatever of it is missing costs time only: it is gone while a date is projected, and after `verify` found fault.
 */
export class ShownDates {
  readonly #folder: string;
  readonly #paths: LakePaths;

  constructor(folder: string, paths: LakePaths) {
    this.#folder = folder;
    this.#paths = paths;
  }

  /** True if the log says the same and what lies at the top of the date is untouched: depths are not looked into. */
  isUnchanged(runDate: string, txns: readonly string[]): boolean {
    const { data } = shownSchema.safeParse(maybeJson(maybeText(this.#file(runDate))));
    if (data?.txns.join() !== txns.join()) return false;
    return Object.entries(data.stamps).every(([path, stamp]) => this.#stampOf(path) === stamp);
  }

  async forget(runDate: string): Promise<void> {
    await rm(this.#file(runDate), { force: true });
  }

  /** Paths are below `data_lake/`. A failure means nothing. */
  async remember(runDate: string, txns: readonly string[], paths: readonly string[]): Promise<void> {
    const stamps = Object.fromEntries(paths.map((path) => [path, this.#stampOf(path)]));
    try {
      await makeFolder(this.#paths.shown);
      const text = JSON.stringify({ txns, stamps });
      await replaceFile(this.#file(runDate), text, { temporaryFolder: this.#paths.tmp, isLasting: false });
    } catch {
      await this.forget(runDate).catch(() => undefined);
    }
  }

  #file(runDate: string): string {
    return join(this.#paths.shown, `${runDate}.json`);
  }

  /** Of a file it must not tell of links to it: they come and go with other run dates. */
  #stampOf(path: string): string {
    const stats = maybeStat(join(this.#folder, path));
    if (stats === undefined) return "";
    return [stats.ino, stats.mtimeMs, stats.isDirectory() ? "folder" : stats.size].join(" ");
  }
}

/** The next opening looks through all dates. A lake that cannot be written to has nothing to forget. */
export async function forgetShownDates({ shown }: LakePaths): Promise<void> {
  await removeTree(shown).catch(() => undefined);
}

function maybeText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error)) return "";
    throw error;
  }
}
