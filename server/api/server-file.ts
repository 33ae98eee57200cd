import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../base/errors.js";
import { withDiskErrors } from "../base/disk-error.js";
import { makePrivateFolder } from "../base/durable.js";
import { identifyFolder, type FolderIdentity } from "../lake/folder-identity.js";

export interface ServerFile {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** As `/healthz` says it. */
  readonly id: string;
  /** The private folder that it serves from: a copy of it has no server. */
  readonly folder: FolderIdentity;
}

/** Tells the command line where the server is; only this user may read it. Returns what removes it. */
export async function writeServerFile(
  stateFolder: string,
  content: Omit<ServerFile, "folder">,
): Promise<() => Promise<void>> {
  await makePrivateFolder(stateFolder);
  const path = join(stateFolder, "server.json");
  const temporary = `${path}.${String(process.pid)}.tmp`;
  const file: ServerFile = { ...content, folder: identifyFolder(stateFolder) };
  const text = `${JSON.stringify(file)}\n`;
  await withDiskErrors(path, async () => {
    await rm(temporary, { force: true });
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  });
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
