import type {
  BindItem,
  BindResult,
  Column,
  ConditionProblem,
  EngineDiagnosticCode,
  QueryScope,
} from "../engine.js";
import { whereCondition } from "./check-sql.js";
import { planStorage, refuseNul, STORED_TABLE } from "./materialize-columns.js";
import { quoteIdentifier } from "../../base/sql-names.js";
import type { TaskFailure } from "./protocol.js";
import { spanOfFile } from "./query-error.js";
import { wrapQuery } from "./scope-sql.js";
import type { EmbeddedQuery } from "./scope-sql.js";
import { describeTables } from "./tasks-describe.js";
import { TaskError } from "./tasks-error.js";
import { QueryFailure, toTaskFailure } from "./tasks-failure.js";
import { withScope } from "./tasks-scope.js";
import type { ScopedInstance, TaskContext } from "./tasks-scope.js";
import { storageType } from "./types.js";
import type { TypedColumn } from "./worker-instance.js";

/**
 * Each item becomes an empty table of its columns, so that binding what reads it does not bind its query again:
 * a chain of joins of itself stays linear. What reads an item whose columns are not known is left out.
 */
export function runBindTask(
  scope: QueryScope,
  items: readonly BindItem[],
  context: TaskContext,
): Promise<readonly BindResult[]> {
  // No row is read: more threads would only have to be woken.
  const limits = { ...context.limits, threads: 1 };
  return withScope({ ...context, limits }, scope, {}, async (scoped) => {
    const results: (Failed | Bound)[] = [];
    const unknown = new Set<string>();
    for (const item of items) {
      const result = await bindItem(scoped, item, unknown);
      if (result?.ok !== true) unknown.add(item.name.toLowerCase());
      if (result !== undefined) results.push(result);
    }
    const columns = await describeTables(scoped.instance);
    const queries = new Map(items.map((item) => [item.name, item]));
    return results.map((result) =>
      result.ok ? withColumns(scoped, result, queries.get(result.name), columns.get(result.name)) : result,
    );
  });
}

type Failed = Extract<BindResult, { ok: false }>;
/** Its columns are asked for together with those of the others. */
type Bound = Omit<Extract<BindResult, { ok: true }>, "columns">;

async function bindItem(
  scoped: ScopedInstance,
  item: BindItem,
  unknown: ReadonlySet<string>,
): Promise<Failed | Bound | undefined> {
  const { name, sql } = item;
  try {
    if (await scoped.hasDynamicPivot(sql)) return undefined;
    await createEmptyTable(scoped, item);
    return { name, ok: true, conditionProblems: await conditionProblems(scoped, item) };
  } catch (error) {
    if (!(error instanceof QueryFailure) && !(error instanceof TaskError)) throw error;
    const failure = toTaskFailure(error);
    const { missingTable } = failure;
    if (missingTable !== undefined && unknown.has(missingTable.toLowerCase())) return undefined;
    return toFailed(item, failure);
  }
}

function toFailed({ name, sql }: BindItem, { message, hint, span }: TaskFailure): Failed {
  const code: EngineDiagnosticCode = "query-error";
  const place = span ?? spanOfFile(message, sql) ?? { start: 0, end: sql.length };
  const problem = { code, message, span: place, ...(hint !== undefined && { hint }) };
  return { name, ok: false, problems: [problem] };
}

/** Only the catalog tells names that are whole. */
function withColumns(
  scoped: ScopedInstance,
  result: Bound,
  item: BindItem | undefined,
  columns: readonly Column[] = [],
): BindResult {
  try {
    if (item !== undefined) refuseNul(scoped, item.sql, columns);
    return { ...result, columns };
  } catch (error) {
    if (!(error instanceof TaskError) || item === undefined) throw error;
    return toFailed(item, toTaskFailure(error));
  }
}

async function createEmptyTable(
  scoped: ScopedInstance,
  { name, sql, isStored = false }: BindItem,
): Promise<void> {
  const table = quoteIdentifier(name);
  await scoped.runEmpty(wrapQuery(`CREATE TABLE ${table} AS `, scoped.embed(sql), "\nLIMIT 0"));
  if (!isStored || isKeptAsItIs(await scoped.instance.tableColumns(table))) return;
  await scoped.instance.runOwn(`DROP TABLE ${table}`);
  await planStorage(scoped, sql);
  await scoped.instance.runOwn(`CREATE TABLE ${table} AS FROM ${STORED_TABLE}`);
}

/** A name like `id_1` may be that of a second `id`. */
function isKeptAsItIs(columns: readonly TypedColumn[]): boolean {
  return columns.every(({ name, type }) => !/_\d+$/.test(name) && storageType(type).type === "kept");
}

async function conditionProblems(
  scoped: ScopedInstance,
  { name, conditions = [] }: BindItem,
): Promise<readonly ConditionProblem[]> {
  const problems: ConditionProblem[] = [];
  for (const condition of conditions) {
    try {
      await scoped.run(conditionQuery(name, condition));
    } catch (error) {
      if (!(error instanceof QueryFailure) && !(error instanceof TaskError)) throw error;
      const { message, hint, span } = toTaskFailure(error);
      const more = { ...(hint !== undefined && { hint }), ...(span !== undefined && { span }) };
      problems.push({ condition, message, ...more });
    }
  }
  return problems;
}

/** The rows as a subquery: what only a table has, such as `rowid`, is not there when the check runs. */
function conditionQuery(name: string, condition: string): EmbeddedQuery {
  const cell = quoteIdentifier(name);
  const before = `SELECT 1 FROM (FROM ${cell}) AS ${cell} WHERE `;
  const start = before.length + "(\n".length;
  return {
    text: before + whereCondition(condition),
    segments: [{ span: { start, end: start + condition.length } }],
  };
}
