import { expect, test } from "vitest";
import type { LineageFile, LineageItem, QueryLineage } from "../../../../server/engine/lineage.js";
import { lineageOf, relation, shown } from "../../../support/lineage.js";
import { factsOf } from "../../../support/serialize.js";

const relations = [
  relation("o", "id INTEGER, k INTEGER, x INTEGER, s STRUCT(a INTEGER, b VARCHAR), l INTEGER[]"),
  relation("t", "k INTEGER, y INTEGER, z VARCHAR"),
  relation("lake.u", "k INTEGER, w VARCHAR"),
];

/** A query, its columns in their order, and what decides its rows; `; order` where that is more than nothing. */
const forms: readonly (readonly [sql: string, columns: string, rows: string])[] = [
  // Names
  ["SELECT MAIN.O.K, o.X, main.o.id FROM O", "o.k | o.x | o.id", ""],
  ["SELECT x AS a, a + k AS b FROM o", "o.x | o.k o.x", ""],
  ["SELECT w FROM lake.u", "lake.u.w", ""],
  ["SELECT s.a, s['b'], struct_pack(p := x, q := k).p FROM o", "o.s | o.s | o.k o.x", ""],
  ["SELECT t FROM t", "t.k t.y t.z", ""],
  // Stars
  ["SELECT * EXCLUDE (id, s, l) FROM o", "o.k | o.x", ""],
  ["SELECT * REPLACE (x + k AS x) FROM (SELECT id, k, x FROM o)", "o.id | o.k | o.k o.x", ""],
  ["SELECT * RENAME (y AS n), y + 1 AS m FROM t", "t.k | t.y | t.z | t.y", ""],
  ["SELECT COLUMNS('^[kx]$') + id FROM o", "o.id o.k | o.id o.x", ""],
  ["SELECT max(COLUMNS(*)) FROM t", "t.k | t.y | t.z", ""],
  // Rows only
  ["SELECT count(*) FROM o", "", ""],
  ["SELECT 1 AS one FROM o WHERE x > 1", "", "o.x"],
  ["SELECT count(*) FILTER (x > 1) FROM o", "o.x", ""],
  ["SELECT k, max(x) FROM o GROUP BY ALL HAVING min(id) > 1", "o.k | o.x", "o.id o.k"],
  ["SELECT k, grouping(k), sum(x) FROM o GROUP BY ROLLUP (k, id)", "o.k |  | o.x", "o.id o.k"],
  ["SELECT DISTINCT k FROM o", "o.k", "o.k"],
  ["SELECT DISTINCT ON (k) id FROM o ORDER BY k, x", "o.id", "o.k o.x; o.k o.x"],
  ["SELECT k FROM o ORDER BY x", "o.k", "; o.x"],
  ["SELECT k FROM o ORDER BY x LIMIT 3", "o.k", "o.x; o.x"],
  ["SELECT k FROM (FROM o ORDER BY x LIMIT 3) ORDER BY id", "o.k", "o.x; o.id"],
  ["SELECT list(k) FROM (FROM o ORDER BY x)", "o.k", "o.x"],
  ["SELECT first(x ORDER BY id) FROM o", "o.id o.x", ""],
  // Windows
  ["SELECT row_number() OVER (PARTITION BY k ORDER BY id) FROM o", "", "o.id o.k"],
  ["SELECT sum(x) OVER w FROM o WINDOW w AS (PARTITION BY k ROWS id PRECEDING)", "o.x", "o.id o.k"],
  ["SELECT id FROM o QUALIFY lag(x, 1, k) OVER (ORDER BY id) > 1", "o.id", "o.id o.k o.x"],
  // Joins
  ["SELECT * EXCLUDE (s, l) FROM o JOIN t USING (k)", "o.id | o.k | o.x | t.y | t.z", "o.k t.k"],
  ["SELECT k, y FROM o FULL JOIN t USING (k)", "o.k t.k | t.y", "o.k t.k"],
  ["SELECT k, y FROM o NATURAL LEFT JOIN t", "o.k | t.y", "o.k t.k"],
  ["SELECT x FROM o SEMI JOIN t ON o.k = t.k AND o.x < t.y", "o.x", "o.k o.x t.k t.y"],
  ["SELECT id, y FROM o ASOF JOIN t ON o.k = t.k AND o.x >= t.y", "o.id | t.y", "o.k o.x t.k t.y"],
  ["SELECT id, y FROM o POSITIONAL JOIN t", "o.id | t.y", ""],
  ["SELECT id, y FROM o, t", "o.id | t.y", ""],
  // Subqueries
  ["SELECT (SELECT max(y) FROM t WHERE t.k = o.k) FROM o", "t.y", "o.k t.k"],
  ["SELECT x IN (SELECT y FROM t WHERE z = 'a') FROM o", "o.x t.y", "t.z"],
  ["SELECT x FROM o WHERE k NOT IN (SELECT k FROM t)", "o.x", "o.k t.k"],
  ["SELECT x FROM o WHERE x > ALL (SELECT y FROM t WHERE t.k = o.id)", "o.x", "o.id o.x t.k t.y"],
  [
    "SELECT k FROM o WHERE x > (SELECT avg(x) FROM o AS p WHERE p.k = o.k AND p.id IN (SELECT y FROM t WHERE t.k = o.id))",
    "o.k",
    "o.id o.k o.x t.k t.y",
  ],
  ["SELECT m FROM o, LATERAL (SELECT max(y) AS m FROM t WHERE t.k = o.k)", "t.y", "o.k t.k"],
  // Set operations
  ["SELECT id, x FROM o UNION ALL SELECT y, k FROM t", "o.id t.y | o.x t.k", ""],
  ["SELECT x, id FROM o UNION ALL BY NAME SELECT y AS x FROM t", "o.x t.y | o.id", ""],
  ["SELECT x FROM o UNION SELECT y FROM t", "o.x t.y", "o.x t.y"],
  ["SELECT x FROM o EXCEPT SELECT y FROM t", "o.x", "o.x t.y"],
  ["SELECT x FROM o INTERSECT ALL SELECT y FROM t", "o.x", "o.x t.y"],
  // CTEs
  ["WITH c AS (SELECT k, x FROM o WHERE id > 1), d AS (SELECT x FROM c) FROM d", "o.x", "o.id"],
  ["WITH unused AS (SELECT k FROM o WHERE id > 1) SELECT y FROM t", "t.y", ""],
  [
    "WITH RECURSIVE r(n, m) AS (SELECT k, id FROM o UNION ALL SELECT m, n + 1 FROM r WHERE n < 9) SELECT n FROM r",
    "o.id o.k",
    "o.id o.k",
  ],
  // Rows out of values
  ["SELECT id, unnest(l) FROM o", "o.id | o.l", "o.l"],
  ["SELECT id, v FROM o, unnest(o.l) AS u(v)", "o.id | o.l", "o.l"],
  ["SELECT unnest(s) FROM o", "o.s | o.s", ""],
  ["SELECT o.id, j.value FROM o, json_each(to_json(s)) AS j", "o.id | o.s", "o.s"],
  ["SELECT list_transform(l, lambda e: e + x) FROM o", "o.l o.x", ""],
  ["PIVOT o ON k IN (1, 2) USING sum(x) GROUP BY id", "o.id | o.k o.x | o.k o.x", "o.id"],
  ["UNPIVOT (SELECT id, k, x FROM o) ON k, x INTO NAME n VALUE v", "o.id |  | o.k o.x", "o.k o.x"],
  // Rows of no table
  ["VALUES (1, 2)", " | ", ""],
  ["SELECT * FROM range(3)", "", ""],
  ["SELECT n, random() FROM (VALUES (1)) AS v(n)", " | ", ""],
  ["FROM (DESCRIBE t) SELECT column_name", "", ""],
];

