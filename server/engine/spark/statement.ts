import { randomBytes } from "node:crypto";
import { hashOf } from "../../base/hash.js";
import type { Span } from "../../base/source.js";
import type { ExplainTask, FitOptions, QueryScope, StoredColumn, TaskControl } from "../engine.js";
import type { AdoptingEngine } from "../adopt.js";
import { partitionProblem } from "../partition-columns.js";
import { kindOfName } from "../type-names.js";
import type { SparkQuery, SparkSource } from "./connect/session.js";
import { describeIn, treeOf } from "./describe.js";
import { fileSources, type FileSources } from "./files.js";
import type { LakePaths } from "./lake-paths.js";
import { contract } from "./printer/contract.js";
import type { PrintedText } from "./printer/piece.js";
import { placeOf, printSpark } from "./printer/print-spark.js";
import { quoteName } from "./printer/quote.js";
import type { Refusal } from "./printer/refusal.js";
import type { DescribedColumn } from "./printer/resolve.js";
import { filesRelation, nameOf, otherRelation } from "./relations.js";

export type StatementTask = ExplainTask & FitOptions;

/** What Spark runs for a task. */
export interface Statement {
  readonly query: SparkQuery;
  /** As the files have them. */
  readonly columns: readonly StoredColumn[];
  readonly casts: readonly { readonly column: string; readonly from: string; readonly to: string }[];
  /** The query says the order of its rows. */
  readonly isOrdered: boolean;
  /** Copies of the columns that the rows are parted by: Spark takes those out of the files. */
  readonly copies: readonly string[];
  /** By paths that it reads as the SQL writes them: a query of DuckDB's for the number of their rows. */
  readonly counts: ReadonlyMap<string, string>;
  readonly segments: readonly Segment[];
  /** The same for the same query over the same files. */
  readonly key: string;
}

/** A part of the text that was printed of one query. */
interface Segment {
  /** A query cell that is computed within the task's query; absent: that query. */
  readonly cell?: string;
  readonly start: number;
  readonly printed: PrintedText;
}

export interface Misfit extends Refusal {
  readonly cell?: string;
}

export type Composed =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

export interface Composing {
  readonly duckdb: AdoptingEngine;
  readonly lake: LakePaths;
  readonly control: TaskControl;
  /** Nothing is to run: written rows stand for any others. */
  readonly isDry?: boolean;
}

/** Prints a task's query, and the query cells that are computed within it. What DuckDB does not bind is its error. */
export async function composeStatement(task: StatementTask, composing: Composing): Promise<Composed> {
  const tag = `lakebook_${randomBytes(8).toString("hex")}`;
  const relations = new Map<string, string | Refusal>();
  const sources: SparkSource[] = [];
  const counts = new Map<string, string>();
  const add = (files: FileSources): void => {
    sources.push(...files.sources);
    for (const [path, count] of files.counts) counts.set(path, count);
  };
  const tables: { readonly name: string; readonly cell: string; readonly printed: PrintedText }[] = [];
  for (const [index, relation] of task.scope.relations.entries()) {
    const alias = `${tag}_${String(index)}`;
    if (relation.type === "query") {
      const scope = { ...task.scope, relations: task.scope.relations.slice(0, index) };
      const printed = await printWhole(relation.sql, scope, { relations, tag: alias }, composing, undefined);
      if (!printed.ok)
        return { ok: false, misfits: printed.misfits.map((misfit) => ({ ...misfit, cell: relation.name })) };
      add(printed.files);
      tables.push({ name: alias, cell: relation.name, printed: printed.printed });
      relations.set(nameOf(relation), quoteName(alias));
    } else if (relation.type === "given" && composing.isDry === true) {
      relations.set(nameOf(relation), quoteName(alias));
    } else {
      const found =
        relation.type === "files" ? filesRelation(relation, alias, composing.lake) : otherRelation(relation);
      relations.set(nameOf(relation), found.text);
      sources.push(...found.sources);
    }
  }
  const main = await printWhole(task.sql, task.scope, { relations, tag }, composing, task);
  if (!main.ok) return main;
  add(main.files);
  const isOrdered = await isOrderedQuery(task, composing);
  const misfits = partitionMisfits(task, main.columns, isOrdered);
  if (misfits.length > 0) return { ok: false, misfits };
  const { copies, before, after } = partitioned(task.partitionBy, main.columns);
  const { text: ctes, segments } = withTables(tables);
  const start = ctes.length + before.length;
  const text = `${ctes}${before}${main.printed.text}${after}`;
  const { columns, casts } = main;
  const all = [...segments, { start, printed: main.printed }];
  const key = hashOf(JSON.stringify([text, sources, copies]).replaceAll(tag, ""));
  return {
    ok: true,
    statement: { query: { text, sources }, columns, casts, isOrdered, copies, counts, segments: all, key },
  };
}

type PrintedWhole =
  | {
      readonly ok: true;
      readonly printed: PrintedText;
      readonly columns: readonly StoredColumn[];
      readonly casts: Statement["casts"];
      readonly files: FileSources;
    }
  | { readonly ok: false; readonly misfits: readonly Refusal[] };

