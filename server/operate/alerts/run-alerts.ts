import type { AlertKind } from "../../notebook/alerts.js";
import { blocks } from "../../notebook/verdict.js";
import { hasSucceeded, type CellError, type CheckRecord, type RunView } from "../../runs/run-record.js";
import { describeIncrement } from "../../text/describe-increment.js";
import type { AlertEvent } from "./alert-event.js";
import { boundText } from "./bound-text.js";

/** What of a run people may be told. */
export type EndedRun = Pick<
  RunView,
  | "id"
  | "notebook"
  | "mode"
  | "date"
  | "trigger"
  | "targets"
  | "attempts"
  | "outcome"
  | "cells"
  | "checks"
  | "error"
>;

/** Something was told of a notebook's run date that only its publication mends. */
export interface OpenProblem {
  /** Cells that the run was asked for; absent: all. */
  readonly targets?: readonly string[] | undefined;
}

export interface Told {
  readonly events: readonly AlertEvent[];
  /** What is open of that run date afterwards. */
  readonly problem: OpenProblem | undefined;
}

const NAMED = 10;

/**
 * What a run that has ended is told as, where `problem` was open of its notebook and run date. Explorations are nobody's
 * business, nor what somebody cancelled or wanted to be quiet; they change nothing of what is open either.
 */
export function alertsOfRun(run: EndedRun, problem: OpenProblem | undefined, at: string): Told {
  const attempt = run.attempts.at(-1);
  const isQuiet = attempt?.alerts === false || run.mode !== "materialize";
  if (isQuiet || run.outcome === "cancelled" || run.outcome === "none") return { events: [], problem };
  // What nobody started goes on by itself; where it cannot, the schedule tells.
  if (run.outcome === "interrupted" && run.trigger !== undefined) return { events: [], problem };
  if (!hasSucceeded(run.outcome)) {
    const { targets } = run;
    return { events: [failure(run, at)], problem: targets === undefined ? {} : { targets } };
  }
  const isMended = problem !== undefined && covers(run, problem);
  return {
    events: [
      ...(isMended ? [eventOf(run, ["recovered"], at)] : []),
      ...(run.outcome === "succeeded_with_warnings" ? [warning(run, at)] : []),
      ...lateness(run, at),
    ],
    problem: isMended ? undefined : problem,
  };
}

/** A run of other cells than those that failed proves nothing. */
function covers({ targets }: EndedRun, problem: OpenProblem): boolean {
  if (targets === undefined) return true;
  return problem.targets?.every((cell) => targets.includes(cell)) ?? false;
}

/** One event of all that went wrong: who asked for failed checks only is told of those beside a failed cell too. */
function failure(run: EndedRun, at: string): AlertEvent {
  const cells = run.cells.filter(({ outcome, kind }) => outcome === "failed" && kind !== "check");
  const checks = run.checks.filter(blocks);
  const isChecks = checks.length > 0 && cells.length === 0 && run.error === undefined;
  const kinds: AlertKind[] = isChecks
    ? ["check_failed"]
    : checks.length > 0
      ? ["failed", "check_failed"]
      : ["failed"];
  const interrupted = {
    code: "interrupted",
    message: "The process ended while it ran.",
    hint: `Go on with: lakebook retry ${run.id}`,
  };
  const error = run.outcome === "interrupted" ? (run.error ?? interrupted) : run.error;
  return {
    ...eventOf(run, kinds, at),
    ...(error !== undefined && { error: boundError(error) }),
    cells: cells.slice(0, NAMED).map(({ name, error: { line, ...rest } = unknownError }) => ({
      name,
      ...boundError(rest),
      ...(line !== undefined && { line }),
    })),
    checks: checks.slice(0, NAMED).map(toldCheck),
    more: Math.max(0, cells.length - NAMED) + Math.max(0, checks.length - NAMED),
  };
}

function warning(run: EndedRun, at: string): AlertEvent {
  const checks = run.checks.filter(({ outcome }) => outcome !== "pass");
  return {
    ...eventOf(run, ["warned"], at),
    checks: checks.slice(0, NAMED).map(toldCheck),
    more: Math.max(0, checks.length - NAMED),
  };
}

function lateness(run: EndedRun, at: string): AlertEvent[] {
  const late = run.cells.flatMap(({ name, incremental }) =>
    incremental === undefined || incremental.late.rows === 0
      ? []
      : [boundText(`${name}: ${describeIncrement(incremental).replaceAll("`", "")}.`)],
  );
  if (late.length === 0) return [];
  return [
    {
      ...eventOf(run, ["late_data"], at),
      notes: late.slice(0, NAMED),
      more: Math.max(0, late.length - NAMED),
    },
  ];
}

const unknownError: CellError = { code: "internal", message: "It failed." };

function eventOf(run: EndedRun, kinds: readonly AlertKind[], at: string): AlertEvent {
  const attempt = run.attempts.length;
  const kind = kinds[0] ?? "failed";
  return {
    id: `${run.id}/${String(attempt)}/${kind}`,
    kind,
    kinds: [...kinds],
    at,
    notebook: run.notebook,
    date: run.date,
    run: run.id,
    attempt,
    cells: [],
    checks: [],
    notes: [],
    more: 0,
  };
}

function toldCheck({ name, message, failures }: CheckRecord): AlertEvent["checks"][number] {
  return { name, message: boundText(message), failures };
}

export function boundError({ code, message, hint }: Pick<CellError, "code" | "message" | "hint">): {
  code: string;
  message: string;
  hint?: string;
} {
  return { code, message: boundText(message), ...(hint !== undefined && { hint: boundText(hint) }) };
}
