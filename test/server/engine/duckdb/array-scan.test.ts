import { expect, test } from "vitest";
import { findArrayScan } from "../../../../server/engine/duckdb/parse/array-scan.js";
import { serialize } from "../../../support/serialize.js";

const columns = "columns = {a: 'INTEGER'}";

test.each([
  [`FROM read_json('é/a.json', format = 'array', ${columns})`, "é/a.json"],
  [
    `SELECT a, '𝄞' FROM READ_JSON('it''s.json', ${columns}, FORMAT := 'Array', dateformat = '%d')`,
    "it's.json",
  ],
  [
    `WITH x AS (FROM read_json($$a.json$$, format='array', ${columns})) SELECT a + 1 FROM x WHERE a > $p`,
    "a.json",
  ],
])("finds the one array that is read: %s", async (sql, path) => {
  const found = findArrayScan(sql, await serialize(sql));
  expect(found?.path).toBe(path);
  expect(sql.slice(found?.span.start, found?.span.end)).toMatch(/^('.*'|\$\$.*\$\$)$/);
});

test.each([
  `FROM read_json('a.json', format = 'newline_delimited', ${columns})`,
  `FROM read_json('a.json', ${columns})`,
  "FROM read_json('a.json', format = 'array')",
  `FROM read_json('*.json', format = 'array', ${columns})`,
  `FROM read_json('year=2026/a.json', format = 'array', ${columns})`,
  `FROM read_json('a.json.gz', format = 'array', ${columns})`,
  `FROM read_json(['a.json'], format = 'array', ${columns})`,
  `FROM read_json($path, format = 'array', ${columns})`,
  `FROM read_json_auto('a.json', format = 'array', ${columns})`,
  `FROM read_json('a.json', format = 'array', ${columns}, maximum_depth = 2)`,
  `FROM read_json('a.json', format = 'array', ${columns}, compression = 'gzip')`,
  `FROM read_json('a.json', format = 'array', ${columns}), range(3)`,
  `SELECT 'a.json' FROM read_json('a.json', format = 'array', ${columns})`,
  `SELECT x."Filename" FROM read_json('a.json', format = 'array', ${columns}) AS x`,
  `SELECT COLUMNS(c -> c = 'filename') FROM read_json('a.json', format = 'array', ${columns})`,
  `FROM read_json('a.json', format = 'array', ${columns}); FROM range(1)`,
  "SELECT 1",
  "FROM",
])("leaves alone: %s", async (sql) => {
  expect(findArrayScan(sql, await serialize(sql))).toBeUndefined();
});
