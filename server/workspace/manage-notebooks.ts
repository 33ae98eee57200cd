import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { copyFile, link, lstat, mkdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { AppError, isSystemError } from "../base/errors.js";
import { freeName } from "../text/free-name.js";
import { historyFolder, moveHistory } from "./history/notebook-history.js";
import {
  isNotebookName,
  listNotebooks,
  pathOf,
  readNotebookFile,
  writeNotebookFile,
} from "./notebook-files.js";
import type { Workspace } from "./workspace.js";

/** A notebook that was deleted, and can come back. */
export interface Trashed {
  readonly id: string;
  readonly name: string;
}

const trashSchema = z.object({ name: z.string(), deletedAt: z.string() });
const TRASH_ID = /^[0-9a-f]{16}$/;

/** Copies a notebook under a name of its own; without one, the next that is free. Returns the name. */
export async function duplicateNotebook(
  workspace: Workspace,
  name: string,
  newName?: string,
): Promise<string> {
  const { text, parsed } = await readNotebookFile(workspace, name);
  if (parsed.diagnostics.some(({ code }) => code === "invalid-utf8"))
    throw new AppError("invalid-notebook", `Notebook "${name}" is not UTF-8: a copy would lose bytes.`, {
      hint: "Save the file as UTF-8 in an editor that knows its encoding.",
    });
  const copy = newName ?? (await freeNotebookName(workspace, `${name}_copy`));
  const span = parsed.notebook.frontMatter.span;
  await createNotebook(workspace, copy, span === undefined ? text : withCopyTitle(text, span));
  return copy;
}

/** The file gets another name. Never over another notebook: fails with code conflict. */
export async function moveNotebook(workspace: Workspace, name: string, newName: string): Promise<void> {
  await assertPlainFile(workspace, name);
  assertName(newName);
  const target = pathOf(workspace, newName);
  await mkdir(dirname(target), { recursive: true });
  // One step: whoever looks meanwhile sees one notebook, never two. Nobody else who asks this server is at work here.
  if ((await fileAt(target)) !== undefined) throw taken(newName);
  await rename(pathOf(workspace, name), target).catch(async (error: unknown) => {
    if (isSystemError(error, "ENOENT")) throw missing(name);
    if (!isSystemError(error, "EXDEV")) throw error;
    await moveToNew(pathOf(workspace, name), target, newName);
  });
  await moveHistory(historyFolder(workspace, name), historyFolder(workspace, newName));
}

/** Moves a notebook to `.lakebook/trash/<id>/`. What it published stays. */
export async function deleteNotebook(workspace: Workspace, name: string): Promise<Trashed> {
  await assertPlainFile(workspace, name);
  const id = randomBytes(8).toString("hex");
  const folder = trashFolder(workspace, id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "trash.json"), JSON.stringify({ name, deletedAt: new Date().toISOString() }));
  await moveToNew(pathOf(workspace, name), join(folder, "notebook.md"), name);
  await moveHistory(historyFolder(workspace, name), join(folder, "history"));
  return { id, name };
}

/** Undoes a deletion. Fails with code conflict where the name has been taken meanwhile. */
export async function restoreNotebook(workspace: Workspace, id: string): Promise<string> {
  const folder = trashFolder(workspace, id);
  const { name } = await readTrash(folder, id);
  const target = pathOf(workspace, name);
  await mkdir(dirname(target), { recursive: true });
  await moveToNew(join(folder, "notebook.md"), target, name);
  await moveHistory(join(folder, "history"), historyFolder(workspace, name));
  await rm(folder, { recursive: true, force: true });
  return name;
}

/** Fails with code conflict where there is such a notebook. */
export async function createNotebook(workspace: Workspace, name: string, text: string): Promise<void> {
  assertName(name);
  try {
    await writeNotebookFile(workspace, name, text, null);
  } catch (error) {
    throw error instanceof AppError && error.code === "conflict" ? taken(name) : error;
  }
}

