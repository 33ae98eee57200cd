import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { AppError, isAppError, isSystemError } from "../base/errors.js";
import { makePrivateFolder, putIfAbsent, readJsonFile, replaceFile } from "../base/durable.js";
import { withDiskErrors } from "../base/disk-error.js";
import { oneAtATime } from "../base/one-at-a-time.js";
import { acquireLock, type LakeLock } from "../lake/lock.js";

interface Kept<T> {
  readonly stamp: string;
  readonly record: T | undefined;
}

/** A change takes milliseconds; a process that died in the middle of one holds up nobody. */
const LOCK_PATIENCE_MS = 10_000;
const LOCK_POLL_MS = 10;

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
      if (isAppError(error, "damaged") || isNoFile(error)) return undefined;
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

  /** Names of those whose file cannot be read. */
  async damaged(): Promise<string[]> {
    const names = await this.names();
    const records = await Promise.all(names.map((name) => this.find(name)));
    return names.filter((_, index) => records[index] === undefined);
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

  /**
   * Writes what `change` makes of the record that is there at this moment, whoever else changes records meanwhile; what takes
   * long is to be done before. Undefined where there is none.
   */
  async change(name: string, change: (record: T) => T | Promise<T>): Promise<T | undefined> {
    return this.exclusively(async () => {
      const record = await this.find(name);
      if (record === undefined) return undefined;
      const changed = await change(record);
      await replaceFile(this.#path(name), toText(changed), { mode: 0o600 });
      return changed;
    });
  }

  /** Removes what is there of that name, readable or not; false where there is nothing. `check` may fail first. */
  async remove(name: string, check?: () => Promise<void>): Promise<boolean> {
    if ((await this.names()).length === 0) return false;
    return this.exclusively(async () => {
      await check?.();
      this.#kept.delete(name);
      try {
        await withDiskErrors(this.#path(name), () => unlink(this.#path(name)));
        return true;
      } catch (error) {
        if (isAbsent(error)) return false;
        throw error;
      }
    });
  }

  /** No record is changed or removed by others, of this process or another one, before `action` ends. */
  async exclusively<R>(action: () => Promise<R>): Promise<R> {
    await this.#makeFolder();
    return oneAtATime(this.#folder, async () => {
      const lock = await this.#lock();
      try {
        return await action();
      } finally {
        await lock.release();
      }
    });
  }

  async #lock(): Promise<LakeLock> {
    const path = join(this.#folder, ".lock");
    for (let waitedMs = 0; ; waitedMs += LOCK_POLL_MS) {
      try {
        return await acquireLock({ path, now: () => new Date() });
      } catch (error) {
        if (!isAppError(error, "locked")) throw error;
        if (waitedMs >= LOCK_PATIENCE_MS)
          throw new AppError("locked", `"${path}": another process changes what is there.`, {
            hint: "Try again.",
            cause: error,
          });
      }
      await sleep(LOCK_POLL_MS);
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

/** A folder, or a link that leads to itself, in the place of a record. */
function isNoFile(error: unknown): boolean {
  return isSystemError(error instanceof AppError ? error.cause : error, "EISDIR", "ELOOP");
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
    if (isSystemError(error, "ELOOP")) return "loop";
    throw error;
  }
}
