import { randomUUID } from "node:crypto";
import { rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setInterval } from "node:timers";
import { z } from "zod";
import { AppError } from "../base/errors.js";
import { sha256 } from "../base/hash.js";
import { withDiskErrors } from "../base/disk-error.js";
import { maybeJson, maybeReadText, putIfAbsent } from "../base/durable.js";
import { folderIdentitySchema, identifyFolder, mayBeOf } from "./folder-identity.js";
import { identityOf, isRunning } from "./process-identity.js";

export interface LakeLock {
  /** Throws `locked` if somebody else holds the lock by now. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly path: string;
  readonly now: () => Date;
  /** Where the system tells of processes; another one in tests. */
  readonly proc?: string;
}

const holderSchema = z.object({
  /** No two holders have the same text. */
  id: z.string(),
  pid: z.number(),
  bootId: z.string(),
  processStart: z.string(),
  host: z.string(),
  since: z.string(),
  /** Earlier versions do not tell. */
  folder: folderIdentitySchema.optional(),
});
type Holder = z.infer<typeof holderSchema>;

/** A holder shows that it is alive by touching the file, for those who cannot tell by its process. */
const HEARTBEAT_MS = 15_000;
const SILENCE_MS = 90_000;

/** Throws `locked`, with the holder's pid, while another writer is alive. */
export async function acquireLock(options: LockOptions): Promise<LakeLock> {
  const identity = identityOf(process.pid, options.proc);
  const holder: Holder = {
    id: randomUUID(),
    ...identity,
    since: options.now().toISOString(),
    folder: identifyFolder(dirname(options.path)),
  };
  const text = `${JSON.stringify(holder)}\n`;
  await claim(options.path, text, options);
  const heartbeat = setInterval(() => void touch(options.path, text), HEARTBEAT_MS).unref();
  return {
    assertHeld: () => assertHeld(options.path, text),
    release: async () => {
      clearInterval(heartbeat);
      await removeIf(options.path, text);
    },
  };
}

/** Whether a living process holds the lake; nobody can tell for how long. */
export async function isLocked(options: LockOptions): Promise<boolean> {
  const text = await withDiskErrors(options.path, () => maybeReadText(options.path));
  const holder = holderSchema.safeParse(maybeJson(text ?? "")).data;
  return holder !== undefined && (await isAlive(holder, options.path, options));
}

/**
 * Puts `text` into the file at `path` unless a living process has its own there. Two processes may find the
 * same dead holder: the right to replace it is itself such a file, named by the dead holder's text, so that
 * only one of them gets it; and who gets it late finds another text in the lock and starts again.
 */
async function claim(path: string, text: string, options: LockOptions): Promise<void> {
  for (;;) {
    const found = await withDiskErrors(path, () => maybeReadText(path));
    if (
      found === undefined &&
      (await putIfAbsent(path, text, { temporaryFolder: dirname(path), isLasting: false }))
    )
      return;
    if (found === undefined) continue;
    await assertStale(path, found, options);
    const successor = `${options.path}-${sha256(found).slice(0, 16)}`;
    await claim(successor, text, options);
    if ((await maybeReadText(path)) !== found) {
      await withDiskErrors(successor, () => rm(successor, { force: true }));
      continue;
    }
    return withDiskErrors(path, () => rename(successor, path));
  }
}

async function assertStale(path: string, text: string, options: LockOptions): Promise<void> {
  const holder = holderSchema.safeParse(maybeJson(text)).data;
  // No whole holder was ever written so: a power failure cut the file short.
  if (holder === undefined) return;
  if (await isAlive(holder, path, options)) throw lockedBy(holder, path);
}

/** Process numbers mean nothing on another machine or in another container, and little without a start time. */
async function isAlive(holder: Holder, path: string, { proc, now }: LockOptions): Promise<boolean> {
  // A lock that came along with a copy of the folder holds nothing here.
  if (holder.folder !== undefined && !mayBeOf(holder.folder, dirname(path))) return false;
  const here = identityOf(holder.pid, proc);
  if (holder.host !== here.host) return isRecent(path, now());
  if (differ(holder.bootId, here.bootId) || !isRunning(holder.pid, proc)) return false;
  if (differ(holder.processStart, here.processStart)) return false;
  return holder.processStart !== "" || isRecent(path, now());
}

/** Nothing follows from what one of them does not know. */
function differ(a: string, b: string): boolean {
  return a !== "" && b !== "" && a !== b;
}

async function isRecent(path: string, now: Date): Promise<boolean> {
  try {
    // A time far ahead is from a clock that was wrong.
    return Math.abs(now.getTime() - (await stat(path)).mtimeMs) < SILENCE_MS;
  } catch {
    return false;
  }
}

async function assertHeld(path: string, text: string): Promise<void> {
  const found = await withDiskErrors(path, () => maybeReadText(path));
  if (found === text) return;
  const holder = holderSchema.safeParse(maybeJson(found ?? "")).data;
  if (holder !== undefined) throw lockedBy(holder, path);
  throw new AppError("locked", `"${path}" is gone: this process no longer holds the lake`, {
    hint: "Start it again.",
  });
}

async function removeIf(path: string, text: string): Promise<void> {
  if ((await maybeReadText(path)) === text) await rm(path, { force: true });
}

/** A failure shows when the next entry is committed. */
async function touch(path: string, text: string): Promise<void> {
  const now = new Date();
  if ((await maybeReadText(path).catch(() => undefined)) === text)
    await utimes(path, now, now).catch(() => undefined);
}

function lockedBy(holder: Holder, path: string): AppError {
  const isThisProcess = holder.pid === process.pid && holder.host === identityOf(process.pid).host;
  const place = isThisProcess ? "this process" : `process ${holder.pid} on ${holder.host}`;
  return new AppError("locked", `"${dirname(dirname(path))}" is held by ${place} since ${holder.since}`, {
    hint: isThisProcess
      ? "Close it first."
      : "Stop that process, or let it do the work; reading needs no lock.",
    details: { pid: holder.pid, host: holder.host, since: holder.since },
  });
}
