import { join } from "node:path";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Relation } from "../../../../server/engine/engine.js";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, materialize, query, relationOf, writeFiles } from "../scope.js";

const shared = useEngine();

const awkward = [
  null,
  "",
  "null",
  "NULL",
  "__HIVE_DEFAULT_PARTITION__",
  "a/b",
  "a=b",
  "100%",
  "Zürich 🦆",
  " x ",
  "..",
  ".",
  "\\",
  "a\nb",
  "'",
  '"',
];

describe("partitions", () => {
  test("any value reads back as it was", async () => {
    const { engine, root } = shared;
    const values = awkward.map(
      (value, index) => `(${value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`}, ${index})`,
    );
    const sql = `SELECT * FROM (VALUES ${values.join(", ")}) t(kind, id)`;
    const output = await materialize(engine, root, sql, { partitionBy: ["kind"] });
    expect(output.columns.map(({ name }) => name)).toEqual(["kind", "id"]);
    expect(output.files.map((file) => file.partition[0]).sort()).toEqual([...awkward].sort());
    for (const { path, rows } of output.files) {
      expect(rows).toBe(1);
      expect(existsSync(join(output.folder, path))).toBe(true);
    }
    const { rows } = await query(engine, root, "SELECT kind FROM result ORDER BY id", {
      relations: [relationOf(output)],
    });
    expect(rows.map(([kind]) => kind)).toEqual(awkward);
  });

  test("columns keep their types and their order", async () => {
    const { engine, root } = shared;
    const sql =
      "SELECT 2020::BIGINT AS year, range AS id, (range % 3)::TINYINT AS month, DATE '2026-11-01' AS day FROM range(9)";
    const output = await materialize(engine, root, sql, { partitionBy: ["year", "month", "day"] });
    expect(output.files).toHaveLength(3);
    expect(output.files[0]?.path).toMatch(
      /^parquet\/year=2020\/month=\d\/day=2026-11-01\/part-[0-9a-f-]+\.parquet$/,
    );
    expect(output.files[0]?.partition).toEqual(["2020", expect.stringMatching(/[012]/), "2026-11-01"]);
    expect(output.columns.map(({ type }) => type)).toEqual(["BIGINT", "BIGINT", "TINYINT", "DATE"]);
    const { columns } = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
    expect(columns).toEqual(output.columns);
  });

  test("a dataset may have nothing but partition columns", async () => {
    const { engine, root } = shared;
    const output = await materialize(engine, root, "SELECT range % 2 AS a, range % 3 AS b FROM range(12)", {
      partitionBy: ["a", "b"],
    });
    expect(output.rows).toBe(12);
    expect(output.files).toHaveLength(6);
  });

  test("a value that is too long for a folder name is a clear error", async () => {
    const { engine, root } = shared;
    const error = await failureOf(
      materialize(engine, root, "SELECT repeat('x', 300) AS kind, 1 AS id", { partitionBy: ["kind"] }),
    );
    expect(error).toMatchObject({ code: "query" });
    expect(error.message).toBe(
      'A value of "kind" is too long for a folder name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"',
    );
  });

  test("many partitions are written", async () => {
    const { engine, root } = shared;
    const output = await materialize(
      engine,
      root,
      "SELECT range AS id, range % 1500 AS kind FROM range(100000)",
      { partitionBy: ["kind"] },
    );
    expect(new Set(output.files.map((file) => file.partition[0])).size).toBe(1500);
    expect(output.rows).toBe(100_000);
  });

  test.each([
    ["id", ["kind"]],
    ["id", []],
    ["file_index", ["kind"]],
    ["File_Row_Number", ["kind"]],
  ])(
    "the position tells the order of the rows, with a column %s too, partitioned by %j",
    async (name, partitionBy) => {
      const { engine, root } = shared;
      const sql = `SELECT hash(range) AS ${name}, range % 3 AS kind FROM range(500000)`;
      const output = await materialize(engine, root, sql, { partitionBy, isOrdered: true });
      const relations = [{ ...relationOf(output), position: "at" }] as Relation[];
      const misplaced = `SELECT count(*) FROM (SELECT ${name} AS a FROM result) AS stored POSITIONAL JOIN
        (SELECT ${name} AS b FROM result ORDER BY "at") AS sorted WHERE a <> b`;
      expect((await query(engine, root, misplaced, { relations })).rows).toEqual([["0"]]);
      const distinct = 'SELECT count(DISTINCT "at") FROM result';
      expect((await query(engine, root, distinct, { relations })).rows).toEqual([["500000"]]);
    },
  );

  test.each([
    ["a file", undefined],
    ["memory", 0],
  ])(
    "hold the rows in the order of the source by way of %s, and so does a CSV file",
    async (_, inputBytes) => {
      const { engine, root } = shared;
      // Rows of a partition come now by the thousand, now alone.
      const lines = Array.from({ length: 600_000 }, (_, line) =>
        [line, Math.floor(line / 50_000) % 7, line % 977 === 0 ? 1 : 0].join(),
      );
      writeFiles(root, { "input/lines.csv": `line,block,odd\n${lines.join("\n")}\n` });
      const sql = "SELECT * FROM 'input/lines.csv' WHERE line % 5 <> 0";
      const formats = ["parquet", "csv"] as const;
      const output = await materialize(engine, root, sql, {
        dataset: "lines",
        formats,
        partitionBy: ["block", "odd"],
        ...(inputBytes !== undefined && { inputBytes }),
        scope: { readable: [join(root, "input")] },
      });
      const parts = output.files.filter(({ format }) => format === "parquet");
      expect(parts.map(({ partition }) => partition.join()).slice(0, 4)).toEqual([
        "0,0",
        "0,1",
        "1,0",
        "1,1",
      ]);
      for (const { path, partition } of [...parts, { path: "lines.csv", partition: ["csv"] }]) {
        const file = join(output.folder, path);
        const seen = `SELECT line < lag(line) OVER () AS is_misplaced FROM '${file}'`;
        const { rows } = await query(engine, root, `SELECT count(*) FROM (${seen}) WHERE is_misplaced`, {
          readable: [output.folder],
        });
        expect(rows, partition.join()).toEqual([["0"]]);
      }
    },
  );

  // Rows of a partition come now by the vector, now alone.
  test.each([
    ["DECIMAL(10,2)", 3, 400_000],
    ["DOUBLE", 60, 400_000],
    ["TIMESTAMPTZ", 60, 400_000],
    ["VARCHAR", 60, 1_200_000],
  ])(
    "of a column of type %s with %d values hold the rows in the order of the source, of %d rows",
    async (type, values, count) => {
      const { engine, root } = shared;
      const kind = type === "TIMESTAMPTZ" ? "to_timestamp(k)" : `CAST(k AS ${type})`;
      const sql = `SELECT line, ${kind} AS kind FROM (SELECT range AS line,
      CASE WHEN hash(range) % 50 > 0 THEN range // 5000 ELSE hash(range) // 50 END % ${values} AS k FROM range(${count}))`;
      const output = await materialize(engine, root, sql, { partitionBy: ["kind"], inputBytes: 0 });
      expect(output.rows).toBe(count);
      expect(output.files).toHaveLength(values);
      for (const { path, partition } of output.files)
        expect(await misplaced(output.folder, path, "line"), partition.join()).toBe("0");
    },
  );

  // Else `rowid` is theirs, not the row's: the order was wrong, and so were the rows of a partition.
  test.each([
    ["DOUBLE", 2],
    ["BIGINT", 60],
  ])("may have a column rowid, beside a column of type %s with %d values", async (type, values) => {
    const { engine, root } = shared;
    const sql = `SELECT range AS line, CASE WHEN range % ${values} <> 1 THEN -range END AS rowid,
      nullif(range % ${values}, 0)::${type} AS kind FROM range(10000)`;
    const formats = ["parquet", "csv"] as const;
    const output = await materialize(engine, root, sql, { dataset: "rows", formats, partitionBy: ["kind"] });
    for (const { path } of output.files) expect(await misplaced(output.folder, path, "line"), path).toBe("0");
    const sums = "SELECT kind::INTEGER, count(*), sum(line), sum(rowid) FROM";
    const expected = await query(engine, root, `${sums} (${sql}) GROUP BY 1 ORDER BY 1`);
    const relations = [relationOf(output)];
    const stored = await query(engine, root, `${sums} result GROUP BY 1 ORDER BY 1`, { relations });
    expect(stored.rows).toEqual(expected.rows);
  });

  async function misplaced(folder: string, path: string, column: string): Promise<unknown> {
    const { engine, root } = shared;
    const seen = `SELECT ${column} < lag(${column}) OVER () AS is_misplaced FROM '${join(folder, path)}'`;
    const counted = `SELECT count(*) FROM (${seen}) WHERE is_misplaced`;
    return (await query(engine, root, counted, { readable: [folder] })).rows[0]?.[0];
  }
});

test("columns may be called as what the product adds while it reads back", async () => {
  const { engine, root } = shared;
  const names = ["lakebook file", "Lakebook File_2", "file_row_number", "filename", "rows"];
  const sql = `SELECT ${names.map((name, index) => `i + ${String(index)} AS "${name}"`).join(", ")}, i % 2 AS p FROM range(10) r(i)`;
  for (const partitionBy of [[], ["p"]]) {
    const output = await materialize(engine, root, sql, { partitionBy, isOrdered: true });
    const { rows } = await query(engine, root, 'SELECT count(*), sum("lakebook file") FROM result', {
      relations: [relationOf(output)],
    });
    expect(rows).toEqual([["10", "45"]]);
  }
});

test("a BLOB is refused as a partition column by its name", async () => {
  const { engine, root } = shared;
  const sql = "SELECT 1 AS id, 'a'::BLOB AS raw";
  const error = await failureOf(materialize(engine, root, sql, { partitionBy: ["raw"] }));
  expect(error.message).toContain('"raw" of partition_by is a BLOB');
});
