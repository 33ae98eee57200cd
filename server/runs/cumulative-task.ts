import type { Cumulative, Increment, Manifest } from "../lake/model.js";
import type { DraftFile, VersionDraft } from "../lake/versions.js";
import type { MaterializedOutput, QueryScope } from "../engine/engine.js";
import type { KnownKeys } from "../engine/increment.js";
import type { KeyFile } from "../engine/scope.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { CumulativeState } from "../incremental/choose-way.js";
import { type DeliveredFile, deliveredPath } from "../incremental/deliveries.js";
import { foldCase } from "../text/sql-names.js";
import { engineOf, type SqlCell, isCumulative } from "../notebook/notebook.js";
import type { CurrentParts } from "./change-reason.js";
import { mapsFiles } from "./cumulative-state.js";
import { deliveredOf, namesOf } from "./delivered-query.js";
import type { NewRows } from "./new-rows.js";
import { type Results, scopeOfNode } from "./query-scope.js";
import type { RunContext } from "./run-context.js";
import type { StepControl } from "./step-control.js";

/** A dataset that is to be computed, and what it reads. */
export interface CumulativeWork {
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly results: Results;
  readonly fingerprint: string;
  readonly parts: CurrentParts;
}

/** What every part of one computation knows. */
export interface CumulativeTask {
  readonly context: RunContext;
  readonly work: CumulativeWork;
  readonly state: CumulativeState;
  /** It writes there. */
  readonly folder: string;
  readonly control: StepControl;
}

/** Rows in a build's folder, and how they came there. */
export interface CumulativeOutput {
  readonly columns: MaterializedOutput["columns"];
  readonly casts: MaterializedOutput["casts"];
  readonly files: readonly DraftFile[];
  readonly rows: number;
  readonly contentHash: string;
  readonly scannedRows: Readonly<Record<string, number>>;
  readonly cumulative: Cumulative;
  /** All of its rows were computed now. */
  readonly isWhole: boolean;
  /** Absent of a whole, and where no row came. */
  readonly newRows?: NewRows;
  readonly scope: QueryScope;
}

/** Why a part is not enough, and what was found out on the way. */
export interface GaveUp {
  readonly reason: string;
  readonly late?: Increment["late"];
  /** The only keys of which rows can differ. */
  readonly only?: KeyFile;
}

/** Keys of which rows go. */
export interface FoundKeys {
  /** How many. */
  readonly keys: number;
  readonly replaced: KeyFile;
  /** Absent where a part is enough in any case: then the merge tells, which reads those rows anyway. */
  readonly known?: KnownKeys;
  /** Files of the version before that hold one of the keys; as `known`. */
  readonly touched?: readonly string[];
}

/** Rows that come, and keys of which rows go. */
export interface FoundRows extends Partial<FoundKeys> {
  /** Absent: no row can be there. */
  readonly added?: MaterializedOutput;
  /** Absent: the merge tells. */
  readonly tellLate?: (known: KnownKeys) => Promise<Increment["late"]>;
}

/** What its query sees. */
export function ownScope(task: CumulativeTask): Promise<QueryScope> {
  return scopeOfNode(task.context, task.work.node, task.work.results);
}

/** Writes the rows of a query into the folder. `isWhole`: of all deliveries. `isRead`: the files that the query names. */
export async function materializeRows(
  task: CumulativeTask,
  sql: string,
  scope: QueryScope,
  formats: SqlCell["options"]["materialize"],
  isWhole: boolean,
  isRead: (file: DeliveredFile) => boolean = () => true,
): Promise<MaterializedOutput> {
  const { cell, node } = task.work;
  const scans = namesOf(task.context, node, () => true).flatMap(({ reference, all }) =>
    isWhole && all.length > 1 ? [{ name: reference.path, files: all }] : [],
  );
  return task.context.engine.materialize(
    {
      scope,
      sql,
      engine: engineOf(cell),
      metadata: metadataOf(task),
      folder: task.folder,
      dataset: cell.name,
      formats,
      partitionBy: cell.options.partitionBy,
      isOrdered: false,
      scans,
      inputBytes: bytesOf(task.context, node, isRead),
    },
    task.control,
  );
}

function bytesOf(context: RunContext, node: GraphNode, isRead: (file: DeliveredFile) => boolean): number {
  return deliveredOf(context, node)
    .filter(isRead)
    .reduce((sum, { input }) => sum + input.bytes, 0);
}

/** As a version names them. */
export function draftFiles({ files }: MaterializedOutput): DraftFile[] {
  return files.flatMap(({ format, partition, contentHash, ...file }): VersionDraft["files"][number][] => {
    if (format === "table") return [];
    const hash = contentHash === undefined ? {} : { contentHash };
    return [{ ...file, format, partition: [...partition], ...hash }];
  });
}

/** Rows that were read of each path: `counted` now, `earlier` for the version before. */
export function scannedOf(
  task: CumulativeTask,
  counted: Readonly<Record<string, number>>,
  isWanted: (file: DeliveredFile) => boolean,
  earlier: Readonly<Record<string, number>>,
): Record<string, number> {
  const { inputs } = task.context;
  const totals: Record<string, number> = {};
  for (const [pattern, files] of inputs.delivered) {
    if (!task.state.patterns.has(pattern)) continue;
    const wanted = files.filter(isWanted);
    const counts = wanted.map((file) => counted[deliveredPath(file)]);
    const before = wanted.length === files.length ? 0 : earlier[pattern];
    const sum =
      counted[pattern] ??
      counts.reduce<number | undefined>(
        (total, count) => (total === undefined || count === undefined ? undefined : total + count),
        0,
      );
    if (sum !== undefined && before !== undefined) totals[pattern] = before + sum;
  }
  return totals;
}

/** What the manifest tells of it. */
export function recordOf(
  task: CumulativeTask,
  before: Manifest | undefined,
  increment: Omit<Increment, "deliveries">,
): Cumulative {
  const { logic, files, sources } = task.state;
  return {
    logic,
    files,
    sources,
    ...(before === undefined ? {} : { base: before.version }),
    increment: { ...increment, deliveries: task.context.inputs.deliveries.length },
  };
}

/** What stands in each Parquet file. */
export function metadataOf(task: CumulativeTask): Record<string, string> {
  const { record } = task.context;
  return {
    lakebook_notebook: record.notebook,
    lakebook_run: record.id,
    lakebook_fingerprint: task.work.fingerprint,
  };
}

/** Where a version lies. */
export function versionFolder(task: CumulativeTask, { dataset, version }: Manifest): string {
  return task.context.lake.versionFolder(dataset, version);
}

/** A parent that adds the rows of its files up, and replaces none. */
export function appendedParent(
  task: CumulativeTask,
  relation: string,
): Pick<CumulativeWork, "cell" | "node"> | undefined {
  const node = task.context.analyzed.graph.nodes.get(relation);
  if (node?.cell.kind !== "sql" || !isCumulative(node.cell)) return undefined;
  const isAppended = node.cell.options.incremental?.mode === "by_partition";
  return isAppended && mapsFiles(task.context, node) ? { cell: node.cell, node } : undefined;
}

/** Whether a file came with the delivery of this run date. */
export function isOwnDelivery({ context }: CumulativeTask): (file: DeliveredFile) => boolean {
  return ({ date }) => date === context.record.date;
}

/** None where the version before lacks a part of it. */
export function commonKey(
  key: readonly string[],
  { columns }: { readonly columns: readonly { readonly name: string }[] },
): readonly string[] {
  return key.every((name) => columns.some((column) => foldCase(column.name) === foldCase(name))) ? key : [];
}
