import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { AppError, isAppError, isSystemError } from "../../base/errors.js";
import { findParquetParts, takeParquetFolder } from "../../intake/take-folder.js";
import { withNamesOnce } from "../../intake/take-in.js";
import { notebookOfCells, starterNotebook } from "../../notebook/template.js";
import { createNotebook, toNotebookSlug } from "../../workspace/manage-notebooks.js";
import { listNotebooks } from "../../workspace/notebook-files.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { defineCommand, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { findServer } from "../run-client.js";
import { openReadSession } from "../session.js";
import { takeFile, type NotedCell } from "../take-file.js";
import { serve } from "./serve.js";

/** Files of a folder that are looked at; one that is named is always. */
const DATA_FILE = /\.(csv|tsv|tab|txt|dat|json|jsonl|ndjson|geojson|parquet|xlsx|xlsm)(\.(gz|zst))?$/i;

export const open = defineCommand({
  summary: "open a data file or a folder in the browser, in a workspace that is made for it",
  arguments: "[FILE|FOLDER]",
  positionals: { min: 0, max: 1 },
  options: {
    port: { type: "string", value: "N", help: "default: 0, any that is free" },
    token: { type: "string", value: "T", help: "what browsers have to give; default: as with serve" },
    workspace: {
      ...workspaceOption.workspace,
      help: "where to make it; default: <name>_lakebook in this folder",
    },
  },
  async run({ positionals, values, console, signal }) {
    const root = await prepare(positionals[0] ?? ".", values.workspace, console);
    const server = await findServer(join(root, ".lakebook"));
    if (server !== undefined) {
      console.out(`Lakebook is running at ${server.url}/?token=${encodeURIComponent(server.token)}\n`);
      return 0;
    }
    console.err(`The workspace is ${root}\n`);
    const { port = "0", token } = values;
    const given = { workspace: root, port, open: true, ...(token === undefined ? {} : { token }) };
    return serve.run({ positionals: [], values: given, console, signal });
  },
});

/** Returns the folder of a workspace in which the target can be read. One that is there is used as it is. */
async function prepare(target: string, folder: string | undefined, console: Console): Promise<string> {
  const path = resolve(target);
  const isFolder = await isFolderOrFile(path, target);
  if (isFolder && (await isThere(join(path, "notebooks")))) return path;
  const found = isFolder ? await listDataFiles(path) : { files: [path], parts: [], others: [] };
  const isOwn = isFolder && found.files.length === 0 && found.parts.length === 0;
  const name = toNotebookSlug(isFolder ? `${basename(path)}.` : basename(path));
  const root = folder !== undefined ? resolve(folder) : isOwn ? path : resolve(`${name}_lakebook`);
  const isNew = !(await isThere(root));
  try {
    for (const part of ["notebooks", "input", "data_lake"])
      await mkdir(join(root, part), { recursive: true });
    const cells = isOwn ? [] : await takeAll(root, path, isFolder, found, console);
    await addStarter(root, name, target, cells);
  } catch (error) {
    if (isNew) await rm(root, { recursive: true, force: true });
    throw error;
  }
  return root;
}

interface FoundFiles {
  readonly files: readonly string[];
  /** Paths below the folder of Parquet files that may be one table. */
  readonly parts: readonly string[];
  /** Names of what is no data. */
  readonly others: readonly string[];
}

/** Puts the files into `input/`. Of a folder, what cannot be read is told and left out. */
async function takeAll(
  root: string,
  path: string,
  isFolder: boolean,
  { files, parts, others }: FoundFiles,
  console: Console,
): Promise<NotedCell[]> {
  const session = await openReadSession({ workspace: root });
  const cells: NotedCell[] = [];
  try {
    const table =
      parts.length === 0 ? undefined : await takeParquetFolder(session, path, basename(path), parts);
    if (table !== undefined) cells.push(table);
    const single = table === undefined ? files : files.filter((file) => !/\.parquet$/i.test(file));
    for (const file of single) {
      try {
        cells.push(...(await takeFile(session, file, isFolder)));
      } catch (error) {
        if (!isFolder || !isAppError(error, "input")) throw error;
        console.err(`Left out: ${error.message} ${error.hint ?? ""}\n`);
      }
    }
  } finally {
    await session.close();
  }
  if (others.length > 0) console.err(`Left out, as no data files: ${others.join(", ")}\n`);
  for (const { name, notes = [] } of cells)
    if (notes.length > 0) console.err(`${name}: ${notes.join(" ")}\n`);
  return cells;
}

async function addStarter(
  root: string,
  name: string,
  target: string,
  cells: readonly NotedCell[],
): Promise<void> {
  const workspace = await openWorkspace(root);
  const names = await listNotebooks(workspace);
  if (names.includes(name) || (cells.length === 0 && names.length > 0)) return;
  const title = basename(resolve(target), extname(target));
  const fences = withNamesOnce(cells).map((cell, index) => ({ ...cell, notes: cells[index]?.notes ?? [] }));
  const text = fences.length === 0 ? starterNotebook(title) : notebookOfCells(title, fences);
  await createNotebook(workspace, name, text);
}

async function listDataFiles(folder: string): Promise<FoundFiles> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !/^[._]/.test(entry.name))
    .map(({ name }) => name);
  return {
    files: names
      .filter((name) => DATA_FILE.test(name))
      .sort()
      .map((name) => join(folder, name)),
    parts: await findParquetParts(folder),
    others: names.filter((name) => !DATA_FILE.test(name)).sort(),
  };
}

async function isFolderOrFile(path: string, target: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    throw new AppError("not-found", `"${target}" does not exist.`, { cause: error });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
