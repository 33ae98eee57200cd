import type { CheckRule } from "../../../notebook/check-spec.js";
import type {
  BindItem,
  BindResult,
  Column,
  ConditionProblem,
  EngineDiagnosticCode,
  QueryScope,
} from "../../engine.js";
import { failingCondition, isRowRule, newestValue, relation, whereCondition } from "../compile/check-sql.js";
import { planStorage, STORED_TABLE } from "./materialize-columns.js";
import { mayHaveTwins, refuseNul } from "./materialize-names.js";
import { nullTypes } from "./materialize-nulls.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import { familyOf } from "../../../text/type-kind.js";
import type { TaskFailure } from "../protocol.js";
import { spanOfFile } from "../worker/query-error.js";
import { readColumn, wrapQuery } from "../scope-sql.js";
import type { EmbeddedQuery } from "../scope-sql.js";
import { describeRelation, describeTables, toColumn } from "../worker/tasks-describe.js";
import { TaskError } from "../tasks-error.js";
import { QueryFailure, toTaskFailure } from "../worker/tasks-failure.js";
import { withScope } from "../worker/tasks-scope.js";
import type { ScopedInstance, TaskContext } from "../worker/tasks-scope.js";
import { storageType } from "../worker/types.js";
import type { TypedColumn } from "../worker/worker-instance.js";

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
    // Rules about another item, which may stand behind their own.
    for (const [index, result] of results.entries())
      if (result.ok) results[index] = await withRelationshipProblems(scoped, result, items, unknown);
    const columns = await describeTables(scoped.instance);
    const queries = new Map(items.map((item) => [item.name, item]));
    return results.map((result) =>
      result.ok
        ? withColumns(
            scoped,
            result,
            queries.get(result.name),
            columns.get(tableUnder(result.name)) ?? columns.get(result.name),
          )
        : result,
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
    return {
      name,
      ok: true,
      conditionProblems: await conditionProblems(scoped, item),
      ruleProblems: await ruleProblems(scoped, item),
    };
  } catch (error) {
    if (!(error instanceof QueryFailure) && !(error instanceof TaskError)) throw error;
    const failure = toTaskFailure(error);
    const { missingTable } = failure;
    if (missingTable !== undefined && unknown.has(missingTable.toLowerCase())) return undefined;
    return toFailed(item, failure);
  }
}

function toFailed({ name, sql }: BindItem, { code: kind, message, hint, span }: TaskFailure): Failed {
  const code: EngineDiagnosticCode = kind === "input" ? "input" : "query-error";
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
  const { instance } = scoped;
  await scoped.runEmpty(wrapQuery(`CREATE TABLE ${table} AS `, scoped.embed(sql), "\nLIMIT 0"));
  const columns = await instance.tableColumns(table);
  if (!isStored) {
    await restoreNullTypes(scoped, { name, sql }, columns);
  } else if (!isKeptAsItIs(columns)) {
    await instance.runOwn(`DROP TABLE ${table}`);
    const { columns: stored } = await planStorage(scoped, sql);
    const under = quoteIdentifier(tableUnder(name));
    await instance.runOwn(`CREATE TABLE ${under} AS FROM ${STORED_TABLE} LIMIT 0`);
    await instance.runOwn(
      `CREATE VIEW ${table} AS SELECT ${stored.map(readColumn).join(", ")} FROM ${under}`,
    );
  }
}

function isKeptAsItIs(columns: readonly TypedColumn[]): boolean {
  return (
    !mayHaveTwins(columns.map(({ name }) => name)) &&
    columns.every(({ type }) => storageType(type).type === "kept")
  );
}

/** A table makes INTEGER of what has no type yet; what reads the item sees it without. */
async function restoreNullTypes(
  scoped: ScopedInstance,
  { name, sql }: BindItem,
  columns: readonly TypedColumn[],
): Promise<void> {
  const { instance } = scoped;
  const typed = columns.map((column) => toColumn(column.name, String(column.type)));
  const nulls = await nullTypes(scoped, sql, typed);
  if (nulls.size === 0) return;
  const table = quoteIdentifier(tableUnder(name));
  await instance.runOwn(`ALTER TABLE ${quoteIdentifier(name)} RENAME TO ${table}`);
  const replaced = [...nulls].map(([column, type]) => {
    const quoted = quoteIdentifier(column);
    return `CAST(${quoted} AS ${type}) AS ${quoted}`;
  });
  await instance.runOwn(
    `CREATE VIEW ${quoteIdentifier(name)} AS SELECT * REPLACE (${replaced.join(", ")}) FROM ${table}`,
  );
}

function tableUnder(name: string): string {
  return `lakebook table of ${name}`;
}

async function conditionProblems(
  scoped: ScopedInstance,
  { name, conditions = [] }: BindItem,
): Promise<readonly ConditionProblem[]> {
  const problems: ConditionProblem[] = [];
  for (const condition of conditions) {
    try {
      await scoped.run(conditionQuery(name, condition));
      const type = await conditionType(scoped, name, condition);
      if (!TRUTHS.has(type))
        problems.push({ condition, message: `The condition is ${type}, neither true nor false.` });
    } catch (error) {
      if (!(error instanceof QueryFailure) && !(error instanceof TaskError)) throw error;
      const { message, hint, span } = toTaskFailure(error);
      const more = { ...(hint !== undefined && { hint }), ...(span !== undefined && { span }) };
      problems.push({ condition, message, ...more });
    }
  }
  return problems;
}

