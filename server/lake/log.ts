import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "../base/errors.js";
import { sha256 } from "../base/hash.js";
import type { Logger } from "../base/logger.js";
import { checkpointFile, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import type { Checkpoint } from "./checkpoint.js";
import { SerialQueue } from "./concurrency.js";
import { withDiskErrors } from "../base/disk-error.js";
import { putIfAbsent, syncFolder } from "../base/durable.js";
import {
  damagedLog,
  entryFile,
  formatEntry,
  lastSeq,
  missingEntry,
  readEntry,
  unreadableEntry,
} from "./log-file.js";
import { LAKE_FORMAT, TAG_FORMAT } from "./model.js";
import type { ExpireEntry, LogEntry, PublishEntry, StoreEntry, TagEntry } from "./model.js";
import { LakeState } from "./state.js";

type Draft<T extends LogEntry> = Omit<T, "format" | "seq" | "at">;
export type StoreDraft = Draft<StoreEntry>;
export type ExpireDraft = Draft<ExpireEntry>;
type EntryDraft = StoreDraft | Draft<PublishEntry> | ExpireDraft | Draft<TagEntry>;

export interface LogOptions {
  readonly folder: string;
  readonly temporaryFolder: string;
  readonly isWriter: boolean;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Throws where this process may not commit any longer. */
  readonly assertOwner: () => Promise<void>;
}

/** So many entries are read one by one at an opening before a checkpoint saves the next one from it. */
const ENTRIES_PER_CHECKPOINT = 500;

/**
 * The commit log: numbered files that never change. An entry is committed when its file has its name, and
 * `link()` gives a name to one writer only: the history is a line even if two writers are at work.
 */
export class CommitLog {
  readonly state: LakeState;
  /** Names of files that were no entries and lay at the end of the log. */
  readonly movedAside: string[] = [];
  readonly #options: LogOptions;
  readonly #queue = new SerialQueue();
  #checkpointSeq: number;

  private constructor(options: LogOptions, checkpoint: Checkpoint | undefined) {
    this.#options = options;
    this.#checkpointSeq = checkpoint?.state.seq ?? 0;
    this.state = checkpoint === undefined ? new LakeState() : LakeState.fromFolded(checkpoint.state);
  }

  static async open(options: LogOptions): Promise<CommitLog> {
    const { folder } = options;
    // The checkpoint first: a writer may add entries between the two.
    const checkpoint = await withDiskErrors(folder, () => readCheckpoint(folder));
    const last = lastSeq(folder);
    const isUsable = checkpoint !== undefined && isOfThisLog(folder, checkpoint, last);
    const log = new CommitLog(options, isUsable ? checkpoint : undefined);
    await log.#foldUpTo(last);
    if (options.isWriter) await log.#maybeWriteCheckpoint();
    return log;
  }

  /** Folds the entries that others added, and returns them. */
  refresh(): readonly LogEntry[] {
    const added: LogEntry[] = [];
    for (;;) {
      const next = readEntry(this.#options.folder, this.state.seq + 1);
      if (next === "unreadable" && this.#options.isWriter)
        throw unreadableEntry(this.#options.folder, this.state.seq + 1);
      if (next === undefined || next === "unreadable") return added;
      this.state.apply(next.entry);
      added.push(next.entry);
    }
  }

  /**
   * Commits an entry. `accept` looks at the state it would follow, before each try, and throws `conflict`
   * where it may not: another writer may have been faster. An error whose details say `isCommitted` came
   * after the commit: the entry holds, unless the power fails before the disk does as it is told.
   */
  append<T extends EntryDraft>(
    draft: T,
    accept: (state: LakeState) => void = () => undefined,
  ): Promise<T & LogEntry> {
    return this.#queue.run(async () => {
      await this.#options.assertOwner();
      for (;;) {
        accept(this.state);
        const committed = await this.#tryAppend(draft);
        if (committed !== undefined) return committed;
        this.#foldCompetitors();
      }
    });
  }

  async #tryAppend<T extends EntryDraft>(draft: T): Promise<(T & LogEntry) | undefined> {
    const { now } = this.#options;
    const format = draft.type === "tag" ? TAG_FORMAT : LAKE_FORMAT;
    const base = { format, seq: this.state.seq + 1, at: now().toISOString() };
    const entry = { ...base, ...draft } as T & LogEntry;
    if (!(await this.#put(entry))) return undefined;
    this.state.apply(entry);
    await this.#maybeWriteCheckpoint();
    return entry;
  }

  async #put(entry: LogEntry): Promise<boolean> {
    const { folder, temporaryFolder } = this.#options;
    const text = formatEntry(entry);
    try {
      return await putIfAbsent(entryFile(folder, entry.seq), text, { temporaryFolder });
    } catch (error) {
      const found = readEntry(folder, entry.seq);
      if (found === undefined || found === "unreadable" || found.text !== text) throw error;
      // It has its name already: only the folder could not be forced to disk.
      this.state.apply(entry);
      throw notForced(entry, error);
    }
  }

  #foldCompetitors(): void {
    const { folder, logger } = this.#options;
    const added = this.refresh();
    if (added.length === 0) throw missingEntry(folder, this.state.seq + 1);
    logger.warn("another writer was faster", { entries: added.length, seq: this.state.seq });
  }

  async #foldUpTo(last: number): Promise<void> {
    const { folder, isWriter } = this.#options;
    while (this.state.seq < last) {
      const seq = this.state.seq + 1;
      const read = readEntry(folder, seq);
      if (read !== undefined && read !== "unreadable") {
        this.state.apply(read.entry);
        continue;
      }
      if (seq < last) throw read === undefined ? missingEntry(folder, seq) : unreadableEntry(folder, seq);
      if (read === "unreadable" && isWriter) await this.#moveAside(seq);
      return;
    }
  }

  /** The last entry may have been cut short by a power failure: then it was never reported as committed. */
  async #moveAside(seq: number): Promise<void> {
    const { folder, logger, now } = this.#options;
    const name = `damaged-${seq}-${now().toISOString().replace(/[:.]/g, "-")}`;
    await withDiskErrors(folder, async () => {
      // It goes first: a checkpoint that is ahead of the log would mean that the log lost entries.
      await rm(checkpointFile(folder), { force: true });
      await rename(entryFile(folder, seq), join(folder, name));
    });
    await syncFolder(folder);
    this.#checkpointSeq = 0;
    this.movedAside.push(name);
    logger.warn(
      "the log's last entry was not readable and was moved aside: what it said is not counted. If a run had said that it published, materialize its date again",
      { seq, name },
    );
  }

  /** A failure only costs time at the next opening, and must not look like one of the commit before it. */
  async #maybeWriteCheckpoint(): Promise<void> {
    const { folder, temporaryFolder, logger } = this.#options;
    const { seq } = this.state;
    if (seq - this.#checkpointSeq < ENTRIES_PER_CHECKPOINT) return;
    this.#checkpointSeq = seq;
    const last = readEntry(folder, seq);
    if (last === undefined || last === "unreadable") throw unreadableEntry(folder, seq);
    try {
      await writeCheckpoint(
        folder,
        { lastEntry: sha256(last.text), state: this.state.toFolded() },
        temporaryFolder,
      );
    } catch (error) {
      logger.warn("no checkpoint of the log could be written", { seq, error });
    }
  }
}

function isOfThisLog(folder: string, checkpoint: Checkpoint, last: number): boolean {
  const { seq } = checkpoint.state;
  if (seq > last) throw damagedLog(`"${folder}" ends with entry ${last}, but entry ${seq} was there before`);
  const entry = readEntry(folder, seq);
  return entry !== undefined && entry !== "unreadable" && sha256(entry.text) === checkpoint.lastEntry;
}

function notForced(entry: LogEntry, cause: unknown): AppError {
  return new AppError(
    "disk",
    `entry ${entry.seq} of the log is written, but not safe yet: ${messageOf(cause)}`,
    {
      hint: "Check the disk, then do it again.",
      cause,
      details: { isCommitted: true, seq: entry.seq },
    },
  );
}
