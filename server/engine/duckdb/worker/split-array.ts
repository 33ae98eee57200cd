import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { VARCHAR } from "@duckdb/node-api";
import { quoteLiteral } from "../../../text/sql-names.js";
import { findArrayScan, type ArrayScan } from "../parse/array-scan.js";
import { replaceInQuery, wrapQuery, type EmbeddedQuery } from "../scope-sql.js";
import { cutArray, type ByteRange } from "./array-cuts.js";
import { ArrayPipes } from "./array-pipes.js";
import type { ScopedInstance } from "./tasks-scope.js";
import type { WorkerInstance } from "./worker-instance.js";

type Result = Awaited<ReturnType<WorkerInstance["run"]>>;

/** A file that was read through pipes. */
export interface SplitArray {
  /** As the query writes it. */
  readonly path: string;
  readonly pipes: readonly string[];
}

/** What DuckDB does not do to a query's rows one by one, in their order, is not shared between threads here. */
const streaming = new Set(["PROJECTION", "FILTER"]);

/**
 * Runs a statement round a SELECT. DuckDB reads a JSON array with one thread: where the SELECT reads a big one, and
 * only computes row by row, it is given pipes to read, each with a part of the array. Should that fail in any way the
 * statement is run as it is, so that every error is one of the file itself; `undo` removes what may be left before.
 */
export async function runSplitting(
  scoped: ScopedInstance,
  select: EmbeddedQuery,
  toStatement: (select: EmbeddedQuery) => EmbeddedQuery,
  undo: () => Promise<void>,
): Promise<{ readonly result: Result; readonly array?: SplitArray }> {
  const plan = await planSplit(scoped, select).catch(() => undefined);
  if (plan !== undefined) {
    const { path, span } = plan.scan;
    const pipes = scoped.pipes.slice(0, plan.ranges.length);
    const statement = toStatement(replaceInQuery(select, span, `[${pipes.map(quoteLiteral).join(", ")}]`));
    const result = await readParts(scoped, plan, pipes, statement);
    if (result !== undefined) return { result, array: { path, pipes } };
    await undo();
  }
  return { result: await scoped.run(toStatement(select)) };
}

interface SplitPlan {
  readonly scan: ArrayScan;
  readonly file: string;
  readonly ranges: readonly ByteRange[];
}

async function planSplit(
  { instance, scope, parameters, limits, pipes }: ScopedInstance,
  select: EmbeddedQuery,
): Promise<SplitPlan | undefined> {
  const { splitFromBytes } = limits;
  if (pipes.length === 0 || !/read_json/i.test(select.text)) return undefined;
  const query = new Map([["query", { value: select.text, type: VARCHAR }]]);
  const [[tree] = []] = await instance.rows("SELECT json_serialize_sql($query::VARCHAR)", query);
  const scan = findArrayScan(select.text, String(tree));
  if (scan === undefined) return undefined;
  const path = resolve(scope.root, scan.path);
  const file = await open(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size < splitFromBytes) return undefined;
    // It opens what it is allowed to only, which holds for what is opened here too.
    const [[size] = []] = await instance.rows(`SELECT size FROM read_blob(${quoteLiteral(scan.path)})`);
    if (Number(size) !== stats.size) return undefined;
    const explained = wrapQuery("EXPLAIN (FORMAT json) ", select, "");
    const [[, plan] = []] = await instance.rows(explained.text, parameters);
    if (!isStreamed(JSON.parse(String(plan)) as readonly PlanNode[])) return undefined;
    const ranges = await cutArray(file, stats.size, pipes.length);
    return ranges.length === 1 ? undefined : { scan, file: path, ranges };
  } finally {
    await file.close();
  }
}

interface PlanNode {
  readonly name: string;
  readonly children: readonly PlanNode[];
}

/** One scan, and nothing that gathers rows, counts them, ends early, or reads them twice. */
function isStreamed([node, ...others]: readonly PlanNode[]): boolean {
  if (node === undefined || others.length > 0) return false;
  const name = node.name.trim();
  return name === "READ_JSON" ? node.children.length === 0 : streaming.has(name) && isStreamed(node.children);
}

/** Undefined where it failed, and another way may do. */
async function readParts(
  { instance, parameters }: ScopedInstance,
  { file, ranges }: SplitPlan,
  paths: readonly string[],
  statement: EmbeddedQuery,
): Promise<Result | undefined> {
  const pipes = await ArrayPipes.open(file, ranges, paths).catch(() => undefined);
  if (pipes === undefined) return undefined;
  try {
    instance.percent = () => pipes.percent;
    const result = await instance.run(statement.text, parameters);
    return pipes.isConsistent ? result : undefined;
  } catch (error) {
    if (instance.isCancelled) throw error;
    return undefined;
  } finally {
    instance.percent = undefined;
    await pipes.close();
  }
}
