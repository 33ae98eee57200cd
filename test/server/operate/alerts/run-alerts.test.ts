import { describe, expect, test } from "vitest";
import { alertsOfRun, type EndedRun } from "../../../../server/operate/alerts/run-alerts.js";
import type { CellRecord, CheckRecord } from "../../../../server/runs/run-record.js";

const AT = "2026-11-01T06:00:00.000Z";

function run(more: Partial<EndedRun> = {}): EndedRun {
  return {
    id: "20261101-060000-abcdef",
    notebook: "sales",
    mode: "materialize",
    date: "2026-11-01",
    attempts: [{ attempt: 1, startedAt: AT, outcome: "failed" }],
    outcome: "failed",
    cells: [],
    checks: [],
    ...more,
  };
}

function cell(name: string, more: Partial<CellRecord> = {}): CellRecord {
  return { name, kind: "sql", status: "idle", outcome: "failed", ...more };
}

function check(name: string, more: Partial<CheckRecord> = {}): CheckRecord {
  const found = { outcome: "fail", failures: 3, message: "3 rows", isReused: false } as const;
  return { name, severity: "error", ...found, ...more };
}

function kinds(ended: EndedRun, problem?: Parameters<typeof alertsOfRun>[1]): string[] {
  return alertsOfRun(ended, problem, AT).events.map(({ kind }) => kind);
}

describe("what a run is told as", () => {
  const late = cell("orders", {
    outcome: "succeeded",
    incremental: {
      mode: "by_key",
      since: "2026-10-01",
      deliveries: 2,
      rows: { added: 1, changed: 2, removed: 0 },
      late: { rows: 9, keys: 4 },
      partitions: { written: 1, linked: 0, removed: 0 },
    },
  });

  test.each<[string, Partial<EndedRun>, string[]]>([
    ["a failed cell", { cells: [cell("orders")] }, ["failed"]],
    ["a failed commit", { error: { code: "disk", message: "full" } }, ["failed"]],
    ["a process that ended", { outcome: "interrupted" }, ["failed"]],
    ["a failed check", { checks: [check("orders.unique")] }, ["check_failed"]],
    ["a failed check beside a failed cell", { cells: [cell("a")], checks: [check("b")] }, ["failed"]],
    [
      "a check cell that could not run",
      { cells: [cell("c", { kind: "check" })], checks: [check("c", { outcome: "error" })] },
      ["check_failed"],
    ],
    [
      "a warning",
      { outcome: "succeeded_with_warnings", checks: [check("c", { severity: "warn", outcome: "warn" })] },
      ["warned"],
    ],
    ["late rows", { outcome: "succeeded", cells: [late] }, ["late_data"]],
    ["success", { outcome: "succeeded" }, []],
    ["what somebody cancelled", { outcome: "cancelled", cells: [cell("orders")] }, []],
    ["an exploration", { mode: "run", cells: [cell("orders")] }, []],
    [
      "what is to be quiet",
      { attempts: [{ attempt: 1, startedAt: AT, outcome: "failed", alerts: false }] },
      [],
    ],
  ])("%s", (_, more, told) => {
    expect(kinds(run(more))).toEqual(told);
  });

  test("who asked for failed checks only is told of one beside a failed cell", () => {
    const [event] = alertsOfRun(run({ cells: [cell("a")], checks: [check("b")] }), undefined, AT).events;
    expect(event).toMatchObject({
      kinds: ["failed", "check_failed"],
      cells: [{ name: "a" }],
      checks: [{ name: "b" }],
    });
  });

  test("each attempt is an event of its own, and the same attempt always the same", () => {
    const [first, again] = [run(), run()].map((each) => alertsOfRun(each, undefined, AT).events[0]?.id);
    const { attempts } = run();
    const second = run({ attempts: [...attempts, { attempt: 2, startedAt: AT, outcome: "failed" }] });
    expect(again).toBe(first);
    expect(alertsOfRun(second, undefined, AT).events[0]?.id).not.toBe(first);
  });

  test("names ten cells at most, and counts the others", () => {
    const cells = Array.from({ length: 14 }, (_, n) =>
      cell(`c${n}`, { error: { code: "query", message: "x".repeat(5000) } }),
    );
    const [event] = alertsOfRun(run({ cells }), undefined, AT).events;
    expect(event).toMatchObject({ more: 4 });
    expect(event?.cells).toHaveLength(10);
    expect(event?.cells[0]?.message).toHaveLength(1000);
  });
});

describe("recovered", () => {
  const done = run({ outcome: "succeeded" });

  test("is told once after a failure of that run date", () => {
    const { problem } = alertsOfRun(run(), undefined, AT);
    const mended = alertsOfRun(done, problem, AT);
    expect(mended.events.map(({ kind }) => kind)).toEqual(["recovered"]);
    expect(kinds(done, mended.problem)).toEqual([]);
  });

  test("waits for a run of the cells that failed", () => {
    const { problem } = alertsOfRun(run({ targets: ["orders", "items"] }), undefined, AT);
    const part = alertsOfRun(run({ outcome: "succeeded", targets: ["orders"] }), problem, AT);
    expect(part).toEqual({ events: [], problem });
    expect(kinds(run({ outcome: "succeeded", targets: ["items", "orders", "more"] }), problem)).toEqual([
      "recovered",
    ]);
    expect(kinds(run({ outcome: "succeeded", targets: ["orders"] }), {})).toEqual([]);
  });

  test("is not forgotten for what is quiet or cancelled in between", () => {
    const quiet = run({
      attempts: [{ attempt: 1, startedAt: AT, outcome: "succeeded", alerts: false }],
      outcome: "succeeded",
    });
    for (const between of [quiet, run({ outcome: "cancelled" })])
      expect(alertsOfRun(between, {}, AT)).toEqual({ events: [], problem: {} });
  });
});
