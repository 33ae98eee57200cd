import type { StepKind } from "../notebook/cell-kinds.js";
import { isAppError } from "../base/errors.js";
import { blocks } from "../notebook/verdict.js";
import type { Manifest } from "../lake/model.js";
import type { CellResult } from "./cell-result.js";
import { checkFingerprint, knownCheckCell, knownRuleChecks } from "./check-step.js";
import { decideDataset, decideQuery, findQuarantine, KEPT, toRowsResult, withAside } from "./decide.js";
import { puttingAside } from "../notebook/notebook.js";
import { blockedBy } from "./forecast-blocked.js";
import { TouchedCounter } from "./forecast-touched.js";
import { forecastWay } from "./forecast-way.js";
import type { Touched } from "../text/describe-touched.js";
import { partitionChanges, type PartitionPlan } from "./partition-changes.js";
import type { RunPlan, Step } from "./plan.js";
import { isVolatile, queryFingerprint } from "./query-scope.js";
import { filesOf, withOrder, type RunContext } from "./run-context.js";
import { isForced, type CheckRecord } from "./run-record.js";
import { changesSinceLast, currentParts, usableManifest, whyComputed } from "./why-computed.js";

export interface ForecastCell {
  readonly name: string;
  readonly kind: StepKind;
  /** `inline`: computed inside its consumers. `block`: a check is known to fail of what it reads. */
  readonly action: "run" | "reuse" | "inline" | "check" | "skip" | "block";
  readonly reason: string;
  /** Of what it would be computed from, as far as that is known now. A result that has it is the one that is wanted. */
  readonly fingerprint?: string;
  /** Of a result that is there already. */
  readonly rows?: number;
  /** Of a dataset whose version is there already. */
  readonly version?: string;
  /** Of a result that is there already, or of a check cell: what its checks are known to come to. */
  readonly checks?: readonly CheckRecord[];
  /** Of a dataset of which a part would be computed, where that can be told beforehand. */
  readonly touched?: Touched;
  /** Of a dataset whose checks put rows aside: their names. */
  readonly putsAside?: readonly string[];
  /** It runs each time; that does not make its last result out of date. */
  readonly isVolatile?: boolean;
  /** Of a dataset whose version is there already: what publishing it would do. */
  readonly publication?: {
    /** Absent: not published for this run date yet. */
    readonly rowsBefore?: number;
    /** What its rows are compared with: this run date, or else the greatest that is published. Absent: none is. */
    readonly against?: string;
    readonly rowsAfter: number;
    readonly partitions: readonly PartitionPlan[];
  };
}

/** Says which cells a run would compute and which it would reuse. Below a dataset that runs, a cell runs too unless the content turns out equal. */
export async function forecastRun(
  context: RunContext,
  plan: RunPlan,
  countMs: number,
): Promise<ForecastCell[]> {
  // The page asks again after each change what is out of date: that has to be fast.
  const counter = context.record.mode === "materialize" ? new TouchedCounter(context, countMs) : undefined;
  try {
    return await forecastCells({ ...context, counter }, plan);
  } finally {
    await counter?.close();
  }
}

interface ForecastContext extends RunContext {
  readonly counter: TouchedCounter | undefined;
}

async function forecastCells(context: ForecastContext, plan: RunPlan): Promise<ForecastCell[]> {
  const results = new Map<string, CellResult>();
  const moving = new Set<string>();
  const cells: ForecastCell[] = [];
  for (const step of plan.steps) {
    if (step.kind === "cross-check") continue;
    const blame = step.node.parents.find((parent) => moving.has(parent));
    const forecast = await forecastStep(context, step, results, blame).catch((error: unknown) => {
      // What it reads from the lake may not be published yet: the run would say so of this cell alone.
      if (!isAppError(error, "query", "not-found", "damaged")) throw error;
      const { name, kind } = step.cell;
      return { name, kind, action: "run", reason: error.message } as const;
    });
    const aside = puttingAside(step.cell).map((spec) => spec.name);
    if (forecast.action === "run" || (forecast.action === "inline" && blame !== undefined))
      moving.add(forecast.name);
    cells.push(aside.length === 0 ? forecast : { ...forecast, putsAside: aside });
  }
  await addKnownChecks(context, plan, results, cells);
  const skipped = [...plan.skipped].map(([name, blame]): ForecastCell => ({
    name,
    kind: "sql",
    action: "skip",
    reason: name === blame ? "disabled" : `\`${blame}\` is disabled`,
  }));
  return [...(await withBlocked(plan, cells)), ...skipped];
}