/** A query with the columns that it has for DuckDB. `task`: its rows are stored. */
async function printWhole(
  sql: string,
  scope: QueryScope,
  { relations, tag }: { relations: ReadonlyMap<string, string | Refusal>; tag: string },
  { duckdb, lake, control, isDry = false }: Composing,
  task: StatementTask | undefined,
): Promise<PrintedWhole> {
  const tree = await treeOf(duckdb, sql, control);
  const files = await fileSources(tree, tag, { duckdb, scope, lake, control, isDry });
  const result = await printSpark({
    sql,
    tree,
    // What it reads is pinned, so what was opened for one question may serve the next one.
    describe: describeIn(duckdb, isDry ? scope : { ...scope, isImmutable: true }, control),
    relations,
    files: files.texts,
    parameters: scope.parameters,
  });
  if (!result.ok) return { ok: false, misfits: result.refusals };
  const isStored = task !== undefined && task.keepsTypes !== true;
  const columns = isStored
    ? await storedColumns(duckdb, scope, sql, control)
    : result.columns.map(keptColumn);
  if (columns === undefined) return { ok: false, misfits: [{ reason: "a query that DuckDB does not bind" }] };
  const whole = contract(
    result.printed,
    columns.map((column, index) => ({ ...column, from: result.columns[index]?.type ?? column.type })),
  );
  if (!whole.ok) return { ok: false, misfits: whole.refusals };
  const casts = columns.flatMap(({ name, type: to }, index) => {
    const from = result.columns[index]?.type ?? to;
    return isStored && from !== to ? [{ column: name, from, to }] : [];
  });
  return { ok: true, printed: whole.printed, columns, casts, files };
}

async function storedColumns(
  duckdb: AdoptingEngine,
  scope: QueryScope,
  sql: string,
  control: TaskControl,
): Promise<readonly StoredColumn[] | undefined> {
  const [bound] = await duckdb.bind(scope, [{ name: "stored rows", sql, isStored: true }], control);
  return bound?.ok === true ? bound.columns : undefined;
}

/** It comes back with the type of its query, which the file may have no word for. */
function keptColumn({ name, type }: DescribedColumn): StoredColumn {
  const column = { name, type, kind: kindOfName(type) };
  if (!type.includes("HUGEINT")) return column;
  return { ...column, read: `CAST("${name.replaceAll('"', '""')}" AS ${type})` };
}

async function isOrderedQuery({ sql }: StatementTask, { duckdb }: Composing): Promise<boolean> {
  const [analysis] = await duckdb.analyze([sql]);
  return analysis?.ok === true && analysis.facts.isOrdered;
}

function partitionMisfits(
  { partitionBy }: StatementTask,
  columns: readonly StoredColumn[],
  isOrdered: boolean,
): readonly Refusal[] {
  if (partitionBy.length > 0 && isOrdered)
    return [{ reason: "ORDER BY beside partition_by", hint: "leave one of them out" }];
  return partitionBy.flatMap((name): Refusal[] => {
    const column = columns.find((other) => other.name === name);
    if (column === undefined)
      return [{ reason: `"${name}" of partition_by, which is no column of the query` }];
    const { message: reason, hint } = partitionProblem(column) ?? {};
    if (reason !== undefined) return [{ reason, ...(hint !== undefined && { hint }) }];
    const isPlain = ["integer", "text", "date", "boolean", "timestamp"].includes(column.kind);
    return isPlain
      ? []
      : [{ reason: `"${name}" of partition_by, which is a ${column.type}`, hint: "cast it to VARCHAR" }];
  });
}

/**
 * The copies part NULL from '', which Spark would put into one folder. Rows of one partition are brought together first: each task
 * would write a file of its own for each of them.
 */
function partitioned(
  partitionBy: readonly string[],
  columns: readonly StoredColumn[],
): { readonly copies: readonly string[]; readonly before: string; readonly after: string } {
  if (partitionBy.length === 0) return { copies: [], before: "", after: "" };
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const copies = partitionBy.map((_, index) => {
    let name = `__p${String(index)}`;
    while (names.has(name)) name = `_${name}`;
    return name;
  });
  const list = copies.map((copy, index) => {
    const column = quoteName(partitionBy[index] ?? "");
    return `concat('v', CAST(${column} AS STRING)) AS ${quoteName(copy)}`;
  });
  const rebalance = `/*+ REBALANCE(${copies.map(quoteName).join(", ")}) */`;
  return { copies, before: `SELECT ${rebalance} *, ${list.join(", ")} FROM (\n`, after: "\n)" };
}

function withTables(
  tables: readonly { readonly name: string; readonly cell: string; readonly printed: PrintedText }[],
): { readonly text: string; readonly segments: readonly Segment[] } {
  let text = "";
  const segments: Segment[] = [];
  for (const { name, cell, printed } of tables) {
    text += `${text === "" ? "WITH " : ",\n"}${quoteName(name)} AS (\n`;
    segments.push({ cell, start: text.length, printed });
    text += `${printed.text}\n)`;
  }
  return { text: text === "" ? "" : `${text}\n`, segments };
}

/** Where a part of the text comes from. */
export function originOf(
  { segments }: Statement,
  { start, end }: Span,
): { readonly cell?: string; readonly span: Span } | undefined {
  const segment = segments.findLast((each) => each.start <= start);
  if (segment === undefined) return undefined;
  const span = placeOf(segment.printed.map, { start: start - segment.start, end: end - segment.start });
  return span === undefined ? undefined : { span, ...(segment.cell !== undefined && { cell: segment.cell }) };
}
