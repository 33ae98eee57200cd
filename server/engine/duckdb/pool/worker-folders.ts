import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isSystemError } from "../../../base/errors.js";

// <tempFolder>/engine-<pid>-<start time>-<random>/worker-<n>/
// The owner is in the name, so that what a killed process left can be told from what a living one uses.

const FOLDER_NAME = /^engine-(\d+)-(\d+)-[0-9a-f]+$/;

const ownNames = new Set<string>();

/** Makes this engine's folder and removes those of engines whose process is gone. */
export async function createEngineFolder(path: string): Promise<string> {
  const tempFolder = resolve(path);
  await makePrivateFolder(tempFolder);
  await sweep(tempFolder);
  const name = `engine-${process.pid}-${await startTime(process.pid)}-${randomBytes(4).toString("hex")}`;
  ownNames.add(name);
  const folder = join(tempFolder, name);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** Node's `recursive` calls a full disk "no such file or directory": it is for missing parents only. */
async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return;
    if (!isSystemError(error, "ENOENT")) throw error;
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
}

async function sweep(tempFolder: string): Promise<void> {
  for (const name of await readdir(tempFolder)) {
    const [, pid, start] = FOLDER_NAME.exec(name) ?? [];
    if (pid === undefined || ownNames.has(name)) continue;
    const isAlive =
      Number(pid) !== process.pid && isRunning(Number(pid)) && (await startTime(Number(pid))) === start;
    if (!isAlive) await rm(join(tempFolder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, "ESRCH");
  }
}

/** Ticks since the system's start, which tells a process from a later one with its number; 0 where unknown. */
async function startTime(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}
