import { ownValue } from "../base/own-value.js";
import type { Relation, RowsColumn } from "../engine/engine.js";
import { AppError } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest, PublishEntry } from "../lake/model.js";
import { describeVersions, type VersionListing } from "./version-listing.js";
import { readRuns } from "./run-store.js";
import type { RunRecord } from "./run-record.js";

const SCHEMA = "lakebook";

export function isSystemSchema(schema: string): boolean {
  return schema.toLowerCase() === SCHEMA;
}

interface SystemRelation {
  readonly columns: readonly RowsColumn[];
  rows(lake: Lake): Promise<readonly (readonly unknown[])[]>;
}

interface Published {
  readonly entry: PublishEntry;
  readonly manifest: Manifest;
}

const text = (name: string): RowsColumn => ({ name, kind: "text" });
const count = (name: string): RowsColumn => ({ name, kind: "integer" });
const day = (name: string): RowsColumn => ({ name, kind: "date" });
const instant = (name: string): RowsColumn => ({ name, kind: "timestamp" });
const flag = (name: string): RowsColumn => ({ name, kind: "boolean" });

/** The read-only relations of schema `lakebook`: what the product knows, for SQL. */
const relations: Readonly<Record<string, SystemRelation>> = {
  datasets: {
    columns: [
      text("dataset"),
      day("run_date"),
      text("notebook"),
      flag("is_latest"),
      count("rows"),
      count("bytes"),
      count("partitions"),
      count("files"),
      text("description"),
      text("version"),
      instant("published_at"),
    ],
    rows: async (lake) =>
      (await published(lake)).map(({ entry, manifest }) => [
        manifest.dataset,
        entry.runDate,
        entry.notebook,
        lake.resolve(manifest.dataset)?.runDate === entry.runDate,
        manifest.rows,
        sum(manifest.files.map((file) => file.bytes)),
        partitionCount(manifest),
        manifest.files.length,
        manifest.description ?? null,
        manifest.version,
        toTimestamp(entry.at),
      ]),
  },
  columns: {
    columns: [
      text("dataset"),
      day("run_date"),
      count("position"),
      text("name"),
      text("type"),
      flag("is_partition"),
      flag("is_key"),
    ],
    rows: async (lake) =>
      (await published(lake)).flatMap(({ entry, manifest }) =>
        manifest.columns.map((column, index) => [
          manifest.dataset,
          entry.runDate,
          index + 1,
          column.name,
          column.type,
          manifest.partitionBy.includes(column.name),
          manifest.key.includes(column.name),
        ]),
      ),
  },
  files: {
    columns: [
      text("dataset"),
      day("run_date"),
      text("path"),
      text("format"),
      text("partition"),
      count("rows"),
      count("bytes"),
      text("sha256"),
    ],
    rows: async (lake) =>
      (await published(lake)).flatMap(({ entry, manifest }) =>
        manifest.files.map((file) => [
          manifest.dataset,
          entry.runDate,
          file.path,
          file.format,
          partitionText(manifest.partitionBy, file.partition),
          file.rows,
          file.bytes,
          file.sha256,
        ]),
      ),
  },
  versions: {
    columns: [
      text("dataset"),
      day("run_date"),
      count("n"),
      text("version"),
      text("notebook"),
      text("run"),
      instant("published_at"),
      count("rows"),
      count("bytes"),
      flag("is_current"),
      flag("is_kept"),
      count("restores"),
      text("tags"),
      text("by"),
    ],
    rows: (lake) => Promise.resolve(describeVersions(lake).map(toVersionRow)),
  },
  runs: {
    columns: [
      text("run"),
      text("notebook"),
      day("run_date"),
      text("mode"),
      text("outcome"),
      count("attempts"),
      instant("created_at"),
      instant("finished_at"),
      count("cells"),
      count("reused"),
      count("failed"),
      count("late_rows"),
      count("restated"),
    ],
    rows: async (lake) =>
      (await readRuns(lake)).map((run) => [
        run.id,
        run.notebook,
        run.date,
        run.mode,
        run.outcome,
        run.attempts.length,
        toTimestamp(run.createdAt),
        toTimestamp(run.attempts.at(-1)?.finishedAt),
        run.cells.length,
        countOf(run, "reused"),
        countOf(run, "failed"),
        ...lateOf(run),
      ]),
  },
  increments: {
    columns: [
      text("run"),
      text("notebook"),
      day("run_date"),
      text("dataset"),
      text("mode"),
      text("reason"),
      day("since"),
      count("deliveries"),
      count("late_rows"),
      text("late_of"),
      count("restated"),
      text("oldest"),
      count("added"),
      count("changed"),
      count("removed"),
      count("partitions_written"),
      count("partitions_linked"),
      count("partitions_removed"),
      instant("created_at"),
    ],
    rows: async (lake) =>
      (await readRuns(lake)).flatMap((run) =>
        run.cells.flatMap(({ name, incremental }) =>
          incremental === undefined
            ? []
            : [
                [
                  run.id,
                  run.notebook,
                  run.date,
                  name,
                  incremental.mode,
                  incremental.reason ?? null,
                  incremental.since ?? null,
                  incremental.deliveries,
                  incremental.late.rows,
                  incremental.by ?? null,
                  incremental.late.keys,
                  incremental.late.oldest ?? null,
                  incremental.rows.added,
                  incremental.rows.changed,
                  incremental.rows.removed,
                  incremental.partitions.written,
                  incremental.partitions.linked,
                  incremental.partitions.removed,
                  toTimestamp(run.createdAt),
                ],
              ],
        ),
      ),
  },
  checks: {
    columns: [
      text("run"),
      text("notebook"),
      day("run_date"),
      text("check"),
      text("cell"),
      text("severity"),
      text("outcome"),
      count("failures"),
      count("rows"),
      count("quarantined"),
      text("message"),
      instant("created_at"),
    ],
    rows: async (lake) =>
      (await readRuns(lake)).flatMap((run) =>
        run.checks.map((check) => [
          run.id,
          run.notebook,
          run.date,
          check.name,
          check.cell ?? null,
          check.severity,
          check.outcome,
          check.failures,
          check.rows ?? null,
          check.quarantined ?? null,
          check.message,
          toTimestamp(run.createdAt),
        ]),
      ),
  },
};

