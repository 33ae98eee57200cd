import { namedRecord } from "../base/named-record.js";
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import type { StoredColumn } from "../engine/engine.js";
import { replaceFile } from "../lake/durable.js";
import { inputFileSchema } from "../lake/model.js";
import type { CurrentParts } from "./change-reason.js";

const resultSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), isCast: z.boolean().optional() })),
  rows: z.number(),
  bytes: z.number(),
  files: z.array(z.string()),
});

const partsSchema = z.object({
  sql: z.string(),
  engine: z.string(),
  parameters: namedRecord(z.unknown()),
  queries: namedRecord(z.string()),
  inputs: z.array(inputFileSchema),
  parents: z.array(z.object({ dataset: z.string(), version: z.string() })),
});

/** The rows of a query cell, kept for as long as there is room. */
export interface ScratchResult {
  readonly columns: readonly StoredColumn[];
  readonly rows: number;
  readonly bytes: number;
  /** Absolute paths of Parquet files. */
  readonly files: readonly string[];
}

const DESCRIPTION = "result.json";
/** What each query cell was last computed from. */
const CELLS = ".cells";

/** Results of query cells by fingerprint, within a cap, least recently used out first. A loss costs time only. */
export class ResultStore {
  readonly folder: string;
  readonly maxBytes: number;

  constructor(folder: string, maxBytes = 10 * 2 ** 30) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /** An empty folder to compute into; `keep` or `discard` it. */
  async createBuild(): Promise<string> {
    const folder = join(this.folder, `.build-${randomUUID()}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async discard(build: string): Promise<void> {
    await rm(build, { recursive: true, force: true });
  }

  /** `files` are relative to the build folder. */
  async keep(build: string, fingerprint: string, result: ScratchResult): Promise<ScratchResult> {
    await replaceFile(join(build, DESCRIPTION), JSON.stringify(result));
    const target = join(this.folder, fingerprint);
    await rm(target, { recursive: true, force: true });
    await rename(build, target);
    await this.evict(fingerprint);
    return { ...result, files: result.files.map((file) => join(target, file)) };
  }

  async find(fingerprint: string): Promise<ScratchResult | undefined> {
    const folder = join(this.folder, fingerprint);
    try {
      const result = resultSchema.parse(JSON.parse(await readFile(join(folder, DESCRIPTION), "utf8")));
      const now = new Date();
      await utimes(join(folder, DESCRIPTION), now, now);
      return { ...result, files: result.files.map((file) => join(folder, file)) };
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }

  /** Notes what a cell's rows stand on, so that it can be said what is different the next time. */
  async remember(notebook: string, cell: string, parts: CurrentParts): Promise<void> {
    const file = this.#cellFile(notebook, cell);
    await mkdir(dirname(file), { recursive: true });
    await replaceFile(file, JSON.stringify(parts), { isLasting: false });
  }

  /** What `remember` noted last. */
  async recall(notebook: string, cell: string): Promise<CurrentParts | undefined> {
    try {
      return partsSchema.parse(JSON.parse(await readFile(this.#cellFile(notebook, cell), "utf8")));
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }

  #cellFile(notebook: string, cell: string): string {
    return join(this.folder, CELLS, `${hashOf([notebook, cell])}.json`);
  }

  /** Removes the least recently used results beyond the cap; `keep` stays whatever its size. */
  async evict(keep?: string): Promise<void> {
    const entries = await this.#entries();
    let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const entry of entries.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.maxBytes) return;
      if (entry.name === keep) continue;
      await rm(join(this.folder, entry.name), { recursive: true, force: true });
      total -= entry.bytes;
    }
  }

  /** What a killed process left behind. Only for the process that holds the lake. */
  async sweep(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) if (name.startsWith(".build-")) await this.discard(join(this.folder, name));
  }

  async #entries(): Promise<{ name: string; bytes: number; usedAt: number }[]> {
    const names = (await readdir(this.folder)).filter((name) => !name.startsWith("."));
    const entries = await Promise.all(
      names.map(async (name) => {
        try {
          const file = join(this.folder, name, DESCRIPTION);
          const { bytes } = resultSchema.parse(JSON.parse(await readFile(file, "utf8")));
          return [{ name, bytes, usedAt: (await stat(file)).mtimeMs }];
        } catch {
          return [{ name, bytes: 0, usedAt: 0 }];
        }
      }),
    );
    return entries.flat();
  }
}