async function forecastStep(
  context: ForecastContext,
  step: Exclude<Step, { kind: "cross-check" }>,
  results: Map<string, CellResult>,
  blame: string | undefined,
): Promise<ForecastCell> {
  const { name, kind } = step.cell;
  const unreadable = step.node.facts?.files.find((file) => context.inputs.errors.has(file.path));
  if (unreadable !== undefined)
    return {
      name,
      kind,
      action: "run",
      reason: context.inputs.errors.get(unreadable.path)?.message ?? "input is missing",
    };
  const stale = step.node.parents.find(
    (parent) => context.analyzed.graph.nodes.get(parent)?.cell.kind === "sql" && !results.has(parent),
  );
  if (step.kind === "check") {
    const isKnown = stale === undefined && step.node.facts !== undefined && !isVolatileNode(step.node);
    const check = { name, kind, action: "check", reason: "" } as const;
    if (!isKnown) return check;
    const fingerprint = await checkFingerprint(context, step.node, results);
    const known = await knownCheckCell(context, step.cell, step.node, fingerprint);
    return { ...check, fingerprint, ...(known !== undefined && { checks: [known] }) };
  }
  if (stale !== undefined && step.kind === "inline")
    return { name, kind, action: "inline", reason: `\`${stale}\` runs` };
  if (stale !== undefined)
    return { name, kind, action: "run", ...(await whyRun(context, step, results, stale)) };
  if (step.kind === "inline") {
    const fingerprint = await queryFingerprint(context, step.node, {}, results);
    results.set(name, { type: "inline", node: step.node, content: fingerprint });
    return { name, kind, action: "inline", reason: "computed inside its consumers" };
  }
  return step.kind === "dataset"
    ? forecastDataset(context, step, results, blame)
    : forecastQuery(context, step, results, blame);
}

/** After all cells: a check may read another one than its own. */
async function addKnownChecks(
  context: RunContext,
  plan: RunPlan,
  results: ReadonlyMap<string, CellResult>,
  cells: ForecastCell[],
): Promise<void> {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  for (const [index, forecast] of cells.entries()) {
    const step = steps.get(forecast.name);
    if (forecast.action !== "reuse" || (step?.kind !== "dataset" && step?.kind !== "query")) continue;
    const checks = await knownRuleChecks(context, step.cell, results);
    if (checks.length > 0) cells[index] = { ...forecast, checks };
  }
}

/** What the cell would give is there already, also where a run would not come to it. */
export function isThere({ action, rows }: Pick<ForecastCell, "action" | "rows">): boolean {
  return action === "reuse" || (action === "block" && rows !== undefined);
}

/** It would have to be computed, also where a run would not come to it. */
export function isMissing(cell: Pick<ForecastCell, "action" | "rows">): boolean {
  return cell.action === "run" || (cell.action === "block" && !isThere(cell));
}

async function withBlocked(plan: RunPlan, cells: readonly ForecastCell[]): Promise<ForecastCell[]> {
  const failing = cells.flatMap(({ name, checks = [] }) => {
    const names = checks.filter(blocks).map((check) => check.name);
    return names.length === 0 ? [] : [[name, names] as const];
  });
  const causes = await blockedBy(plan, new Map(failing));
  return cells.map((cell) => {
    const cause = causes.get(cell.name);
    return cause === undefined ? cell : { ...cell, action: "block", reason: `blocked by ${cause}` };
  });
}

type ComputeStep = Extract<Step, { kind: "dataset" | "query" | "inline" }>;

