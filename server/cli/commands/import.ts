import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import { AppError, isSystemError } from "../../base/errors.js";
import { importFile, importProject } from "../../import/import-notebook.js";
import type { Seed } from "../../import/dbt.js";
import type { ProjectFile } from "../../import/dbt-project.js";
import type { ImportedNotebook } from "../../import/write-draft.js";
import { createNotebook, freeNotebookName, toNotebookSlug } from "../../workspace/manage-notebooks.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { openReadSession } from "../session.js";
import { takeFile } from "../take-file.js";

const MOST_FILES = 5000;
const LARGEST_FILE = 32 * 1024 * 1024;

export const importNotebook = defineCommand({
  summary: "make a notebook of one of Jupyter, marimo or Observable, of a dbt project, or of a SQL script",
  arguments: "<FILE|FOLDER>",
  positionals: { min: 1, max: 1 },
  options: {
    name: {
      type: "string",
      value: "NOTEBOOK",
      help: "what it is called here; default: as the file, made unique",
    },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console }) {
    const path = resolve(positionals[0] ?? ".");
    const { imported, title, seeds } = await read(path, positionals[0] ?? ".");
    const session = await openReadSession({ workspace: values.workspace ?? "." });
    try {
      const { workspace } = session;
      const name = values.name ?? (await freeNotebookName(workspace, toNotebookSlug(`${title}.`)));
      // Data first: a notebook that is there reads it.
      for (const seed of seeds) await takeFile(session, join(path, seed.path), false);
      await createNotebook(workspace, name, imported.text);
      const { cells, left } = imported;
      const answer = { notebook: name, cells, left, seeds: seeds.map((seed) => `input/${seed.name}`) };
      if (values.json === true) console.out(`${JSON.stringify(answer, null, 2)}\n`);
      else console.out(toLines(answer));
      return 0;
    } finally {
      await session.close();
    }
  },
});

interface Read {
  readonly imported: ImportedNotebook;
  readonly title: string;
  readonly seeds: readonly Seed[];
}

async function read(path: string, given: string): Promise<Read> {
  try {
    if ((await stat(path)).isDirectory()) {
      const imported = importProject(await readProject(path));
      return { imported, title: imported.title, seeds: imported.seeds };
    }
    const title = basename(path).replace(/\.[^.]*$/, "");
    return { imported: importFile(basename(path), await readText(path)), title, seeds: [] };
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    throw new AppError("not-found", `"${given}" does not exist.`, { cause: error });
  }
}

/** SQL and YAML of a folder, and the names of its CSV files; links are not followed. */
async function readProject(root: string): Promise<ProjectFile[]> {
  const paths = (await readdir(root, { recursive: true })).filter(
    (path) =>
      /\.(sql|ya?ml|csv)$/i.test(path) &&
      !/(^|[\\/])(\.[^\\/]+|node_modules|target|dbt_packages)[\\/]/.test(path),
  );
  if (paths.length > MOST_FILES)
    throw new AppError(
      "usage",
      `The folder has ${paths.length} files of SQL and YAML: at most ${MOST_FILES} are read.`,
    );
  const files: ProjectFile[] = [];
  for (const path of paths.sort()) {
    if (!(await lstat(join(root, path))).isFile()) continue;
    const text = /\.csv$/i.test(path) ? "" : await readText(join(root, path));
    files.push({ path: path.split(sep).join("/"), text });
  }
  return files;
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > LARGEST_FILE)
    throw new AppError("usage", `"${basename(path)}" is larger than ${LARGEST_FILE / 1024 / 1024} MB.`, {
      hint: "Clear the outputs of a notebook before it is imported.",
    });
  return readFile(path, "utf8");
}

function toLines(answer: {
  readonly notebook: string;
  readonly cells: number;
  readonly left: ImportedNotebook["left"];
  readonly seeds: readonly string[];
}): string {
  const { notebook, cells, left, seeds } = answer;
  const lines = [`notebooks/${notebook}.md: ${cells === 1 ? "1 cell" : `${cells} cells`}`];
  for (const seed of seeds) lines.push(`${seed}: added`);
  if (left.length > 0)
    lines.push(`Not as it was, in ${left.length === 1 ? "1 place" : `${left.length} places`}:`);
  for (const { line, why } of left) lines.push(`  line ${line}: ${why}`);
  lines.push(`Check it with: lakebook check ${notebook}`);
  return `${lines.join("\n")}\n`;
}
