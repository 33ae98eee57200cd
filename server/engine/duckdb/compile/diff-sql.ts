import { quoteIdentifier } from "../../../text/sql-names.js";
import type { TypeKind } from "../../../text/type-kind.js";
import type { StoredColumn } from "../../engine.js";

/** What the two sides are called in the queries over them. */
export const BEFORE = "before_rows";
export const AFTER = "after_rows";
/** One row with what a comparison came to. */
export const FACTS = '"lakebook facts"';
export const EXAMPLES = 100;
/** Tells which side has a row; no column of a user is called so. */
const SIDE = '"lakebook side"';
/** Of each column. */
export const MOVES = 5;
/** A column of numbers more than these has no moves. */
const MOVING_COLUMNS = 100;

/** A column that both sides have, or the new side alone. */
export interface DiffColumn {
  readonly name: string;
  readonly isShared: boolean;
  /** Of values that cannot be compared as they are the texts are. */
  readonly isText: boolean;
  readonly isNumber: boolean;
}

const numbers: ReadonlySet<TypeKind> = new Set(["integer", "decimal", "float"]);

/** In the order of the new side. */
export function columnsOfDiff(
  before: readonly StoredColumn[],
  after: readonly StoredColumn[],
): readonly DiffColumn[] {
  const old = new Map(before.map((column) => [column.name, column]));
  return after.map(({ name, type, kind }) => {
    const other = old.get(name);
    const areNumbers = other !== undefined && numbers.has(other.kind) && numbers.has(kind);
    return {
      name,
      isShared: other !== undefined,
      isText: other !== undefined && other.type !== type && !areNumbers,
      isNumber: areNumbers,
    };
  });
}

/**
 * Everything about a comparison by key in one pass over both sides: counts, examples and moves, as one row of `FACTS`.
 * The lists hold the first by key.
 */
export function keyedFacts(columns: readonly DiffColumn[], key: readonly string[]): string {
  const compared = comparedColumns(columns, key);
  const flags = compared.map((column, index) => `${differs(column)} AS d${index}`);
  const anyFlag = compared.length === 0 ? "false" : compared.map((_, index) => `d${index}`).join(" OR ");
  const moves = movingColumns(columns, key).map(
    ({ name, index }) =>
      `arg_max({'k': ka, 'b': struct_extract(eb, ${quoteField(columns, name)}), 'a': struct_extract(ea, ${quoteField(columns, name)})}, ` +
      `abs(CAST(struct_extract(ea, ${quoteField(columns, name)}) AS DOUBLE) - CAST(struct_extract(eb, ${quoteField(columns, name)}) AS DOUBLE)), ${MOVES}) ` +
      `FILTER (dd AND d${index} AND isfinite(CAST(struct_extract(ea, ${quoteField(columns, name)}) AS DOUBLE) - CAST(struct_extract(eb, ${quoteField(columns, name)}) AS DOUBLE))) AS m${index}`,
  );
  return [
    `CREATE OR REPLACE TEMP TABLE ${FACTS} AS SELECT count(bs) AS nb, count(sa) AS na,`,
    `count(*) FILTER (bs IS NULL) AS added, count(*) FILTER (sa IS NULL) AS removed, count(*) FILTER (dd) AS changed,`,
    ...compared.map((_, index) => `count(*) FILTER (dd AND d${index}) AS c${index},`),
    `arg_min(ea, ka, ${EXAMPLES}) FILTER (bs IS NULL) AS added_rows,`,
    `arg_min(eb, kb, ${EXAMPLES}) FILTER (sa IS NULL) AS removed_rows,`,
    [`arg_min({'b': eb, 'a': ea}, ka, ${EXAMPLES}) FILTER (dd) AS changed_rows`, ...moves].join(", "),
    `FROM (SELECT *, coalesce(bs = 1 AND sa = 1, false) AND (${anyFlag}) AS dd FROM (`,
    `SELECT ${[`b.${SIDE} AS bs`, `a.${SIDE} AS sa`, `${keyOf("a", key)} AS ka`, `${keyOf("b", key)} AS kb`, `${rowOf("a", columns)} AS ea`, `${rowOf("b", columns)} AS eb`, ...flags].join(", ")}`,
    `FROM (SELECT ${sideColumns(columns.filter(({ isShared }) => isShared))} FROM ${BEFORE}) b`,
    `FULL JOIN (SELECT ${sideColumns(columns)} FROM ${AFTER}) a ON ${matches(columns, key)}))`,
  ].join(" ");
}

