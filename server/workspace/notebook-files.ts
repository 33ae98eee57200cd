import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, lstat, mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { AppError, isSystemError } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import { decodeNotebook, parseNotebookInSlices, type ParsedNotebook } from "../notebook/parse.js";
import type { Workspace } from "./workspace.js";

/** `sales` or `team/sales`: slugs, one folder level deep at most. */
const NAME = /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)?$/;

export interface NotebookFile {
  readonly name: string;
  readonly text: string;
  /** Changes with every byte of the file. */
  readonly etag: string;
  readonly parsed: ParsedNotebook;
}

export function isNotebookName(name: string): boolean {
  return NAME.test(name) && name.length <= 200;
}

/** Accepts `notebooks/sales.md` and `sales.md` for `sales`, as a shell's completion writes them. */
export function toNotebookName(text: string): string {
  return text.replace(/^(\.\/)?notebooks\//, "").replace(/\.md$/, "");
}

/** Names of all notebooks, sorted. Files whose name is no slug are left out. */
export async function listNotebooks(workspace: Workspace): Promise<string[]> {
  const entries = await readdir(workspace.notebooks, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const nested = await Promise.all(
    folders.map(async (folder) => {
      const files = await readdir(join(workspace.notebooks, folder.name), { withFileTypes: true });
      return files.filter((file) => file.isFile()).map((file) => `${folder.name}/${file.name}`);
    }),
  );
  return [...entries.filter((entry) => entry.isFile()).map((entry) => entry.name), ...nested.flat()]
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -3))
    .filter(isNotebookName)
    .sort();
}

/** The etag of the file as it is now; nothing is parsed. */
export async function readEtag(workspace: Workspace, name: string): Promise<string> {
  return etagOf((await readNoFollow(pathOf(workspace, name))).bytes);
}

/**
 * Fails with code not-found, with "did you mean", where there is no such notebook. `known` is the file as it was read
 * before: where it has the same bytes, it is not parsed again.
 */
export async function readNotebookFile(
  workspace: Workspace,
  name: string,
  known?: NotebookFile,
): Promise<NotebookFile> {
  if (!isNotebookName(name)) {
    throw new AppError("not-found", `Notebook "${name}" has no valid name.`, {
      hint: "A name has lower-case letters, digits, - and _, and at most one folder: sales or team/sales.",
    });
  }
  try {
    const { bytes } = await readNoFollow(pathOf(workspace, name));
    const etag = etagOf(bytes);
    return known?.name === name && known.etag === etag
      ? known
      : await toNotebookFile(workspace, name, bytes, etag);
  } catch (error) {
    if (isSystemError(error, "ELOOP", "EISDIR", "ENAMETOOLONG"))
      throw new AppError("not-found", `Notebook "${name}" is no plain file in notebooks/.`, { cause: error });
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    const near = suggest(name, await listNotebooks(workspace));
    throw new AppError("not-found", `Notebook "${name}" does not exist in notebooks/.`, {
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
      cause: error,
    });
  }
}

/** Fails as the system does. */
export async function readNotebookBytes(
  workspace: Workspace,
  name: string,
): Promise<{ readonly bytes: Buffer; readonly mtime: Date }> {
  return readNoFollow(pathOf(workspace, name));
}

/** When the file was last changed, in ms since 1970, also by a copy that keeps times. Fails as the system does. */
export async function readNotebookTimes(workspace: Workspace, name: string): Promise<number> {
  const { mtimeMs, ctimeMs } = await lstat(pathOf(workspace, name));
  return Math.max(mtimeMs, ctimeMs);
}

