import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, materialize, outputFolder, parameter, query, relationOf, writeFiles } from "../scope.js";

const shared = useEngine();

describe("engine.materialize", () => {
  test("writes one Parquet file and says what is in it", async () => {
    const { engine, root } = shared;
    const output = await materialize(
      engine,
      root,
      "SELECT range AS id, 'x' || range AS text FROM range(1000)",
    );
    expect(output).toMatchObject({
      rows: 1000,
      casts: [],
      files: [{ format: "parquet", rows: 1000, partition: [] }],
    });
    expect(output.columns).toEqual([
      { name: "id", type: "BIGINT", kind: "integer" },
      { name: "text", type: "VARCHAR", kind: "text" },
    ]);
    const [file] = output.files;
    expect(file?.path).toMatch(/^parquet\/part-[0-9a-f-]+\.parquet$/);
    expect(readFileSync(join(output.folder, file!.path)).length).toBe(file?.bytes);
    const { rows } = await query(engine, root, "SELECT count(*), sum(id) FROM result", {
      relations: [relationOf(output)],
    });
    expect(rows).toEqual([["1000", "499500"]]);
  });

  test("rows keep the order of their source in every format, and for everything that reads them", async () => {
    const { engine, root } = shared;
    const lines = Array.from({ length: 600_000 }, (_, line) => [line, (line * 7919) % 1009].join());
    writeFiles(root, { "numbers/lines.csv": `line,h\n${lines.join("\n")}\n` });
    const output = await materialize(engine, root, "SELECT * FROM 'numbers/lines.csv'", {
      dataset: "lines",
      formats: ["parquet", "csv", "json"],
      isOrdered: true,
    });
    const relations = [relationOf(output)];
    const misplaced = "SELECT count(*) FROM (SELECT line, row_number() OVER () - 1 AS place FROM";
    const ask = (sql: string) => query(engine, root, sql, { relations, readable: [output.folder] });
    for (const { path } of output.files)
      expect((await ask(`${misplaced} '${join(output.folder, path)}') WHERE line <> place`)).rows).toEqual([
        ["0"],
      ]);
    expect((await ask(`${misplaced} result) WHERE line <> place`)).rows).toEqual([["0"]]);
    const kept = await materialize(
      engine,
      root,
      "SELECT line FROM result WHERE h > 3 LIMIT 3 OFFSET 200000",
      {
        scope: { relations },
      },
    );
    const { rows } = await query(engine, root, "FROM result", { relations: [relationOf(kept)] });
    const expected = lines.map((line) => line.split(",")).filter(([, h]) => Number(h) > 3);
    expect(rows).toEqual(expected.slice(200_000, 200_003).map(([line]) => [line]));

    writeFiles(root, { "numbers/lines.csv": `line,h\n${lines.reverse().join("\n")}\n` });
    const ordered = await materialize(engine, root, "SELECT * FROM 'numbers/lines.csv'", { isOrdered: true });
    expect(ordered.rows).toBe(output.rows);
    expect(ordered.contentHash).not.toBe(output.contentHash);
  });

  test("writes CSV and JSON with the same rows, beside the Parquet", async () => {
    const { engine, root } = shared;
    const sql = "SELECT * FROM (VALUES (1, 'a,b'), (2, NULL), (3, '')) t(id, text) ORDER BY id";
    const output = await materialize(engine, root, sql, {
      formats: ["parquet", "csv", "json"],
      isOrdered: true,
    });
    expect(output.files.map(({ path, rows }) => [path.replace(/part-.*/, "part"), rows])).toEqual([
      ["parquet/part", 3],
      ["result.csv", 3],
      ["result.json", 3],
    ]);
    expect(readFileSync(join(output.folder, "result.csv"), "utf8")).toBe('id,text\n1,"a,b"\n2,\n3,""\n');
    expect(JSON.parse(readFileSync(join(output.folder, "result.json"), "utf8"))).toEqual([
      { id: 1, text: "a,b" },
      { id: 2, text: null },
      { id: 3, text: "" },
    ]);
  });

  test.each([
    ["unpartitioned", []],
    ["partitioned", ["kind"]],
  ])("keeps the schema of no rows, %s", async (_, partitionBy) => {
    const { engine, root } = shared;
    const sql = "SELECT 1 AS id, 'x' AS kind, DATE '2026-11-01' AS day, 1::HUGEINT AS big WHERE false";
    const output = await materialize(engine, root, sql, { partitionBy, formats: ["parquet", "csv"] });
    expect(output.rows).toBe(0);
    expect(output.files[0]).toMatchObject({ rows: 0, format: "parquet", partition: [] });
    expect(output.files[0]?.path).toMatch(/^parquet\/part-[^/]+\.parquet$/);
    expect(readFileSync(join(output.folder, "result.csv"), "utf8")).toBe("id,kind,day,big\n");
    const { columns, rows } = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
    expect(rows).toEqual([]);
    expect(columns.map(({ type }) => type)).toEqual(["INTEGER", "VARCHAR", "DATE", "DECIMAL(38,0)"]);
  });

  test("has a content hash that follows content, not order or files", async () => {
    const { engine, root } = shared;
    const hashOf = async (sql: string, partitionBy: string[] = []): Promise<string> =>
      (await materialize(engine, root, sql, { partitionBy })).contentHash;
    const rows = await hashOf("SELECT range AS id, range % 7 AS kind FROM range(1000)");
    expect(await hashOf("SELECT range AS id, range % 7 AS kind FROM range(1000) ORDER BY id DESC")).toBe(
      rows,
    );
    expect(await hashOf("SELECT range AS id, range % 7 AS kind FROM range(1000)", ["kind"])).toBe(rows);
    const others = [
      "SELECT range AS id, range % 7 AS kind FROM range(999)",
      "SELECT range AS id, range % 7 AS other FROM range(1000)",
      "SELECT range % 7 AS kind, range AS id FROM range(1000)",
      "SELECT range::INTEGER AS id, range % 7 AS kind FROM range(1000)",
      "FROM (SELECT range AS id, range % 7 AS kind FROM range(1000)) UNION ALL VALUES (1, 1)",
      // Two equal rows do not cancel each other out.
      "FROM (SELECT range AS id, range % 7 AS kind FROM range(1000)) UNION ALL VALUES (1, 1), (1, 1)",
    ];
    others.push(
      "SELECT 1 AS a, NULL::INTEGER AS b",
      "SELECT NULL::INTEGER AS a, 1 AS b",
      "SELECT NULL::INTEGER AS a, NULL::INTEGER AS b",
    );
    const hashes = await Promise.all(others.map((sql) => hashOf(sql)));
    expect(new Set([rows, ...hashes]).size).toBe(others.length + 1);
  });

  test("binds parameters with their types, also in an inlined cell", async () => {
    const { engine, root } = shared;
    const parameters = [
      parameter("text", "string", "it's"),
      parameter("whole", "integer", 7),
      parameter("Number", "number", 0.5),
      parameter("flag", "boolean", true),
      parameter("day", "date", "2026-11-01"),
      parameter("at", "timestamp", "2026-11-01 06:00:00.123456"),
      parameter("list", "string", ["a", "b"]),
      parameter("nothing", "string", null),
      parameter("unused", "string", "x"),
    ];
    const relations = [
      { type: "query", name: "base", sql: "SELECT $whole AS whole, $day AS day -- the end" },
    ] as const;
    const sql = `SELECT base.*, $text AS text, $number AS number, $flag AS flag, $at AS at, $list AS list,
        typeof($nothing) AS nothing FROM base WHERE $whole > 6;`;
    const output = await materialize(engine, root, sql, { scope: { parameters, relations } });
    expect(output.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "whole BIGINT",
      "day DATE",
      "text VARCHAR",
      "number DOUBLE",
      "flag BOOLEAN",
      "at TIMESTAMP",
      "list VARCHAR[]",
      "nothing VARCHAR",
    ]);
    const { rows } = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
    expect(rows[0]?.slice(0, 7)).toEqual([
      "7",
      "2026-11-01",
      "it's",
      0.5,
      true,
      "2026-11-01 06:00:00.123456",
      "[a, b]",
    ]);
  });

  test("computes a volatile cell once, however often it is read", async () => {
    const { engine, root } = shared;
    const relations = [{ type: "query", name: "dice", sql: "SELECT random() AS r FROM range(3)" }] as const;
    const sql = "SELECT count(*) AS n FROM dice a JOIN dice b ON a.r = b.r";
    const output = await materialize(engine, root, sql, { scope: { relations } });
    const { rows } = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
    expect(rows).toEqual([["3"]]);
  });

  test("runs a PIVOT without IN, also over a cell with parameters", async () => {
    const { engine, root } = shared;
    const base = {
      type: "query",
      name: "base",
      sql: "SELECT * FROM (VALUES ('a', 1), ('b', 2), ('a', 3)) t(k, x) WHERE x >= $least",
    } as const;
    const scope = { relations: [base], parameters: [parameter("least", "integer", 1)] };
    const output = await materialize(engine, root, "PIVOT base ON k USING sum(x)", { scope });
    expect(output.columns.map(({ name }) => name)).toEqual(["a", "b"]);
    const { columns, rows } = await query(
      engine,
      root,
      "PIVOT (SELECT k FROM base) ON k USING count(*)",
      scope,
    );
    expect(columns.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(rows).toEqual([["2", "1"]]);
    const wide = { type: "query", name: "wide", sql: "PIVOT base ON k USING sum(x)" } as const;
    const inner = await query(engine, root, "FROM wide", { ...scope, relations: [base, wide] });
    expect(inner.rows).toEqual([["4", "2"]]);
  });

  test.each([
    ["FROM-first", "FROM range(3)", 3],
    ["VALUES", "VALUES (1), (2)", 2],
    ["WITH", "WITH a AS (SELECT 1 AS x) SELECT * FROM a", 1],
    ["SUMMARIZE", "SUMMARIZE SELECT 1 AS x", 1],
    ["DESCRIBE", "DESCRIBE SELECT 1 AS x, 2 AS y", 2],
    ["UNPIVOT", "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b", 2],
    ["PIVOT with IN", "PIVOT (SELECT 'a' AS k, 1 AS x) ON k IN ('a', 'b') USING sum(x)", 1],
    ["a comment at the end", "SELECT 1 AS x -- really; the end", 1],
    ["a semicolon and a comment", "SELECT ';' AS x; -- the end\n/* ; */ ;\n", 1],
  ])("takes %s", async (_, sql, rows) => {
    const { engine, root } = shared;
    expect((await materialize(engine, root, sql)).rows).toBe(rows);
  });

  test("keeps the order of an ordered query", async () => {
    const { engine, root } = shared;
    const sql = "SELECT range AS id FROM range(300000) ORDER BY hash(range)";
    const output = await materialize(engine, root, sql, { isOrdered: true });
    const check =
      "SELECT count(*) FROM (SELECT hash(id) < lag(hash(id)) OVER () AS is_wrong FROM result) WHERE is_wrong";
    const { rows } = await query(engine, root, check, { relations: [relationOf(output)] });
    expect(rows).toEqual([["0"]]);
  });

  test.each([
    "SELECT id, row_number() OVER () AS n FROM 'numbers/n.csv'",
    "WITH a AS (FROM 'numbers/n.csv' LIMIT 250000) SELECT id, id + 1 AS n FROM a",
  ])("keeps the order of the input where the result depends on it: %s", async (sql) => {
    const { engine, root } = shared;
    writeFiles(root, {
      "numbers/n.csv": `id\n${Array.from({ length: 300_000 }, (_, id) => id).join("\n")}\n`,
    });
    const output = await materialize(engine, root, sql);
    const wrong =
      "SELECT count(*) FROM result WHERE n <> id + 1 OR id >= 250000 AND (SELECT count(*) FROM result) = 250000";
    expect((await query(engine, root, wrong, { relations: [relationOf(output)] })).rows).toEqual([["0"]]);
  });

  test("counts the rows that each file delivered", async () => {
    const { engine, root } = shared;
    writeFiles(root, {
      "input/orders.json": '[{"id": 1, "city": "BCN"}, {"id": 2, "city": "MAD"}, {"id": 3, "city": "BCN"}]',
      "input/a.csv": "id\n1\n2\n",
      "input/b.csv": "id\n3\n",
    });
    const countsOf = async (sql: string): Promise<unknown> =>
      (await materialize(engine, root, sql)).scannedRows;
    expect(await countsOf("FROM read_json('input/orders.json')")).toEqual({ "input/orders.json": 3 });
    expect(await countsOf("FROM 'input/orders.json' WHERE city = 'BCN'")).toEqual({
      "input/orders.json": 3,
    });
    expect(await countsOf("FROM 'input/*.csv' JOIN 'input/orders.json' USING (id)")).toEqual({
      "input/*.csv": 3,
      "input/orders.json": 3,
    });
    expect(await countsOf("FROM 'input/a.csv' LIMIT 1")).toEqual({});
    expect(await countsOf("FROM read_csv(['input/a.csv', 'input/b.csv'])")).toEqual({});
    expect(await countsOf("SELECT 1 AS x")).toEqual({});
  });

  test("stamps metadata into the files", async () => {
    const { engine, root } = shared;
    const output = await materialize(engine, root, "SELECT 1 AS x", {
      metadata: { "lakebook.run": "it's 7", fingerprint: "abc" },
    });
    const path = join(output.folder, output.files[0]!.path);
    const sql = `SELECT decode(key), decode(value) FROM parquet_kv_metadata('${path}') ORDER BY 1`;
    const { rows } = await query(engine, root, sql, { readable: [output.folder] });
    expect(rows).toEqual(
      expect.arrayContaining([
        ["fingerprint", "abc"],
        ["lakebook.run", "it's 7"],
      ]),
    );
  });

  test("refuses two columns of one name", async () => {
    const { engine, root } = shared;
    const error = await failureOf(materialize(engine, root, "SELECT 1 AS id, 2 AS other, 3 AS ID"));
    expect(error).toMatchObject({ code: "query", message: '"ID" is the name of two columns' });
    expect((await materialize(engine, root, "SELECT 1 AS id, 2 AS id_1")).rows).toBe(1);
  });

  test("refuses to partition by a column that is not there", async () => {
    const { engine, root } = shared;
    const error = await failureOf(
      materialize(engine, root, "SELECT 1 AS city_code", { partitionBy: ["city_cod"] }),
    );
    expect(error).toMatchObject({ code: "query", hint: 'Did you mean "city_code"?' });
  });

  test("fails on an error in row 3,000,000, and leaves no short file", async () => {
    const { engine, root } = shared;
    const folder = outputFolder(root);
    const sql = "SELECT CASE WHEN range = 3000000 THEN 'x' ELSE '1' END::INTEGER AS x FROM range(3000100)";
    const error = await failureOf(materialize(engine, root, sql, { folder, isOrdered: true }));
    expect(error).toMatchObject({ code: "query" });
    expect(error.message).toContain("Could not convert string 'x' to INTEGER");
    expect(existsSync(join(folder, "parquet")) ? readdirSync(join(folder, "parquet")) : []).toEqual([]);
  });

  test("says where the query is wrong, in the inlined cell too", async () => {
    const { engine, root } = shared;
    const base = "SELECT 1 AS x,\n  'é€😀' AS y,\n  nope AS z";
    const relations = [{ type: "query", name: "base", sql: base }] as const;
    const inCell = await failureOf(materialize(engine, root, "SELECT * FROM base", { scope: { relations } }));
    expect(inCell).toMatchObject({
      code: "query",
      details: { cell: "base", cellSpan: { start: 32, end: 36 } },
    });
    expect(inCell.message).toMatch(/^"base", which is computed within it: /);
    const own = await failureOf(materialize(engine, root, "SELECT 'é€😀', nope FROM (SELECT 1 AS x)"));
    expect(own).toMatchObject({ details: { span: { start: 15, end: 19 } } });
    const parser = await failureOf(materialize(engine, root, "SELECT 'é€😀' AS x FRM y"));
    expect(parser).toMatchObject({ details: { span: { start: 19, end: 22 } } });
  });
});
