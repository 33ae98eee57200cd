import { dirname } from "node:path";
import { foldCase, quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { CopyTask, QueryResult, QueryScope, QueryTask, Relation } from "../../engine.js";
import type {
  ChangedKeys,
  ChangedKeysTask,
  CountedKeys,
  KeyChange,
  KeyedFilesTask,
  PartsQuery,
  QueryPart,
  RowCounts,
  RowCountsTask,
  UnitedKeysTask,
} from "../../increment.js";
import type { KeyFile } from "../../scope.js";
import type { StoredTable } from "../../verbs.js";
import { hasKey, keyColumn, knownKeysSql, OLDEST, toKnownKeys } from "../key-sql.js";
import { rowHash } from "../row-hash.js";
import { queryBody } from "../scope-sql.js";

/** Numbers the deliveries; no column of a user is called so. */
const PART = '"lakebook part"';

/** The rows of several deliveries in one query. */
export function partsSql({ parts, upsertBy, eventTime }: PartsQuery): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return timely(only, eventTime, "*");
  const all = parts.map((part, index) => timely(part, eventTime, `*, ${String(index)} AS ${PART}`));
  const by = upsertBy.map(quoteIdentifier).join(", ");
  const newest = by === "" ? "" : `\nQUALIFY ${PART} = max(${PART}) OVER (PARTITION BY ${by})`;
  return `SELECT * EXCLUDE (${PART}) FROM (\n${all.join("\nUNION ALL BY NAME\n")}\n)${newest}`;
}

function timely({ sql, cutoff }: QueryPart, eventTime: string | undefined, items: string): string {
  const isLate = lateCondition(cutoff, eventTime);
  const where = isLate === undefined ? "" : ` WHERE (${isLate}) IS NOT TRUE`;
  return `SELECT ${items} FROM (\n${queryBody(sql)}\n)${where}`;
}

/** The rows that are too late, with the reason. */
export function lateSql({ parts, eventTime }: Pick<PartsQuery, "parts" | "eventTime">): string {
  const late = parts.flatMap(({ sql, cutoff }) => {
    const condition = lateCondition(cutoff, eventTime);
    const reason = quoteLiteral(`${eventTime ?? ""} is before ${cutoff ?? ""}`);
    return condition === undefined
      ? []
      : [`SELECT *, ${reason} AS reason FROM (\n${queryBody(sql)}\n) WHERE ${condition}`];
  });
  return late.join("\nUNION ALL BY NAME\n");
}

function lateCondition(cutoff: string | undefined, eventTime: string | undefined): string | undefined {
  if (cutoff === undefined || eventTime === undefined) return undefined;
  return `${quoteIdentifier(eventTime)} < CAST(${quoteLiteral(cutoff)} AS TIMESTAMP)`;
}

/** Those rows of a query that have one of the keys. */
export function onlyKeysSql(sql: string, keys: KeyFile): string {
  return `SELECT * FROM (\n${queryBody(sql)}\n) AS "lakebook all" WHERE ${hasKey(keys)}`;
}

interface Asking {
  query(task: QueryTask): Promise<QueryResult>;
}

/** Of a row: its file, counted from 0, is in the upper bits. */
const PLACE = "lakebook place";

/** The keys of all changes together: each once, with the number of rows that came and count. */
export function unitedKeys({ parts, types, file }: UnitedKeysTask): Pick<CopyTask, "scope" | "sql"> {
  const names = types.map((_, index) => keyColumn(index)).join(", ");
  const rows = parts.map(({ files, places, isCounted, isTimed = false }) => {
    const columns = places.map(
      (place, index) => `CAST(${keyColumn(place)} AS ${types[index] ?? "VARCHAR"}) AS ${keyColumn(index)}`,
    );
    const told = files.length === 1 ? "n" : "sum(n)";
    const each = `SELECT ${columns.join(", ")}, ${isCounted ? told : "0"} AS n, ${isTimed ? OLDEST : "NULL"} AS ${OLDEST}
      FROM read_parquet([${files.map(quoteLiteral).join(", ")}], hive_partitioning = false)`;
    return files.length === 1 ? each : `${each} GROUP BY ALL`;
  });
  const readable = [...new Set(parts.flatMap((part) => part.files).map((path) => dirname(path)))];
  const sum = "CAST(sum(greatest(n, 0)) AS HUGEINT) AS n";
  const all =
    rows.length === 0 ? `SELECT *, NULL AS ${OLDEST} FROM (${noKeys(types)})` : rows.join(" UNION ALL ");
  const oldest = `min(${OLDEST}) AS ${OLDEST}`;
  return {
    scope: { ...scopeIn(dirname(file), []), readable },
    sql: `SELECT ${names}, ${sum}, ${oldest} FROM (${all}) GROUP BY ${names}`,
  };
}

