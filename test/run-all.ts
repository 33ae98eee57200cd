/**
 * `npm test`: every check in turn, none left out because an earlier one failed. The static checks run side by side and
 * are silent unless they fail; the tests run last. The last line is the count of tests, whatever else went wrong.
 */
import { createInterface } from "node:readline";
import { exitCode, runCheck, start } from "./run-check.js";

const staticChecks = ["test:types", "test:lint", "test:format", "test:floors", "test:unused"];
const countLine = /^\d+ passed, \d+ failed/;

const failed: string[] = [];
await Promise.all([runChecks(), runChecks()]);
const counts = await runTests();

process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(", ")}\n` : "\n");
process.stdout.write(`${counts}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** One of the lanes that share the list of checks. */
async function runChecks(): Promise<void> {
  for (let check = staticChecks.shift(); check !== undefined; check = staticChecks.shift())
    if (!(await runCheck(check, "npm", ["run", "--silent", check]))) failed.push(check);
}

/** One run of Vitest over all its projects, where few machines are: no test may rest on its own's. Holds its line of counts back and returns it. */
async function runTests(): Promise<string> {
  const child = start(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts"],
    { TZ: "Asia/Kathmandu", LC_ALL: "de_DE.UTF-8" },
  );
  child.stderr.pipe(process.stderr);
  const ended = exitCode(child);
  let counts: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    if (countLine.test(line)) counts = line;
    else process.stdout.write(`${line}\n`);
  }
  if ((await ended) !== 0) failed.push("tests");
  return counts ?? "0 passed, 1 failed";
}
