import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../base/errors.js";
import { canonicalJson } from "../base/hash.js";
import { requireWhole } from "./compressed-file.js";
import { toDiskError, withDiskErrors } from "../base/disk-error.js";
import { syncFolder, writeNewFile } from "../base/durable.js";
import { Limiter, SerialQueue } from "./concurrency.js";
import { digest, hashFile } from "./hash-file.js";
import type { FileDigest } from "./hash-file.js";
import { inputError, isSameStamp, onInput, openInput, stampOf, toStamp } from "./input-file.js";
import type { InputRequest, OpenInput, Stamp } from "./input-file.js";
import type { LakePaths } from "./layout.js";
import type { PinnedInput } from "./model.js";
import { StampCache } from "./stamps.js";
import { maybeNames, maybeStat } from "./tree.js";

/** File systems that cannot share blocks between files say one of these. */
const noClones = ["ENOTSUP", "EOPNOTSUPP", "EXDEV", "EINVAL", "ENOSYS", "ENOTTY", "EPERM"];

/** Smaller copies are forced to disk at once; for larger ones a run need not wait. */
const SYNCED_LATER_BYTES = 16 * 1024 * 1024;
/** They stay open. */
const SYNCS_AT_ONCE = 32;
/** Two descriptors each, whatever a glob matches. */
const FILES_AT_ONCE = 16;
/** `<sha256>.unsynced` lies beside a copy that a power cut may still damage. */
const UNSYNCED = ".unsynced";

type ReadInput = (input: OpenInput) => Promise<FileDigest>;

/**
 * Input files as runs saw them: copied once per content into `.lake/inputs/<sha256>`. Bytes are hashed as
 * they are copied, so the name of a copy is always that of its content. A large copy is used while it is
 * still on its way to the disk; whoever commits something that was made of it calls `settle` first.
 */
export class InputStore {
  readonly #paths: LakePaths;
  readonly #now: () => Date;
  readonly #stamps = new StampCache();
  readonly #reading = new Map<string, Promise<FileDigest>>();
  readonly #pinnedAtMs = new Map<string, number>();
  readonly #devicesWithoutClones = new Set<bigint>();
  readonly #syncing = new Map<string, Promise<void>>();
  readonly #keeping = new SerialQueue();
  readonly #files = new Limiter(FILES_AT_ONCE);

  constructor(paths: LakePaths, now: () => Date) {
    this.#paths = paths;
    this.#now = now;
  }

  load(): Promise<void> {
    return this.#stamps.load(this.#paths.stamps);
  }

  /** Finds out which of the copies are whole that were on their way when a process ended; the others go. */
  async recover(): Promise<string[]> {
    const removed: string[] = [];
    for (const mark of maybeNames(this.#paths.inputs).filter((name) => name.endsWith(UNSYNCED))) {
      const sha256 = mark.slice(0, -UNSYNCED.length);
      const path = this.file(sha256);
      if (maybeStat(path) !== undefined && (await hashFile(path)).sha256 !== sha256) {
        await rm(path, { force: true });
        removed.push(`.lake/inputs/${sha256}`);
      }
      if (maybeStat(path) === undefined) await rm(join(this.#paths.inputs, mark), { force: true });
      else await this.#sync(await open(path, "r"), sha256);
    }
    return removed;
  }

  /** Returns once these are safe from a power cut; throws `disk` for one that could not be made so. */
  async settle(inputs: readonly PinnedInput[]): Promise<void> {
    for (const { sha256 } of inputs) await this.#syncing.get(sha256);
  }

  /** Waits for what is on its way to the disk. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#syncing.values());
  }

  save(): Promise<void> {
    return this.#stamps.save(this.#paths.stamps, this.#paths.tmp);
  }

  file(sha256: string): string {
    return join(this.#paths.inputs, sha256);
  }

  /** When this process last handed out the content, in ms; 0 if it never did. */
  pinnedAtMs(sha256: string): number {
    return this.#pinnedAtMs.get(sha256) ?? 0;
  }

  async pin(request: InputRequest): Promise<PinnedInput> {
    if (!request.snapshot) return this.hash(request);
    const found = await this.#once("pin", request, () => this.#pin(request));
    return { path: request.path, ...found, isPinned: true };
  }

  async hash(request: InputRequest): Promise<PinnedInput> {
    const found = await this.#once("hash", request, () => this.#hash(request));
    return { path: request.path, ...found, isPinned: false };
  }

  async #pin(request: InputRequest): Promise<FileDigest> {
    const known = this.#findKnown(request, await stampOf(request));
    if (known !== undefined && this.#has(known)) return known;
    const temporary = join(this.#paths.tmp, `input-${randomUUID()}`);
    let copy: FileHandle | undefined;
    try {
      const found = await this.#readUnchanged(request, async (input) => {
        await copy?.close();
        const isClone = await this.#isCloned(input, temporary);
        copy = await withDiskErrors(this.#paths.inputs, () => open(temporary, isClone ? "r" : "w", 0o600));
        return this.#fill(copy, isClone, input, request);
      });
      const whole = copy;
      copy = undefined;
      if (whole !== undefined) await this.#keeping.run(() => this.#keep(whole, temporary, found));
      return found;
    } finally {
      await copy?.close();
      await rm(temporary, { force: true });
    }
  }

  async #hash(request: InputRequest): Promise<FileDigest> {
    const known = this.#findKnown(request, await stampOf(request));
    return known ?? this.#readUnchanged(request, ({ handle }) => onInput(request, () => digest(handle)));
  }

  /** What several cells ask for at once is read once. */
  #once(verb: string, request: InputRequest, read: () => Promise<FileDigest>): Promise<FileDigest> {
    const key = canonicalJson([verb, request]);
    const running = this.#reading.get(key);
    if (running !== undefined) return running;
    const reading = this.#files.run(read).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  #findKnown({ absolutePath }: InputRequest, stamp: Stamp): FileDigest | undefined {
    const sha256 = this.#stamps.find(absolutePath, stamp);
    return sha256 === undefined ? undefined : { sha256, bytes: Number(stamp.size) };
  }

  /** Whatever is found is handed out next: noting that at once keeps vacuum from removing it in between. */
  #has({ sha256, bytes }: FileDigest): boolean {
    const isThere = maybeStat(this.file(sha256))?.size === bytes;
    if (isThere) this.#pinnedAtMs.set(sha256, this.#now().getTime());
    return isThere;
  }

