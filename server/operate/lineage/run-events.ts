import { hashOf } from "../../base/hash.js";
import type { Manifest } from "../../lake/model.js";
import { hasSucceeded, type CellRecord, type RunView } from "../../runs/run-record.js";

/*
 * Runs as OpenLineage tells them (openlineage.io/spec/2-0-2). Files and datasets have their absolute paths as names, as every
 * program that reads these Parquet files calls them: https://openlineage.io/docs/spec/naming.
 */

export interface LineageScope {
  /** Of the jobs. */
  readonly namespace: string;
  /** The workspace's folder, absolute. */
  readonly root: string;
  /** A URI that says what made the events. */
  readonly producer: string;
}

/** A dataset cell that has rows, and what its version tells of itself. */
export interface LineageDataset {
  readonly cell: CellRecord;
  readonly manifest: Manifest;
}

type Json = Readonly<Record<string, unknown>>;
export type LineageEvent = Json;

const SPEC = "https://openlineage.io/spec";
const EVENT_SCHEMA = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

export function startEvent(scope: LineageScope, run: RunView): LineageEvent {
  const attempt = run.attempts.at(-1);
  return event(scope, "START", attempt?.startedAt ?? run.createdAt, jobOf(scope, run), {
    run: { runId: runIdOf(run), facets: { nominalTime: nominalTime(scope, run) } },
  });
}

/** The end of the run, after the two of each dataset that it made, found or failed to make. */
export function endEvents(
  scope: LineageScope,
  run: RunView,
  datasets: readonly LineageDataset[],
): LineageEvent[] {
  const at = run.attempts.at(-1)?.finishedAt ?? run.createdAt;
  const type = endOf(run.outcome);
  const message = run.error?.message ?? run.cells.find(({ error }) => error !== undefined)?.error?.message;
  const published = new Set(run.published.map(({ dataset }) => dataset));
  return [
    ...datasets.flatMap((dataset) => datasetEvents(scope, run, dataset)),
    ...run.cells
      .filter(({ outcome }) => outcome === "failed")
      .flatMap((cell) => failedEvents(scope, run, cell)),
    event(scope, type, at, jobOf(scope, run), {
      run: {
        runId: runIdOf(run),
        facets: {
          nominalTime: nominalTime(scope, run),
          ...(type === "FAIL" && message !== undefined ? { errorMessage: errorFacet(scope, message) } : {}),
        },
      },
      inputs: run.inputs.map(({ path }) => ({ ...fileOf(scope, path) })),
      outputs: datasets
        .filter(({ manifest }) => published.has(manifest.dataset))
        .map(({ manifest }) => outputOf(scope, manifest)),
    }),
  ];
}

function datasetEvents(
  scope: LineageScope,
  run: RunView,
  { cell, manifest }: LineageDataset,
): LineageEvent[] {
  const job = {
    ...jobOf(scope, run, cell.name),
    facets: { sql: facet(scope, "1-1-0/SQLJobFacet", { query: manifest.sql, dialect: "duckdb" }) },
  };
  const inputs = [
    ...manifest.inputs.map(({ path }) => fileOf(scope, path)),
    ...manifest.parents.map(({ dataset }) => datasetOf(scope, dataset)),
  ];
  const about = { run: childOf(scope, run, cell.name), inputs, outputs: [outputOf(scope, manifest)] };
  return bothTimes(run, cell).map((at, index) =>
    event(scope, index === 0 ? "START" : "COMPLETE", at, job, about),
  );
}

function failedEvents(scope: LineageScope, run: RunView, cell: CellRecord): LineageEvent[] {
  const child = childOf(scope, run, cell.name);
  const message = cell.error?.message ?? "failed";
  const failed = { ...child, facets: { ...child.facets, errorMessage: errorFacet(scope, message) } };
  const [start, end] = bothTimes(run, cell);
  const job = jobOf(scope, run, cell.name);
  return [event(scope, "START", start, job, { run: child }), event(scope, "FAIL", end, job, { run: failed })];
}

function event(
  scope: LineageScope,
  eventType: string,
  eventTime: string,
  job: Json,
  about: Json,
): LineageEvent {
  return { eventType, eventTime, producer: scope.producer, schemaURL: EVENT_SCHEMA, job, ...about };
}

function endOf(outcome: RunView["outcome"]): "COMPLETE" | "FAIL" | "ABORT" {
  if (hasSucceeded(outcome)) return "COMPLETE";
  return outcome === "failed" ? "FAIL" : "ABORT";
}

function bothTimes(run: RunView, cell: CellRecord): [string, string] {
  const end = cell.finishedAt ?? run.createdAt;
  return [cell.startedAt ?? end, end];
}

/** The same for the same attempt, whoever asks: a UUID of version 8, made of a hash. */
export function runIdOf(run: Pick<RunView, "id" | "attempts">, cell = ""): string {
  const hex = hashOf([run.id, run.attempts.length, cell]);
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function jobOf({ namespace }: LineageScope, { notebook }: RunView, cell?: string): Json {
  return { namespace, name: cell === undefined ? notebook : `${notebook}.${cell}` };
}

function childOf(scope: LineageScope, run: RunView, cell: string) {
  const parent = facet(scope, "1-2-0/ParentRunFacet", {
    run: { runId: runIdOf(run) },
    job: jobOf(scope, run),
  });
  return { runId: runIdOf(run, cell), facets: { nominalTime: nominalTime(scope, run), parent } };
}

function nominalTime(scope: LineageScope, { date, trigger }: RunView): Json {
  const nominalStartTime = trigger?.kind === "schedule" ? trigger.at : `${date}T00:00:00Z`;
  return facet(scope, "1-0-1/NominalTimeRunFacet", { nominalStartTime });
}

function errorFacet(scope: LineageScope, message: string): Json {
  return facet(scope, "1-0-1/ErrorMessageRunFacet", { message, programmingLanguage: "SQL" });
}

function fileOf({ root }: LineageScope, path: string): Json {
  return { namespace: "file", name: path.startsWith("/") ? path : `${root}/${path}` };
}

function datasetOf({ root }: LineageScope, dataset: string): Json {
  return { namespace: "file", name: `${root}/data_lake/latest/${dataset}` };
}

function outputOf(scope: LineageScope, { dataset, columns, rows, version, files }: Manifest): Json {
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...datasetOf(scope, dataset),
    facets: {
      schema: facet(scope, "1-2-0/SchemaDatasetFacet", {
        fields: columns.map(({ name, type }) => ({ name, type })),
      }),
      version: facet(scope, "1-0-1/DatasetVersionDatasetFacet", { datasetVersion: version }),
    },
    outputFacets: {
      outputStatistics: facet(scope, "1-0-2/OutputStatisticsOutputDatasetFacet", { rowCount: rows, size }),
    },
  };
}

function facet({ producer }: LineageScope, name: string, values: Json): Json {
  const type = name.slice(name.indexOf("/") + 1);
  return { _producer: producer, _schemaURL: `${SPEC}/facets/${name}.json#/$defs/${type}`, ...values };
}