/** Numbers are true where they are not 0, and NULL has no type of its own. */
const TRUTHS: ReadonlySet<string> = new Set(["BOOLEAN", '"NULL"', "boolean", "integer", "decimal", "float"]);

/** Its kind where it is one that counts as a truth, else the engine's name of its type. */
async function conditionType(scoped: ScopedInstance, name: string, condition: string): Promise<string> {
  const cell = quoteIdentifier(name);
  const query = `DESCRIBE SELECT ${whereCondition(condition)} AS truth FROM (FROM ${cell}) AS ${cell}`;
  const rows = await (await scoped.run({ text: query, segments: [] })).getRowsJson();
  const { type, kind } = toColumn("truth", rows[0]?.[1] as string);
  return TRUTHS.has(kind) ? kind : type;
}

async function ruleProblems(
  scoped: ScopedInstance,
  { name, rules = [] }: BindItem,
): Promise<Extract<BindResult, { ok: true }>["ruleProblems"]> {
  if (rules.length === 0) return [];
  const columns = await describeRelation(scoped, relation(name));
  const known = new Set(columns.map((column) => column.name.toLowerCase()));
  const problems: { readonly name: string; readonly message: string }[] = [];
  for (const { name: check, rule } of rules) {
    const named = "columns" in rule ? rule.columns : "column" in rule ? [rule.column] : [];
    const sql = ruleQuery(rule, name, columns);
    if (sql === undefined || named.some((column) => !known.has(column.toLowerCase()))) continue;
    const message =
      (await bindFailure(scoped, scoped.embedStatement(sql))) ?? (await valueProblem(scoped, rule, columns));
    if (message !== undefined) problems.push({ name: check, message });
  }
  return problems;
}

/** Undefined where it can be bound. */
async function bindFailure(scoped: ScopedInstance, query: EmbeddedQuery): Promise<string | undefined> {
  try {
    await scoped.run(query);
    return undefined;
  } catch (error) {
    if (!(error instanceof QueryFailure) && !(error instanceof TaskError)) throw error;
    return toTaskFailure(error).message;
  }
}

/** A text is compared as what the column has, which is only tried where there is a row. */
async function valueProblem(
  scoped: ScopedInstance,
  rule: CheckRule,
  columns: readonly Column[],
): Promise<string | undefined> {
  if (rule.kind !== "accepted_values" && rule.kind !== "range") return undefined;
  const column = columns.find(({ name }) => name.toLowerCase() === rule.column.toLowerCase());
  if (column === undefined || ["text", "enum", "json", "variant"].includes(column.kind)) return undefined;
  const values = rule.kind === "range" ? [rule.min, rule.max] : rule.values;
  for (const value of values) {
    if (typeof value !== "string") continue;
    const cast = scoped.embedStatement(`SELECT CAST(${quoteLiteral(value)} AS ${column.type})`);
    if ((await bindFailure(scoped, cast)) !== undefined)
      return `"${value}" is no value that "${column.name}" can have, which is ${column.type}`;
  }
  return undefined;
}

/** The engine compares what is of no common type as texts, which never are the same: it says nothing. */
async function withRelationshipProblems(
  scoped: ScopedInstance,
  result: Bound,
  items: readonly BindItem[],
  unknown: ReadonlySet<string>,
): Promise<Bound> {
  const rules = items.find(({ name }) => name === result.name)?.rules ?? [];
  const problems = [...result.ruleProblems];
  for (const { name, rule } of rules) {
    if (rule.kind !== "relationships" || unknown.has(rule.toCell)) continue;
    if (!items.some((item) => item.name === rule.toCell)) continue;
    const own = await findColumn(scoped, result.name, rule.column);
    const other = await findColumn(scoped, rule.toCell, rule.toColumn);
    if (own === undefined || other === undefined || isComparable(own, other)) continue;
    const message = `"${rule.column}" is ${own.type} and cannot be compared with ${rule.toCell}.${rule.toColumn}, which is ${other.type}`;
    problems.push({ name, message });
  }
  return { ...result, ruleProblems: problems };
}

/** A text may be a value of any type. */
function isComparable(a: Column, b: Column): boolean {
  const families = [familyOf(a.kind), familyOf(b.kind)];
  return families[0] === families[1] || families.includes("text");
}

async function findColumn(scoped: ScopedInstance, item: string, name: string): Promise<Column | undefined> {
  const columns = await describeRelation(scoped, relation(item));
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** What a check of the rule asks first; undefined where the types of columns do not matter. */
function ruleQuery(rule: CheckRule, on: string, columns: readonly Column[]): string | undefined {
  if (rule.kind === "freshness") return newestValue(rule, relation(on));
  // A condition is bound by itself, with its place.
  if (!isRowRule(rule) || rule.kind === "expression") return undefined;
  return `SELECT 1 FROM ${relation(on)} WHERE ${failingCondition(rule, columns)}`;
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