/** Rows that one side has more often than the other, as one row of `FACTS`: each example with how much more often. */
export function multisetFacts(columns: readonly DiffColumn[]): string {
  const shared = columns.filter(({ isShared }) => isShared);
  const names = shared.map((_, index) => `v${index}`).join(", ");
  const side = (relation: string, sign: number): string =>
    `SELECT ${shared.map((column, index) => `${asCompared(column, quoteIdentifier(column.name))} AS v${index}`).join(", ")}, ${sign} AS side FROM ${relation}`;
  const row = `{${shared.map((_, index) => `'v${index}': v${index}`).join(", ")}}`;
  const examples = (sign: string): string =>
    `arg_min({'e': e, 'n': abs(n)}, e, ${EXAMPLES}) FILTER (n ${sign} 0)`;
  return [
    `CREATE OR REPLACE TEMP TABLE ${FACTS} AS SELECT`,
    `coalesce(sum(n) FILTER (n > 0), 0) AS added, coalesce(-sum(n) FILTER (n < 0), 0) AS removed,`,
    `${examples(">")} AS added_rows, ${examples("<")} AS removed_rows`,
    `FROM (SELECT ${row} AS e, sum(side) AS n FROM (${side(AFTER, 1)} UNION ALL ${side(BEFORE, -1)})`,
    `GROUP BY ${names} HAVING sum(side) <> 0)`,
  ].join(" ");
}

/** The counts of `keyedFacts`: rows of each side, added, removed, changed, then of each compared column. */
export function keyedCounts(columns: readonly DiffColumn[], key: readonly string[]): string {
  const perColumn = comparedColumns(columns, key).map((_, index) => `c${index}`);
  return `SELECT ${["nb", "na", "added", "removed", "changed", ...perColumn].join(", ")} FROM ${FACTS}`;
}

/** Examples of rows that one side has alone, in the columns of the new side. */
export function exampleRows(columns: readonly DiffColumn[], list: "added_rows" | "removed_rows"): string {
  const selected = columns.map(({ name }, index) => `e.v${index} AS ${quoteIdentifier(name)}`);
  return `SELECT ${selected.join(", ")} FROM (SELECT unnest(${list}) AS e FROM ${FACTS})`;
}

/** The same of `multisetFacts`, each as often as it is more often there. */
export function repeatedRows(columns: readonly DiffColumn[], list: "added_rows" | "removed_rows"): string {
  const shared = columns.filter(({ isShared }) => isShared);
  const selected = shared.map(({ name }, index) => `e.v${index} AS ${quoteIdentifier(name)}`);
  const each = `SELECT x.e AS e, unnest(range(CAST(least(x.n, ${EXAMPLES}) AS BIGINT))) FROM (SELECT unnest(${list}) AS x FROM ${FACTS})`;
  return `SELECT ${selected.join(", ")} FROM (${each})`;
}

/** Of each changed row the key, then of each compared column the old value, the new one, and whether their texts differ. */
export function changedRows(columns: readonly DiffColumn[], key: readonly string[]): string {
  const selected = [
    ...key.map((name) => `e.a.${fieldOf(columns, name)}`),
    // Of long values only the beginnings come, which may be the same.
    ...comparedColumns(columns, key).flatMap(({ name }) => {
      const field = fieldOf(columns, name);
      return [
        `e.b.${field}`,
        `e.a.${field}`,
        `CAST(e.b.${field} AS VARCHAR) IS DISTINCT FROM CAST(e.a.${field} AS VARCHAR)`,
      ];
    }),
  ].map((value, index) => `${value} AS x${index}`);
  return `SELECT ${selected.join(", ")} FROM (SELECT unnest(changed_rows) AS e FROM ${FACTS})`;
}

