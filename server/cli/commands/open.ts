import { constants } from "node:fs";
import { copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { AppError, isSystemError } from "../../base/errors.js";
import { hashFile } from "../../lake/hash-file.js";
import { starterNotebook } from "../../notebook/template.js";
import { createNotebook, toNotebookSlug } from "../../workspace/manage-notebooks.js";
import { listNotebooks } from "../../workspace/notebook-files.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { toInputName } from "../../workspace/upload.js";
import { defineCommand, workspaceOption } from "../command.js";
import { findServer } from "../run-client.js";
import { serve } from "./serve.js";

const DATA_FILE = /\.(csv|tsv|json|jsonl|ndjson|parquet)$/i;

export const open = defineCommand({
  summary: "open a data file or a folder in the browser, in a workspace that is made for it",
  arguments: "[FILE|FOLDER]",
  positionals: { min: 0, max: 1 },
  options: {
    port: { type: "string", value: "N", help: "default: 0, any that is free" },
    token: { type: "string", value: "T", help: "as of serve" },
    workspace: {
      ...workspaceOption.workspace,
      help: "where to make it; default: <name>_lakebook in this folder",
    },
  },
  async run({ positionals, values, console, signal }) {
    const root = await prepare(positionals[0] ?? ".", values.workspace);
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
async function prepare(target: string, folder: string | undefined): Promise<string> {
  const path = resolve(target);
  const isFolder = await isFolderOrFile(path, target);
  if (isFolder && (await isThere(join(path, "notebooks")))) return path;
  const files = isFolder ? await listDataFiles(path) : [path];
  const isOwn = isFolder && files.length === 0;
  const name = toNotebookSlug(isFolder ? `${basename(path)}.` : basename(path));
  const root = folder !== undefined ? resolve(folder) : isOwn ? path : resolve(`${name}_lakebook`);
  for (const part of ["notebooks", "input", "data_lake"]) await mkdir(join(root, part), { recursive: true });
  const paths: string[] = [];
  for (const file of files) paths.push(await copyToInput(file, root));
  await addStarter(root, name, target, paths);
  return root;
}

async function addStarter(
  root: string,
  name: string,
  target: string,
  paths: readonly string[],
): Promise<void> {
  const workspace = await openWorkspace(root);
  const names = await listNotebooks(workspace);
  if (names.includes(name) || (paths.length === 0 && names.length > 0)) return;
  const title = basename(resolve(target), extname(target));
  await createNotebook(workspace, name, starterNotebook(title, paths));
}

/** Returns the path as SQL names it. Never over another file. */
async function copyToInput(file: string, root: string): Promise<string> {
  const name = toInputName(basename(file));
  const target = join(root, "input", name);
  try {
    await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
    if (resolve(file) !== target && !(await isSame(file, target)))
      throw new AppError("conflict", `"input/${name}" is another file in ${root}.`, {
        hint: "Name another folder with --workspace.",
        cause: error,
      });
  }
  return `input/${name}`;
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([hashFile(a), hashFile(b)]);
  return JSON.stringify(first) === JSON.stringify(second);
}

async function listDataFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && DATA_FILE.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
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
