import { AppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { filesOf } from "../runs/run-context.js";
import type { RunView } from "../runs/run-record.js";
import { isCumulative } from "../notebook/notebook.js";
import { formatCount } from "../text/format.js";
import type { Console } from "./console.js";
import { openRunClient } from "./run-client.js";
import { openLakeSession, type NotebookSession } from "./session.js";
import { turnOf } from "./take-turn.js";

/** An incremental dataset against the same computed as a whole. */
export interface EquivalenceFinding {
  readonly cell: string;
  /** The run date that was looked at. */
  readonly date: string;
  readonly outcome: "pass" | "fail";
  /** Of the whole. */
  readonly rows: number;
  /** Rows that only the whole has. */
  readonly missing: number;
  /** Rows that it does not have. */
  readonly surplus: number;
}

interface EquivalenceInput {
  readonly values: { readonly workspace?: string | undefined; readonly "no-wait"?: boolean | undefined };
  readonly console: Console;
  readonly signal: AbortSignal;
  /** Compare about so many rows; undefined: all. */
  readonly sample: number | undefined;
}

/**
 * Computes the datasets that add deliveries up twice for the greatest run date that the notebook published: as a run
 * does, and from all deliveries anew. Nothing is published. Fails as a run does where one of the two fails.
 */
export async function checkEquivalence(
  session: NotebookSession,
  { graph, notebook }: AnalyzedNotebook,
  { values, console, signal, sample }: EquivalenceInput,
): Promise<EquivalenceFinding[]> {
  const cells = [...graph.nodes.values()].flatMap(({ cell }) => (isCumulative(cell) ? [cell.name] : []));
  if (cells.length === 0)
    throw new AppError(
      "usage",
      `No dataset of "${notebook.name}" is incremental: there is nothing to compare.`,
    );
  const date = session.lake
    ?.publications()
    .filter((entry) => entry.notebook === notebook.name)
    .at(-1)?.runDate;
  const client = await openRunClient({
    workspace: values.workspace ?? ".",
    signal,
    turn: turnOf(values, console, signal),
    onEvent: () => undefined,
  });
  try {
    const request = { notebook: notebook.name, mode: "run", date, cells, input: "pinned" } as const;
    const part = requireDone(await client.start(request));
    const whole = requireDone(await client.start({ ...request, date: part.date, force: true }));
    return await compareRuns(session, part, whole, { cells, sample, workspace: values.workspace ?? "." });
  } finally {
    await client.close();
  }
}

async function compareRuns(
  { engine }: NotebookSession,
  part: RunView,
  whole: RunView,
  {
    cells,
    sample,
    workspace,
  }: { readonly cells: readonly string[]; readonly sample: number | undefined; readonly workspace: string },
): Promise<EquivalenceFinding[]> {
  const opened = await openLakeSession({ workspace });
  const { lake } = opened;
  try {
    const findings: EquivalenceFinding[] = [];
    for (const cell of cells) {
      const [before, after] = [versionOf(part, cell), versionOf(whole, cell)];
      if (lake === undefined || before === undefined || after === undefined) continue;
      const [was, is] = [await lake.manifest(cell, before), await lake.manifest(cell, after)];
      const oneIn = sample === undefined ? 1 : Math.max(1, Math.floor(is.rows / sample));
      const { added, removed } = await engine.countChanges(
        { before: filesOf(lake, was), after: filesOf(lake, is), key: [], oneIn },
        { label: cell },
      );
      const outcome = added + removed === 0 ? "pass" : "fail";
      findings.push({ cell, date: whole.date, outcome, rows: is.rows, missing: added, surplus: removed });
    }
    return findings;
  } finally {
    await opened.close();
  }
}

export function equivalenceLine(finding: EquivalenceFinding): string {
  const { cell, date, outcome, rows, missing, surplus } = finding;
  if (outcome === "pass")
    return `✓ ${cell}: what was computed in parts for ${date} equals the whole (${formatCount(rows, "row")})\n`;
  return `✗ ${cell}: of what was computed in parts for ${date}, ${formatCount(missing, "row")} of the whole are missing and ${formatCount(surplus, "row")} should not be there\n`;
}

function versionOf({ cells }: RunView, name: string): string | undefined {
  return cells.find((cell) => cell.name === name)?.version;
}

function requireDone(view: RunView): RunView {
  const failed = view.cells.find(({ outcome }) => outcome === "failed" || outcome === "cancelled");
  if (failed === undefined && view.error === undefined) return view;
  const { message = "it was cancelled" } = failed?.error ?? view.error ?? {};
  throw new AppError("query", `${failed?.name ?? "The run"} could not be computed: ${message}`);
}