/** How many keys of so many columns a file has. */
export async function countKeys(asking: Asking, file: string, columns: number): Promise<CountedKeys> {
  const isNull = Array.from({ length: columns }, (_, index) => `${keyColumn(index)} IS NULL`).join(" OR ");
  const { rows } = await asking.query({
    scope: { ...scopeIn(dirname(file), []), readable: [dirname(file)] },
    sql: `SELECT count(*), count(*) FILTER (${isNull}) FROM read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`,
    limit: 1,
  });
  const [keys, nulls] = rows[0] ?? [];
  return { keys: Number(keys), hasNull: Number(nulls) > 0 };
}

/** Looks for keys in what was published before. */
export async function changedKeys(
  asking: Asking,
  { file, base, key }: ChangedKeysTask,
): Promise<ChangedKeys> {
  const names = key.map((_, index) => keyColumn(index)).join(", ");
  const relation = { ...toRelation("base_rows", base), position: PLACE };
  const scope = { ...scopeIn(dirname(file), [relation]), readable: [dirname(file)] };
  const matches = key.map(
    (name, index) => `b.${quoteIdentifier(name)} IS NOT DISTINCT FROM k.${keyColumn(index)}`,
  );
  const keys = `read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`;
  const own = key.map((_, index) => `k.${keyColumn(index)} AS ${keyColumn(index)}`).join(", ");
  const answer = await asking.query({
    scope,
    sql: `WITH found AS MATERIALIZED (
        SELECT DISTINCT ${own}, k.n AS n, k.${OLDEST} AS ${OLDEST}, CAST(b.${quoteIdentifier(PLACE)} >> 40 AS BIGINT) AS place
        FROM base_rows b JOIN ${keys} k ON ${matches.join(" AND ")}
      ), known AS (SELECT DISTINCT ${names}, n, ${OLDEST} FROM found)
      SELECT *, (SELECT string_agg(DISTINCT place, ',') FROM found) FROM (${knownKeysSql("known")})`,
    limit: 1,
  });
  const [row = []] = answer.rows;
  const touched = row.at(-1);
  return {
    ...toKnownKeys(row),
    touched: hidesPlaces(base)
      ? base.files.map((_, index) => index)
      : typeof touched === "string"
        ? touched.split(",").map(Number)
        : [],
  };
}

/** The files that hold a row with one of the keys, in their order; all where files do not tell their rows' places. */
export async function keyedFiles(
  asking: Asking,
  { table, keys }: KeyedFilesTask,
): Promise<readonly string[]> {
  if (hidesPlaces(table)) return table.files;
  const columns = table.columns.filter(({ name }) =>
    keys.columns.some((key) => foldCase(key) === foldCase(name)),
  );
  const relation = { ...toRelation("all_rows", { ...table, columns }), position: PLACE };
  const { rows } = await asking.query({
    scope: { ...scopeIn(dirname(keys.file), [relation]), readable: [dirname(keys.file)] },
    sql: `SELECT DISTINCT CAST(${quoteIdentifier(PLACE)} >> 40 AS BIGINT) FROM all_rows WHERE ${hasKey(keys)}`,
    limit: table.files.length,
  });
  const found = new Set(rows.map(([place]) => Number(place)));
  return table.files.filter((_, index) => found.has(index));
}

function noKeys(types: readonly string[]): string {
  const columns = types.map((type, index) => `CAST(NULL AS ${type}) AS ${keyColumn(index)}`);
  return `SELECT ${columns.join(", ")}, 0 AS n WHERE false`;
}

/** Where a column is called so, DuckDB does not tell which file a row is of. */
function hidesPlaces({ columns }: StoredTable): boolean {
  return columns.some(({ name }) => /^file_(index|row_number)$/i.test(name));
}

