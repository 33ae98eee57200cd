import { z } from "zod";
import { AppError } from "../base/errors.js";
import type { Manifest, PinnedInput, PublishEntry } from "../lake/model.js";
import { restatedAfter, toStoodOn, type StoodOn } from "../lake/restated.js";
import { isCumulative } from "../notebook/notebook.js";
import { publishLineage } from "./publish-lineage.js";
import type { RunPlan } from "./plan.js";
import { allInputs } from "./run-inputs.js";
import { reshapedColumns } from "./reshaped-columns.js";
import { removedDatasets } from "./removed-datasets.js";
import type { RunContext } from "./run-context.js";
import type { RunOutcome, RunRecord } from "./run-record.js";
import type { RunState } from "./run-state.js";

/**
 * Publishes the datasets of a run that came to this outcome, all in one commit. Fails with code conflict where somebody
 * published this notebook and date since the run was created.
 */
export async function publishRun(
  context: RunContext,
  plan: RunPlan,
  state: RunState,
  outcome: RunOutcome,
): Promise<Pick<RunRecord, "published" | "removed" | "reshaped" | "restated">> {
  const { lake, record } = context;
  const own = ownDatasets(plan, state);
  const removed = await removedDatasets(context, plan);
  const reshaped = await reshapedColumns(context, await columnsOf(context, own));
  const before = lake.publication(record.notebook, record.date);
  const inputs = allInputs(context.inputs);
  if (record.targets !== undefined && before !== undefined) requireSameInput(before, inputs, own);
  const isPartial = record.targets !== undefined && before !== undefined;
  const summary = {
    ...summaryOf(context, outcome),
    lineage: await publishLineage(context, plan, state.results),
  };
  const result = await lake.publish({
    notebook: record.notebook,
    runDate: record.date,
    run: record.id,
    attempt: record.attempts.length,
    datasets: isPartial ? { ...before.datasets, ...own } : own,
    inputs: isPartial ? mergeInputs(before.inputs, inputs) : inputs,
    record: isPartial ? mergeSummaries(before.record, summary) : summary,
    expectedTxn: before?.run === record.id ? before.txn : record.basedOn,
    ...(record.by === undefined ? {} : { by: record.by }),
  });
  const published = result.datasets
    .filter(({ dataset }) => Object.hasOwn(own, dataset))
    .map(({ dataset, path, rows, version, isChanged }) => ({ dataset, path, rows, version, isChanged }));
  const restated = restatedAfter(lake.state, record.notebook, record.date);
  return {
    published,
    removed,
    ...(reshaped.length === 0 ? {} : { reshaped }),
    ...(restated.length === 0 ? {} : { restated }),
  };
}

async function columnsOf(
  { lake }: RunContext,
  own: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Manifest["columns"]>> {
  const pairs = Object.entries(own).map(
    async ([name, version]) => [name, (await lake.manifest(name, version)).columns] as const,
  );
  return new Map(await Promise.all(pairs));
}

function ownDatasets(plan: RunPlan, state: RunState): Record<string, string> {
  return Object.fromEntries(
    plan.datasets.flatMap((name) => {
      const result = state.results.get(name);
      return result?.type === "files" && result.version !== undefined
        ? [[name, result.version] as const]
        : [];
    }),
  );
}

/** Some datasets of a date can be published alone only where the others stand on the same input. */
function requireSameInput(
  before: PublishEntry,
  inputs: readonly PinnedInput[],
  own: Readonly<Record<string, string>>,
): void {
  const others = Object.keys(before.datasets).filter((name) => !Object.hasOwn(own, name));
  const old = new Map(before.inputs.map((input) => [input.path, input.sha256]));
  const differing = inputs
    .filter((input) => old.has(input.path) && old.get(input.path) !== input.sha256)
    .map((input) => input.path);
  if (others.length === 0 || differing.length === 0) return;
  throw new AppError(
    "conflict",
    `The other datasets of ${before.runDate} (${others.join(", ")}) were made from another ${differing.join(", ")}.`,
    {
      hint: "Materialize the whole notebook, or with the input that they were made from (--input pinned).",
    },
  );
}

function mergeInputs(before: readonly PinnedInput[], now: readonly PinnedInput[]): PinnedInput[] {
  const merged = new Map([...before, ...now].map((input) => [input.path, input]));
  return [...merged.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

type Summary = ReturnType<typeof summaryOf> & { readonly lineage: object };

/** The other datasets of the date keep what was said of them, their checks above all. */
function mergeSummaries(before: Readonly<Record<string, unknown>>, now: Summary): Summary {
  return {
    ...now,
    ...(now.stoodOn === undefined && isObject(before["stoodOn"])
      ? { stoodOn: before["stoodOn"] as StoodOn }
      : {}),
    cells: [...keptOf(before["cells"], now.cells), ...now.cells],
    checks: [...keptOf(before["checks"], now.checks), ...now.checks],
    lineage: { ...(isObject(before["lineage"]) ? before["lineage"] : {}), ...now.lineage },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const namedSchema = z.array(z.looseObject({ name: z.string() })).catch([]);

function keptOf<T extends { readonly name: string }>(before: unknown, now: readonly T[]): T[] {
  const names = new Set(now.map(({ name }) => name));
  return namedSchema.parse(before).filter(({ name }) => !names.has(name)) as unknown as T[];
}

const findingsSchema = z.object({
  checks: z.array(z.object({ fingerprint: z.string().optional(), failures: z.number() })),
});

/** Fingerprints of the checks that a publication tells to have found nothing; earlier ones tell of none. */
export function publishedPasses({ record }: Pick<PublishEntry, "record">): ReadonlySet<string> {
  const { checks } = findingsSchema.safeParse(record).data ?? { checks: [] };
  return new Set(
    checks.flatMap(({ fingerprint, failures }) =>
      fingerprint === undefined || failures > 0 ? [] : [fingerprint],
    ),
  );
}

/** What `_runs/<notebook>.json` shows to people who have the folder only. The attempt ends with the publication. */
function summaryOf({ record, analyzed }: RunContext, outcome: RunOutcome) {
  const cumulative = [...analyzed.graph.nodes.values()].flatMap(({ cell }) =>
    isCumulative(cell) ? [cell.name] : [],
  );
  const stoodOn = record.deliveries && toStoodOn(cumulative, record.deliveries);
  const finishedAt = new Date().toISOString();
  return {
    id: record.id,
    notebook: record.notebook,
    date: record.date,
    interval: { start: record.intervalStart, end: record.intervalEnd },
    outcome,
    parameters: record.parameters,
    attempts: record.attempts.map((attempt) =>
      attempt.outcome === "none" ? { ...attempt, outcome, finishedAt } : attempt,
    ),
    cells: record.cells.map(({ name, kind, outcome, reason, rows, durationMs, version, incremental }) => ({
      name,
      kind,
      outcome,
      reason,
      rows,
      durationMs,
      version,
      ...(incremental === undefined ? {} : { incremental }),
    })),
    inputs: record.inputs,
    ...(stoodOn === undefined ? {} : { stoodOn }),
    checks: record.checks.map(
      ({ name, cell, severity, outcome, failures, rows, quarantined, message, fingerprint }) => ({
        name,
        cell,
        severity,
        outcome,
        failures,
        ...(rows === undefined ? {} : { rows }),
        ...(quarantined === undefined ? {} : { quarantined }),
        message,
        ...(fingerprint === undefined ? {} : { fingerprint }),
      }),
    ),
  };
}
