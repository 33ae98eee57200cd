import { expect, test } from "vitest";
import { quoteName } from "../../../server/text/sql-keywords.js";
import { quoteIdentifier, quoteLiteral } from "../../../server/text/sql-names.js";
import { duckdb } from "../../support/serialize.js";

const names = ["order", 'a"b', "it's", 'x"; DROP TABLE y; --', "$$", "é😀", "\\", "a\nb", " "];

test.each(names)("identifiers and literals come back from DuckDB as they were: %j", async (name) => {
  const reader = await (
    await duckdb()
  ).runAndReadAll(`SELECT ${quoteLiteral(name)} AS ${quoteIdentifier(name)}`);
  expect(reader.columnNames()).toEqual([name]);
  expect(reader.getRowsJson()).toEqual([[name]]);
});

test("a name of any word of DuckDB is that of a column, where its quotes are left out too", async () => {
  const connection = await duckdb();
  const words = await connection.runAndReadAll("SELECT keyword_name FROM duckdb_keywords()");
  for (const [word] of words.getRowsJson() as [string][]) {
    const name = quoteName(word);
    const sql = `SELECT ${name}, count(*) FROM (SELECT 1 AS ${quoteIdentifier(word)}) GROUP BY ALL ORDER BY ${name}`;
    expect((await connection.runAndReadAll(sql)).getRowsJson(), sql).toEqual([[1, "1"]]);
  }
});
