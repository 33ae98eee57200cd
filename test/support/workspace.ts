import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isSystemError } from "../../server/base/errors.js";

const checkout = resolve(import.meta.dirname, "../..");

/** A workspace of one test. */
export interface TestWorkspace {
  /** Absolute, without links. */
  readonly root: string;
  /** Where the product's processes put temporary files: a folder beside the workspace, removed with it. */
  readonly temp: string;
  /** Absolute path of something in it. */
  path(path: string): string;
  read(path: string): Promise<string>;
  readJson(path: string): Promise<unknown>;
  write(path: string, text: string): Promise<void>;
  /** Replaces a text that stands in the file once. */
  replace(path: string, from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Every file below a folder, as sorted paths from there; none where there is no folder. */
  files(folder: string): Promise<string[]>;
}

/** Text by path. The folders of a workspace are made in any case. */
export type Files = Readonly<Record<string, string>>;

/** Calls `use` with a new workspace, which is removed afterwards. */
export async function withWorkspace<T>(
  files: Files,
  use: (workspace: TestWorkspace) => Promise<T>,
): Promise<T> {
  const workspace = await createWorkspace(files);
  try {
    return await use(workspace);
  } finally {
    await removeWorkspace(workspace);
  }
}

export async function createWorkspace(files: Files = {}): Promise<TestWorkspace> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "lakebook-test-")));
  const workspace = openTestWorkspace(join(home, "workspace"), join(home, "temp"));
  for (const folder of ["notebooks", "input", "data_lake"])
    await mkdir(workspace.path(folder), { recursive: true });
  await mkdir(workspace.temp);
  for (const [path, text] of Object.entries(files)) await workspace.write(path, text);
  return workspace;
}

export async function removeWorkspace(workspace: TestWorkspace): Promise<void> {
  await rm(dirname(workspace.root), { recursive: true, force: true });
}

/** What ships with the product: its notebooks and their input. */
export async function copyShipped(workspace: TestWorkspace): Promise<void> {
  for (const folder of ["notebooks", "input"])
    await cp(join(checkout, folder), workspace.path(folder), { recursive: true });
}

/** The names of the shipped notebooks. */
export async function shippedNotebooks(): Promise<string[]> {
  const files = await readdir(join(checkout, "notebooks"));
  return files
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length))
    .sort();
}

function openTestWorkspace(root: string, temp: string): TestWorkspace {
  const path = (below: string): string => join(root, below);
  const read = (file: string): Promise<string> => readFile(path(file), "utf8");
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), text);
  };
  return {
    root,
    temp,
    path,
    read,
    readJson: async (file) => JSON.parse(await read(file)) as unknown,
    write,
    replace: async (file, from, to) => {
      const parts = (await read(file)).split(from);
      if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times in ${file}`);
      await write(file, parts.join(to));
    },
    remove: (file) => rm(path(file), { recursive: true, force: true }),
    files: (folder) => listFiles(path(folder)),
  };
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