/** What a file with these bytes is; nothing is read. */
export async function toNotebookFile(
  workspace: Workspace,
  name: string,
  content: Uint8Array | string,
  etag = etagOf(content),
): Promise<NotebookFile> {
  const { text, diagnostics } = decodeNotebook(
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  const fileName = relative(workspace.root, pathOf(workspace, name)).split(sep).join("/");
  const parsed = await parseNotebookInSlices(name, fileName, text);
  return {
    name,
    text,
    etag,
    parsed: { ...parsed, diagnostics: [...diagnostics, ...parsed.diagnostics] },
  };
}

/** The same analysis for a text that is not (or no longer) the file's, e.g. the pinned text of a run. */
export function parseNotebookText(name: string, text: string): Promise<ParsedNotebook> {
  return parseNotebookInSlices(name, `notebooks/${name}.md`, text);
}

export function etagOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

/**
 * Saves a notebook so that a crash leaves the old or the new text, never less. `expectedEtag`: the version that was
 * edited, null for a new notebook; fails with code conflict where the file is another one by now.
 */
export async function writeNotebookFile(
  workspace: Workspace,
  name: string,
  text: string,
  expectedEtag: string | null,
): Promise<string> {
  if (!isNotebookName(name)) throw new AppError("usage", `"${name}" cannot be the name of a notebook.`);
  const file = pathOf(workspace, name);
  const { etag: current, isReadOnly, mode } = await currentState(file, name);
  requireExpected(name, current, expectedEtag);
  if (isReadOnly) {
    throw new AppError("invalid-notebook", `Notebook "${name}" is not UTF-8: saving it would lose bytes.`, {
      hint: "Save the file as UTF-8 in an editor that knows its encoding; until then it is read-only here.",
    });
  }
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Forcing it to the disk took a while, and other programs don't wait for their turn.
    requireExpected(name, (await currentState(file, name)).etag, expectedEtag === "*" ? "*" : current);
    await (current === null ? linkNew(temporary, file, name) : rename(temporary, file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      "disk",
      `Notebook "${name}" could not be saved: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
  return etagOf(text);
}

function requireExpected(name: string, current: string | null, expected: string | null): void {
  if (expected === "*" ? current !== null : current === expected) return;
  const message =
    current === null
      ? `Notebook "${name}" is not there any more.`
      : expected === null
        ? `Notebook "${name}" exists already.`
        : `Notebook "${name}" was changed by somebody else.`;
  throw new AppError("conflict", message, { details: { etag: current } });
}

/** Fails where another program made a file of that name meanwhile. */
async function linkNew(from: string, to: string, name: string): Promise<void> {
  try {
    await link(from, to).catch(async (error: unknown) => {
      if (!isSystemError(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK")) throw error;
      await copyFile(from, to, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (isSystemError(error, "EEXIST")) requireExpected(name, "", null);
    throw error;
  }
}

interface FileState {
  /** Null where there is no file. */
  readonly etag: string | null;
  readonly isReadOnly: boolean;
  /** Permissions; of a new file where there is none. */
  readonly mode: number;
}

async function currentState(file: string, name: string): Promise<FileState> {
  try {
    const { bytes, mode } = await readNoFollow(file);
    return { etag: etagOf(bytes), isReadOnly: decodeNotebook(bytes).isReadOnly, mode };
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return { etag: null, isReadOnly: false, mode: 0o644 };
    if (isSystemError(error, "ELOOP", "EISDIR", "ENAMETOOLONG"))
      throw new AppError("conflict", `"${name}.md" is no plain file in notebooks/.`, {
        hint: "Choose another name.",
        cause: error,
      });
    throw error;
  }
}

/** Absolute; only for a name that is one. */
export function pathOf(workspace: Workspace, name: string): string {
  return join(workspace.notebooks, ...name.split("/")) + ".md";
}

/** A symlink in notebooks/ could lead anywhere: it is refused by the system (ELOOP). */
async function readNoFollow(
  file: string,
): Promise<{ readonly bytes: Buffer; readonly mode: number; readonly mtime: Date }> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const bytes = await handle.readFile();
    const { mode, mtime } = await handle.stat();
    return { bytes, mode: mode & 0o777, mtime };
  } finally {
    await handle.close();
  }
}
