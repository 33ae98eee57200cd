import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { BoundedCache } from "../base/bounded-cache.js";
import { isSystemError } from "../base/errors.js";
import type { CheckFinding } from "../engine/engine.js";
import { replaceFile } from "../base/durable.js";
import { Leases } from "../lake/leases.js";
import { maybeStat } from "../lake/tree.js";

const findingSchema = z.object({
  name: z.string(),
  failures: z.number(),
  rows: z.number().optional(),
  file: z.string().optional(),
  message: z.string(),
});

const ROWS = "rows";
const FINDINGS_IN_MEMORY = 4096;

interface ReadFinding {
  /** Of the file that it was read from. */
  readonly stamp: string;
  readonly finding: CheckFinding;
}

/** Findings of checks by fingerprint of check and data, so that an unchanged check of unchanged data is not run again. */
export class CheckStore {
  readonly folder: string;
  /** By fingerprint. */
  readonly #read = new BoundedCache<ReadFinding>(FINDINGS_IN_MEMORY, FINDINGS_IN_MEMORY * 64);

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

  /** A finding is read again only where its file is another one than before. */
  async find(fingerprint: string): Promise<CheckFinding | undefined> {
    const path = join(this.folder, fingerprint, "finding.json");
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    const known = this.#read.get(fingerprint);
    if (known?.stamp === stamp) return known.finding;
    try {
      const { file, rows, ...rest } = findingSchema.parse(JSON.parse(await readFile(path, "utf8")));
      const finding = { ...rest, ...(rows !== undefined && { rows }), ...(file !== undefined && { file }) };
      this.#read.set(fingerprint, { stamp, finding });
      return finding;
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }
}

/** Undefined where the file is missing. */
function stampOf(path: string): string | undefined {
  const stats = maybeStat(path);
  return stats && [stats.ino, stats.mtimeMs, stats.ctimeMs, stats.size].join(" ");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
