import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { AppError, isAppError, isSystemError } from "../base/errors.js";
import { makePrivateFolder, putIfAbsent, readJsonFile, replaceFile } from "../base/durable.js";
import { withDiskErrors } from "../base/disk-error.js";

interface Kept<T> {
  readonly stamp: string;
  readonly record: T | undefined;
}

/**
 * Small records in files of their own, below `.lakebook/` and for this user only. The server and commands write there at the same
 * time: each file changes in one step, and who reads looks whether it has. Names are given as they may be in a path.
 */
export class RecordFolder<T> {
  readonly #folder: string;
  readonly #state: string;
  readonly #schema: z.ZodType<T>;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(state: string, name: string, schema: z.ZodType<T>) {
    this.#state = state;
    this.#folder = join(state, name);
    this.#schema = schema;
  }

  /** A file that somebody broke is no record: it lets nobody in. */
  async find(name: string): Promise<T | undefined> {
    const path = this.#path(name);
    const stamp = await stampOf(path);
    if (stamp === undefined) {
      this.#kept.delete(name);
      return undefined;
    }
    const kept = this.#kept.get(name);
    if (kept?.stamp === stamp) return kept.record;
    const record = await readJsonFile(path, this.#schema).catch((error: unknown) => {
      if (isAppError(error, "damaged")) return undefined;
      throw error;
    });
    this.#kept.set(name, { stamp, record });
    return record;
  }

  /** In the order of their names. */
  async all(): Promise<T[]> {
    const records = await Promise.all((await this.names()).map((name) => this.find(name)));
    return records.filter((record) => record !== undefined);
  }

  async names(): Promise<string[]> {
    try {
      const names = await readdir(this.#folder);
      return names
        .filter((name) => name.endsWith(".json") && !name.startsWith("."))
        .map((name) => name.slice(0, -".json".length))
        .sort();
    } catch (error) {
      // Where the private state is no folder there are none; who writes there is told.
      if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
      throw error;
    }
  }

  /** False, and nothing is changed, where there is one of that name. */
  async add(name: string, record: T): Promise<boolean> {
    await this.#makeFolder();
    return putIfAbsent(this.#path(name), toText(record), {
      temporaryFolder: this.#folder,
      mode: 0o600,
    });
  }

  async replace(name: string, record: T): Promise<void> {
    await this.#makeFolder();
    await replaceFile(this.#path(name), toText(record), { mode: 0o600 });
  }

  /** False where there is none. */
  async remove(name: string): Promise<boolean> {
    this.#kept.delete(name);
    try {
      await withDiskErrors(this.#path(name), () => rm(this.#path(name)));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  async #makeFolder(): Promise<void> {
    await makePrivateFolder(this.#state);
    await makePrivateFolder(this.#folder);
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

function toText(record: unknown): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function isAbsent(error: unknown): boolean {
  return (
    isSystemError(error, "ENOENT") || (error instanceof AppError && isSystemError(error.cause, "ENOENT"))
  );
}

/** A replaced file is another one, whatever the clock says. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, ctimeNs } = await stat(path, { bigint: true });
    return `${String(ino)} ${String(size)} ${String(ctimeNs)}`;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}