export const systemRelationNames: readonly string[] = Object.keys(relations);

/** Fails with code query for a name that does not exist. */
export async function systemRelation(context: { readonly lake: Lake }, name: string): Promise<Relation> {
  const relation = ownValue(relations, name.toLowerCase());
  if (relation === undefined) {
    const near = suggest(name, systemRelationNames);
    throw new AppError("query", `System relation "${SCHEMA}.${name}" does not exist.`, {
      hint:
        near === undefined
          ? `There are ${systemRelationNames.map((known) => `${SCHEMA}.${known}`).join(", ")}.`
          : `Did you mean "${SCHEMA}.${near}"?`,
    });
  }
  return {
    type: "rows",
    schema: SCHEMA,
    name,
    columns: relation.columns,
    rows: await relation.rows(context.lake),
  };
}

/** For binding: the columns without the rows. */
export function systemRelationShape(name: string): Relation | undefined {
  const relation = ownValue(relations, name.toLowerCase());
  return relation === undefined
    ? undefined
    : { type: "rows", schema: SCHEMA, name, columns: relation.columns, rows: [] };
}

function toVersionRow(item: VersionListing): readonly unknown[] {
  return [
    item.dataset,
    item.runDate,
    item.number,
    item.version,
    item.notebook,
    item.run,
    toTimestamp(item.publishedAt),
    item.rows,
    item.bytes,
    item.isCurrent,
    item.isKept,
    item.restores,
    item.tags.length === 0 ? null : item.tags.join(", "),
    item.by,
  ];
}

async function published(lake: Lake): Promise<Published[]> {
  const pairs = lake
    .publications()
    .flatMap((entry) =>
      Object.entries(entry.datasets).map(([dataset, version]) => ({ entry, dataset, version })),
    );
  return Promise.all(
    pairs.map(async ({ entry, dataset, version }) => ({
      entry,
      manifest: await lake.manifest(dataset, version),
    })),
  );
}

function partitionCount(manifest: Manifest): number {
  return new Set(
    manifest.files.filter((file) => file.format === "parquet").map((file) => JSON.stringify(file.partition)),
  ).size;
}

function partitionText(names: readonly string[], values: readonly (string | null)[]): string {
  return values.map((value, index) => `${names[index] ?? ""}=${value ?? "NULL"}`).join("/");
}

function countOf(run: RunRecord, outcome: string): number {
  return run.cells.filter((cell) => cell.outcome === outcome).length;
}

/** The most that a dataset of it tells: what several gather of the same rows is late once. Null where none adds up. */
function lateOf({ cells }: RunRecord): readonly (number | null)[] {
  const told = cells.flatMap(({ incremental }) => (incremental === undefined ? [] : [incremental.late]));
  if (told.length === 0) return [null, null];
  return [Math.max(...told.map(({ rows }) => rows)), Math.max(...told.map(({ keys }) => keys))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function toTimestamp(iso: string | undefined): string | null {
  return iso === undefined ? null : iso.replace("T", " ").replace("Z", "");
}
