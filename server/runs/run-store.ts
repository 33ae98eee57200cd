import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BoundedCache } from "../base/bounded-cache.js";
import { AppError, isSystemError } from "../base/errors.js";
import { Limiter, mapConcurrently } from "../lake/concurrency.js";
import { withDiskErrors } from "../base/disk-error.js";
import { makeFolder, mkdirIfAbsent, replaceFile, syncFolder } from "../base/durable.js";
import type { Lake } from "../lake/lake.js";
import { suggest } from "../text/suggest.js";
import { byCreation, byLastAttempt, RunLedger, summarize, type RunSummary } from "./run-ledger.js";
import { expendableRuns } from "./run-retention.js";
import { runRecordSchema, type RunRecord } from "./run-record.js";

const VIEW = "root-";
const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{6}$/;
const READS_AT_ONCE = 16;
const KEPT_RECORDS = 64;
/** Larger ones are read each time. */
const LARGEST_KEPT_BYTES = 2 ** 17;
/** So many lines of the ledger may have been replaced or removed before it is written anew. */
const IDLE_LINES = 500;

/**
 * Run records on disk, a folder each: `<runs>/<id>/run.json`. What is newer is decided by the sequence of the attempts,
 * never by a clock. Summaries are read once: keep an instance only in the process that holds the lake, where nobody else
 * writes.
 */
