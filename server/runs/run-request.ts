import { hasErrors, locate } from "../base/diagnostic.js";
import { AppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { DependencyGraph } from "../graph/dependency-graph.js";
import type { Lake } from "../lake/lake.js";
import { isDataset } from "../notebook/notebook.js";
import { unknownName } from "../text/unknown-name.js";
import { findOtherOwner, takenHint, takenMessage } from "./dataset-owner.js";
import type { RunMode, RunPlan } from "./plan.js";
import type { RunServices } from "./run-context.js";
import type { RunRecord, Trigger } from "./run-record.js";

/*
 * What a run is asked to do, and whether it can: what is refused here is refused before anything is computed.
 */

export interface RunRequest {
  readonly notebook: string;
  readonly mode: RunMode;
  readonly date?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly cells?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
  readonly input?: "pinned" | "current" | undefined;
  /** Paths that may go from the run date, as a plan named them; undefined: whatever goes. */
  readonly removes?: readonly string[] | undefined;
  /** Absent: somebody starts it. */
  readonly trigger?: Trigger | undefined;
  /** Who asks for it, as `whoIs` names people; undefined: nobody says. */
  readonly by?: string | undefined;
  /** Run what can be run although some cells have errors. Never for a materialization. */
  readonly tolerant?: boolean | undefined;
  /** False: nobody is told how it ends. */
  readonly alerts?: boolean | undefined;
}

export function requireCells(graph: DependencyGraph, request: RunRequest): void {
  for (const name of request.cells ?? []) {
    const cell = graph.nodes.get(name)?.cell;
    if (cell === undefined) {
      const message = `Cell "${name}" does not exist in notebook "${request.notebook}".`;
      throw unknownName("usage", message, name, graph.nodes.keys());
    }
    if (request.mode === "materialize" && !isDataset(cell)) {
      throw new AppError("usage", `Cell "${name}" is not materialized.`, {
        hint: "Add the line `--| materialize: parquet` to it, or use lakebook run.",
      });
    }
  }
}

/** Of a text beyond the limits there are no cells, which must not look like cells that were removed. */
export function requireRead({ notebook, diagnostics }: AnalyzedNotebook): void {
  const limit = diagnostics.find(({ code }) => code === "notebook-limit");
  if (limit === undefined) return;
  throw new AppError("invalid-notebook", `${limit.message}.`, {
    ...(limit.hint === undefined ? {} : { hint: limit.hint }),
    diagnostics: [locate(limit, notebook.source)],
  });
}

export function requireValid(analyzed: AnalyzedNotebook, plan: RunPlan, request: RunRequest): void {
  const running = new Set([...plan.steps.map((step) => step.id), ...(request.cells ?? [])]);
  // A test is no step of a run: what is wrong with it stops none.
  const tests = new Set(analyzed.notebook.cells.flatMap(({ kind, name }) => (kind === "test" ? [name] : [])));
  const concerning = analyzed.diagnostics.filter(
    (item) =>
      item.severity === "error" &&
      !tests.has(item.cell ?? "") &&
      (item.cell === undefined || request.cells === undefined || running.has(item.cell)),
  );
  if (request.tolerant === true && request.mode === "run") return;
  if (!hasErrors(concerning)) return;
  throw new AppError(
    "invalid-notebook",
    `Notebook "${request.notebook}" has ${String(concerning.length)} error${concerning.length === 1 ? "" : "s"}.`,
    {
      diagnostics: concerning.map((item) => locate(item, analyzed.notebook.source)),
    },
  );
}

/** Between a plan and its publication a notebook may have been saved, or a date published. */
export function requireAgreement({ date, removing }: RunRecord, agreed: readonly string[] | undefined): void {
  const surprises = agreed === undefined ? [] : removing.filter(({ path }) => !agreed.includes(path));
  if (surprises.length === 0) return;
  throw new AppError(
    "choice-needed",
    `"${surprises.map(({ path }) => path).join('", "')}" would be removed from ${date}.`,
    {
      hint: "Look again at what would change; over HTTP, removes names what may go.",
      details: { removed: surprises },
    },
  );
}

export async function requireOwnDatasets(
  services: Pick<RunServices, "notebooks" | "lake">,
  notebook: string,
  plan: RunPlan,
): Promise<void> {
  for (const dataset of plan.datasets) {
    const owner = await findOtherOwner(services, notebook, dataset);
    if (owner === undefined) continue;
    throw new AppError("invalid-notebook", takenMessage(dataset, owner), { hint: takenHint(owner) });
  }
}

/** A later publication of the same date makes an older run's result wrong to publish. */
export function requireCurrent(lake: Lake, record: RunRecord): void {
  const published = lake.publication(record.notebook, record.date);
  if (
    record.mode === "materialize" &&
    (published?.txn ?? null) !== record.basedOn &&
    published?.run !== record.id
  ) {
    throw new AppError(
      "conflict",
      `Run "${record.id}" is superseded: run "${published?.run ?? ""}" has published ${record.date} since.`,
      {
        hint: "Materialize again instead.",
      },
    );
  }
}
