import { messageOf } from "../../../base/errors.js";
import { foldCase, quoteIdentifier } from "../../../text/sql-names.js";
import { EditedText } from "../../../text/edited-text.js";
import type {
  BoundPlan,
  ColumnSource,
  LineageFile,
  LineageItem,
  LineageRelation,
  LineageTask,
  Origin,
  QueryLineage,
} from "../../lineage.js";
import type { BoundParameter } from "../../scope.js";
import { nameCalls } from "../compile/given-sql.js";
import type { Trace } from "../lineage/origin.js";
import { boundPlan } from "../lineage/bound-plan.js";
import { planLineage, SEPARATOR, UnknownPlan, type TableKey } from "../lineage/plan-lineage.js";
import { tokenize } from "../parse/lexer.js";
import { parsePlan, type TreeNode } from "../parse/tree.js";
import { embedQuery, qualifiedName } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";
import type { TaskContext } from "../worker/tasks-scope.js";
import type { WorkerInstance } from "../worker/worker-instance.js";

/** Files become empty tables there. */
const FILES = "lakebook files";

/** Type and some value. */
const parameterTypes: Readonly<
  Record<BoundParameter["definition"]["type"], readonly [type: string, value: string]>
> = {
  string: ["VARCHAR", "'a'"],
  integer: ["BIGINT", "1"],
  number: ["DOUBLE", "0.5"],
  boolean: ["BOOLEAN", "true"],
  date: ["DATE", "'2000-01-01'"],
  timestamp: ["TIMESTAMP", "'2000-01-01'"],
};

/** Everything that is read is there as an empty table; no file is looked at, and nothing is run. */
export async function runLineageTask(
  { relations, items }: LineageTask,
  context: TaskContext,
): Promise<readonly QueryLineage[]> {
  const { shelf, tempFolder, limits } = context;
  const places = { folders: [], files: [] };
  const instance = await shelf.open({ limits: { ...limits, threads: 1 }, tempFolder, places });
  context.onInstance(instance);
  try {
    const tables = new Tables(instance);
    for (const relation of relations) await tables.add(relation);
    const found: QueryLineage[] = [];
    for (const item of items) found.push(await ofItem(item, tables, instance));
    return found;
  } finally {
    context.onInstance(undefined);
    instance.close();
  }
}

async function ofItem(item: LineageItem, tables: Tables, instance: WorkerInstance): Promise<QueryLineage> {
  try {
    const plan = await planOf(await sqlOf(item, tables), item, instance);
    const { columns, rows, order, tables: read } = planLineage(plan, tables.keyOf);
    if (columns.length !== item.columns.length)
      return unknown("the plan has another number of columns than the result");
    return {
      ok: true,
      columns: columns.map((trace, place) => ({ name: item.columns[place] ?? "", ...toOrigin(trace) })),
      rows: toOrigin(rows),
      order: toOrigin(order),
      relations: [...read].sort(),
      ...boundOf(plan, tables),
    };
  } catch (error) {
    if (error instanceof UnknownPlan || error instanceof TaskError) return unknown(error.message);
    if (error instanceof RangeError) return unknown("the query is nested too deeply");
    throw error;
  }
}

/** With the queries that it is computed with, and tables in the place of files. */
async function sqlOf({ queries = [], ...item }: LineageItem, tables: Tables): Promise<string> {
  const read = async ({ sql, files }: Pick<LineageItem, "sql" | "files">): Promise<string> => {
    for (const file of files) await tables.addFile(file);
    return nameCalls(
      sql,
      files.map((file) => ({ reference: file.reference, rows: `FROM ${tables.nameOfFile(file)}` })),
    ).text;
  };
  const named: { readonly type: "query"; readonly name: string; readonly sql: string }[] = [];
  for (const query of queries) named.push({ type: "query", name: query.name, sql: await read(query) });
  const own = await read(item);
  return named.length === 0 ? own : embedQuery(named, own).text;
}

function boundOf(plan: TreeNode, tables: Tables): { readonly bound?: BoundPlan } {
  const found = boundPlan(plan, tables.keyOf);
  if (found === undefined) return {};
  return { bound: { key: found.key, columns: [...found.columns].sort().map(toSource) } };
}