/** `blame`: a parent that runs. */
async function forecastDataset(
  context: ForecastContext,
  step: ComputeStep,
  results: Map<string, CellResult>,
  blame: string | undefined,
): Promise<ForecastCell> {
  const { cell, node } = step;
  const { name, kind } = cell;
  const { fingerprint, found } = await decideDataset(context, cell, node, results);
  if (found === undefined)
    return { name, kind, action: "run", fingerprint, ...(await whyRun(context, step, results, blame)) };
  const { manifest, reason } = found;
  const result = withOrder(node, filesOf(context.lake, manifest), fingerprint);
  const aside = found.kind === "version" ? await findQuarantine(context, cell, manifest) : undefined;
  results.set(name, aside === undefined ? result : withAside(cell, result, filesOf(context.lake, aside)));
  const { rows, version } = manifest;
  const own = found.kind === "version" ? { version } : {};
  const forecast = { name, kind, action: "reuse", reason, fingerprint, rows, ...own } as const;
  return context.record.mode === "run"
    ? forecast
    : { ...forecast, publication: await forecastPublication(context, { ...manifest, dataset: name }) };
}

async function forecastPublication(
  { lake, record }: RunContext,
  manifest: Manifest,
): Promise<ForecastCell["publication"] & object> {
  // Maybe another notebook's: what its readers see is replaced all the same.
  const version = lake.resolve(manifest.dataset, record.date)?.version;
  const before = version === undefined ? undefined : await usableManifest(lake, manifest.dataset, version);
  const against = before === undefined ? lake.resolve(manifest.dataset)?.runDate : record.date;
  return {
    ...(before === undefined ? {} : { rowsBefore: before.rows }),
    ...(against === undefined ? {} : { against }),
    rowsAfter: manifest.rows,
    partitions: partitionChanges(before, manifest),
  };
}

async function forecastQuery(
  context: ForecastContext,
  step: ComputeStep,
  results: Map<string, CellResult>,
  blame: string | undefined,
): Promise<ForecastCell> {
  const { cell, node } = step;
  const { name, kind } = cell;
  const { fingerprint, found } = await decideQuery(context, cell, node, results);
  found?.lease.release();
  const kept = found?.value;
  // What reads a query cell counts its fingerprint, whether its rows are kept or not.
  if (kept !== undefined || (!isForced(context.record, name) && !isVolatileNode(node)))
    results.set(name, toRowsResult(fingerprint, kept ?? { files: [], columns: [], rows: 0 }));
  if (kept === undefined)
    return { name, kind, action: "run", fingerprint, ...(await whyRun(context, step, results, blame)) };
  return { name, kind, action: "reuse", reason: KEPT, fingerprint, rows: kept.rows };
}

async function whyRun(
  context: ForecastContext,
  step: ComputeStep,
  results: Map<string, CellResult>,
  blame: string | undefined,
): Promise<Pick<ForecastCell, "reason" | "isVolatile" | "touched">> {
  const { cell, node } = step;
  const parts = currentParts(context, cell, node, results);
  const reason = await whyComputed(context, cell, node, parts, blame);
  const isItself = !isForced(context.record, cell.name) && blame === undefined && isVolatileNode(node);
  if (!isItself) {
    const { words, partial } = await forecastWay(context, cell, node, results);
    const touched = partial && (await context.counter?.count(partial));
    return { reason: withWay(reason, words), ...(touched === undefined ? {} : { touched }) };
  }
  // Another value, text or input makes its last result out of date all the same.
  const changed = await changesSinceLast(context, cell, node, parts);
  return changed === undefined ? { reason, isVolatile: true } : { reason: changed };
}

/** What is computed again, behind why. */
function withWay(reason: string, way: string): string {
  if (way === "") return reason;
  return way.endsWith(`: ${reason}`) ? `${reason}: ${way.slice(0, -reason.length - 2)}` : `${reason}; ${way}`;
}

function isVolatileNode({ facts }: ComputeStep["node"]): boolean {
  return facts !== undefined && isVolatile(facts);
}
