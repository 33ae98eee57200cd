import { ownValue } from "../base/own-value.js";
import { LAKE_FORMAT } from "./model.js";
import type { Manifest, ManifestFile } from "./model.js";
import { restatedBy } from "./restated.js";
import type { LakeState, Placement } from "./state.js";

/** Of a dataset; of those before only the date is told, or the file would grow by all of them with every one. */
const DESCRIBED_DATES = 100;

/**
 * The text of `catalog.json`: every dataset as its greatest run date shows it, and all its run dates. The
 * same log gives the same text. `manifestOf` knows the version of each dataset's greatest date.
 */
export function formatCatalog(state: LakeState, manifestOf: (placement: Placement) => Manifest): string {
  const datasets = state
    .datasetNames()
    .map((name) => describeDataset(state, state.placementsOf(name), manifestOf));
  return `${JSON.stringify({ format: LAKE_FORMAT, datasets }, undefined, 2)}\n`;
}

function describeDataset(
  state: LakeState,
  placements: readonly Placement[],
  manifestOf: (placement: Placement) => Manifest,
): Record<string, unknown> {
  const latest = placements.at(-1);
  if (latest === undefined) throw new Error("a dataset without a run date");
  const manifest = manifestOf(latest);
  const earlier = placements.slice(0, -DESCRIBED_DATES);
  return {
    name: latest.dataset,
    description: manifest.description,
    owner: manifest.owner,
    tags: manifest.tags,
    notebook: latest.notebook,
    engine: manifest.engine,
    latestDate: latest.runDate,
    version: latest.version,
    rows: manifest.rows,
    bytes: state.store(latest.dataset, latest.version)?.bytes,
    formats: manifest.formats,
    columns: manifest.columns.map(({ name, type }) => ({ name, type })),
    key: manifest.key,
    partitionBy: manifest.partitionBy,
    partitions: describePartitions(manifest),
    lineage: {
      notebook: latest.notebook,
      parents: manifest.parents,
      inputs: manifest.inputs,
      ...columnsFrom(latest),
    },
    checks: checksOf(latest),
    runDates: placements.slice(-DESCRIBED_DATES).map((placement) => describeDate(state, placement)),
    ...(earlier.length === 0 ? {} : { earlierRunDates: earlier.map(({ runDate }) => runDate) }),
  };
}

function describeDate(
  state: LakeState,
  { dataset, version, runDate, notebook, publication }: Placement,
): object {
  const restated = restatedBy(state, publication);
  return {
    runDate,
    ...(restated.datasets.includes(dataset) ? { restatedUpstream: restated.dates } : {}),
    version,
    rows: state.store(dataset, version)?.rows,
    notebook,
    publishedAt: publication.at,
    ...incrementalOf(dataset, publication),
  };
}

function describePartitions({ partitionBy, files }: Manifest): object[] {
  if (partitionBy.length === 0) return [];
  const byValues = new Map<string, ManifestFile[]>();
  for (const file of files) {
    if (file.format !== "parquet") continue;
    const key = JSON.stringify(file.partition);
    const others = byValues.get(key);
    if (others === undefined) byValues.set(key, [file]);
    else others.push(file);
  }
  return [...byValues.values()].map((group) => describePartition(partitionBy, group)).sort(byText);
}

function describePartition(partitionBy: readonly string[], files: readonly ManifestFile[]): object {
  const values = files[0]?.partition ?? [];
  return {
    values: Object.fromEntries(partitionBy.map((column, index) => [column, values[index] ?? null])),
    rows: sum(files, (file) => file.rows),
    bytes: sum(files, (file) => file.bytes),
    files: files.length,
  };
}

/** How it differed from the run date before when it was published. */
function incrementalOf(dataset: string, { record }: Placement["publication"]): object {
  const { cells } = record;
  if (!Array.isArray(cells)) return {};
  const own: unknown = cells.find((cell: unknown) => isRecord(cell) && cell["name"] === dataset);
  return isRecord(own) && isRecord(own["incremental"]) ? { incremental: own["incremental"] } : {};
}

/** From which columns of input files it comes, as its publication tells; earlier ones do not. */
function columnsFrom({ dataset, publication }: Placement): object {
  const { lineage } = publication.record;
  const own = isRecord(lineage) ? ownValue(lineage, dataset) : undefined;
  return isRecord(own) ? { columns: own["columns"], rows: own["rows"] } : {};
}

/** What the run's record says of the dataset's checks: whoever publishes decides what that is. */
function checksOf({ dataset, publication }: Placement): unknown[] {
  const { checks } = publication.record;
  if (!Array.isArray(checks)) return [];
  return checks.filter((check: unknown) => isRecord(check) && check["cell"] === dataset);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function sum<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}

function byText(a: object, b: object): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