test("each form of a query says what feeds its columns and what decides its rows", async () => {
  const items = forms.map(([sql, columns]) => itemOf(sql, columns.split("|").length));
  const found = await lineageOf({ relations, items });
  const lists = found.map((lineage, index) => [forms[index]?.[0], ...listOf(lineage)]);
  expect(lists).toEqual(forms);
});

test("the columns of SUMMARIZE come from all columns, and DuckDB's own names for them from none", async () => {
  const [lineage] = await lineageOf({ relations, items: [itemOf("SUMMARIZE t", 12)] });
  const [columns = ""] = listOf(lineage);
  expect(columns.split(" | ").slice(0, 3)).toEqual(["", "", "t.k t.y t.z"]);
});

test("a file is read by the columns that it has, with and without a name of its own", async () => {
  const sql = `SELECT read_csv.id, b.n, "c".w FROM read_csv('input/a.csv'), 'input/b.parquet' AS b, 'input/c.json' WHERE read_csv.day > $since`;
  const columns = [
    { name: "id", type: "INTEGER" },
    { name: "day", type: "DATE" },
    { name: "n", type: "INTEGER" },
    { name: "w", type: "VARCHAR" },
  ];
  const files = (await factsOf(sql)).files.map((reference): LineageFile => ({
    key: reference.path,
    reference,
    columns,
  }));
  const item = { ...itemOf(sql, 3), files };
  const [lineage] = await lineageOf({ relations: [], items: [item] });
  expect(listOf(lineage)).toEqual(["input/a.csv.id | input/b.parquet.n | input/c.json.w", "input/a.csv.day"]);
});

