import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Engine } from "../engine/engine.js";
import { toInputName } from "../workspace/upload.js";
import type { Workspace } from "../workspace/workspace.js";
import { readerCell, type ReaderCell } from "./take-in.js";
import { Trial } from "./trial.js";

/** Paths below the folder of its Parquet files, `/` as separator; empty where they are a table of one file at most. */
export async function findParquetParts(folder: string): Promise<string[]> {
  const parts = (await listParquet(folder, "")).sort();
  return parts.length > 1 || parts.some((path) => path.includes("/")) ? parts : [];
}

/**
 * Copies the Parquet files of a folder to `input/<folder>/`, and returns the cell that reads all of them. Undefined, and
 * nothing is copied, where they have not the same columns.
 */
export async function takeParquetFolder(
  { workspace, engine }: { readonly workspace: Workspace; readonly engine: Engine },
  folder: string,
  name: string,
  parts: readonly string[],
): Promise<ReaderCell | undefined> {
  const inputName = toInputName(name).replace(/[[\]*?]/g, "_");
  const root = join(workspace.state, "uploads", randomUUID());
  const isPartitioned = parts.some((path) => /(^|\/)[^/=]+=[^/]*\//.test(path));
  try {
    for (const part of parts) {
      const target = join(root, "input", inputName, part);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await copyFile(join(folder, part), target, constants.COPYFILE_FICLONE);
    }
    const trial = new Trial(engine, root, name);
    const reader = { type: "parquet-folder", path: `input/${inputName}`, isPartitioned } as const;
    const sql = trial.query(reader);
    const [first, all] = [
      await trial.columns(sql),
      await trial.columns(trial.query({ ...reader, unitesColumns: true })),
    ];
    if (first === undefined || JSON.stringify(first) !== JSON.stringify(all)) return undefined;
    if ((await trial.failure(sql)) !== undefined) return undefined;
    await mkdir(workspace.input, { recursive: true });
    await rename(join(root, "input", inputName), join(workspace.input, inputName));
    return readerCell(inputName, sql);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What begins with a dot or an underscore is another program's own. */
async function listParquet(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = posix.join(below, entry.name);
    if (/^[._]/.test(entry.name)) continue;
    if (entry.isDirectory()) found.push(...(await listParquet(folder, path)));
    else if (entry.isFile() && /\.parquet$/i.test(entry.name)) found.push(path);
  }
  return found;
}
