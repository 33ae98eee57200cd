import { rm } from "node:fs/promises";
import { hashOf } from "../base/hash.js";
import { AppError } from "../base/errors.js";
import type { PartedSql, QueryScope } from "../engine/engine.js";
import type { Cumulative, Manifest } from "../lake/model.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import { puttingAside, quarantineOf } from "../notebook/notebook.js";
import type { FilesResult } from "./cell-result.js";
import { isPutAside, ruleOfRun } from "./check-step.js";
import { draftFiles, type CumulativeWork } from "./cumulative-task.js";
import { findQuarantine, quarantineFingerprint } from "./decide.js";
import { partsOf } from "./delivered-query.js";
import { prepareScope, scopeOfNode } from "./query-scope.js";
import type { RunContext } from "./run-context.js";
import type { StepControl } from "./step-control.js";
import { isForced } from "./run-record.js";

/**
 * Stores the rows of all deliveries that came too late, each with the reason. They are few, and are read anew each
 * time. Nothing where the dataset keeps every row.
 */
export async function storeQuarantine(
  context: RunContext,
  work: CumulativeWork,
  cumulative: Cumulative,
  control: StepControl,
): Promise<void> {
  const { cell, node, results, fingerprint } = work;
  const name = quarantineOf(cell);
  if (name === undefined) return;
  const of = { fingerprint, contentHash: "" };
  if (!isForced(context.record, cell.name) && (await findQuarantine(context, cell, of)) !== undefined) return;
  requireNoCell(context, name, `Rows that come too late for "${cell.name}"`);
  const queries = partsOf(context, { cell, node }, () => true);
  if (queries.length === 0)
    throw new AppError("query", `"${cell.name}" reads no file: its rows have no delivery to be late for.`, {
      hint: "Put allowed_lateness on the cell that reads the file, row by row.",
    });
  const sql = context.engine.lateSql({ parts: queries, upsertBy: [], eventTime: cell.options.eventTime });
  const scope = await scopeOfNode(context, node, results);
  const description = `Rows that came too late for ${cell.name}`;
  const own = quarantineFingerprint(cell, of);
  await storeRows(context, work, { name, fingerprint: own, sql, scope, description, cumulative }, control);
}

/** Rows of a candidate, as two queries in a scope. */
export interface PartedRows extends PartedSql {
  /** Whether there is a row to put aside. */
  readonly isMixed: boolean;
  readonly scope: QueryScope;
}

/** Parts the rows of a candidate by the checks that put rows aside, and find no more of them than they may. */
export async function partRows(
  context: RunContext,
  { cell, results }: CumulativeWork,
  candidate: FilesResult,
  control: StepControl,
): Promise<PartedRows> {
  const scope = await prepareScope(context, [cell.name], new Map(results).set(cell.name, candidate));
  const specs = puttingAside(cell)
    .filter(({ name }) => !context.analyzed.refusedChecks.has(name))
    .map((spec) => ({ ...spec, rule: ruleOfRun(spec, context.record.date) }));
  const checks = await failingChecks(context, cell.name, specs, scope, control);
  const sql = context.engine.partedSql({ relation: cell.name, columns: candidate.columns, checks });
  return { ...sql, scope, isMixed: checks.length > 0 };
}

/** One that cannot be asked puts nothing aside: it fails when it judges what is there. */
async function failingChecks(
  context: RunContext,
  on: string,
  specs: readonly CheckSpec[],
  scope: QueryScope,
  control: StepControl,
): Promise<readonly CheckSpec[]> {
  const folder = await context.checks.createFolder();
  try {
    const checks = specs.map((spec) => ({ type: "rule" as const, name: spec.name, on, spec }));
    const findings = await context.engine.check({ scope, checks, folder, maxRows: 0 }, control);
    return specs.filter((spec, index) => {
      const finding = findings[index];
      return finding !== undefined && isPutAside(spec, finding);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stores the rows that are put aside, each with the names of the checks that it fails. `good`: the others. */
export function storeFailing(
  context: RunContext,
  work: CumulativeWork,
  { failing, scope }: PartedRows,
  good: Pick<Manifest, "contentHash">,
  control: StepControl,
): Promise<Manifest> {
  const name = `${work.cell.name}__quarantine`;
  requireNoCell(context, name, `Rows of "${work.cell.name}" that fail a check`);
  const description = `Rows of ${work.cell.name} that failed a check`;
  const fingerprint = quarantineFingerprint(work.cell, {
    fingerprint: work.fingerprint,
    contentHash: good.contentHash,
  });
  return storeRows(context, work, { name, fingerprint, sql: failing, scope, description }, control);
}

function requireNoCell({ analyzed }: RunContext, name: string, what: string): void {
  if (!analyzed.graph.nodes.has(name)) return;
  throw new AppError("query", `${what} go to "${name}", which is a cell.`, {
    hint: "Give that cell another name.",
  });
}

interface QuarantinedRows {
  readonly name: string;
  readonly fingerprint: string;
  readonly sql: string;
  readonly scope: QueryScope;
  readonly description: string;
  readonly cumulative?: Cumulative;
}

async function storeRows(
  { engine, lake, record }: RunContext,
  { cell, parts }: CumulativeWork,
  { name, fingerprint, sql, scope, description, cumulative }: QuarantinedRows,
  control: StepControl,
): Promise<Manifest> {
  const started = performance.now();
  const build = await lake.createBuild();
  try {
    const output = await engine.materialize(
      {
        scope,
        sql,
        folder: build.folder,
        dataset: name,
        formats: ["parquet"],
        partitionBy: [],
        isOrdered: false,
        metadata: { lakebook_notebook: record.notebook, lakebook_run: record.id },
      },
      control,
    );
    const { dataset, version } = await lake.store(build, {
      dataset: name,
      fingerprint,
      notebook: record.notebook,
      sql: cell.sql,
      parameters: { ...parts.parameters },
      queries: { ...parts.queries },
      engine: parts.engine,
      columns: output.columns.map((column) => ({ ...column })),
      partitionBy: [],
      key: [],
      description,
      tags: [],
      formats: ["parquet"],
      files: draftFiles(output),
      rows: output.rows,
      contentHash: hashOf([output.contentHash, output.rows]),
      parents: parts.parents.map((parent) => ({ ...parent })),
      inputs: [...parts.inputs],
      casts: output.casts.map((cast) => ({ ...cast })),
      scannedRows: {},
      ...(cumulative === undefined ? {} : { cumulative: structuredClone(cumulative) }),
      run: record.id,
      createdAt: new Date().toISOString(),
      durationMs: Math.round(performance.now() - started),
    });
    return await lake.manifest(dataset, version);
  } catch (error) {
    await lake.discardBuild(build);
    throw error;
  }
}
