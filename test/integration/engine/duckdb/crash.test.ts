import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useEngine, withEngine } from "../../../support/with-engine.js";
import { childrenOf, rssOf } from "./processes.js";
import { failureOf, materialize, query, writeFiles } from "../scope.js";

const shared = useEngine();
const mortalWorker = join(import.meta.dirname, "mortal-worker.js");
const MEGABYTE = 1024 ** 2;

describe("a worker that goes down", () => {
  test("is one clear error of one cell", async () => {
    const { engine, root } = shared;
    writeFiles(root, { "input/deep.json": "[".repeat(50_000) + "]".repeat(50_000) });
    const others = [
      query(engine, root, "SELECT sum(range) FROM range(30000000)"),
      materialize(engine, root, "SELECT 1 AS x"),
    ];
    const error = await failureOf(
      materialize(engine, root, "FROM read_json('input/deep.json')", { dataset: "messages" }),
    );
    expect(error).toMatchObject({
      code: "engine-crashed",
      message: 'DuckDB ended unexpectedly in "messages" (signal SIGSEGV) while it read input/deep.json',
      hint: "JSON that is nested some thousand levels deep is known to do that: look at the file",
    });
    await Promise.all(others);
    expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
  });

  test("takes nothing with it when it reads a crafted text", async () => {
    const { engine, root } = shared;
    const error = await failureOf(
      query(engine, root, "SELECT json_structure(repeat('[', 100000) || repeat(']', 100000))"),
    );
    expect(error).toMatchObject({ code: "engine-crashed" });
    expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
  });

  test("a parser that goes down costs only its own query", async () => {
    const { engine } = shared;
    const deep = `SELECT ${"(".repeat(200_000)}1${")".repeat(200_000)}`;
    const [good, bad] = await engine.analyze(["SELECT 1", deep]);
    expect(good).toMatchObject({ ok: true });
    expect(bad).toMatchObject({ ok: false });
    expect(await engine.analyze(["SELECT 2"])).toMatchObject([{ ok: true }]);
  });

  test("a parser that was killed is asked once more", async () => {
    await withEngine(
      async (engine, root) => {
        writeFiles(root, { lives: "2" });
        expect(await engine.analyze(["SELECT 1", "SELECT 2"])).toMatchObject([{ ok: true }, { ok: true }]);
        writeFiles(root, { lives: "9" });
        const error = await failureOf(engine.analyze(["SELECT 1"]));
        expect(error).toMatchObject({
          code: "engine-crashed",
          message: 'DuckDB ended unexpectedly in "parser" (signal SIGKILL)',
        });
        writeFiles(root, { lives: "0" });
        expect(await engine.analyze(["SELECT 1"])).toMatchObject([{ ok: true }]);
      },
      { workerScript: mortalWorker },
    );
  });

  test("logging that a query switches on matters to nobody else", async () => {
    const { engine, root } = shared;
    await failureOf(
      query(
        engine,
        root,
        "SELECT * FROM enable_logging(storage = 'file', storage_config = {'path': '/not/allowed'})",
      ),
    );
    for (let index = 0; index < 5; index++)
      expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
  });
});

