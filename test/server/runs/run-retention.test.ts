import { expect, test } from "vitest";
import { expendableRuns } from "../../../server/runs/run-retention.js";

type Run = Parameters<typeof expendableRuns>[0][number];

function run(id: string, cells: readonly string[], more: Partial<Run> = {}): Run {
  return {
    id,
    notebook: "sales",
    mode: "run",
    isRunning: false,
    cells: [...cells],
    checks: [],
    ...more,
  };
}

test("the newest explorations of each notebook stay", () => {
  const records = [run("5", ["a"]), run("4", ["a"]), run("3", ["a"]), run("2", ["a"], { notebook: "other" })];
  expect(expendableRuns(records, 2)).toEqual(["3"]);
});

test("materializations stay, and what still runs", () => {
  const records = [
    run("4", ["a"]),
    run("3", ["a"], { mode: "materialize" }),
    run("2", ["a"], { isRunning: true }),
    run("1", ["a"]),
  ];
  expect(expendableRuns(records, 1)).toEqual(["1"]);
});

test("the last run of a cell stays, however old it is", () => {
  const records = [run("4", ["a"]), run("3", ["a"]), run("2", ["a", "b"]), run("1", ["b"])];
  expect(expendableRuns(records, 1)).toEqual(["3", "1"]);
});
