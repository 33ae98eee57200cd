import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badInputs } from "../../support/bad-inputs.js";
import { lakebook, runOf, type CliResult } from "../../support/cli.js";
import { untilNoWorker } from "../../support/kill.js";
import {
  copyShipped,
  createWorkspace,
  removeWorkspace,
  type TestWorkspace,
} from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { writeSampleInput } from "../../../server/workspace/write-sample.js";

const shipped = "customer_courier_conversations";
const messages = "input/customer_courier_chat_messages.json";
const enhanced = "customer_courier_chat_messages_enhanced";

/** Which cell has to say so, and what a person needs to find the place besides the file's name. */
const findings: Readonly<
  Record<string, { readonly cell: string; readonly says: RegExp; readonly code?: 3 }>
> = {
  "missing file": { cell: enhanced, says: /does not exist/ },
  "empty file": { cell: enhanced, says: /0 bytes/ },
  "truncated JSON": { cell: enhanced, says: /[Mm]alformed|unexpected end|[Ii]nvalid/ },
  "text instead of a number": { cell: "orders", says: /"?none"?/ },
  "no timestamp": { cell: enhanced, says: /at noon/ },
  "deeply nested arrays": { cell: enhanced, says: /nested|record\/value 1/ },
  "deeply nested objects": { cell: enhanced, says: /nested|record\/value 1/ },
  "the same order twice": { cell: "orders", says: /orders\.unique_orderid/i, code: 3 },
  "invalid UTF-8": { cell: enhanced, says: /UTF-?8|unicode|byte/i },
  "a FIFO": { cell: enhanced, says: /named pipe/ },
  "a directory": { cell: enhanced, says: /folder/ },
  "a symlink that leaves input/": { cell: enhanced, says: /leads out of its folder/ },
};

/** One workspace that was published once from a good delivery. */
describe("a bad delivery", () => {
  let workspace: TestWorkspace;
  let published: readonly string[];
  beforeAll(async () => {
    workspace = await createWorkspace({
      // The columns are guessed here, which ends the engine's process where the nesting is deep.
      "notebooks/guess.md": notebook({ guessed: dataset(`SELECT * FROM read_json('${messages}')`) }),
    });
    await copyShipped(workspace);
    await writeSampleInput({ folder: workspace.path("input"), conversations: 20, seed: 3 });
    await cp(workspace.path("input"), join(workspace.temp, "good"), { recursive: true });
    expect((await materialize()).code).toBe(0);
    expect((await lakebook(["materialize", "guess", "--date", "2026-11-01"], { workspace })).code).toBe(0);
    published = await contents(workspace);
  });
  afterAll(() => removeWorkspace(workspace));

  const materialize = (): Promise<CliResult> =>
    lakebook(["materialize", shipped, "--date", "2026-11-01", "--input", "current", "--json"], { workspace });

  const deliverGood = async (): Promise<void> => {
    await rm(workspace.path("input"), { recursive: true });
    await rm(workspace.path("elsewhere.json"), { force: true });
    await cp(join(workspace.temp, "good"), workspace.path("input"), { recursive: true });
  };

  test.each(badInputs)(
    "$name is named by file and cell, and nothing is published or lost",
    async ({ name, apply }) => {
      const expected = findings[name];
      if (expected === undefined) throw new Error(`Say above what "${name}" has to come to.`);
      await deliverGood();
      await apply(workspace.path("input"));
      const result = await materialize();
      const run = runOf(result);
      expect(result.code, result.stderr).toBe(expected.code ?? 1);
      expect(run).toMatchObject({ outcome: "failed", published: [] });
      if (expected.code === 3) {
        expect(run.checks.filter((check) => check.outcome === "fail").map((check) => check.cell)).toEqual([
          expected.cell,
        ]);
      } else {
        const failed = run.cells.filter((cell) => cell.outcome === "failed");
        expect(failed.map((cell) => cell.name)).toEqual([expected.cell]);
        expect(failed[0]?.error?.message).toContain(
          expected.cell === "orders" ? "input/orders.json" : messages,
        );
        expect(failed[0]?.error?.message).toMatch(expected.says);
      }
      expect(result.stderr).not.toMatch(/^ +at /m);
      expect(await contents(workspace)).toEqual(published);
    },
  );

  test.each(badInputs.filter(({ name }) => name.startsWith("deeply")))(
    "$name that end the engine's process are one clear error of one cell",
    async ({ apply }) => {
      await deliverGood();
      await apply(workspace.path("input"));
      const args = ["materialize", "guess", "--date", "2026-11-01", "--input", "current", "--json"];
      const result = await lakebook(args, { workspace });
      expect(result.code, result.stderr).toBe(1);
      const [cell] = runOf(result).cells;
      expect(cell).toMatchObject({ name: "guessed", outcome: "failed" });
      expect(cell?.error?.message).toContain(messages);
      expect(await contents(workspace)).toEqual(published);
      await untilNoWorker(workspace);
    },
  );

  test("leaves the lake as its log says, and a good delivery is up to date", async () => {
    await deliverGood();
    expect((await lakebook(["verify", "--json"], { workspace })).json()).toEqual({ problems: [] });
    const run = runOf(await materialize());
    expect(run.outcome).toMatch(/^succeeded/);
    expect(run.published.some((item) => item.isChanged)).toBe(false);
  });
});

/** Path and bytes of everything that is public. */
async function contents(workspace: TestWorkspace): Promise<string[]> {
  const paths = (await workspace.files("data_lake")).filter((path) => !path.startsWith(".lake/"));
  return Promise.all(
    paths.map(
      async (path) => `${path}: ${(await readFile(workspace.path(`data_lake/${path}`))).toString("base64")}`,
    ),
  );
}