export class RunStore {
  readonly folder: string;
  readonly #ledger: RunLedger;
  readonly #reading = new Limiter(READS_AT_ONCE);
  /** What was read last of runs that have ended, while the files stay the same: a page that lists them asks again and again. */
  readonly #read = new BoundedCache<{ readonly stamp: string; readonly record: RunRecord }>(
    KEPT_RECORDS,
    10_000,
  );
  #known: Promise<Map<string, RunSummary>> | undefined;
  #sequence = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.#ledger = new RunLedger(join(folder, "ledger.jsonl"));
  }

  /** Names the time of its creation, for people; the order of runs does not follow from it. */
  newId(now = new Date()): string {
    const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
    const milliseconds = now.getUTCMilliseconds().toString(16).padStart(3, "0");
    return `${stamp}-${milliseconds}${randomBytes(2).toString("hex").slice(1)}`;
  }

  /** For an attempt that begins: greater than that of every attempt before. */
  async nextSequence(): Promise<number> {
    await this.#summaries();
    return ++this.#sequence;
  }

  folderOf(id: string): string {
    return join(this.folder, id);
  }

  /**
   * Shows a record to other processes; a power cut may lose it until it is saved. For a run that begins: while a large
   * copy of input is on its way to the disk, forcing a single file there takes as long as all of it.
   */
  async announce(record: RunRecord): Promise<void> {
    const known = await this.#summaries();
    await makeFolder(this.folder);
    await withDiskErrors(this.folder, () => mkdirIfAbsent(this.folderOf(record.id)));
    // A run that is not in the ledger is looked at; one that is has to be taken back first.
    if (known.has(record.id)) await this.#ledger.append(summarize(record), true);
    await replaceFile(this.#file(record.id), JSON.stringify(record), { isLasting: false });
    this.#note(known, record);
  }

  /** What a run that goes on has come to: for when the process is killed, not for a power cut. */
  async note(record: RunRecord): Promise<void> {
    const known = await this.#summaries();
    await replaceFile(this.#file(record.id), JSON.stringify(record), { isLasting: false });
    this.#note(known, record);
  }

  async save(record: RunRecord): Promise<void> {
    const known = await this.#summaries();
    await makeFolder(this.folderOf(record.id));
    await replaceFile(this.#file(record.id), JSON.stringify(record));
    // The folder may be there only since it was announced.
    await syncFolder(this.folder);
    if (!record.isRunning) await this.#ledger.append(summarize(record));
    this.#note(known, record);
  }

  /** Fails with code not-found where there is no such run. */
  async load(id: string): Promise<RunRecord> {
    const record = await this.find(id);
    if (record === undefined) throw unknownRun(id);
    return record;
  }

  /** Undefined also for a record that cannot be read. */
  async find(id: string): Promise<RunRecord | undefined> {
    return RUN_ID.test(id) ? this.#readRecord(id) : undefined;
  }

  /** The run that was created last comes first. */
  async summaries(): Promise<readonly RunSummary[]> {
    return [...(await this.#summaries()).values()].sort(byCreation);
  }

  /** The run that was at work last comes first. */
  async recent(): Promise<readonly RunSummary[]> {
    return [...(await this.#summaries()).values()].sort(byLastAttempt);
  }

  /** The run that was created last comes first. A record that cannot be read is left out. */
  async list(
    limit = Infinity,
    isWanted: (summary: RunSummary) => boolean = () => true,
  ): Promise<RunRecord[]> {
    const wanted = (await this.summaries()).filter(isWanted);
    const records: RunRecord[] = [];
    for (let next = 0; next < wanted.length && records.length < limit;) {
      const batch = wanted.slice(next, next + Math.min(limit - records.length, READS_AT_ONCE * 16));
      next += batch.length;
      const read = await mapConcurrently(batch, READS_AT_ONCE, ({ id }) => this.#readRecord(id));
      records.push(...read.filter((record) => record !== undefined));
    }
    return records;
  }

  /**
   * Whoever writes to the lake owns every run: one that is still marked running was cut off. Old explorations go, or
   * they would be kept for ever.
   */
  async recover(now = new Date().toISOString()): Promise<void> {
    for (const record of await this.list(Infinity, ({ isRunning }) => isRunning)) {
      await this.save(interrupted(record, now));
      await this.#removeViews(record.id);
    }
    const known = await this.#summaries();
    for (const id of expendableRuns(await this.recent())) {
      await rm(this.folderOf(id), { recursive: true, force: true });
      known.delete(id);
    }
    const { summaries, lines } = await this.#ledger.read();
    const isComplete = [...known.keys()].every((id) => summaries.has(id));
    if (!isComplete || lines > known.size + IDLE_LINES) await this.#ledger.rewrite(known.values());
  }

  /** For each attempt one of its own: what others share of an earlier one may still be computed. */
  viewFolder(id: string, attempt: number): string {
    return join(this.folderOf(id), `${VIEW}${String(attempt)}`);
  }

  async #removeViews(id: string): Promise<void> {
    const folder = this.folderOf(id);
    const views = (await readFolder(folder)).filter((name) => name.startsWith(VIEW));
    for (const name of views) await rm(join(folder, name), { recursive: true, force: true });
  }

  #file(id: string): string {
    return join(this.folderOf(id), "run.json");
  }

  #note(known: Map<string, RunSummary>, record: RunRecord): void {
    known.set(record.id, summarize(record));
  }

  #summaries(): Promise<Map<string, RunSummary>> {
    this.#known ??= this.#readSummaries().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  /** The folder tells which runs there are; records are read where the ledger does not say how they ended. */
  async #readSummaries(): Promise<Map<string, RunSummary>> {
    const { summaries } = await this.#ledger.read();
    const ids = (await readFolder(this.folder)).filter((name) => RUN_ID.test(name));
    const found = await mapConcurrently(ids, READS_AT_ONCE, async (id) => {
      const summary = summaries.get(id);
      if (summary !== undefined && !summary.isRunning) return summary;
      const record = await this.#readRecord(id);
      return record === undefined ? undefined : summarize(record);
    });
    const known = found.filter((summary) => summary !== undefined);
    this.#sequence = known.reduce((most, { last }) => Math.max(most, last), this.#sequence);
    return new Map(known.map((summary) => [summary.id, summary]));
  }

  async #readRecord(id: string): Promise<RunRecord | undefined> {
    try {
      return await this.#reading.run(() => this.#readFile(id));
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }

  async #readFile(id: string): Promise<RunRecord> {
    const file = this.#file(id);
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    const stamp = [mtimeMs, ctimeMs, size, ino].join(" ");
    const kept = this.#read.get(id);
    if (kept?.stamp === stamp) return kept.record;
    const record = runRecordSchema.parse(JSON.parse(await readFile(file, "utf8")));
    if (!record.isRunning && size <= LARGEST_KEPT_BYTES) this.#read.set(id, { stamp, record });
    return record;
  }
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** One run as {@link readRuns} tells it. Fails with code not-found, naming the one that was probably meant. */
export async function readRun(lake: Lake, id: string): Promise<RunRecord> {
  const store = new RunStore(lake.paths.runs);
  const record = await store.find(id);
  if (record === undefined) {
    const near = suggest(
      id,
      (await store.summaries()).map((run) => run.id),
    );
    throw unknownRun(id, near === undefined ? undefined : `Did you mean "${near}"?`);
  }
  if (!record.isRunning || (await lake.hasWriter())) return record;
  return interrupted((await store.find(id)) ?? record);
}

function unknownRun(id: string, hint = "List the runs with: lakebook runs"): AppError {
  return new AppError("not-found", `Run "${id}" does not exist.`, { hint });
}

/** For readers: a run that a killed process has left is interrupted before the next writer comes and says so. */
export async function readRuns(
  lake: Lake,
  limit = Infinity,
  isWanted?: (summary: RunSummary) => boolean,
): Promise<RunRecord[]> {
  const read = (): Promise<RunRecord[]> => new RunStore(lake.paths.runs).list(limit, isWanted);
  const records = await read();
  if (!records.some(({ isRunning }) => isRunning) || (await lake.hasWriter())) return records;
  // Now that nobody writes, this is how they ended.
  return (await read()).map((record) => (record.isRunning ? interrupted(record) : record));
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