  /** Bytes that were read while somebody wrote are no state that the file ever had. */
  async #readUnchanged(request: InputRequest, read: ReadInput): Promise<FileDigest> {
    for (let tries = 0; tries < 2; tries++) {
      const startedAt = this.#now();
      const input = await openInput(request);
      const stamp = toStamp(input.stats);
      try {
        const found = await read(input);
        if (!(await isUnchanged(input, request, stamp))) continue;
        await requireWhole(input.handle, request.path);
        this.#stamps.remember(request.absolutePath, stamp, found.sha256, startedAt);
        return found;
      } finally {
        await input.handle.close();
      }
    }
    throw inputError(
      `"${request.path}" changed while it was read`,
      "Let what writes it finish, then do it again.",
    );
  }

  async #fill(
    copy: FileHandle,
    isClone: boolean,
    { handle }: OpenInput,
    request: InputRequest,
  ): Promise<FileDigest> {
    try {
      await copy.chmod(0o444);
      return await (isClone ? digest(copy) : digest(handle, copy));
    } catch (error) {
      const isReading = isSystemError(error) && error.syscall === "read";
      throw toDiskError(error, isReading ? request.path : this.#paths.inputs);
    }
  }

  /** Shares the blocks where the file system can; returns false where it cannot. */
  async #isCloned({ realPath, stats }: OpenInput, temporary: string): Promise<boolean> {
    if (this.#devicesWithoutClones.has(stats.dev)) return false;
    try {
      await copyFile(realPath, temporary, constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch (error) {
      if (!isSystemError(error, ...noClones)) throw toDiskError(error, this.#paths.inputs);
      this.#devicesWithoutClones.add(stats.dev);
      return false;
    }
  }

  /** Gives the copy its name, unless another file had the same content, and closes it; a large one later. */
  async #keep(copy: FileHandle, temporary: string, { sha256, bytes }: FileDigest): Promise<void> {
    const { inputs } = this.#paths;
    if (this.#has({ sha256, bytes })) return copy.close();
    const isLater = bytes >= SYNCED_LATER_BYTES && this.#syncing.size < SYNCS_AT_ONCE;
    try {
      await withDiskErrors(inputs, async () => {
        if (isLater) await this.#mark(sha256);
        else await copy.sync();
        await rename(temporary, this.file(sha256));
      });
    } catch (error) {
      await copy.close();
      throw error;
    }
    this.#pinnedAtMs.set(sha256, this.#now().getTime());
    if (!isLater) {
      await copy.close();
      return syncFolder(inputs);
    }
    const syncing = this.#sync(copy, sha256).then(() => void this.#syncing.delete(sha256));
    // Whoever commits sees a failure.
    syncing.catch(() => undefined);
    this.#syncing.set(sha256, syncing);
  }

  /** Before the copy has its name: after a power cut nobody takes half of it for the whole. */
  async #mark(sha256: string): Promise<void> {
    const mark = join(this.#paths.inputs, sha256 + UNSYNCED);
    await rm(mark, { force: true });
    await writeNewFile(mark, "");
    await syncFolder(this.#paths.inputs);
  }

  async #sync(copy: FileHandle, sha256: string): Promise<void> {
    const { inputs } = this.#paths;
    try {
      await copy.sync();
      await syncFolder(inputs);
      await rm(join(inputs, sha256 + UNSYNCED), { force: true });
    } catch (error) {
      // It would be taken for whole by the next run.
      await rm(this.file(sha256), { force: true });
      throw toDiskError(error, inputs);
    } finally {
      await copy.close();
    }
  }
}

async function isUnchanged({ handle }: OpenInput, request: InputRequest, stamp: Stamp): Promise<boolean> {
  const after = toStamp(await handle.stat({ bigint: true }));
  return isSameStamp(stamp, after) && isSameStamp(stamp, await stampOf(request));
}
