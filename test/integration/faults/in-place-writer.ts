/**
 * How not to do it: writes the files of stored versions straight into the public folder, in turns, for ever.
 * `node in-place-writer.js TARGET VERSION...`; says so once it has written each version.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const [target = "", ...versions] = process.argv.slice(2);

for (let turn = 0; ; turn++) {
  const version = versions[turn % versions.length] ?? "";
  rmSync(target, { recursive: true, force: true });
  for (const entry of readdirSync(version, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const source = join(entry.parentPath, entry.name);
    const copy = join(target, source.slice(version.length));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(source, copy);
  }
  process.stdout.write(`${turn}\n`);
}