export interface MovingColumn {
  readonly name: string;
  /** Among the compared columns. */
  readonly index: number;
}

export function movingColumns(columns: readonly DiffColumn[], key: readonly string[]): MovingColumn[] {
  return comparedColumns(columns, key)
    .map(({ name, isNumber }, index) => ({ name, index, isNumber }))
    .filter(({ isNumber }) => isNumber)
    .slice(0, MOVING_COLUMNS);
}

/** The key, the old value, the new one and their difference. */
export function moveRows(key: readonly string[], { index }: MovingColumn): string {
  const keys = key.map((_, place) => `m.k.k${place} AS k${place}`);
  // In their own type as long as it has room: a DOUBLE has none for a difference of 1 beyond 2^53.
  const change =
    "coalesce(CAST(TRY(m.a - m.b) AS DOUBLE), CAST(m.a AS DOUBLE) - CAST(m.b AS DOUBLE)) AS change";
  return `SELECT ${[...keys, "m.b AS b", "m.a AS a", change].join(", ")} FROM (SELECT unnest(m${index}) AS m FROM ${FACTS})`;
}

/** How often the most frequent of 65,536 buckets of key values occurs: no key occurs more often. */
export function fullestBucket(side: string, key: readonly string[]): string {
  const columns = key.map(quoteIdentifier).join(", ");
  return `SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM ${side} GROUP BY hash(${columns}) % 65536)`;
}

/** Of the first rows of a side: which of these columns, or groups of them, have no value twice and none is NULL. */
export function uniqueInHead(side: string, keys: readonly (readonly string[])[], head: number): string {
  const tests = keys.map((key) => {
    const [column = "", ...others] = key.map(quoteIdentifier);
    return others.length === 0
      ? `count(DISTINCT ${column}) = count(*)`
      : `count(DISTINCT (${[column, ...others].join(", ")})) = count(*)`;
  });
  return `SELECT ${tests.join(", ")} FROM (FROM ${side} LIMIT ${head})`;
}

export function comparedColumns(
  columns: readonly DiffColumn[],
  key: readonly string[],
): readonly DiffColumn[] {
  return columns.filter(({ name, isShared }) => isShared && !key.includes(name));
}

function fieldOf(columns: readonly DiffColumn[], name: string): string {
  return `v${columns.findIndex((column) => column.name === name)}`;
}

function quoteField(columns: readonly DiffColumn[], name: string): string {
  return `'${fieldOf(columns, name)}'`;
}

/** The row in the columns of the new side. */
function rowOf(side: "a" | "b", columns: readonly DiffColumn[]): string {
  const values = columns.map(({ name, isShared }, index) =>
    side === "a" || isShared ? `'v${index}': ${side}.${quoteIdentifier(name)}` : `'v${index}': NULL`,
  );
  return `{${values.join(", ")}}`;
}

function keyOf(side: "a" | "b", key: readonly string[]): string {
  return `{${key.map((name, index) => `'k${index}': ${side}.${quoteIdentifier(name)}`).join(", ")}}`;
}

function sideColumns(columns: readonly DiffColumn[]): string {
  return [...columns.map(({ name }) => quoteIdentifier(name)), `1 AS ${SIDE}`].join(", ");
}

/** NULL is a key value like any other: a join by equality would call such rows removed and added. */
function matches(columns: readonly DiffColumn[], key: readonly string[]): string {
  return columns
    .filter(({ name }) => key.includes(name))
    .map((column) => `NOT (${differs(column)})`)
    .join(" AND ");
}

function differs(column: DiffColumn): string {
  const name = quoteIdentifier(column.name);
  return `${asCompared(column, `b.${name}`)} IS DISTINCT FROM ${asCompared(column, `a.${name}`)}`;
}

function asCompared({ isText }: DiffColumn, value: string): string {
  return isText ? `CAST(${value} AS VARCHAR)` : value;
}
