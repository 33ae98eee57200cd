import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { AppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { Lake } from "../lake/lake.js";
import type { DependencyGraph } from "../graph/dependency-graph.js";
import { reachableFrom } from "../graph/topology.js";
import { unknownName } from "../text/unknown-name.js";
import { isRunDate } from "../base/run-date.js";
import type { Lease } from "../lake/leases.js";
import type { Delivery, PinnedInput } from "../lake/model.js";
import { engineOf, isCumulative } from "../notebook/notebook.js";
import { ChangeFiles } from "./change-files.js";
import { intervalOf, today } from "./interval.js";
import { planRun, type RunPlan } from "./plan.js";
import { removedDatasets } from "./removed-datasets.js";
import { lakeReference, type RunContext, type RunServices } from "./run-context.js";
import { allInputs, differingInputs, pinInputs, withDeliveries, type RunInputs } from "./run-inputs.js";
import { readParameters } from "./run-parameters.js";
import { hasSucceeded, type RunRecord } from "./run-record.js";
import {
  requireAgreement,
  requireCells,
  requireCurrent,
  requireOwnDatasets,
  requireRead,
  requireValid,
  type RunRequest,
} from "./run-request.js";
import { isSystemSchema } from "./system-relations.js";

/** A run that can begin: what it stands on is pinned. */
export interface PreparedRun {
  readonly record: RunRecord;
  readonly analyzed: AnalyzedNotebook;
  readonly plan: RunPlan;
  readonly inputs: RunInputs;
  /** What others publish for the date meanwhile may be replaced although it stands on other input. */
  readonly mayReplace: boolean;
}

/** Fails with code not-found, usage, invalid-notebook or choice-needed. */
export async function prepareRun(
  services: RunServices,
  id: string,
  request: RunRequest,
): Promise<PreparedRun> {
  const { lake, notebooks } = services;
  const file = await notebooks.read(request.notebook);
  const analyzed = await notebooks.analyze(file);
  const date = request.date ?? today();
  if (!isRunDate(date)) throw new AppError("usage", `"${date}" is not a date of the form YYYY-MM-DD.`);
  requireRead(analyzed);
  requireCells(analyzed.graph, request);
  const plan = planRun(analyzed.graph, { mode: request.mode, cells: request.cells });
  requireValid(analyzed, plan, request);
  await requireOwnDatasets(services, request.notebook, plan);
  const parameters = readParameters(analyzed, request.parameters ?? {});
  const publication = lake.publication(request.notebook, date);
  const earlier = earlierDeliveries(lake, request.notebook, date, plan);
  const chosen = await chooseInputs(services, request, plan, publication?.inputs);
  const inputs = withDeliveries(services.workspace, chosen, cumulativePaths(plan), {
    date,
    earlier: earlier ?? [],
  });
  const dates = lake
    .publications()
    .filter((entry) => entry.notebook === request.notebook)
    .map((entry) => entry.runDate);
  const interval = intervalOf(date, analyzed.notebook.frontMatter.schedule, dates);
  const record: RunRecord = {
    format: 1,
    id,
    notebook: request.notebook,
    mode: request.mode,
    date,
    intervalStart: interval.start,
    intervalEnd: interval.end,
    parameters,
    ...(request.cells === undefined ? {} : { targets: [...request.cells] }),
    force: request.force ?? false,
    ...(request.trigger === undefined ? {} : { trigger: request.trigger }),
    text: file.text,
    inputs: allInputs(inputs).map((input) => ({ ...input })),
    ...(earlier === undefined ? {} : { deliveries: toMutable(earlier) }),
    lakeVersions: pinLake(lake, plan),
    basedOn: publication?.txn ?? null,
    createdAt: new Date().toISOString(),
    ...(request.by === undefined ? {} : { by: request.by }),
    attempts: [],
    outcome: "none",
    isRunning: false,
    cells: cellsOf(plan),
    checks: [],
    published: [],
    removing: [],
    removed: [],
  };
  record.removing = await removedDatasets({ ...services, analyzed, record }, plan);
  requireAgreement(record, request.removes);
  return { record, analyzed, plan, inputs, mayReplace: request.input === "current" };
}

/** Another attempt of a run: same input, same SQL, same run date. Fails with code conflict when superseded. */
export async function prepareRetry(
  services: RunServices,
  record: RunRecord,
  from?: string,
): Promise<PreparedRun> {
  const { workspace, lake, notebooks } = services;
  if (hasSucceeded(record.outcome) && from === undefined) {
    throw new AppError("conflict", `Run "${record.id}" has succeeded: there is nothing to retry.`, {
      hint: "Start a new run instead, or name the cell from which on to run again.",
    });
  }
  requireCurrent(lake, record);
  const analyzed = await notebooks.analyzeText(record.notebook, record.text);
  const plan = planRun(analyzed.graph, { mode: record.mode, cells: record.targets });
  // What ran under other rules may be a text that is read no more, and has no datasets any more.
  requireRead(analyzed);
  const pinned = await pinInputs(workspace, lake, filePaths(plan), record.inputs);
  const { date, deliveries: earlier = [] } = record;
  const inputs = withDeliveries(workspace, pinned, cumulativePaths(plan), { date, earlier });
  const removing = await removedDatasets({ ...services, analyzed, record }, plan);
  const { outdatedInputs: _outdated, forced: _forced, ...same } = record;
  const outdated = await replacedSince(services, record, plan);
  return {
    record: {
      ...same,
      ...(outdated.length === 0 ? {} : { outdatedInputs: outdated }),
      ...(from === undefined ? {} : { forced: cellsFrom(analyzed.graph, plan, from) }),
      cells: cellsOf(plan),
      checks: [],
      published: [],
      removing,
      removed: [],
    },
    analyzed,
    plan,
    inputs,
    mayReplace: false,
  };
}

/** Files that another attempt of a run would read as they were, although other ones lie in their place. */
export async function outdatedInputs(services: RunServices, record: RunRecord): Promise<readonly string[]> {
  const analyzed = await services.notebooks.analyzeText(record.notebook, record.text);
  return replacedSince(
    services,
    record,
    planRun(analyzed.graph, { mode: record.mode, cells: record.targets }),
  );
}

async function replacedSince(
  { workspace, lake }: RunServices,
  { inputs }: RunRecord,
  plan: RunPlan,
): Promise<string[]> {
  return differingInputs(inputs, await pinInputs(workspace, lake, filePaths(plan), [], false));
}

/** The cell and all that stand on it. */
function cellsFrom(graph: DependencyGraph, plan: RunPlan, from: string): string[] {
  if (!plan.steps.some((step) => step.kind !== "cross-check" && step.id === from)) {
    const names = plan.steps.map(({ id }) => id);
    throw unknownName("usage", `The run has no cell "${from}".`, from, names);
  }
  return [from, ...reachableFrom([from], graph.children)];
}

export function toContext(
  services: RunServices,
  { record, analyzed, inputs }: PreparedRun,
  view: RunContext["view"],
  lease: Lease,
): RunContext {
  const { leases, paths } = services.lake;
  const changes = new ChangeFiles(leases, join(paths.tmp, `changes-${randomUUID()}`));
  lease.hold(changes.folder);
  return { ...services, record, analyzed, inputs, view, lease, changes };
}

async function chooseInputs(
  { workspace, lake }: RunServices,
  request: RunRequest,
  plan: RunPlan,
  published: readonly PinnedInput[] | undefined,
): Promise<RunInputs> {
  const paths = filePaths(plan);
  // Who asks for it of a date that was never published means what lies there.
  if (request.input === "pinned" && (request.mode === "materialize" || published !== undefined))
    return pinInputs(workspace, lake, paths, published);
  const current = await pinInputs(workspace, lake, paths);
  if (request.mode === "run" || request.input === "current" || published === undefined) return current;
  const files = differingInputs(published, current);
  if (files.length === 0) return current;
  throw new AppError(
    "choice-needed",
    `${request.date ?? today()} was published from other input: ${files.join(", ")} differ${files.length === 1 ? "s" : ""}.`,
    {
      hint: "Choose --input pinned (what was published) or --input current (input/ as it is now).",
      details: { files },
    },
  );
}

/** Those before the run date, where a dataset of the plan adds deliveries up. */
function earlierDeliveries(
  lake: Lake,
  notebook: string,
  date: string,
  plan: RunPlan,
): readonly Delivery[] | undefined {
  const isNeeded = plan.steps.some((step) => step.kind === "dataset" && isCumulative(step.cell));
  return isNeeded ? lake.state.deliveries(notebook).filter((delivery) => delivery.date < date) : undefined;
}

function toMutable(deliveries: readonly Delivery[]): RunRecord["deliveries"] & object {
  return deliveries.map(({ date, inputs }) => ({ date, inputs: inputs.map((input) => ({ ...input })) }));
}

function cumulativePaths(plan: RunPlan): string[] {
  const paths = plan.steps.flatMap((step) =>
    step.kind === "dataset" && isCumulative(step.cell)
      ? (step.node.facts?.files.map((file) => file.path) ?? [])
      : [],
  );
  return [...new Set(paths)];
}

function filePaths(plan: RunPlan): string[] {
  return plan.steps.flatMap((step) =>
    step.kind === "cross-check" ? [] : (step.node.facts?.files.map((file) => file.path) ?? []),
  );
}

function cellsOf(plan: RunPlan): RunRecord["cells"] {
  const planned = plan.steps.flatMap((step) => (step.kind === "cross-check" ? [] : [step.cell]));
  const names = new Set(planned.map((cell) => cell.name));
  const queued = planned.map((cell) => ({
    name: cell.name,
    kind: cell.kind,
    ...(engineOf(cell) === "spark" && { engine: "spark" as const }),
    status: "queued" as const,
    outcome: "none" as const,
  }));
  const skipped = [...plan.skipped.keys()]
    .filter((name) => !names.has(name))
    .map((name) => ({ name, kind: "sql" as const, status: "queued" as const, outcome: "none" as const }));
  return [...queued, ...skipped];
}

function pinLake(lake: Lake, plan: RunPlan): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const step of plan.steps) {
    const tables = step.kind === "cross-check" ? [] : (step.node.facts?.tables ?? []);
    for (const { schema, name } of tables) {
      if (schema === undefined || isSystemSchema(schema)) continue;
      const found = lake.find(name, schema);
      if (found !== undefined) versions[lakeReference(schema, name)] = found.version;
    }
  }
  return versions;
}
