import { describe, expect, test } from "vitest";
import { escapeHtml } from "../../../server/export/escape-html.js";
import { sqlToNotebook } from "../../../server/export/import-sql.js";
import { sqlToHtml } from "../../../server/export/sql-html.js";
import { tokenizeSql } from "../../../server/export/sql-tokens.js";
import { parseNotebook } from "../../../server/notebook/parse.js";

const tokens = (sql: string): string[] =>
  tokenizeSql(sql).map(({ kind, start, end }) => `${kind} ${sql.slice(start, end)}`);

describe("tokenizeSql", () => {
  test.each([
    ["a -- $x\nb", ["word a", "comment -- $x", "word b"]],
    ["/* a /* b */ $c */ d", ["comment /* a /* b */ $c */", "word d"]],
    ["'it''s $x' $y", ["string 'it''s $x'", "parameter $y"]],
    ["E'\\'$x' 1", ["string E'\\'$x'", "number 1"]],
    ["$$ $x ' $$", ["string $$ $x ' $$"]],
    ["$t$ $x $t$", ["string $t$ $x $t$"]],
    ['"a""$b"', ['name "a""$b"']],
    ["$town::DATE", ["parameter $town", "symbol :", "symbol :", "word DATE"]],
    ["1e3+.5", ["number 1e3", "symbol +", "number .5"]],
    ["'open", ["string 'open"]],
  ])("reads %s", (sql, expected) => {
    expect(tokens(sql)).toEqual(expected);
  });
});

describe("sqlToHtml", () => {
  test("colours without losing or letting through a character", () => {
    const sql = "SELECT '<b>' AS \"a&b\" -- <script>\nFROM x WHERE 1 < 2";
    const html = sqlToHtml(sql);
    expect(html).not.toMatch(/<(?!\/?span)/);
    expect(html.replace(/<[^>]*>/g, "")).toBe(escapeHtml(sql));
  });
});

describe("sqlToNotebook", () => {
  const cells = (sql: string): string[] =>
    parseNotebook("n", "n.md", sqlToNotebook("Title: #1", sql)).notebook.cells.map(
      (cell) => `${cell.name}: ${"sql" in cell ? cell.sql : ""}`,
    );

  test.each([
    ["CREATE TABLE x AS SELECT 1;", ["x: SELECT 1"]],
    ['CREATE OR REPLACE TEMP VIEW IF NOT EXISTS main."My X" AS (FROM y)', ["my_x: (FROM y)"]],
    ["SELECT ';' ; VALUES (1);", ["cell_1: SELECT ';'", "cell_2: VALUES (1)"]],
    ["CREATE TABLE x AS SELECT 1; CREATE TABLE x AS SELECT 2", ["x: SELECT 1", "x_2: SELECT 2"]],
    ["CREATE TABLE lake AS SELECT 1", ["lake_2: SELECT 1"]],
    ["WITH a AS (SELECT 1) INSERT INTO b FROM a", []],
    ["CREATE TABLE t (a INT); INSERT INTO t VALUES (1)", []],
    ["--| cell: fake\nINSERT INTO t VALUES (1)", []],
    ["--| cell: fake\nSELECT 1", ["cell_1: -- | cell: fake\nSELECT 1"]],
    ["SELECT '```' AS a", ["cell_1: SELECT '```' AS a"]],
    ["", []],
  ])("of %j", (sql, expected) => {
    expect(cells(sql)).toEqual(expected);
  });

  test("keeps what is no query as prose", () => {
    expect(sqlToNotebook("t", "ATTACH 'x.db';")).toContain("```sql\nATTACH 'x.db'\n```");
  });
});
