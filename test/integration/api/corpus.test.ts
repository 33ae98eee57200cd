import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CellRowsPage } from "../../../server/api/protocol.js";
import type { RunView } from "../../../server/runs/run-record.js";
import { notebook, useApi } from "./harness.js";

/** What users bring, each as a query that plain DuckDB answers too. */
const queries: Readonly<Record<string, string>> = {
  latin1:
    "SELECT * FROM read_csv('input/latin1.csv', encoding = 'latin-1', delim = ';', decimal_separator = ',')",
  utf16: "SELECT * FROM read_csv('input/utf16.csv', encoding = 'utf-16')",
  byte_order_mark: "SELECT * FROM 'input/bom.csv'",
  zipped: "SELECT * FROM 'input/zipped.csv.gz'",
  tabs: "SELECT * FROM read_csv('input/tabs.tsv')",
  ragged: "SELECT * FROM read_csv('input/ragged.csv', null_padding = true, delim = ',', header = false)",
  quoted: "SELECT * FROM 'input/quoted.csv'",
  no_rows: "SELECT * FROM read_csv('input/none.csv')",
  lines: "SELECT * FROM 'input/lines.json'",
  nested: "SELECT * FROM 'input/nested.json'",
  wide: "SELECT * FROM 'input/wide.csv'",
  long_text: "SELECT * FROM 'input/long.parquet'",
  geometry: "SELECT * FROM 'input/geometry.parquet'",
  variant: "SELECT * FROM 'input/variant.parquet'",
  exact: `SELECT i, i::TINYINT AS tiny, 18446744073709551615::UBIGINT AS u, 1.10::DECIMAL(38,2) AS d, 1e-7::DOUBLE AS f,
      -0.0::FLOAT AS z, DATE 'infinity' AS never, TIMESTAMP '-infinity' AS ever, TIMESTAMPTZ '2026-11-01 00:00:00+02' AS tz,
      TIMESTAMP_NS '2026-11-01 00:00:00.123456789' AS ns, TIME '24:00:00' AS t, '\\xAA'::BLOB AS b,
      '00000000-0000-0000-0000-000000000001'::UUID AS id, '{"a": 1}'::JSON AS j, 'Ä' COLLATE NOCASE AS c,
      [[1], NULL, []] AS l, {'a': [{'b': i}]} AS s, MAP {'k': [1.5]} AS m, NULL AS n, [] AS nothing, row(1, 'x') AS r
    FROM range(3) t(i)`,
  other: `SELECT i::HUGEINT AS h, i::UHUGEINT AS uh, 'b'::ENUM('a', 'b') AS e, '01'::BIT AS bits, INTERVAL '-1 month' AS ago,
      TIMETZ '10:00:00+02' AS tz, '10:00:00.000000001'::TIME_NS AS ns, TIMESTAMP_S '2026-11-01 00:00:00' AS s,
      TIMESTAMP_MS '2026-11-01 00:00:00.123' AS ms, [1, 2]::INTEGER[2] AS pair, '123456789012345678901'::BIGNUM AS big
    FROM range(3) t(i)`,
};

/** Types that a published file has in place of others; their text stays. */
const casts: Readonly<Record<string, readonly string[]>> = {
  other: [
    "DECIMAL(38,0)", "DECIMAL(38,0)", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "TIMESTAMP", "TIMESTAMP",
    "INTEGER[]", "VARCHAR",
  ], // prettier-ignore
};

/** What Parquet does not give back: cells may have it, datasets may not. */
const refusals: Readonly<Record<string, string>> = {
  one_of: "SELECT union_value(n := i) AS u FROM range(3) t(i)",
  many_of: "SELECT [union_value(n := row(i, 'x'))] AS u FROM range(3) t(i)",
  variants: "SELECT ['01'::BIT::VARIANT, {'b': i, 'a': INTERVAL 1 DAY}::VARIANT] AS v FROM range(3) t(i)",
};

const text = "md5(CAST(COLUMNS(*) AS VARCHAR))";
const shown = Object.entries({ ...queries, ...refusals });

/** A cell, one that reads it, what that one sees, and what becomes of it as a dataset. */
function cellsOf(name: string, sql: string): Record<string, string> {
  const cells = {
    [`cell: ${name}`]: sql,
    [`cell: ${name}_kept`]: `SELECT * FROM ${name} LIMIT 1000000`,
    [`cell: ${name}_values`]: `SELECT ${text} FROM ${name}_kept`,
    [`cell: ${name}_types`]: `SELECT typeof(COLUMNS(*)) FROM ${name}_kept LIMIT 1`,
  };
  const dataset = `cell: ${name}_dataset\n--| materialize: [parquet, csv, json]`;
  return name in queries ? { ...cells, [dataset]: `SELECT * FROM ${name}_kept` } : cells;
}

const shared = useApi({
  "notebooks/corpus.md": notebook(
    shown.reduce<Record<string, string>>((cells, [name, sql]) => ({ ...cells, ...cellsOf(name, sql) }), {}),
  ),
  "notebooks/refused.md": notebook(
    Object.fromEntries(
      Object.entries(refusals).map(([name, sql]) => [`cell: ${name}\n--| materialize: [csv]`, sql]),
    ),
  ),
});

let plain: DuckDBConnection;
let run: RunView;

