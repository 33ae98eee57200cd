import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import type { CheckFinding } from "../engine/engine.js";
import { replaceFile } from "../base/durable.js";
import { Leases } from "../lake/leases.js";

const findingSchema = z.object({
  name: z.string(),
  failures: z.number(),
  file: z.string().optional(),
  message: z.string(),
});

const ROWS = "rows";

/** Findings of checks by fingerprint of check and data, so that an unchanged check of unchanged data is not run again. */
export class CheckStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty folder for failing rows. */
  async createFolder(): Promise<string> {
    const folder = join(this.folder, ROWS, randomUUID());
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Most checks pass and leave nothing. */
  async removeIfEmpty(folder: string): Promise<void> {
    await rmdir(folder).catch(() => undefined);
  }

  /** A check that could not run is not kept: the next run tries again. */
  async keep(fingerprint: string, finding: CheckFinding): Promise<void> {
    if (finding.error !== undefined) return;
    await mkdir(join(this.folder, fingerprint), { recursive: true });
    await replaceFile(join(this.folder, fingerprint, "finding.json"), JSON.stringify(finding));
  }

  /**
   * Removes findings from before a time, and failing rows that neither a finding nor anybody else `needs`; takes
   * absolute paths. What goes is found again where it is asked for.
   */
  async sweep(before: Date, needed: ReadonlySet<string>, leases = new Leases()): Promise<void> {
    const kept = new Set(needed);
    for (const fingerprint of await namesIn(this.folder)) {
      if (fingerprint === ROWS) continue;
      const folder = join(this.folder, fingerprint);
      const { mtime } = await stat(folder);
      if (mtime < before) await rm(folder, { recursive: true, force: true });
      else kept.add((await this.find(fingerprint))?.file ?? "");
    }
    // By its own name: the workspace may have been seen under another path, as in a container.
    const folders = new Set([...kept].map((file) => basename(dirname(file))));
    for (const name of await namesIn(join(this.folder, ROWS))) {
      if (!folders.has(name)) await leases.remove(join(this.folder, ROWS, name));
    }
  }

  async find(fingerprint: string): Promise<CheckFinding | undefined> {
    try {
      const { file, ...finding } = findingSchema.parse(
        JSON.parse(await readFile(join(this.folder, fingerprint, "finding.json"), "utf8")),
      );
      return file === undefined ? finding : { ...finding, file };
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
