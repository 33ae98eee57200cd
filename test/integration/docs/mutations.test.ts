import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { RunView } from "../../../server/runs/run-record.js";
import { writeSampleInput } from "../../../server/workspace/write-sample.js";
import { findProblems } from "../../../server/workbench/find-problems.js";
import { runTests } from "../../../server/workbench/tests/run-tests.js";
import { mutationsOf } from "../../support/mutate-sql.js";
import { useApi } from "../api/harness.js";

const NAME = "customer_courier_conversations";
const checkout = resolve(import.meta.dirname, "../../..");
const shared = useApi({});

function outcomes({ outcome, checks }: RunView): string {
  return JSON.stringify([outcome, checks.map((check) => `${check.name} ${check.outcome}`).sort()]);
}

test(
  "the shipped notebook's own tests and checks catch nine of ten mistakes that are made in its SQL",
  { timeout: 300_000 },
  async () => {
    const { services, root } = shared.api;
    const { notebooks } = services;
    const shipped = await readFile(join(checkout, "notebooks", `${NAME}.md`), "utf8");
    const { signal } = new AbortController();
    await writeSampleInput({ folder: join(root, "input"), conversations: 500, seed: 3 });
    await writeFile(join(root, "notebooks", `${NAME}.md`), shipped);
    const sound = outcomes(await shared.api.run(NAME, { materialize: true, date: "2026-01-01" }));
    const before = await runTests(services, await notebooks.analyzeText(NAME, shipped), undefined, signal);
    expect(before.tests.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
    const caught: string[] = [];
    const missed: string[] = [];
    for (const { name, cell, text } of mutationsOf(shipped)) {
      const analyzed = await notebooks.analyzeText(NAME, text);
      const { diagnostics } = await findProblems(services, analyzed);
      // What does not even bind nobody would publish.
      if (diagnostics.some(({ severity }) => severity === "error")) continue;
      const tests = before.tests.filter((test) => test.cell === cell).map((test) => test.name);
      const { failed } = await runTests(services, analyzed, tests, signal);
      if (failed > 0) {
        caught.push(name);
        continue;
      }
      await writeFile(join(root, "notebooks", `${NAME}.md`), text);
      const run = outcomes(await shared.api.run(NAME, { materialize: true, date: "2026-01-01" }));
      (run === sound ? missed : caught).push(name);
    }
    console.log("mutations", { caught: caught.length, missed });
    expect(caught.length + missed.length).toBeGreaterThanOrEqual(40);
    expect(caught.length / (caught.length + missed.length)).toBeGreaterThanOrEqual(0.9);
  },
);
