import { describe, expect, test } from "vitest";
import type { CellRecord, CheckRecord, ForecastCell, NotebookView } from "../../../server/api/protocol.js";
import type { Expected, NotebookState } from "../../../client/store/notebook-state.js";
import { overallOf, standingIn } from "../../../client/store/overall.js";
import { emptyRunState } from "../../../client/store/run-state.js";
import { staleCells } from "../../../client/store/standing.js";
import { markOf } from "../../../client/styles/status-mark.js";

type Kind = "sql" | "check";

const name = "orders";
const outcomes = ["none", "succeeded", "reused", "failed", "cancelled", "blocked", "skipped"] as const;

/** What came to no end has none; nor has what was computed inside of another cell. */
function fingerprintsOf(outcome: CellRecord["outcome"]): readonly (string | undefined)[] {
  return ["succeeded", "reused", "failed"].includes(outcome) ? [undefined, "now", "before"] : [undefined];
}

function records(kind: Kind): (CellRecord | undefined)[] {
  return [
    undefined,
    ...outcomes.flatMap((outcome) =>
      fingerprintsOf(outcome).map((fingerprint): CellRecord => ({
        name,
        kind,
        status: "idle",
        outcome,
        ...(fingerprint === undefined ? {} : { fingerprint }),
      })),
    ),
  ];
}

function finding(outcome: CheckRecord["outcome"]): CheckRecord {
  return { name, severity: "error", outcome, failures: 0, message: "", isReused: false };
}

function forecasts(kind: Kind): Expected[] {
  const actions: readonly ForecastCell["action"][] =
    kind === "sql" ? ["run", "reuse", "skip", "block"] : ["check", "run", "skip", "block"];
  return actions.flatMap((action) => {
    const plain: Expected = { name, kind, action, reason: "why" };
    const known = { ...plain, fingerprint: "now" };
    if (action === "reuse") return [known];
    if (action === "check")
      return [
        plain,
        known,
        ...(["pass", "fail"] as const).map((each) => ({ ...known, checks: [finding(each)] })),
      ];
    if (action !== "run" || kind === "check") return [plain, known];
    const failure = { code: "query", message: "no" };
    return [plain, known, { ...known, isVolatile: true }, { ...known, failure }];
  });
}

function stateOf(
  kind: Kind,
  record: CellRecord | undefined,
  forecast: Expected | undefined,
  hasErrors = false,
): NotebookState {
  return {
    view: { cells: [{ name, kind, hasErrors }] } as unknown as NotebookView,
    runs: { ...emptyRunState, cells: new Map(record === undefined ? [] : [[name, record]]) },
    forecast: new Map(forecast === undefined ? [] : [[name, forecast]]),
    forecastDate: "2026-11-01",
  } as unknown as NotebookState;
}

const well = ["succeeded", "reused", "passed", "warned", "check-warned", "skipped"];

describe.each(["sql", "check"] as const)("every state of a %s cell", (kind) => {
  const states = [true, false].flatMap((hasErrors) =>
    records(kind).flatMap((record) =>
      forecasts(kind).map((forecast) => ({
        record,
        forecast,
        state: stateOf(kind, record, forecast, hasErrors),
      })),
    ),
  );

  test("has one mark with which the words of the bar agree", () => {
    for (const { record, forecast, state } of states) {
      const cell = state.view?.cells[0];
      if (cell === undefined) throw new Error("unreachable");
      const mark = markOf(standingIn(state, cell));
      const { words, stale } = overallOf(state);
      const seen = { record, forecast, mark, words };
      expect({ ...seen, isUpToDate: words === "Up to date" }).toEqual({
        ...seen,
        isUpToDate: well.includes(mark) && stale === 0,
      });
      expect({ ...seen, isRun: words.startsWith("Run ") }).toEqual({ ...seen, isRun: stale > 0 });
    }
  });

  test("that a run would mend is one that the bar runs", () => {
    for (const { record, forecast, state } of states) {
      const cell = state.view?.cells[0];
      if (cell === undefined) throw new Error("unreachable");
      const mark = markOf(standingIn(state, cell));
      if (!["never", "cancelled", "stale"].includes(mark)) continue;
      expect({ record, forecast, mark, stale: staleCells(state) }).toEqual({
        record,
        forecast,
        mark,
        stale: [name],
      });
    }
  });
});

test.each([
  ["failed", "reuse", "Up to date"],
  ["blocked", "reuse", "Up to date"],
  ["cancelled", "reuse", "Up to date"],
  ["skipped", "reuse", "Up to date"],
  ["blocked", "block", "1 blocked"],
  ["none", "block", "1 blocked"],
  ["blocked", "run", "Run 1 out of date"],
  ["skipped", "run", "Run 1 out of date"],
  ["blocked", "skip", "Up to date"],
] as const)("a dataset that was %s and that a run would %s is %s", (outcome, action, words) => {
  const record: CellRecord = { name, kind: "sql", status: "idle", outcome };
  const state = stateOf("sql", record, { name, kind: "sql", action, reason: "", fingerprint: "now" });
  expect(overallOf(state).words).toBe(words);
  const shown = state.view?.cells[0];
  expect(shown && well.includes(markOf(standingIn(state, shown)))).toBe(words === "Up to date");
});

test("nothing is called up to date before it is known, or where it cannot be", () => {
  const state = stateOf("sql", { name, kind: "sql", status: "idle", outcome: "succeeded" }, undefined);
  expect(overallOf(state).words).toBe("Up to date");
  const { forecastDate: _, ...asking } = state;
  expect(overallOf(asking).words).toBe("Looking …");
  expect(overallOf({ ...state, forecastProblem: "no server" })).toMatchObject({
    words: "Cannot tell",
    title: "no server",
  });
});