describe("limits", () => {
  test.each([
    ["a list", "SELECT len(list_transform(range(200000000), lambda x: x * 2))"],
    ["texts", "SELECT sum(length(t)) FROM (SELECT list(repeat('x', 100000000)) AS t FROM range(100))"],
    ["an aggregate", "SELECT list(range) FROM range(200000000)"],
  ])("%s that is too big is an error, not the end of the machine", async (_, sql) => {
    const before = new Set(childrenOf(process.pid));
    await withEngine(
      async (engine, root) => {
        let peak = 0;
        const timer = setInterval(() => {
          for (const pid of childrenOf(process.pid)) if (!before.has(pid)) peak = Math.max(peak, rssOf(pid));
        }, 20);
        const error = await failureOf(materialize(engine, root, sql, { timeoutMs: 40_000 }));
        clearInterval(timer);
        expect(["out-of-memory", "engine-crashed", "disk"]).toContain(error.code);
        expect(peak).toBeLessThan(2_300 * MEGABYTE);
        expect((await materialize(engine, root, "SELECT 1 AS x")).rows).toBe(1);
      },
      { concurrency: 1, memoryLimitBytes: 512 * MEGABYTE, maxTempBytes: 50 * MEGABYTE },
    );
  });

  test("what queries gave back does not count for those that follow in the same worker", async () => {
    await withEngine(
      async (engine, root) => {
        const columns = Array.from({ length: 1400 }, (_, n) => `c${String(n)}`);
        writeFiles(root, { "input/wide.csv": `${columns.join()}\n${columns.map(() => "1.5").join()}\n` });
        const sql = `SELECT ${columns.flatMap((c) => [`min(${c})`, `approx_count_distinct(${c})`]).join()} FROM 'input/wide.csv'`;
        for (let round = 0; round < 5; round++) expect((await query(engine, root, sql)).rows).toHaveLength(1);
      },
      { concurrency: 1, memoryLimitBytes: 512 * MEGABYTE },
    );
  });

  test("what spills stays within its bound and goes away", async () => {
    await withEngine(
      async (engine, root) => {
        let peak = 0;
        const timer = setInterval(() => (peak = Math.max(peak, sizeOf(join(root, "temp")))), 20);
        const sql =
          "SELECT range AS id, hash(range)::VARCHAR || repeat('x', 200) AS text FROM range(5000000) ORDER BY text";
        const error = await failureOf(materialize(engine, root, sql, { isOrdered: true }));
        clearInterval(timer);
        expect(error).toMatchObject({ code: "out-of-memory" });
        expect(peak).toBeGreaterThan(10 * MEGABYTE);
        expect(peak).toBeLessThan(110 * MEGABYTE);
        expect(sizeOf(join(root, "temp"))).toBeLessThan(MEGABYTE);
      },
      { concurrency: 1, memoryLimitBytes: 256 * MEGABYTE, maxTempBytes: 100 * MEGABYTE },
    );
  });

  test("a query that fits by spilling succeeds", async () => {
    await withEngine(
      async (engine, root) => {
        const sql = "SELECT range AS id, hash(range)::VARCHAR AS text FROM range(3000000) ORDER BY text";
        expect((await materialize(engine, root, sql, { isOrdered: true })).rows).toBe(3_000_000);
      },
      { concurrency: 1, memoryLimitBytes: 256 * MEGABYTE },
    );
  });

  test("rows of which less was expected than fits memory are put into partitions by spilling", async () => {
    await withEngine(
      async (engine, root) => {
        const sql =
          "SELECT range AS id, repeat('x', 100) || range AS text, range % 30 AS k FROM range(3000000)";
        const output = await materialize(engine, root, sql, { partitionBy: ["k"], inputBytes: 0 });
        expect([output.rows, output.files.length]).toEqual([3_000_000, 30]);
      },
      { concurrency: 1, memoryLimitBytes: 256 * MEGABYTE },
    );
  });
});

describe("bad input", () => {
  test.each([
    ["invalid UTF-8", "a.csv", Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]), "input"],
    ["an empty Parquet file", "a.parquet", Buffer.alloc(0), "input"],
    ["truncated JSON", "a.json", Buffer.from('[{"a": 1}, {"a"'), "input"],
    ["no Parquet at all", "b.parquet", Buffer.from("this is text, not Parquet"), "input"],
    ["a file that is not there", "missing/../nothing.csv", undefined, "input"],
  ])("%s is an error that names the file", async (_, name, bytes, code) => {
    const { engine, root } = shared;
    writeFiles(root, { "input/keep.csv": "a\n1\n" });
    if (bytes !== undefined) writeFileSync(join(root, "input", name), bytes);
    const reader = name.endsWith(".csv") ? "read_csv" : name.endsWith(".json") ? "read_json" : "read_parquet";
    const error = await failureOf(query(engine, root, `FROM ${reader}('input/${name}')`));
    expect(error.code).toBe(code);
    expect(error.message).toContain(name.split("/").at(-1));
    expect(error.message).not.toContain(root);
  });

  test("a root that is gone is an error", async () => {
    const { engine } = shared;
    expect(await failureOf(query(engine, "/not/there", "SELECT 1"))).toMatchObject({ code: "input" });
  });
});

function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  let size = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    try {
      if (entry.isFile()) size += readFileSync(join(entry.parentPath, entry.name)).length;
    } catch {
      // Gone in the meantime.
    }
  }
  return size;
}
