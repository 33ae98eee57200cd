import { hashOf } from "../base/hash.js";
import { AppError } from "../base/errors.js";
import type { Cumulative, Manifest } from "../lake/model.js";
import { quarantineOf } from "../notebook/notebook.js";
import { draftFiles, type CumulativeWork } from "./cumulative-task.js";
import { quarantineFingerprint } from "./decide.js";
import { partsOf } from "./delivered-query.js";
import { scopeOfNode } from "./query-scope.js";
import type { RunContext } from "./run-context.js";
import type { StepControl } from "./step-control.js";
import { usableManifest } from "./why-computed.js";
import { isForced } from "./run-record.js";

/** The stored version; undefined where there is none. */
export async function findQuarantine(
  { lake, lease }: RunContext,
  name: string,
  fingerprint: string,
): Promise<Manifest | undefined> {
  const stored = lake.findVersion(name, quarantineFingerprint(fingerprint));
  if (stored === undefined) return undefined;
  lease.hold(lake.versionFolder(name, stored.version));
  return usableManifest(lake, name, stored.version);
}

/**
 * Stores the rows of all deliveries that came too late, each with the reason. They are few, and are read anew each
 * time. Undefined where the dataset keeps every row.
 */
export async function storeQuarantine(
  context: RunContext,
  { cell, node, results, fingerprint, parts }: CumulativeWork,
  cumulative: Cumulative,
  control: StepControl,
): Promise<Manifest | undefined> {
  const name = quarantineOf(cell);
  if (name === undefined) return undefined;
  const found = isForced(context.record, cell.name)
    ? undefined
    : await findQuarantine(context, name, fingerprint);
  if (found !== undefined) return found;
  if (context.analyzed.graph.nodes.has(name))
    throw new AppError(
      "query",
      `Rows that come too late for "${cell.name}" go to "${name}", which is a cell.`,
      {
        hint: "Give that cell another name.",
      },
    );
  const { engine, lake, record } = context;
  const queries = partsOf(context, { cell, node }, () => true);
  if (queries.length === 0)
    throw new AppError("query", `"${cell.name}" reads no file: its rows have no delivery to be late for.`, {
      hint: "Put allowed_lateness on the cell that reads the file, row by row.",
    });
  const sql = engine.lateSql({ parts: queries, upsertBy: [], eventTime: cell.options.eventTime });
  const started = performance.now();
  const build = await lake.createBuild();
  try {
    const output = await engine.materialize(
      {
        scope: await scopeOfNode(context, node, results),
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
      fingerprint: quarantineFingerprint(fingerprint),
      notebook: record.notebook,
      sql: cell.sql,
      parameters: { ...parts.parameters },
      queries: { ...parts.queries },
      engine: parts.engine,
      columns: output.columns.map((column) => ({ ...column })),
      partitionBy: [],
      key: [],
      description: `Rows that came too late for ${cell.name}`,
      tags: [],
      formats: ["parquet"],
      files: draftFiles(output),
      rows: output.rows,
      contentHash: hashOf([output.contentHash, output.rows]),
      parents: parts.parents.map((parent) => ({ ...parent })),
      inputs: [...parts.inputs],
      casts: output.casts.map((cast) => ({ ...cast })),
      scannedRows: {},
      cumulative: structuredClone(cumulative),
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
