import { ownValue } from "../base/own-value.js";
import { restatedBy } from "../lake/restated.js";
import { isAppError } from "../base/errors.js";
import type { Column } from "../engine/engine.js";
import { withKind } from "../engine/type-names.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest, PastPublication } from "../lake/model.js";
import { publishedPath } from "../lake/publish.js";
import type { PublishedVersion } from "../lake/published.js";

/** A dataset of a run date, as a list of the lake shows it. */
export interface PublishedListing {
  readonly dataset: string;
  readonly runDate: string;
  /** So many the dataset has. */
  readonly runDates: number;
  /** `data_lake/latest/` shows this one. */
  readonly isLatest: boolean;
  readonly notebook: string;
  readonly version: string;
  readonly run: string;
  readonly publishedAt: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly partitions: number;
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  readonly key: readonly string[];
  readonly formats: Manifest["formats"];
  /** That computed it, and its version: `duckdb 1.5.5`, `spark 4 …`. */
  readonly engine?: string;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly owner?: string;
  /** The version cannot be read: rows, bytes and columns are then empty. */
  readonly problem?: string;
  /** Earlier run dates that delivered something else since it was computed. */
  readonly restatedUpstream?: readonly string[];
}

/** By name, the greatest run date first, and so many `dates` of each. A damaged version is listed with its problem and hides no other. */
export async function listPublishedDatasets(lake: Lake, dates = Infinity): Promise<PublishedListing[]> {
  const placements = lake
    .datasetNames()
    .flatMap((name) => [...lake.state.placementsOf(name)].reverse().slice(0, dates));
  return Promise.all(placements.map((placement) => describeListing(lake, placement)));
}

/** Of a publication that is shown no longer, `path` and `isLatest` are those of what is shown. */
export async function describeListing(
  lake: Lake,
  { dataset, version, runDate, notebook, publication }: Listed,
): Promise<PublishedListing> {
  const description = await describe(lake, dataset, version);
  const shown = lake.publication(notebook, runDate);
  const isShown = shown !== undefined && ownValue(shown.datasets, dataset) === version;
  const restated = isShown ? restatedBy(lake.state, shown) : undefined;
  return {
    dataset,
    runDate,
    runDates: lake.state.placementsOf(dataset).length,
    isLatest: lake.resolve(dataset)?.runDate === runDate,
    notebook,
    version,
    run: publication.run,
    publishedAt: publication.at,
    path: publishedPath(`data_lake/${runDate}`, dataset, description.formats),
    ...(restated?.datasets.includes(dataset) === true ? { restatedUpstream: restated.dates } : {}),
    ...description,
  };
}

type Listed = Pick<PublishedVersion, "dataset" | "version" | "runDate" | "notebook"> & {
  readonly publication: Pick<PastPublication, "run" | "at">;
};

type Description = Pick<
  PublishedListing,
  "rows" | "bytes" | "partitions" | "columns" | "partitionBy" | "key" | "formats" | "engine" | "tags"
>;

async function describe(lake: Lake, dataset: string, version: string): Promise<Description> {
  try {
    return toDescription(await lake.manifest(dataset, version));
  } catch (error) {
    if (!isAppError(error)) throw error;
    const nothing = {
      rows: 0,
      bytes: 0,
      partitions: 0,
      columns: [],
      partitionBy: [],
      key: [],
      formats: [],
      tags: [],
    };
    return Object.assign(nothing, { problem: error.message });
  }
}

function toDescription(manifest: Manifest): Description {
  const { rows, columns, partitionBy, key, formats, engine, tags, description, owner, files } = manifest;
  const parquet = files.filter((file) => file.format === "parquet");
  return {
    rows,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    partitions: new Set(parquet.map((file) => JSON.stringify(file.partition))).size,
    columns: columns.map(withKind).map(({ name, type, kind }) => ({ name, type, kind })),
    partitionBy,
    key,
    formats,
    engine,
    tags,
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
  };
}
