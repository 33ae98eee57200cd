import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isSystemError } from "../base/errors.js";
import { withDiskErrors } from "../lake/disk-error.js";
import { makeFolder, replaceFile, syncFolder } from "../lake/durable.js";
import type { Lake } from "../lake/lake.js";
import { expendableRuns } from "./run-retention.js";
import { runRecordSchema, type RunRecord } from "./run-record.js";

const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

/** Run records on disk, a folder each: `<runs>/<id>/run.json`. */
export class RunStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Sorts by the time of its creation, to the millisecond: its last six digits begin with those. */
  newId(now = new Date()): string {
    const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
    const milliseconds = now.getUTCMilliseconds().toString(16).padStart(3, "0");
    return `${stamp}-${milliseconds}${randomBytes(2).toString("hex").slice(1)}`;
  }

  folderOf(id: string): string {
    return join(this.folder, id);
  }

  /**
   * Shows a record to other processes; a power cut may lose it until it is saved. For a run that begins: while a large
   * copy of input is on its way to the disk, forcing a single file there takes as long as all of it.
   */
  async announce(record: RunRecord): Promise<void> {
    await makeFolder(this.folder);
    await withDiskErrors(this.folder, () => mkdir(this.folderOf(record.id), { recursive: true }));
    await replaceFile(this.#file(record.id), JSON.stringify(record), { isLasting: false });
  }

  async save(record: RunRecord): Promise<void> {
    await makeFolder(this.folderOf(record.id));
    await replaceFile(this.#file(record.id), JSON.stringify(record));
    // The folder may be there only since it was announced.
    await syncFolder(this.folder);
  }

  /** Fails with code not-found where there is no such run. */
  async load(id: string): Promise<RunRecord> {
    const record = RUN_ID.test(id) ? await this.#read(id) : undefined;
    if (record === undefined)
      throw new AppError("not-found", `Run "${id}" does not exist.`, {
        hint: "List the runs with: lakebook runs",
      });
    return record;
  }

  /** Newest first. A record that cannot be read is left out. */
  async list(limit = Infinity): Promise<RunRecord[]> {
    const ids = (await readFolder(this.folder))
      .filter((name) => RUN_ID.test(name))
      .sort()
      .reverse();
    const records: RunRecord[] = [];
    for (const id of ids) {
      if (records.length >= limit) break;
      const record = await this.#read(id);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  /**
   * Whoever writes to the lake owns every run: one that is still marked running was cut off. Old explorations go, or
   * every start would read all that ever ran.
   */
  async recover(now = new Date().toISOString()): Promise<void> {
    const records = await this.list();
    for (const record of records.filter(({ isRunning }) => isRunning)) {
      await this.save(interrupted(record, now));
      await this.removeView(record.id);
    }
    for (const id of expendableRuns(records)) await rm(this.folderOf(id), { recursive: true, force: true });
  }

  viewFolder(id: string): string {
    return join(this.folderOf(id), "root");
  }

  async removeView(id: string): Promise<void> {
    await rm(this.viewFolder(id), { recursive: true, force: true });
  }

  #file(id: string): string {
    return join(this.folderOf(id), "run.json");
  }

  async #read(id: string): Promise<RunRecord | undefined> {
    try {
      const text = await readFile(this.#file(id), "utf8");
      return runRecordSchema.parse(JSON.parse(text));
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }
}

/** For readers: a run that a killed process has left is interrupted before the next writer comes and says so. */
export async function readRuns(lake: Lake, limit = Infinity): Promise<RunRecord[]> {
  const store = new RunStore(lake.paths.runs);
  const records = await store.list(limit);
  if (!records.some(({ isRunning }) => isRunning) || (await lake.hasWriter())) return records;
  // Now that nobody writes, this is how they ended.
  return (await store.list(limit)).map((record) => (record.isRunning ? interrupted(record) : record));
}

function interrupted(record: RunRecord, now?: string): RunRecord {
  const cells = record.cells.map((cell) =>
    cell.status === "idle"
      ? cell
      : { ...cell, status: "idle" as const, outcome: "cancelled" as const, reason: "the process ended" },
  );
  const attempts = record.attempts.map((attempt) =>
    attempt.outcome === "none"
      ? { ...attempt, outcome: "interrupted" as const, ...(now !== undefined && { finishedAt: now }) }
      : attempt,
  );
  return { ...record, cells, attempts, outcome: "interrupted", isRunning: false };
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
