import type { Increment, Manifest } from "../lake/model.js";
import { isCumulative, type SqlCell } from "../notebook/notebook.js";
import { commonKey } from "./cumulative-step.js";
import { partitionChanges } from "./partition-changes.js";
import { filesOf, type RunContext } from "./run-context.js";
import { usableManifest } from "./why-computed.js";

/** What a run tells of a dataset with `incremental`: how its rows differ from those of the run date before. */
export async function incrementOf(
  context: RunContext,
  cell: SqlCell,
  manifest: Manifest,
): Promise<Increment | undefined> {
  if (cell.options.incremental === undefined) return undefined;
  const before = await publishedBefore(context, cell.name);
  const deliveries = isCumulative(cell) ? context.inputs.deliveries.length : 1;
  if (before?.version === manifest.version) return unchanged(manifest, deliveries);
  const told = manifest.cumulative;
  if (told !== undefined && told.base === before?.version) return { ...told.increment, deliveries };
  return compared(context, before, manifest, deliveries);
}

async function publishedBefore({ lake, record }: RunContext, dataset: string): Promise<Manifest | undefined> {
  const placement = lake.state
    .placementsOf(dataset)
    .findLast(({ runDate, notebook }) => runDate < record.date && notebook === record.notebook);
  return placement && usableManifest(lake, dataset, placement.version);
}

function unchanged(manifest: Manifest, deliveries: number): Increment {
  const partitions = partitionChanges(undefined, manifest).length;
  return {
    mode: "unchanged",
    deliveries,
    rows: { added: 0, changed: 0, removed: 0 },
    late: { rows: 0, keys: 0 },
    partitions: { written: 0, linked: partitions, removed: 0 },
  };
}

async function compared(
  { lake, engine }: RunContext,
  before: Manifest | undefined,
  manifest: Manifest,
  deliveries: number,
): Promise<Increment> {
  const changes = partitionChanges(before, manifest);
  const count = (...kinds: (typeof changes)[number]["change"][]): number =>
    changes.filter(({ change }) => kinds.includes(change)).length;
  const rows =
    before === undefined
      ? { added: manifest.rows, changed: 0, removed: 0 }
      : await engine.countChanges(
          {
            before: filesOf(lake, before),
            after: filesOf(lake, manifest),
            key: commonKey(manifest.key, before),
          },
          { label: manifest.dataset },
        );
  return {
    mode: count("linked") > 0 && manifest.partitionBy.length > 0 ? "by_partition" : "full",
    deliveries,
    rows: { added: rows.added, changed: rows.changed, removed: rows.removed },
    late: { rows: 0, keys: 0 },
    partitions: { written: count("new", "replaced"), linked: count("linked"), removed: count("gone") },
  };
}
