import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../base/errors.js";
import { canonicalJson } from "../base/hash.js";
import { toDiskError, withDiskErrors } from "./disk-error.js";
import { syncFolder } from "./durable.js";
import { digest } from "./hash-file.js";
import type { FileDigest } from "./hash-file.js";
import { inputError, isSameStamp, onInput, openInput, stampOf, toStamp } from "./input-file.js";
import type { InputRequest, OpenInput, Stamp } from "./input-file.js";
import type { LakePaths } from "./layout.js";
import type { PinnedInput } from "./model.js";
import { StampCache } from "./stamps.js";
import { maybeStat } from "./tree.js";

/** File systems that cannot share blocks between files say one of these. */
const noClones = ["ENOTSUP", "EOPNOTSUPP", "EXDEV", "EINVAL", "ENOSYS", "ENOTTY", "EPERM"];

type ReadInput = (input: OpenInput) => Promise<FileDigest>;

/**
 * Input files as runs saw them: copied once per content into `.lake/inputs/<sha256>`. Bytes are hashed as
 * they are copied, so the name of a copy is always that of its content.
 */
export class InputStore {
  readonly #paths: LakePaths;
  readonly #now: () => Date;
  readonly #stamps = new StampCache();
  readonly #reading = new Map<string, Promise<FileDigest>>();
  readonly #pinnedAtMs = new Map<string, number>();
  readonly #devicesWithoutClones = new Set<bigint>();

  constructor(paths: LakePaths, now: () => Date) {
    this.#paths = paths;
    this.#now = now;
  }

  load(): Promise<void> {
    return this.#stamps.load(this.#paths.stamps);
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
    try {
      const found = await this.#readUnchanged(request, (input) => this.#copy(input, temporary, request));
      await this.#keep(temporary, found);
      return found;
    } finally {
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
    const reading = read().finally(() => this.#reading.delete(key));
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

  async #copy(input: OpenInput, temporary: string, request: InputRequest): Promise<FileDigest> {
    try {
      return (await this.#clone(input, temporary)) ?? (await copyAndHash(input, temporary));
    } catch (error) {
      const isReading = isSystemError(error) && error.syscall === "read";
      throw toDiskError(error, isReading ? request.path : this.#paths.inputs);
    }
  }

  /** Shares the blocks where the file system can; returns undefined where it cannot. */
  async #clone({ realPath, stats }: OpenInput, temporary: string): Promise<FileDigest | undefined> {
    if (this.#devicesWithoutClones.has(stats.dev)) return undefined;
    try {
      await copyFile(realPath, temporary, constants.COPYFILE_FICLONE_FORCE);
    } catch (error) {
      if (!isSystemError(error, ...noClones)) throw error;
      this.#devicesWithoutClones.add(stats.dev);
      return undefined;
    }
    return hashClone(temporary);
  }

  async #keep(temporary: string, found: FileDigest): Promise<void> {
    if (this.#has(found)) return;
    this.#pinnedAtMs.set(found.sha256, this.#now().getTime());
    await withDiskErrors(this.#paths.inputs, () => rename(temporary, this.file(found.sha256)));
    await syncFolder(this.#paths.inputs);
  }
}

async function isUnchanged({ handle }: OpenInput, request: InputRequest, stamp: Stamp): Promise<boolean> {
  const after = toStamp(await handle.stat({ bigint: true }));
  return isSameStamp(stamp, after) && isSameStamp(stamp, await stampOf(request));
}

async function copyAndHash({ handle }: OpenInput, temporary: string): Promise<FileDigest> {
  const copy = await open(temporary, "w", 0o600);
  try {
    const found = await digest(handle, copy);
    await copy.chmod(0o444);
    await copy.sync();
    return found;
  } finally {
    await copy.close();
  }
}

async function hashClone(temporary: string): Promise<FileDigest> {
  const clone = await open(temporary, "r");
  try {
    await clone.chmod(0o444);
    await clone.sync();
    return await digest(clone);
  } finally {
    await clone.close();
  }
}
