import { randomBytes } from "node:crypto";
import { rm, statfs, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isAppError, isSystemError } from "../base/errors.js";
import { maybeStat } from "./tree.js";

/** Enough for a lock, an entry of the log, the folders that a recovery makes anew, and a vacuum. */
const BYTES = 2 * 1024 * 1024;

/**
 * A file of no use but its size: given up where the disk is full, so that the lake can be opened and vacuum can make
 * room. Returns whether there was one.
 */
export async function dropBallast(path: string): Promise<boolean> {
  if (maybeStat(path) === undefined) return false;
  await rm(path, { force: true });
  return true;
}

/** Gives it up before anything fails; a quota shows only when it does. */
export async function dropBallastIfFull(path: string): Promise<void> {
  const free = await freeBytes(path);
  if (free !== undefined && free < BYTES) await dropBallast(path);
}

/** Makes it where it is missing and the disk has room for it; a failure means nothing. */
export async function keepBallast(path: string): Promise<void> {
  if (maybeStat(path)?.size === BYTES) return;
  const free = await freeBytes(path);
  if (free === undefined || free < 4 * BYTES) return;
  try {
    // Not zeros, which some file systems do not store.
    await writeFile(path, randomBytes(BYTES), { mode: 0o600 });
  } catch {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Does it again without ballast where the disk turns out to be full. */
export async function withBallast<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isFull(error) || !(await dropBallast(path))) throw error;
    return action();
  }
}

function isFull(error: unknown): boolean {
  const isOut = (code: unknown): boolean => code === "ENOSPC" || code === "EDQUOT";
  if (isAppError(error, "disk")) return isOut(error.details?.["errno"]);
  return isSystemError(error) && isOut(error.code);
}

async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
