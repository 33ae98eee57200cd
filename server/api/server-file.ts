import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../base/errors.js";

export interface ServerFile {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** As `/healthz` says it. */
  readonly id: string;
}

/** Tells the command line where the server is; only this user may read it. Returns what removes it. */
export async function writeServerFile(
  stateFolder: string,
  content: ServerFile,
): Promise<() => Promise<void>> {
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await chmod(stateFolder, 0o700);
  const path = join(stateFolder, "server.json");
  const temporary = `${path}.${String(process.pid)}.tmp`;
  const text = `${JSON.stringify(content)}\n`;
  await rm(temporary, { force: true });
  await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
  await rename(temporary, path);
  return () => removeOwn(path, text);
}

/** A server that came after this one keeps its file. */
async function removeOwn(path: string, text: string): Promise<void> {
  try {
    if ((await readFile(path, "utf8")) === text) await rm(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
