import { dirname, join } from "node:path";
import { foldCase, quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { CopyTask, QueryResult, QueryScope, QueryTask, Relation } from "../../engine.js";
import type {
  ChangedKeys,
  ChangedKeysTask,
  KeyChange,
  PartsQuery,
  QueryPart,
  RowCounts,
  RowCountsTask,
} from "../../increment.js";
import type { KeyFile } from "../../scope.js";
import type { StoredTable } from "../../verbs.js";
import { hasKey, keyColumn } from "../key-sql.js";
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
  copy(task: CopyTask): Promise<unknown>;
  query(task: QueryTask): Promise<QueryResult>;
  remove(file: string): Promise<void>;
}

/** Finds the keys of which rows came, went or changed, and writes them to the file. */
export async function changedKeys(asking: Asking, task: ChangedKeysTask): Promise<ChangedKeys> {
  const { changes, base, key, file } = task;
  const folder = dirname(file);
  const types = key.map(
    (name) => base.columns.find((column) => foldCase(column.name) === foldCase(name))?.type ?? "VARCHAR",
  );
  const found: string[] = [];
  try {
    for (const [index, change] of changes.entries()) {
      const part = join(folder, `change-${String(index)}.parquet`);
      found.push(part);
      await asking.copy({ ...changeQuery(change, types), file: part });
    }
    const names = key.map((_, index) => keyColumn(index)).join(", ");
    const all = `read_parquet([${found.map(quoteLiteral).join(", ")}], hive_partitioning = false)`;
    const scope = scopeIn(folder, [toRelation("base_rows", base)]);
    const late = `sum(greatest(n, 0)) AS late`;
    await asking.copy({ scope, sql: `SELECT ${names}, ${late} FROM ${all} GROUP BY ${names}`, file });
    const matches = key.map(
      (name, index) => `b.${quoteIdentifier(name)} IS NOT DISTINCT FROM k.${keyColumn(index)}`,
    );
    const isNull = key.map((_, index) => `k.${keyColumn(index)} IS NULL`).join(" OR ");
    const isKnown = `EXISTS (FROM base_rows b WHERE ${matches.join(" AND ")})`;
    const { rows } = await asking.query({
      scope,
      sql: `SELECT count(*), count(*) FILTER (known), sum(late) FILTER (known), count(*) FILTER (nulls)
        FROM (SELECT late, ${isKnown} AS known, ${isNull} AS nulls FROM read_parquet(${quoteLiteral(file)}) k)`,
      limit: 1,
    });
    const [count, known, lateRows, nulls] = (rows[0] ?? []).map(Number);
    return { keys: count ?? 0, known: known ?? 0, lateRows: lateRows ?? 0, hasNull: (nulls ?? 0) > 0 };
  } finally {
    for (const part of found) await asking.remove(part);
  }
}

/** Rows that are the same in both are counted by their hashes. */
export async function countChanges(
  { query }: Pick<Asking, "query">,
  { before, after, key, oneIn = 1 }: RowCountsTask,
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
    const where = oneIn > 1 ? ` WHERE ${sampled} % ${String(oneIn)} = 0` : "";
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
  const scope = scopeIn(
    root,
    sides.map(({ table, name }) => toRelation(name, table)),
  );
  const { rows } = await query({ scope, sql, limit: 1 });
  const [added = 0, changed = 0, removed = 0] = (rows[0] ?? []).map(Number);
  return { added, changed, removed };
}

function changeQuery(change: KeyChange, types: readonly string[]): Pick<CopyTask, "scope" | "sql"> {
  // An integer that is too wide for the key is none: no row has it.
  const keys = change.columns.map(
    (name, index) =>
      `TRY_CAST(${quoteIdentifier(name)} AS ${types[index] ?? "VARCHAR"}) AS ${keyColumn(index)}`,
  );
  const names = keys.map((_, index) => keyColumn(index)).join(", ");
  if (change.type === "query") {
    const sign = change.side === "after" ? "" : "-";
    const sql = `SELECT ${keys.join(", ")}, CAST(${sign}count(*) AS HUGEINT) AS n FROM (\n${queryBody(change.sql)}\n) GROUP BY ALL`;
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
  const none = `SELECT ${types.map((type, index) => `CAST(NULL AS ${type}) AS ${keyColumn(index)}`).join(", ")}, 0 AS n, CAST(0 AS HUGEINT) AS h WHERE false`;
  const count = change.isCounted ? "sum(n)" : "0";
  const sql = `SELECT ${names}, CAST(${count} AS HUGEINT) AS n FROM (${rows.length === 0 ? none : rows.join(" UNION ALL ")})
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
