import { expect, test } from "vitest";
import { checkTrends } from "../../../server/rows/check-trends.js";
import type { CheckRecord } from "../../../server/runs/run-record.js";

function check(name: string, failures: number, facts: Partial<CheckRecord> = {}): CheckRecord {
  const outcome = failures === 0 ? "pass" : "fail";
  return { name, severity: "error", outcome, failures, message: "", isReused: false, ...facts };
}

function run(id: string, date: string, checks: CheckRecord[], mode: "run" | "materialize" = "materialize") {
  return { id, date, mode, checks };
}

const all = (): boolean => true;

test("a trend has what the last run of each date found, in the order of the dates", () => {
  const runs = [
    run("d", "2026-10-02", [check("a", 0, { rows: 9 })]),
    run("c", "2026-10-03", [check("a", 3), check("b", 1)]),
    run("b", "2026-10-01", [check("a", 1)]),
    run("a", "2026-10-02", [check("a", 5), check("b", 0)]),
  ];
  expect(checkTrends(runs, all)).toEqual([
    {
      check: "a",
      points: [
        { date: "2026-10-01", run: "b", outcome: "fail", failures: 1 },
        { date: "2026-10-02", run: "d", outcome: "pass", failures: 0, rows: 9 },
        { date: "2026-10-03", run: "c", outcome: "fail", failures: 3 },
      ],
    },
    {
      check: "b",
      points: [
        { date: "2026-10-02", run: "a", outcome: "pass", failures: 0 },
        { date: "2026-10-03", run: "c", outcome: "fail", failures: 1 },
      ],
    },
  ]);
});

test("a trend leaves out runs that were not to publish, and checks that nobody asked for", () => {
  const runs = [
    run("b", "2026-10-01", [check("a", 7)], "run"),
    run("a", "2026-10-01", [check("a", 1), check("b", 1)]),
  ];
  const wanted = checkTrends(runs, ({ name }) => name === "a");
  expect(wanted.map(({ check, points }) => [check, points.map(({ failures }) => failures)])).toEqual([
    ["a", [1]],
  ]);
});

test("a trend has the last thirty dates", () => {
  const dates = Array.from({ length: 40 }, (_, index) =>
    new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
  );
  const [trend] = checkTrends(
    dates.map((date) => run(date, date, [check("a", 0)])),
    all,
  );
  expect(trend?.points).toHaveLength(30);
  expect(trend?.points.at(-1)?.date).toBe("2026-02-09");
});
