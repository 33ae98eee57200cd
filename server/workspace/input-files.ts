import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { AppError, isSystemError } from "../base/errors.js";
import { isInside, type Workspace } from "./workspace.js";

/** A file that SQL names, or that a glob of it matches. */
export interface InputFile {
  readonly absolutePath: string;
  /** As the SQL would name it: relative to the workspace, or absolute, `/` as separator. */
  readonly path: string;
  /** False: hashed only (`snapshot: false`). */
  readonly snapshot: boolean;
  /** The folder that the file must not leave by a symlink. */
  readonly within: string;
  /** False for what a pattern matches beside files: a link, a pipe and the like. A look at it says more. */
  readonly isPlain: boolean;
}

interface Area {
  readonly folder: string;
  readonly snapshot: boolean;
}

const GLOB = /[*?[]/;

export function isGlob(path: string): boolean {
  return GLOB.test(path);
}

/** Tells whether an absolute path matches a pattern as DuckDB reads it: only `*`, `**`, `?` and `[...]` are special. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const literal = toPosix(pattern).replace(/[(){}|+!^$@\\]/g, "\\$&");
  const matches = picomatch(literal, { dot: true, nobrace: true, noextglob: true, nonegate: true });
  return (path) => matches(toPosix(path));
}

/**
 * The files behind a literal path or glob, sorted. A literal path is returned whether or not the file exists:
 * pinning it says what is wrong. Fails with code input where the path lies outside what SQL may read,
 * or where a glob matches nothing.
 */
export async function findInputFiles(workspace: Workspace, pattern: string): Promise<InputFile[]> {
  const target = resolve(workspace.root, pattern);
  const area = areaOf(workspace, target);
  if (area === undefined) throw outside(workspace, pattern);
  const toFile = (absolutePath: string, isPlain: boolean): InputFile => ({
    absolutePath,
    isPlain,
    path: isAbsolute(pattern) ? absolutePath : toPosix(relative(workspace.root, absolutePath)),
    snapshot: area.snapshot,
    within: area.folder,
  });
  if (!isGlob(pattern)) return [toFile(target, true)];
  const matches = globMatcher(target);
  const files = await listFiles(globRoot(target));
  const found = files.filter(({ path }) => matches(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (found.length > 0) return found.map(({ path, isPlain }) => toFile(path, isPlain));
  const paths = files.map(({ path }) => path);
  throw await nothingFound(workspace, pattern, paths);
}

async function nothingFound(
  workspace: Workspace,
  pattern: string,
  files: readonly string[],
): Promise<AppError> {
  const leadsOn = beginningMatcher(resolve(workspace.root, pattern));
  for (const path of files.filter(leadsOn).sort()) {
    // All but folders are files here, links to folders too.
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) continue;
    const link = toPosix(relative(workspace.root, path));
    return new AppError(
      "input",
      `"${pattern}" matches no file: "${link}" is a link to a folder, which a pattern does not follow.`,
      { hint: "Copy the folder there, or list it under data_paths in lakebook.yaml." },
    );
  }
  return new AppError("input", `"${pattern}" matches no file.`, {
    hint: "Put the files there, or correct the pattern.",
  });
}

/** Tells whether a folder could hold, at whatever depth, what the pattern matches. */
function beginningMatcher(pattern: string): (folder: string) => boolean {
  const parts = toPosix(pattern).split("/");
  const anyDepth = parts.indexOf("**");
  return (folder) => {
    const depth = toPosix(folder).split("/").length;
    if (anyDepth === -1 && depth >= parts.length) return false;
    const beginning = anyDepth === -1 ? parts.slice(0, depth) : parts.slice(0, anyDepth + 1);
    return globMatcher(beginning.join("/"))(folder);
  };
}

/** All input files of the workspace, for completion and lists. */
export async function listInputFiles(workspace: Workspace): Promise<string[]> {
  const files = await listFiles(workspace.input);
  return files.map(({ path }) => toPosix(relative(workspace.root, path))).sort();
}

function areaOf(workspace: Workspace, target: string): Area | undefined {
  if (isInside(target, workspace.input)) return { folder: workspace.input, snapshot: true };
  return workspace.settings.dataPaths.find((path) => isInside(target, path.folder));
}

function outside(workspace: Workspace, pattern: string): AppError {
  if (isInside(resolve(workspace.root, pattern), workspace.lake)) {
    return new AppError("input", `"${pattern}" lies in the lake.`, {
      hint: "Read a published dataset as lake.<dataset>.",
    });
  }
  return new AppError("input", `"${pattern}" lies outside of what SQL may read.`, {
    hint: "Put the file into input/, or open its folder with data_paths in lakebook.yaml.",
  });
}

/** The longest folder of a pattern without a wildcard. */
function globRoot(pattern: string): string {
  const parts = toPosix(pattern).split("/");
  const first = parts.findIndex((part) => isGlob(part));
  return parts.slice(0, first).join(sep) || posix.sep;
}

interface ListedFile {
  readonly path: string;
  /** False for a link, a pipe and the like: a look at it says more. */
  readonly isPlain: boolean;
}

/** All but folders. */
async function listFiles(folder: string): Promise<ListedFile[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const found = entries.map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [{ path, isPlain: entry.isFile() }];
    });
    return (await Promise.all(found)).flat();
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function toPosix(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}
