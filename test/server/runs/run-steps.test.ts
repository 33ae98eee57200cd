import { describe, expect, test } from "vitest";
import { runSteps, type StepFailure } from "../../../server/runs/run-steps.js";

interface Options {
  readonly waits: Readonly<Record<string, readonly string[]>>;
  readonly failing?: Readonly<Record<string, StepFailure>>;
  readonly checks?: readonly string[];
  readonly concurrency?: number;
  readonly cancelAfter?: string;
}

/** Runs the steps and writes down what happened, in order. */
async function run({
  waits,
  failing = {},
  checks = [],
  concurrency = 2,
  cancelAfter,
}: Options): Promise<string[]> {
  const log: string[] = [];
  const controller = new AbortController();
  await runSteps(
    {
      ids: Object.keys(waits),
      waitsFor: new Map(Object.entries(waits)),
      concurrency,
      signal: controller.signal,
      canFollowDoubt: (id) => checks.includes(id),
    },
    {
      run: async (id) => {
        log.push(`start ${id}`);
        await Promise.resolve();
        log.push(`end ${id}`);
        if (id === cancelAfter) controller.abort();
        return failing[id];
      },
      onBlocked: (id, cause) => log.push(`blocked ${id} by ${cause}`),
      onCancelled: (id) => log.push(`cancelled ${id}`),
    },
  );
  return log;
}

describe("runSteps", () => {
  test("starts a step only when everything it waits for has succeeded", async () => {
    const log = await run({ waits: { a: [], b: [], c: ["a", "b"] } });
    expect(log.indexOf("start c")).toBeGreaterThan(Math.max(log.indexOf("end a"), log.indexOf("end b")));
  });

  test("runs independent steps side by side, within the limit", async () => {
    expect((await run({ waits: { a: [], b: [], c: [] }, concurrency: 2 })).slice(0, 2)).toEqual([
      "start a",
      "start b",
    ]);
    expect(await run({ waits: { a: [], b: [] }, concurrency: 1 })).toEqual([
      "start a",
      "end a",
      "start b",
      "end b",
    ]);
  });

  test("blocks everything below a failed step, names the first cause, and goes on elsewhere", async () => {
    const log = await run({
      waits: { a: [], b: ["a"], c: ["b"], d: [] },
      failing: { a: { cause: "`a`", isDoubt: false } },
    });
    expect(log).toContain("blocked b by `a`");
    expect(log).toContain("blocked c by `a`");
    expect(log).toContain("end d");
  });

  test("lets a check look at rows that another check found wrong, but no cell", async () => {
    const doubt = { cause: "check `a.unique`", isDoubt: true };
    const log = await run({
      waits: { a: [], look: ["a"], below: ["a"], deeper: ["below"] },
      failing: { a: doubt },
      checks: ["look"],
    });
    expect(log).toContain("end look");
    expect(log).toContain("blocked below by check `a.unique`");
    expect(log).toContain("blocked deeper by check `a.unique`");
  });

  test("cancels what has not started", async () => {
    const log = await run({ waits: { a: [], b: ["a"], c: ["b"] }, cancelAfter: "a" });
    expect(log).toEqual(["start a", "end a", "cancelled b", "cancelled c"]);
  });
});
