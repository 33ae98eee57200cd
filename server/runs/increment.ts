import type { Increment, Manifest } from "../lake/model.js";
import { isCumulative, type SqlCell } from "../notebook/notebook.js";
import { commonKey } from "./cumulative-task.js";
import { partitionChanges } from "./partition-changes.js";
import { publishedBefore } from "./read-versions.js";
import { filesOf, type RunContext } from "./run-context.js";
import { usableManifest } from "./why-computed.js";

/** What a run tells of a dataset with `incremental`: how its rows differ from those of the run date before. */
export async function incrementOf(
  context: RunContext,
  cell: SqlCell,
  manifest: Manifest,
): Promise<Increment | undefined> {
  if (cell.options.incremental === undefined) return undefined;
  const before = publishedBefore(context, cell.name);
  const base = before && (await usableManifest(context.lake, cell.name, before.version));
  const told = {
    ...(await differenceFrom(context, base, manifest)),
    deliveries: isCumulative(cell) ? context.inputs.deliveries.length : 1,
    by: cell.options.incremental.mode === "by_key" ? ("key" as const) : ("partition" as const),
  };
  return before === undefined ? told : { ...told, since: before.runDate };
}

type Difference = Omit<Increment, "deliveries" | "by" | "since">;

async function differenceFrom(
  context: RunContext,
  before: Manifest | undefined,
  manifest: Manifest,
): Promise<Difference> {
  if (before?.version === manifest.version) return unchanged(manifest);
  const told = manifest.cumulative;
  if (told !== undefined && isSameBase(context, manifest, before)) return told.increment;
  return compared(context, before, manifest);
}

/** Whether the version was compared with rows that are those of the run date before. */
function isSameBase({ lake }: RunContext, manifest: Manifest, before: Manifest | undefined): boolean {
  const base = manifest.cumulative?.base;
  if (base === undefined || before === undefined) return base === before?.version;
  return (
    base === before.version || lake.state.store(manifest.dataset, base)?.contentHash === before.contentHash
  );
}

function unchanged(manifest: Manifest): Difference {
  const partitions = partitionChanges(undefined, manifest).length;
  return {
    mode: "unchanged",
    rows: { added: 0, changed: 0, removed: 0 },
    late: { rows: 0, keys: 0 },
    partitions: { written: 0, linked: partitions, removed: 0 },
  };
}

async function compared(
  { lake, engine }: RunContext,
  before: Manifest | undefined,
  manifest: Manifest,
): Promise<Difference> {
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
    rows: { added: rows.added, changed: rows.changed, removed: rows.removed },
    late: { rows: 0, keys: 0 },
    partitions: { written: count("new", "replaced"), linked: count("linked"), removed: count("gone") },
  };
}