/**
 * A parameter of no type may fit several functions, so it gets the type that its value will have. It stays a parameter where
 * it can, and never becomes NULL: of what is computed with NULL the binder makes NULL, and its columns are gone.
 */
async function planOf(sql: string, { parameters }: LineageItem, instance: WorkerInstance): Promise<TreeNode> {
  const first = await serialize(withTypes(sql, parameters, false), instance);
  if ("plan" in first) return first.plan;
  // Some functions want to know a value when they are bound.
  const second =
    parameters.length === 0 ? first : await serialize(withTypes(sql, parameters, true), instance);
  if ("plan" in second) return second.plan;
  throw new UnknownPlan(second.reason);
}

async function serialize(
  sql: string,
  instance: WorkerInstance,
): Promise<{ readonly plan: TreeNode } | { readonly reason: string }> {
  const text = embedQuery([], sql).text;
  const query = `SELECT json_serialize_plan('${text.replaceAll("'", "''")}', optimize := false)`;
  try {
    const [row] = await instance.rows(query);
    const parsed = parsePlan(String(row?.[0]));
    if (!parsed.ok) return { reason: firstLine(parsed.error.message) };
    const [plan, ...others] = parsed.plans;
    return plan === undefined || others.length > 0 ? { reason: "it has no plan of its own" } : { plan };
  } catch (error) {
    return { reason: firstLine(messageOf(error)) };
  }
}

function withTypes(sql: string, parameters: LineageItem["parameters"], hasValues: boolean): string {
  const known = new Map(parameters.map((parameter) => [foldCase(parameter.name), parameter]));
  const places = tokenize(sql).tokens.flatMap(({ kind, value, start, end }) => {
    const parameter = kind === "parameter" ? known.get(foldCase(value)) : undefined;
    if (parameter === undefined) return [];
    const [type, some] = parameterTypes[parameter.type];
    const written = !hasValues ? sql.slice(start, end) : parameter.isList ? `[${some}]` : some;
    return [{ span: { start, end }, text: `CAST(${written} AS ${type}${parameter.isList ? "[]" : ""})` }];
  });
  return new EditedText(sql, places).text;
}

class Tables {
  readonly #instance: WorkerInstance;
  readonly #keys = new Map<string, string>();
  readonly #files = new Map<LineageFile, string>();

  constructor(instance: WorkerInstance) {
    this.#instance = instance;
  }

  readonly keyOf: TableKey = ({ schema, table }) => this.#keys.get(tableKey(schema, table));

  nameOfFile(file: LineageFile): string {
    return qualifiedName({ schema: FILES, name: this.#files.get(file) ?? "" });
  }

  async addFile(file: LineageFile): Promise<void> {
    const name = String(this.#files.size);
    this.#files.set(file, name);
    await this.add({ key: file.key, schema: FILES, name, columns: file.columns });
  }

  /** What has a type that cannot be written is not there: whatever reads it is not known. */
  async add({ key, schema, name, columns }: LineageRelation): Promise<void> {
    const lines = columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`);
    const table = { ...(schema !== undefined && { schema }), name };
    try {
      if (schema !== undefined)
        await this.#instance.run(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
      await this.#instance.run(`CREATE TABLE ${qualifiedName(table)} (${lines.join(", ")})`);
      this.#keys.set(tableKey(schema ?? "main", name), key);
    } catch (error) {
      if (this.#instance.isCancelled) throw error;
    }
  }
}

function tableKey(schema: string, table: string): string {
  return JSON.stringify([foldCase(schema), foldCase(table)]);
}

function toOrigin({ columns, unknown: reason }: Trace): Origin {
  return { columns: [...columns].sort().map(toSource), ...(reason !== undefined && { unknown: reason }) };
}

function toSource(key: string): ColumnSource {
  const [relation = "", column = ""] = key.split(SEPARATOR);
  return { relation, column };
}

function unknown(reason: string): QueryLineage {
  return { ok: false, reason };
}

function firstLine(message: string): string {
  return message.split("\n")[0] ?? message;
}
