import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

/*
 * What was last seen to pass on a real Spark: a hash of all that the outcome depends on here. `passed.txt` has it; where it is
 * another one, `.ci/run` looks again.
 */

const root = resolve(import.meta.dirname, "../..");
const stamp = join(import.meta.dirname, "passed.txt");
const folders = ["server/engine/spark", "test/spark"].map((folder) => join(root, folder));

export async function isStamped(): Promise<boolean> {
  const known = await readFile(stamp, "utf8").catch(() => "");
  return known.trim() === (await sourcesHash());
}

export async function writeStamp(): Promise<void> {
  await writeFile(stamp, `${await sourcesHash()}\n`);
}

async function sourcesHash(): Promise<string> {
  const hash = createHash("sha256");
  const names: string[] = [];
  for (const folder of folders)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) names.push(join(entry.parentPath, entry.name));
  for (const name of names.sort()) {
    // The goldens follow from the rest, and are held by tests of their own.
    if (name === stamp || name.includes("/printed/")) continue;
    hash
      .update(`${relative(root, name)}\0`)
      .update(await readFile(name))
      .update("\0");
  }
  return hash.digest("hex");
}
