import { chmodSync, lstatSync, writeFileSync } from "node:fs";
import type { Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";

/** Paths of all files below a folder, sorted; those of `.lake` only if it is the folder itself. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return paths.filter((path) => !path.startsWith(".lake/")).sort();
}

export function statOf(folder: string, below = ""): Stats {
  return lstatSync(join(folder, below));
}

/** Writes into a read-only file in place, as a careless user would. */
export function overwrite(path: string, text: string | Uint8Array): void {
  const { mode } = lstatSync(path);
  chmodSync(path, 0o644);
  writeFileSync(path, text);
  chmodSync(path, mode & 0o777);
}