test("a parameter has the type that its value will have, and nothing is left out for it", async () => {
  const parameter = { name: "words", type: "string", isList: true } as const;
  const count = { name: "count", type: "integer", isList: false } as const;
  const sql = `SELECT z || ($words)[1] AS a, y + $Count AS b, unnest($words) FROM t
    WHERE k > len($words) AND z IN ($words) ORDER BY y LIMIT $count`;
  const item = { ...itemOf(sql, 3), parameters: [parameter, count] };
  const [lineage] = await lineageOf({ relations, items: [item] });
  expect(listOf(lineage)).toEqual(["t.z | t.y | ", "t.k t.y t.z; t.y"]);
});

test("what cannot be told is said, and nothing is guessed", async () => {
  const reasons: readonly (readonly [string, number, RegExp])[] = [
    ["PIVOT o ON k USING sum(x)", 3, /MULTI/],
    ["SELECT nothing FROM o", 1, /nothing/],
    ["SELECT * FROM missing", 1, /missing/],
    ["SELECT * FROM duckdb_settings()", 4, /duckdb_settings\(\) reads/],
    ["SELECT k, x FROM o", 1, /another number of columns/],
  ];
  const found = await lineageOf({ relations, items: reasons.map(([sql, count]) => itemOf(sql, count)) });
  for (const [index, [sql, , reason]] of reasons.entries()) {
    const lineage = found[index];
    expect(lineage?.ok === false ? lineage.reason : "known", sql).toMatch(reason);
  }
  const [rowid] = await lineageOf({ relations, items: [itemOf("SELECT rowid, k FROM o", 2)] });
  expect(listOf(rowid)[0]).toBe("unknown: it uses the place of a row | o.k");
});

test("the rows of a relation count even where none of its columns does", async () => {
  const [lineage] = await lineageOf({
    relations,
    items: [itemOf("SELECT o.id, count(*) FROM o, t GROUP BY id", 2)],
  });
  expect(lineage?.ok === true ? lineage.relations : []).toEqual(["o", "t"]);
});

test("a chain of CTEs that each read the one before twice is looked at in no time that doubles", async () => {
  const ctes = Array.from({ length: 40 }, (_, n) => {
    const before = n === 0 ? "o" : `c${String(n - 1)}`;
    return `c${String(n)} AS (SELECT a.id, b.x FROM ${before} a JOIN ${before} b ON a.id = b.id)`;
  });
  const [lineage] = await lineageOf({ relations, items: [itemOf(`WITH ${ctes.join(", ")} FROM c39`, 2)] });
  expect(listOf(lineage)).toEqual(["o.id | o.x", "o.id"]);
});

function itemOf(sql: string, count: number): LineageItem {
  return {
    sql,
    files: [],
    parameters: [],
    columns: Array.from({ length: count }, (_, n) => `c${String(n)}`),
  };
}

function listOf(lineage: QueryLineage | undefined): string[] {
  if (lineage?.ok !== true) return [lineage?.reason ?? "no answer"];
  const order = shown(lineage.order);
  const rows = shown(lineage.rows);
  return [lineage.columns.map(shown).join(" | "), order === "" ? rows : `${rows}; ${order}`];
}
