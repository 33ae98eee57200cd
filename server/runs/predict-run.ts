import type { Manifest } from "../lake/model.js";
import type { CellResult } from "./cell-result.js";
import { dataOptions, reuseReason } from "./dataset-step.js";
import { partitionChanges, type PartitionPlan } from "./partition-changes.js";
import type { RunPlan, Step } from "./plan.js";
import { isVolatile, queryFingerprint } from "./query-scope.js";
import { filesOf, type RunContext } from "./run-context.js";
import { currentParts, whyComputed } from "./why-computed.js";

export interface PredictedCell {
  readonly name: string;
  readonly kind: "sql" | "check";
  /** `inline`: computed inside its consumers. */
  readonly action: "run" | "reuse" | "inline" | "check" | "skip";
  readonly reason: string;
  /** It runs each time; that does not make its last result out of date. */
  readonly isVolatile?: boolean;
  /** Of a dataset whose version is there already: what publishing it would do. */
  readonly publication?: {
    /** Absent: not published for this run date yet. */
    readonly rowsBefore?: number;
    readonly rowsAfter: number;
    readonly partitions: readonly PartitionPlan[];
  };
}

/** Says which cells a run would compute and which it would reuse. Below a dataset that runs, a cell runs too unless the content turns out equal. */
export async function predictRun(context: RunContext, plan: RunPlan): Promise<PredictedCell[]> {
  const results = new Map<string, CellResult>();
  const moving = new Set<string>();
  const cells: PredictedCell[] = [];
  for (const step of plan.steps) {
    if (step.kind === "cross-check") continue;
    const blame = step.node.parents.find((parent) => moving.has(parent));
    const predicted = await predictStep(context, step, results, blame);
    if (predicted.action === "run" || (predicted.action === "inline" && blame !== undefined))
      moving.add(predicted.name);
    cells.push(predicted);
  }
  const skipped = [...plan.skipped].map(([name, blame]): PredictedCell => ({
    name,
    kind: "sql",
    action: "skip",
    reason: name === blame ? "disabled" : `\`${blame}\` is disabled`,
  }));
  return [...cells, ...skipped];
}

async function predictStep(
  context: RunContext,
  step: Exclude<Step, { kind: "cross-check" }>,
  results: Map<string, CellResult>,
  blame: string | undefined,
): Promise<PredictedCell> {
  const { name, kind } = step.cell;
  const unreadable = step.node.facts?.files.find((file) => context.inputs.errors.has(file.path));
  if (unreadable !== undefined)
    return {
      name,
      kind,
      action: "run",
      reason: context.inputs.errors.get(unreadable.path)?.message ?? "input is missing",
    };
  if (step.kind === "check") return { name, kind, action: "check", reason: "" };
  const stale = step.node.parents.find(
    (parent) => context.analyzed.graph.nodes.get(parent)?.cell.kind === "sql" && !results.has(parent),
  );
  if (stale !== undefined && step.kind === "inline")
    return { name, kind, action: "inline", reason: `\`${stale}\` runs` };
  if (stale !== undefined)
    return { name, kind, action: "run", ...(await whyRun(context, step, results, stale)) };
  const fingerprint = await queryFingerprint(
    context,
    step.node,
    step.kind === "dataset" ? dataOptions(step.cell) : {},
    results,
  );
  if (step.kind === "inline") {
    results.set(name, { type: "inline", node: step.node, content: fingerprint });
    return { name, kind, action: "inline", reason: "computed inside its consumers" };
  }
  return step.kind === "dataset"
    ? predictDataset(context, step, { fingerprint, results, blame })
    : predictQuery(context, step, { fingerprint, results, blame });
}

type ComputeStep = Extract<Step, { kind: "dataset" | "query" | "inline" }>;

interface Outlook {
  readonly fingerprint: string;
  readonly results: Map<string, CellResult>;
  /** A parent that runs. */
  readonly blame: string | undefined;
}

async function predictDataset(
  context: RunContext,
  step: ComputeStep,
  { fingerprint, results, blame }: Outlook,
): Promise<PredictedCell> {
  const { name, kind } = step.cell;
  const stored = context.record.force ? undefined : context.lake.findVersion(name, fingerprint);
  if (stored === undefined)
    return { name, kind, action: "run", ...(await whyRun(context, step, results, blame)) };
  const manifest = await context.lake.manifest(name, stored.version);
  const result = filesOf(context.lake, manifest);
  results.set(name, step.node.facts?.isOrdered === true ? { ...result, content: fingerprint } : result);
  const plan = { name, kind, action: "reuse", reason: reuseReason(manifest) } as const;
  return context.record.mode === "run"
    ? plan
    : { ...plan, publication: await predictPublication(context, manifest) };
}

async function predictPublication(
  { lake, record }: RunContext,
  manifest: Manifest,
): Promise<PredictedCell["publication"] & object> {
  // Maybe another notebook's: what its readers see is replaced all the same.
  const version = lake.resolve(manifest.dataset, record.date)?.version;
  const before = version === undefined ? undefined : await lake.manifest(manifest.dataset, version);
  return {
    ...(before === undefined ? {} : { rowsBefore: before.rows }),
    rowsAfter: manifest.rows,
    partitions: partitionChanges(before, manifest),
  };
}

async function predictQuery(
  context: RunContext,
  step: ComputeStep,
  { fingerprint, results, blame }: Outlook,
): Promise<PredictedCell> {
  const { name, kind } = step.cell;
  const found = context.record.force ? undefined : await context.results.find(fingerprint);
  found?.lease.release();
  const kept = found?.value;
  // What reads a query cell counts its fingerprint, whether its rows are kept or not.
  if (kept !== undefined || (!context.record.force && !isVolatileNode(step.node)))
    results.set(name, {
      type: "files",
      files: kept?.files ?? [],
      columns: kept?.columns ?? [],
      rows: kept?.rows ?? 0,
      content: fingerprint,
      scannedRows: {},
    });
  if (kept === undefined)
    return { name, kind, action: "run", ...(await whyRun(context, step, results, blame)) };
  return { name, kind, action: "reuse", reason: "SQL and what it reads unchanged" };
}

async function whyRun(
  context: RunContext,
  step: ComputeStep,
  results: Map<string, CellResult>,
  blame: string | undefined,
): Promise<Pick<PredictedCell, "reason" | "isVolatile">> {
  const { cell, node } = step;
  const reason = await whyComputed(context, cell, node, currentParts(context, cell, node, results), blame);
  const isItself = !context.record.force && blame === undefined && isVolatileNode(node);
  return isItself ? { reason, isVolatile: true } : { reason };
}

function isVolatileNode({ facts }: ComputeStep["node"]): boolean {
  return facts !== undefined && isVolatile(facts);
}
