import { describe, expect, test } from "vitest";
import type { CellRecord, CheckRecord, NotebookEvent, RunView } from "../../../server/api/protocol.js";
import { applyEvent, emptyRunState, fromRuns } from "../../../client/store/run-state.js";

const own: CellRecord = {
  name: "towns",
  kind: "sql",
  status: "idle",
  outcome: "succeeded",
  rows: 3,
  fingerprint: "one",
};
const inside: CellRecord = { ...own, outcome: "reused", reason: "computed inside `weather`" };
delete inside.rows;
delete inside.fingerprint;

function started(...cells: CellRecord[]): NotebookEvent {
  return { type: "run-started", run: { cells, checks: [] } as unknown as RunView };
}

function finished(cell: CellRecord): NotebookEvent {
  return { type: "cell-finished", runId: "run", cell, checks: [] };
}

describe("applyEvent", () => {
  test("a cell that is computed inside another one keeps the result of its own", () => {
    const events = [
      finished(own),
      started({ ...inside, status: "queued", outcome: "none" }),
      finished(inside),
    ];
    expect(events.reduce(applyEvent, emptyRunState).cells.get("towns")).toEqual(own);
  });

  test("a cell that never had one says where it was computed", () => {
    expect(applyEvent(emptyRunState, finished(inside)).cells.get("towns")).toEqual(inside);
  });

  test("what failed does not show the result of before", () => {
    const failed: CellRecord = { ...inside, outcome: "failed" };
    expect([finished(own), finished(failed)].reduce(applyEvent, emptyRunState).cells.get("towns")).toEqual(
      failed,
    );
  });
});

describe("checks", () => {
  const check = (name: string, cell: string): CheckRecord => ({ name, cell, outcome: "fail" }) as CheckRecord;
  const run = (cells: CellRecord[], checks: CheckRecord[]): RunView =>
    ({ id: String(checks.length), isRunning: false, cells, checks }) as unknown as RunView;
  const other: CellRecord = { ...own, name: "weather" };
  const [first, second] = [
    run([own, other], [check("a", "towns"), check("b", "weather")]),
    run([{ ...own, outcome: "reused" }], []),
  ];

  test("that a later run of their cell did not make are no checks of it any more", () => {
    expect([...fromRuns([second, first]).checks.keys()]).toEqual(["b"]);
    const seen = applyEvent(fromRuns([first]), { type: "run-finished", run: second });
    expect([...seen.checks.keys()]).toEqual(["b"]);
  });
});
