import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../server/engine/engine.js";
import type { Selection, StoredTable } from "../../../server/engine/verbs.js";
import { createFolder, engines } from "../../support/with-engine.js";
import {
  failureOf,
  materialize,
  outputFolder,
  parameter,
  query,
  relationOf,
  scopeOf,
  writeFiles,
} from "./scope.js";

// What every engine does, in the SQL that all of them speak. What one of them does in its own way, and with its own
// dialect, types and processes, is tested in the folder of its name.

const orders = `SELECT * FROM (VALUES
  (1, 'BCN', CAST(1.50 AS DECIMAL(9, 2)), DATE '2026-11-01'),
  (2, 'MAD', CAST(2.25 AS DECIMAL(9, 2)), DATE '2026-11-02'),
  (3, NULL, CAST(4.00 AS DECIMAL(9, 2)), DATE '2026-11-02'),
  (4, 'BCN', NULL, NULL)) AS t(id, city, price, day)`;
const control = { label: "test" };

describe.each(Object.entries(engines))("the engine %s", (_, create) => {
  let engine: Engine;
  let root: string;
  let table: StoredTable;
  const all = (more: Partial<Selection> = {}): Selection => ({ table, where: [], order: [], ...more });
  const page = async (more: Partial<Selection> = {}, offset = 0, limit = 100) =>
    (await engine.page({ ...all(more), offset, limit, maxCharacters: 100 }, control)).rows.map(([id]) =>
      Number(id),
    );

  beforeAll(async () => {
    root = await createFolder();
    engine = await create(join(root, ".temp"));
    const output = await materialize(engine, root, orders, { isOrdered: true });
    const relation = relationOf(output);
    if (relation.type !== "files") throw new Error("stored rows are files");
    table = relation;
  });

  afterAll(async () => {
    await engine.close();
    await rm(root, { recursive: true, force: true });
  });

  test("says what a query reads, and what is wrong with another", async () => {
    const [good, bad] = await engine.analyze([
      "SELECT city FROM orders JOIN lake.cities USING (city)",
      "SELECT FROM WHERE",
    ]);
    expect(good).toMatchObject({
      ok: true,
      facts: { tables: [{ name: "orders" }, { schema: "lake", name: "cities" }] },
    });
    expect(bad).toMatchObject({ ok: false, problems: [{ span: { start: expect.any(Number) as number } }] });
    expect(await engine.analyzeConditions(["price > 0"])).toMatchObject([{ ok: true }]);
  });

  test("binds a chain of queries to the kinds of their columns, and says what cannot be bound", async () => {
    const items = [
      { name: "a", sql: orders },
      {
        name: "b",
        sql: "SELECT city, price, day, $day AS given FROM a",
        conditions: ["price > 0", "nothing > 0"],
      },
      { name: "c", sql: "SELECT nothing FROM a" },
    ];
    const parameters = [parameter("day", "date", "2026-11-01")];
    const [, b, c] = await engine.bind(scopeOf(root, { parameters }), items, control);
    expect(b?.ok === true && b.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["city", "text"],
      ["price", "decimal"],
      ["day", "date"],
      ["given", "date"],
    ]);
    expect(b).toMatchObject({ conditionProblems: [{ condition: "nothing > 0" }] });
    expect(c).toMatchObject({ ok: false, problems: [{ code: "query-error" }] });
  });

  test("answers a query with rows as JSON holds them, and what fails with a code and a place", async () => {
    const answer = await engine.query(
      {
        scope: scopeOf(root),
        sql: "SELECT CAST(9007199254740993 AS BIGINT) AS n, 'x' AS t, NULL AS u",
        limit: 1,
      },
      control,
    );
    expect(answer).toMatchObject({ rows: [["9007199254740993", "x", null]], truncated: false });
    expect(answer.columns.slice(0, 2)).toMatchObject([
      { name: "n", kind: "integer" },
      { name: "t", kind: "text" },
    ]);
    const error = await failureOf(query(engine, root, "SELECT nothing FROM (SELECT 1 AS x) AS t"));
    expect(error).toMatchObject({ code: "query", details: { span: { start: 7 } } });
  });

  test("sees query cells, system relations and nothing else", async () => {
    const rows = {
      type: "rows",
      schema: "lakebook",
      name: "runs",
      columns: [{ name: "run", kind: "text" }],
      rows: [["r1"]],
    } as const;
    const cell = { type: "query", name: "cell", sql: "SELECT run FROM lakebook.runs" } as const;
    const found = await query(engine, root, "SELECT * FROM cell", { relations: [rows, cell] });
    expect(found.rows).toEqual([["r1"]]);
    expect(await failureOf(query(engine, root, "SELECT * FROM cell"))).toMatchObject({ code: "query" });
    expect(
      await engine.compile({ scope: scopeOf(root, { relations: [rows, cell] }), sql: "SELECT * FROM cell" }),
    ).toContain("lakebook.runs");
  });

  test("stores rows with columns, numbers and a hash that only their content decides", async () => {
    const again = await materialize(engine, root, orders, {
      partitionBy: ["city"],
      formats: ["parquet", "csv"],
      dataset: "orders",
    });
    expect(again).toMatchObject({ rows: 4 });
    expect(again.columns.map(({ kind }) => kind)).toEqual(["integer", "text", "decimal", "date"]);
    const parts = again.files
      .filter(({ format }) => format === "parquet")
      .map(({ partition }) => partition[0]);
    expect(new Set(parts)).toEqual(new Set(["BCN", "MAD", null]));
    expect(readFileSync(join(again.folder, "orders.csv"), "utf8").split("\n")[0]).toBe("id,city,price,day");
    const plain = await materialize(engine, root, orders);
    const other = await materialize(engine, root, `SELECT * FROM (${orders}) AS t WHERE id < 4`);
    expect([plain.contentHash === again.contentHash, plain.contentHash === other.contentHash]).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    ["[]::INTEGER[]", "NULL", "[NULL]"],
    ["[['a', 'b']]", "[['a'], ['b']]", "[['a', 'b'], []]"],
    ["{x: NULL::INTEGER}", "NULL"],
    ["['NULL']", "[NULL]"],
    ["0.0::DOUBLE", "'-0.0'::DOUBLE"],
    ["[0.0::FLOAT]", "['-0.0'::FLOAT]"],
    ["INTERVAL 1 MONTH", "INTERVAL 30 DAY"],
  ])("tells %s from %s by the hash of the content", async (first, ...others) => {
    const hashes = await Promise.all(
      [first, ...others].map(async (value) => {
        const typed = `SELECT ${value} AS x UNION ALL SELECT ${first} WHERE false`;
        return (await materialize(engine, root, typed)).contentHash;
      }),
    );
    expect(new Set(hashes).size).toBe(others.length + 1);
  });

  test("judges checks and keeps the rows that fail", async () => {
    const relations = [{ ...table, type: "files", name: "orders" } as const];
    const spec = {
      name: "city",
      severity: "error",
      max: 0,
      rule: { kind: "not_null", columns: ["city"] },
      conditions: [],
      span: { start: 0, end: 0 },
    } as const;
    const checks = [
      { type: "rule", name: "city", on: "orders", spec },
      { type: "query", name: "none", sql: "SELECT * FROM orders WHERE id < 0" },
      { type: "query", name: "broken", sql: "SELECT nothing FROM orders" },
    ] as const;
    const task = { scope: scopeOf(root, { relations }), checks, folder: outputFolder(root), maxRows: 10 };
    const [city, none, broken] = await engine.check(task, control);
    expect(city).toMatchObject({ name: "city", failures: 1 });
    expect(existsSync(city?.file ?? "")).toBe(true);
    expect(await engine.describeFile(city?.file ?? "", control)).toMatchObject({ rows: 1 });
    expect(none).toMatchObject({ failures: 0 });
    expect(broken).toMatchObject({ error: { code: "query" } });
  });

  test("pages, counts, sorts and filters what is stored", async () => {
    expect(await page()).toEqual([1, 2, 3, 4]);
    expect(await page({}, 1, 2)).toEqual([2, 3]);
    expect(await page({ order: [{ column: "price", isDescending: true }] })).toEqual([3, 2, 1, 4]);
    expect(await page({ where: [{ op: "eq", column: "city", value: "BCN" }] })).toEqual([1, 4]);
    expect(await page({ where: [{ op: "gt", column: "price", value: "2" }] })).toEqual([2, 3]);
    expect(await page({ where: [{ op: "null", column: "day" }] })).toEqual([4]);
    expect(await page({ where: [{ op: "anywhere", value: "mad" }] })).toEqual([2]);
    expect(await engine.count(all({ where: [{ op: "notnull", column: "city" }] }), control)).toBe(3);
    const misfit = all({ where: [{ op: "lt", column: "day", value: "no day" }] });
    expect(await failureOf(engine.count(misfit, control))).toMatchObject({ code: "query" });
  });

  test("copies a selection, one value and all rows into files", async () => {
    const order = [{ column: "id", isDescending: true }];
    const folder = outputFolder(root);
    const file = join(folder, "copy.parquet");
    expect(engine.isCopyExact(table.columns)).toBe(true);
    expect(await engine.copySelection(all({ order }), file, control)).toMatchObject({ rows: 4 });
    expect(await engine.describeFile(file, control)).toMatchObject({
      rows: 4,
      columns: table.columns.map(({ name, kind }) => ({ name, kind })),
    });
    const value = { ...all({ order }), row: 2, column: "city", file: join(folder, "value") };
    expect(await engine.copyValue(value, control)).toEqual({ rows: 1, bytes: 3, isBinary: false });
    expect(readFileSync(value.file, "utf8")).toBe("MAD");
    const out = outputFolder(root);
    const { files } = await engine.export({ table, folder: out, format: "csv" }, control);
    const csv = files.find(({ format }) => format === "csv");
    expect(
      readFileSync(join(out, csv?.path ?? ""), "utf8")
        .trim()
        .split("\n"),
    ).toHaveLength(5);
  });

  test("profiles columns, compares rows and aggregates for a chart", async () => {
    const [id, city] = await engine.profile(
      { table, rows: 4, isApproximate: false, maxCharacters: 100 },
      control,
    );
    expect(id).toMatchObject({ count: 4, nulls: 0, distinct: 4, min: "1", max: "4" });
    expect(city).toMatchObject({
      count: 3,
      nulls: 1,
      top: [
        { value: "BCN", count: 2 },
        { value: "MAD", count: 1 },
      ],
    });
    const changed = relationOf(
      await materialize(
        engine,
        root,
        `SELECT id, CASE WHEN id = 1 THEN 'VLC' ELSE city END AS city, price, day FROM (${orders}) AS t WHERE id < 4`,
      ),
    );
    if (changed.type !== "files") throw new Error("stored rows are files");
    const sides = { before: { ...table, rows: 4 }, after: { ...changed, rows: 3 } };
    expect(
      await engine.diff({ ...sides, keys: [{ columns: ["id"], from: "key" }], maxCharacters: 100 }, control),
    ).toMatchObject({
      key: ["id"],
      added: 0,
      removed: 1,
      changed: 1,
    });
    const [, , price] = table.columns;
    const items = [
      { type: "max", name: "most", column: price as NonNullable<typeof price>, isQuick: false },
    ] as const;
    const extent = { type: "extent", items } as const;
    const { rows } = await engine.aggregate({ table, query: extent, limit: 1, maxCharacters: 100 }, control);
    expect(rows).toEqual([[4]]);
    expect(engine.aggregateSql(extent)).toContain("price");
  });

  test("writes the query that reads a file, reads it to its end, and names files in the place of a pattern", async () => {
    writeFiles(root, {
      "input/a.csv": "id,name\n1,x\n",
      "input/b.csv": "id,name\n2,y\n",
      "input/bad.csv": "id\n\xff\xfe\n",
    });
    const types = new Map([["id", { kind: "text" }] as const]);
    const sql = engine.readerSql({ type: "csv", path: "input/a.csv", options: { types } });
    expect(await query(engine, root, sql)).toMatchObject({
      columns: [{ kind: "text" }, { kind: "text" }],
      rows: [["1", "x"]],
    });
    await engine.readThrough({ scope: scopeOf(root), sql }, control);
    const pattern = "SELECT * FROM 'input/*.csv'";
    const [analysis] = await engine.analyze([pattern]);
    const [file] = analysis?.ok === true ? analysis.facts.files : [];
    if (file === undefined) throw new Error("the query names a pattern");
    const named = engine.nameFiles(pattern, [{ pattern: file, paths: ["input/a.csv", "input/b.csv"] }]);
    expect((await query(engine, root, `SELECT count(*) FROM (${named.text}) AS t`)).rows).toEqual([["2"]]);
  });

  test("knows types by the names that people write, and its own words", async () => {
    const written = await engine.storedTypes(scopeOf(root), ["integer", "varchar"], control);
    const ownNames = ["integer", "text"] as const;
    expect(written).toHaveLength(2);
    expect(await engine.storedTypes(scopeOf(root), ["no_type_at_all"], control)).toBeUndefined();
    expect(ownNames.map((kind) => engine.toColumn({ name: "a", kind }).kind)).toEqual(ownNames);
    const { functions, keywords } = await engine.vocabulary(control);
    expect(functions.some(({ name }) => name === "count")).toBe(true);
    expect(keywords).toContain("SELECT");
    expect((await engine.explain({ scope: scopeOf(root), sql: orders }, control)).text).not.toBe("");
  });

  test("ends what is cancelled before it began", async () => {
    const running = query(engine, root, orders, {}, { signal: AbortSignal.abort() });
    expect(await failureOf(running)).toMatchObject({ code: "cancelled" });
  });
});