/** Rows that are the same in both are counted by their hashes. */
export async function countChanges(
  asking: Pick<Asking, "query">,
  { before, after, key, only, oneIn = 1 }: RowCountsTask,
): Promise<RowCounts> {
  const sides = [
    { table: before, name: "before_rows" },
    { table: after, name: "after_rows" },
  ].filter(({ table }) => table.files.length > 0);
  const [first] = sides;
  if (first === undefined) return { added: 0, changed: 0, removed: 0 };
  const hashOf = (table: StoredTable): string => rowHash(table.columns);
  const isSame = JSON.stringify(before.columns) === JSON.stringify(after.columns);
  const by = key.length > 0 ? key.map(quoteIdentifier) : [hashOf(first.table)];
  const keys = by.map((expression, index) => `${expression} AS ${keyColumn(index)}`).join(", ");
  const places = by.map((_, index) => String(index + 1)).join(", ");
  const group = (name: string): string => {
    const table = sides.find((side) => side.name === name)?.table;
    const hash = hashOf(table ?? first.table);
    const own = by.length === key.length && key.length > 0 ? keys : `${hash} AS ${keyColumn(0)}`;
    const sampled = key.length > 0 ? `hash(${by.join(", ")})` : hash;
    const conditions = [
      ...(oneIn > 1 ? [`${sampled} % ${String(oneIn)} = 0`] : []),
      ...(only === undefined ? [] : [hasKey(only)]),
    ];
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const rows = table === undefined ? `${first.name} WHERE false` : `${name}${where}`;
    return `(SELECT ${own}, count(*) AS n, sum(${hash}) AS h FROM ${rows} GROUP BY ${places})`;
  };
  const matches = by.map((_, index) => `o.${keyColumn(index)} IS NOT DISTINCT FROM w.${keyColumn(index)}`);
  const differs = isSame ? "o.n <> w.n OR o.h <> w.h" : "o.n IS NOT NULL AND w.n IS NOT NULL";
  const counts =
    key.length > 0
      ? `count(*) FILTER (o.n IS NULL), count(*) FILTER (${differs}), count(*) FILTER (w.n IS NULL)`
      : `sum(greatest(coalesce(w.n, 0) - coalesce(o.n, 0), 0)), 0, sum(greatest(coalesce(o.n, 0) - coalesce(w.n, 0), 0))`;
  const sql = `SELECT ${counts} FROM ${group("before_rows")} o FULL JOIN ${group("after_rows")} w ON ${matches.join(" AND ")}`;
  const root = dirname(first.table.files[0] ?? "/");
  const relations = sides.map(({ table, name }) => toRelation(name, table));
  const readable = only === undefined ? [] : [dirname(only.file)];
  const scope = { ...scopeIn(root, relations), readable };
  const { rows } = await asking.query({ scope, sql, limit: 1 });
  const [added = 0, changed = 0, removed = 0] = (rows[0] ?? []).map(Number);
  return { added, changed, removed };
}

/** Keys with the number of rows that came or, below 0, went. */
export function changeQuery(change: KeyChange, types: readonly string[]): Pick<CopyTask, "scope" | "sql"> {
  const keys = change.columns.map(
    (name, index) =>
      `TRY_CAST(${quoteIdentifier(name)} AS ${types[index] ?? "VARCHAR"}) AS ${keyColumn(index)}`,
  );
  const names = keys.map((_, index) => keyColumn(index)).join(", ");
  if (change.type === "query") {
    const sign = change.side === "after" ? "" : "-";
    const { eventTime } = change;
    const oldest = eventTime === undefined ? "" : `, min(${quoteIdentifier(eventTime)}) AS ${OLDEST}`;
    const sql = `SELECT ${keys.join(", ")}, CAST(${sign}count(*) AS HUGEINT) AS n${oldest} FROM (\n${queryBody(change.sql)}\n) GROUP BY ALL`;
    return { scope: change.scope, sql };
  }
  const sides = [
    { table: change.after, name: "after_rows", sign: "" },
    { table: change.before, name: "before_rows", sign: "-" },
  ];
  const columns = (change.after ?? change.before)?.columns ?? [];
  const hash = `CAST(${rowHash(columns)} AS HUGEINT)`;
  const present = sides.flatMap(({ table, name, sign }) =>
    table === undefined || table.files.length === 0 ? [] : [{ table, name, sign }],
  );
  const rows = present.map(
    ({ name, sign }) => `SELECT ${keys.join(", ")}, ${sign}1 AS n, ${sign}${hash} AS h FROM ${name}`,
  );
  const sql =
    rows.length === 0
      ? noKeys(types)
      : `SELECT ${names}, CAST(sum(n) AS HUGEINT) AS n FROM (${rows.join(" UNION ALL ")})
    GROUP BY ${names} HAVING sum(n) <> 0 OR sum(h) <> 0`;
  const [first] = present;
  const root = dirname(first?.table.files[0] ?? "/");
  return {
    sql,
    scope: scopeIn(
      root,
      present.map(({ table, name }) => toRelation(name, table)),
    ),
  };
}

function toRelation(name: string, { files, columns }: StoredTable): Relation {
  // As the files hold them: what is read in another way is compared by that.
  return {
    type: "files",
    name,
    files,
    columns: columns.map(({ name: column, type, kind }) => ({ name: column, type, kind })),
  };
}

function scopeIn(root: string, relations: readonly Relation[]): QueryScope {
  return { root, readable: [], relations, parameters: [] };
}