/** The name, or the first of `name_2`, `name_3` ... that is free. */
export async function freeNotebookName(workspace: Workspace, wanted: string): Promise<string> {
  const names = new Set(await listNotebooks(workspace));
  return freeName(wanted, (name) => names.has(name));
}

/** `Sales Report (2026).md` becomes `sales_report_2026`. */
export function toNotebookSlug(fileName: string): string {
  const slug = fileName
    .replace(/^.*[\\/]/, "")
    .replace(/\.[^.]*$/, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "_")
    .slice(0, 100)
    .replace(/^[_-]+|[_-]+$/g, "");
  return slug === "" ? "notebook" : slug;
}

/** Only a title on one line is changed; any other is the copy's too. */
function withCopyTitle(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): string {
  const yaml = text
    .slice(start, end)
    .replace(/^title:[ \t]+(?![|>&*!{[])(\S.*?)[ \t]*$/m, (line, title: string) => {
      if (/ #/.test(title)) return line;
      const plain = /^"(.*)"$|^'(.*)'$/.exec(title);
      const value = plain?.[1]?.replace(/\\"/g, '"') ?? plain?.[2]?.replaceAll("''", "'") ?? title;
      return stringify({ title: `${value} (copy)` }, { lineWidth: 0 }).trimEnd();
    });
  return text.slice(0, start) + yaml + text.slice(end);
}

function assertName(name: string): void {
  if (isNotebookName(name)) return;
  throw new AppError("usage", `"${name}" cannot be the name of a notebook.`, {
    hint: "A name has lower-case letters, digits, - and _, and at most one folder: sales or team/sales.",
  });
}

async function assertPlainFile(workspace: Workspace, name: string): Promise<void> {
  if (!isNotebookName(name)) throw missing(name);
  try {
    if (!(await lstat(pathOf(workspace, name))).isFile()) throw missing(name);
  } catch (error) {
    throw isSystemError(error, "ENOENT", "ENOTDIR") ? missing(name) : error;
  }
}

function missing(name: string): AppError {
  return new AppError("not-found", `Notebook "${name}" does not exist in notebooks/.`);
}

/** By a second name for the file, which fails where there is one already; bytes and mode stay as they are. */
async function moveToNew(from: string, to: string, name: string): Promise<void> {
  try {
    await link(from, to).catch(async (error: unknown) => {
      if (!isSystemError(error, "EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK")) throw error;
      await copyFile(from, to, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (isSystemError(error, "ENOENT"))
      throw new AppError("not-found", `The file of notebook "${name}" is not there any more.`, {
        cause: error,
      });
    throw isSystemError(error, "EEXIST") ? taken(name) : error;
  }
  // Another program may have put a new file in its place by a rename: that one stays.
  const [left, moved] = await Promise.all([fileAt(from), fileAt(to)]);
  if (left !== undefined && moved !== undefined && isOther(left, moved)) {
    await unlink(to);
    throw new AppError("conflict", `The file of notebook "${name}" was changed meanwhile.`, {
      hint: "Try it again.",
    });
  }
  await unlink(from).catch((error: unknown) => {
    if (!isSystemError(error, "ENOENT")) throw error;
  });
}

async function fileAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  });
}

/** A copy on another file system has a number of its own, and was made of this size. */
function isOther(left: Stats, moved: Stats): boolean {
  return left.dev === moved.dev ? left.ino !== moved.ino : left.size !== moved.size;
}

function taken(name: string): AppError {
  return new AppError("conflict", `Notebook "${name}" exists already.`, { hint: "Choose another name." });
}

function trashFolder(workspace: Workspace, id: string): string {
  return join(workspace.state, "trash", id);
}

async function readTrash(folder: string, id: string): Promise<z.infer<typeof trashSchema>> {
  const unknown = new AppError("not-found", `Nothing was deleted under "${id}", or it is back already.`);
  if (!TRASH_ID.test(id)) throw unknown;
  try {
    return trashSchema.parse(JSON.parse(await readFile(join(folder, "trash.json"), "utf8")));
  } catch (error) {
    throw isSystemError(error, "ENOENT") ? unknown : error;
  }
}
