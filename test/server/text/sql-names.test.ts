import { expect, test } from "vitest";
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
