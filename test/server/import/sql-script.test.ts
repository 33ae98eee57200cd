import { describe, expect, test } from "vitest";
import { importFile } from "../../../server/import/import-notebook.js";
import { parseNotebook } from "../../../server/notebook/parse.js";

describe("sqlToNotebook", () => {
  const cells = (sql: string): string[] =>
    parseNotebook("n", "n.md", importFile("Title: #1.sql", sql).text).notebook.cells.map((cell) => {
      if (cell.kind !== "sql") return cell.kind;
      const { materialize, partitionBy } = cell.options;
      const dataset = materialize.length === 0 ? "" : ` (${[...materialize, ...partitionBy].join(" ")})`;
      return `${cell.name}${dataset}: ${cell.sql}`;
    });

  test.each([
    ["CREATE TABLE x AS SELECT 1;", ["x (parquet): SELECT 1"]],
    ['CREATE OR REPLACE TABLE IF NOT EXISTS main."My X" AS (FROM y)', ["my_x (parquet): (FROM y)"]],
    ["CREATE OR REPLACE TEMP VIEW v AS (FROM y)", ["v: (FROM y)"]],
    ["CREATE TEMP TABLE t AS FROM y", ["t: FROM y"]],
    ["SELECT ';' ; VALUES (1);", ["cell_1: SELECT ';'", "cell_2: VALUES (1)"]],
    [
      "CREATE TABLE x AS SELECT 1; CREATE TABLE x AS SELECT 2",
      ["x (parquet): SELECT 1", "x_2 (parquet): SELECT 2"],
    ],
    ["CREATE TABLE lake AS SELECT 1", ["lake_2 (parquet): SELECT 1"]],
    ["INSERT INTO main.b SELECT 1 AS n", ["b (parquet): SELECT 1 AS n"]],
    ["INSERT INTO b FROM a; INSERT INTO b FROM c", []],
    ["INSERT INTO b FROM a; DELETE FROM b WHERE n = 1", []],
    ["INSERT INTO b (n) SELECT 1", []],
    ["CREATE TABLE b (n INT); INSERT INTO b SELECT 1", []],
    ["-- why\nCOPY (SELECT (1) AS n) TO 'out/x.parquet'", ["x (parquet): -- why\nSELECT (1) AS n"]],
    ["COPY t TO 'y.csv.gz' (HEADER)", ["y (csv): FROM t"]],
    ["COPY (FROM t) TO 'z' (FORMAT parquet, PARTITION_BY (a, \"B c\"))", ["z (parquet a B c): FROM t"]],
    ["COPY t FROM 'y.csv'", []],
    ["COPY (FROM t) TO 'y.xlsx'", []],
    ["WITH a AS (SELECT 1) INSERT INTO b FROM a", []],
    ["CREATE TABLE t (a INT); INSERT INTO t VALUES (1)", []],
    ["--| cell: fake\nINSERT INTO t VALUES (1)", []],
    ["--| cell: fake\nSELECT 1", ["cell_1: -- | cell: fake\nSELECT 1"]],
    ["SELECT '```' AS a", ["cell_1: SELECT '```' AS a"]],
    ["", []],
  ])("of %j", (sql, expected) => {
    expect(cells(sql)).toEqual(expected);
  });

  test.each([
    ["ATTACH 'x.db'", "sets up a session"],
    ["UPDATE t SET a = 1", "changes a table"],
    ["CREATE TABLE t (a INT)", "holds no rows"],
    ["COPY t FROM 'y.csv'", "materialize"],
    ["VACUUM", "no query"],
  ])("keeps %j as prose, with the reason", (sql, reason) => {
    const text = importFile("t.sql", `-- mine\n${sql};`).text;
    expect(text).toContain(`\`\`\`sql\n-- mine\n${sql}\n\`\`\``);
    expect(text).toMatch(new RegExp(`Not imported, as .*${reason}`));
  });
});