async function answer(sql: string): Promise<unknown[][]> {
  return (await plain.runAndReadAll(sql)).getRowsJson();
}

beforeAll(async () => {
  const { root } = shared.api;
  const instance = await DuckDBInstance.create(":memory:");
  plain = await instance.connect();
  await plain.run(`SET file_search_path = '${root}'; SET TimeZone = 'UTC'`);
  const input = (name: string): string => join(root, "input", name);
  const csv = "id,näme\n1,ä\n2,\n";
  await writeFile(input("latin1.csv"), Buffer.from("näme;preis\nÄ;1,5\nß;-2,25\n", "latin1"));
  await writeFile(input("utf16.csv"), Buffer.from(csv, "utf16le"));
  await writeFile(input("bom.csv"), `\ufeff${csv}`);
  await writeFile(input("zipped.csv.gz"), gzipSync(csv));
  await writeFile(input("tabs.tsv"), csv.replaceAll(",", "\t"));
  await writeFile(input("ragged.csv"), "1,2,3\n4\n5,6\n");
  await writeFile(input("quoted.csv"), 'a,b\n"x\ny","say ""no"""\n"",\n');
  await writeFile(input("none.csv"), "a,b\n");
  await writeFile(input("lines.json"), '{"a": 1, "b": null}\n{"a": 2.5, "c": "x"}\n');
  await writeFile(
    input("nested.json"),
    '[{"a": {"b": [1, null]}, "d": "2026-11-01"}, {"a": {"b": []}, "e": true}]',
  );
  const names = Array.from({ length: 2000 }, (_, index) => `c${index}`);
  await writeFile(input("wide.csv"), `${names.join(",")}\n${names.join(",")}\n`);
  const files = {
    long: "SELECT repeat('ab', 5_000_000) AS x, range(1_000_000) AS l",
    geometry:
      "SELECT i, CASE WHEN i > 0 THEN 'POINT(1 2)'::GEOMETRY('OGC:CRS84') END AS g FROM range(3) t(i)",
    variant: "SELECT i, {'a': [i, NULL], 'b': 'x'}::VARIANT AS v FROM range(3) t(i)",
  };
  for (const [name, sql] of Object.entries(files))
    await plain.run(`COPY (${sql}) TO '${input(`${name}.parquet`)}' (FORMAT parquet)`);
  run = await shared.api.run("corpus", { materialize: true });
  if (run.outcome === "succeeded") run = await shared.api.run("corpus");
});

afterAll(() => {
  plain.closeSync();
});

async function rowsOf(cell: string): Promise<CellRowsPage["rows"]> {
  const path = `/api/notebooks/corpus/cells/${cell}/rows`;
  return (await shared.api.json<CellRowsPage>("GET", path)).body.rows;
}

test("every cell of the corpus runs", () => {
  const errors = run.cells.flatMap(({ name, error }) => (error === undefined ? [] : [[name, error]]));
  expect(errors).toEqual([]);
});

test.each(shown)("%s is what plain DuckDB says when a second cell reads it", async (name, sql) => {
  const types = await answer(`SELECT typeof(COLUMNS(*)) FROM (${sql}) LIMIT 1`);
  expect(await rowsOf(`${name}_types`)).toEqual(types);
  expect(await rowsOf(`${name}_values`)).toEqual(await answer(`SELECT ${text} FROM (${sql})`));
});

test.each(Object.entries(queries))("%s is published as plain DuckDB would write it", async (name, sql) => {
  const folder = join(shared.api.root, "data_lake/latest");
  const stored = `read_parquet('${folder}/${name}_dataset/*.parquet')`;
  expect(await answer(`SELECT ${text} FROM ${stored}`)).toEqual(await answer(`SELECT ${text} FROM (${sql})`));
  const described = await answer(`SELECT column_name, column_type FROM (DESCRIBE ${sql})`);
  const types = described.map(([column, type], index) => [column, casts[name]?.[index] ?? type]);
  expect(await answer(`SELECT column_name, column_type FROM (DESCRIBE FROM ${stored})`)).toEqual(types);
  const options = { csv: "FORMAT csv, HEADER true", json: "FORMAT json, ARRAY true" };
  for (const [format, option] of Object.entries(options)) {
    const expected = join(shared.api.root, `${name}.${format}`);
    // JSON has no form for a row, a duration and the like: it holds what Parquet holds.
    const source = format === "json" ? `FROM ${stored}` : sql;
    await plain.run(`COPY (${source}) TO '${expected}' (${option})`);
    const file = await readFile(`${folder}/${name}_dataset.${format}`);
    expect(file.equals(await readFile(expected))).toBe(true);
  }
});

test("what Parquet does not give back is refused as a dataset, by column, before it runs", async () => {
  const { body } = await shared.api.json("GET", "/api/notebooks/refused");
  expect(body["diagnostics"]).toMatchObject(
    [
      ["one_of", '"u" has type UNION(n BIGINT)'],
      ["many_of", '"u" has type UNION(n STRUCT(BIGINT, VARCHAR))[]'],
      ["variants", '"v" has type VARIANT[]'],
    ].map(([cell, message]) => ({
      code: "query-error",
      cell,
      message: `${message ?? ""}, which Parquet cannot hold`,
      hint: expect.any(String) as string,
    })),
  );
});
