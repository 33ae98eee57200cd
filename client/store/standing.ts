import { may } from "../session.js";
import type { CellRecord, CheckRecord, ForecastCell } from "../../server/api/protocol.js";
import type { Block } from "./document.js";
import type { Expected, NotebookState } from "./notebook-state.js";
import { hasResult } from "./run-state.js";

/** Its last result is not what a run would give now, or there is none. */
export function isStale(forecast: Expected | undefined, record: CellRecord | undefined): boolean {
  switch (forecast?.action) {
    case "run":
      if (forecast.failure !== undefined) return false;
      return forecast.isVolatile !== true || record === undefined || record.outcome !== "succeeded";
    case "check":
      return isUnjudged(forecast, record);
    case "block":
      return hasResult(record) && record.fingerprint !== forecast.fingerprint;
    default:
      return false;
  }
}

/** What a run would bring up to date. */
export function staleCells({ forecast, runs }: Pick<NotebookState, "forecast" | "runs">): string[] {
  return [...forecast.values()]
    .filter((cell) => isStale(cell, shownRecord(cell, runs.cells.get(cell.name))))
    .map((cell) => cell.name);
}

/** The rows that are still shown are not what the cell would give: it has changed since, or could not be computed. */
export function isOld(forecast: Expected | undefined, record: CellRecord | undefined): boolean {
  const isLost = record?.kind !== "check" && /^(failed|cancelled|blocked)$/.test(record?.outcome ?? "");
  return isLost || isStale(forecast, record);
}

/** A check that never came to an end, or did so on other data than it would read now, or with other values. */
function isUnjudged({ fingerprint }: ForecastCell, record: CellRecord | undefined): boolean {
  if (record !== undefined && record.status !== "idle") return false;
  const before = record?.fingerprint;
  if (before === undefined) return !hasResult(record);
  return fingerprint !== undefined && before !== fingerprint;
}

/**
 * How a cell stands for what is chosen here: its last run may have been somebody else's, of other values, of another
 * text or under another name, while a result of what is wanted is there.
 */
export function shownRecord(
  forecast: Expected | undefined,
  record: CellRecord | undefined,
): CellRecord | undefined {
  if (forecast === undefined || (record !== undefined && record.status !== "idle")) return record;
  const { name, kind, action, reason, fingerprint, rows, version, failure } = forecast;
  const known = { name, kind, status: "idle" } as const;
  if (failure !== undefined) return { ...known, outcome: "failed", error: failure };
  if ((action === "skip" || action === "block") && !hasResult(record))
    return { ...known, outcome: action === "skip" ? "skipped" : "blocked", reason };
  if (fingerprint === undefined || fingerprint === record?.fingerprint) return record;
  const [check] = forecast.checks ?? [];
  if (action === "check" && check !== undefined) return judged(forecast, check);
  if (action !== "reuse") return record;
  return {
    ...known,
    outcome: "reused",
    reason,
    fingerprint,
    ...(rows === undefined ? {} : { rows }),
    ...(version === undefined ? {} : { version }),
  };
}

/** A check cell as a run would leave it that finds its judgement. */
function judged({ name, kind, fingerprint }: ForecastCell, check: CheckRecord): CellRecord {
  const isFailed = check.severity === "error" && check.outcome !== "pass";
  return {
    name,
    kind,
    status: "idle",
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(isFailed
      ? { outcome: "failed", error: { code: "check-failed", message: check.message } }
      : { outcome: "reused", reason: "check and data unchanged" }),
  };
}

/** What is shown was computed for what is chosen here, by no run, and nobody else sees it. */
export function isOwnChoice({ forecast, runs, parameters, date }: NotebookState, name: string): boolean {
  // A runner's other date is computed by a run.
  const isChosen = Object.keys(parameters).length > 0 || (!may("run") && date !== undefined);
  if (!isChosen) return false;
  const own = runs.cells.get(name);
  const shown = shownRecord(forecast.get(name), own);
  return shown !== own && shown?.outcome === "reused";
}

/** What the checks of a cell, or the check cell itself, came to for what is shown of it. */
export function shownChecks(
  { forecast, runs }: Pick<NotebookState, "forecast" | "runs">,
  name: string,
): readonly CheckRecord[] {
  const expected = forecast.get(name);
  const own = runs.cells.get(name);
  if (shownRecord(expected, own) !== own) return expected?.checks ?? [];
  return [...runs.checks.values()].filter((check) => check.cell === name || check.name === name);
}

/** The run that is shown computes this cell as it was before it was edited. */
export function isEditedMeanwhile({ launched, runs }: NotebookState, { id, source }: Block): boolean {
  if (launched === undefined || runs.run?.id !== launched.run) return false;
  const before = launched.document.blocks.find((block) => block.id === id);
  return before !== undefined && before.source !== source;
}
