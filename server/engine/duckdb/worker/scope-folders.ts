import { readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { QueryScope, Relation } from "../../engine.js";

/** What DuckDB is allowed to open, by its own rules: folders with all below them, and single files. */
export interface AllowedPlaces {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/**
 * The places that a scope opens, and `writable` beside them (DuckDB's list does not tell reading from writing).
 * A root with hidden entries, such as a workspace with its `.lakebook`, is opened entry by entry without those.
 */
export function allowedPlaces(scope: QueryScope, writable: readonly string[]): AllowedPlaces {
  const { folders, files } = placesOfRoot(realPath(scope.root));
  const relationFolders = scope.relations.flatMap((relation) =>
    relation.type === "files" ? [...relation.files.map(datasetFolder), ...keyFolder(relation)] : [],
  );
  const others = [...scope.readable, ...relationFolders, ...writable];
  return { folders: [...new Set([...folders, ...others.flatMap(withRealPath)])], files };
}

function keyFolder({ only }: Extract<Relation, { type: "files" }>): string[] {
  return only === undefined ? [] : [dirname(only.file)];
}

function placesOfRoot(root: string): AllowedPlaces {
  const entries = readdirSync(root);
  if (!entries.some(isHidden)) return { folders: [root], files: [] };
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries.filter((name) => !isHidden(name))) {
    const path = join(root, entry);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) folders.push(path);
    else if (stats?.isFile() === true) files.push(path);
  }
  return { folders, files };
}

function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** The folder above the `column=value` folders of a partitioned dataset. */
function datasetFolder(file: string): string {
  let folder = dirname(file);
  while (folder.slice(folder.lastIndexOf(sep) + 1).includes("=")) folder = dirname(folder);
  return folder;
}

/** DuckDB compares resolved paths, so a folder that is reached by a link counts under both names. */
function withRealPath(folder: string): readonly string[] {
  return [folder, realPath(folder)];
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A folder that does not exist (yet) opens nothing.
    return path;
  }
}
