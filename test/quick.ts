/**
 * `npm run test:quick`: the types of everything, and of the rest what the change touches. Takes seconds; `npm test`
 * decides.
 */
import { resolve } from "node:path";
import { runCheck } from "./run-check.js";
import { changedFiles, testsNaming, touchedBy } from "./support/touched.js";

const root = resolve(import.meta.dirname, "..");
process.chdir(root);

const touched = touchedBy(changedFiles(root), (name) => testsNaming(root, name));
const { toLint, toFormat, related, integration, left } = touched;
const vitest = ["node_modules/vitest/vitest.mjs", "--config", "test/vitest.config.ts"];
// The cache of `npm run test:lint`: what a change has not touched since is known.
const eslint = [
  ...["--config", "test/eslint.config.js", "--max-warnings", "0"],
  ...["--cache", "--cache-location", "node_modules/.cache/eslint/"],
];

const passed = await Promise.all([
  check("types", [], ["node_modules/typescript/bin/tsc", "-b"]),
  units(),
  check("lint", toLint, ["node_modules/eslint/bin/eslint.js", ...eslint]),
  check("format", toFormat, ["node_modules/prettier/bin/prettier.cjs", "--check", "--ignore-unknown"]),
]);
for (const path of left) process.stdout.write(`left out: npm run test:one ${path}\n`);
process.exitCode = passed.every(Boolean) ? 0 : 1;

/** Node's arguments, and the files that follow them; nothing to do where there are none, except for the types. */
async function check(name: string, files: readonly string[], args: readonly string[]): Promise<boolean> {
  if (files.length === 0 && name !== "types") return true;
  return runCheck(name, process.execPath, [...args, ...files]);
}

/** The integration tests after the units, which are more likely to fail. */
async function units(): Promise<boolean> {
  const areUnitsPassed = await check("unit", related, [...vitest, "related", "--run", "--project", "unit"]);
  return (
    (await check("integration", integration, [...vitest, "run", "--project", "integration"])) &&
    areUnitsPassed
  );
}
