import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AdoptingEngine } from "../../../../server/engine/adopt.js";
import type { AppError } from "../../../../server/base/errors.js";
import type { Engine, MaterializeTask, QueryScope } from "../../../../server/engine/engine.js";
import { parseAddress } from "../../../../server/engine/spark/connect/address.js";
import { SparkSession } from "../../../../server/engine/spark/connect/session.js";
import { withSpark } from "../../../../server/engine/spark/spark-engine.js";
import { FakeError, FakeSpark, type FakeOptions } from "../../../support/fake-spark.js";
import { shakeHands, writeRows } from "../../../support/fake-rows.js";
import { withEngine } from "../../../support/with-engine.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setting {
  readonly fake: FakeSpark;
  readonly engine: Engine;
  readonly duckdb: Engine;
  readonly root: string;
}

interface SparkOptions extends FakeOptions {
  /** What Spark would write, in DuckDB's words. */
  readonly rows?: string;
  readonly onHandshake?: typeof shakeHands;
}

async function withFake<T>(
  use: (setting: Setting) => Promise<T>,
  { rows = "SELECT 1 AS n", onHandshake = shakeHands, ...options }: SparkOptions = {},
  more: { readonly token?: string; readonly sparkLake?: string } = {},
): Promise<T> {
  return withEngine(async (duckdb, root) => {
    const fake = await new FakeSpark({
      ...options,
      onWrite: (write, signal) =>
        write.path.endsWith("/answer")
          ? onHandshake(write)
          : (options.onWrite?.(write, signal) ?? writeRows(write, rows)),
    }).start();
    cleanups.push(() => fake.kill());
    const { token, sparkLake } = more;
    const cluster = { url: fake.url, folder: join(root, "spark"), token };
    const engine = withSpark(duckdb as AdoptingEngine, { cluster, lake: root, sparkLake });
    cleanups.push(() => engine.close());
    return use({ fake, engine, duckdb, root });
  });
}

function scopeOf(root: string, relations: QueryScope["relations"] = []): QueryScope {
  return { root, readable: [], relations, parameters: [] };
}

async function taskOf(
  root: string,
  sql: string,
  more: Partial<MaterializeTask> = {},
): Promise<MaterializeTask> {
  const folder = join(root, `build-${String(Math.random()).slice(2)}`);
  await mkdir(folder);
  return {
    scope: scopeOf(root),
    sql,
    engine: "spark",
    folder,
    dataset: "orders",
    formats: ["parquet"],
    partitionBy: [],
    isOrdered: false,
    metadata: {},
    ...more,
  };
}

const control = { label: "orders" };

async function failureOf(action: Promise<unknown>): Promise<AppError> {
  return action.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as AppError,
  );
}

const cities = "SELECT * FROM (VALUES (1, 'BCN'), (2, NULL), (3, ''), (4, 'a/b=c'), (5, 'BCN')) t(id, city)";

describe("a dataset that Spark computes", () => {
  it("is the one that DuckDB makes: content, columns, partitions and other formats", () =>
    withFake(
      async ({ engine, duckdb, root, fake }) => {
        const more = { partitionBy: ["city"], formats: ["parquet", "csv"] } as const;
        const [spark, local] = [await taskOf(root, cities, more), await taskOf(root, cities, more)];
        const made = await engine.materialize(spark, control);
        const expected = await duckdb.materialize({ ...local, engine: undefined }, control);
        expect(made.contentHash).toBe(expected.contentHash);
        expect(made.columns).toEqual(expected.columns);
        expect(made.rows).toBe(5);
        const places = (output: typeof made): unknown[] =>
          output.files
            .map(({ path, partition, rows, format }) => [dirname(path), partition, rows, format])
            .sort();
        expect(places(made)).toEqual(places(expected));
        expect(await readdir(spark.folder)).toEqual(await readdir(local.folder));
        expect([...fake.operations]).toHaveLength(2);
      },
      { rows: `SELECT *, 'v' || city AS __p0 FROM (${cities})` },
    ));

  it("has a schema where it has no rows", () =>
    withFake(
      async ({ engine, root }) => {
        const task = await taskOf(root, "SELECT 1 AS id WHERE 1 = 0", { partitionBy: ["id"] });
        const made = await engine.materialize(task, control);
        expect(made).toMatchObject({ rows: 0, columns: [{ name: "id", type: "INTEGER" }] });
        expect(made.files).toMatchObject([{ rows: 0, partition: [] }]);
      },
      { onWrite: ({ path }) => mkdir(path) },
    ));

  it("reads stored rows of either engine, and query cells that are computed within it", () =>
    withFake(
      async ({ engine, duckdb, root, fake }) => {
        const parent = await taskOf(root, "SELECT 7::HUGEINT AS big, 'x' AS text", { keepsTypes: true });
        const { columns, files } = await duckdb.materialize({ ...parent, engine: undefined }, control);
        const stored = files.map(({ path }) => join(parent.folder, path));
        const relations = [
          { type: "files", name: "parent", files: stored, columns },
          { type: "query", name: "between", sql: "SELECT big, count(*) FROM parent GROUP BY big" },
        ] as const;
        const task = await taskOf(root, "SELECT * FROM between", {
          scope: scopeOf(root, relations),
          keepsTypes: true,
        });
        const made = await engine.materialize(task, control);
        expect(made.columns).toMatchObject([
          { name: "big", type: "HUGEINT", read: 'CAST("big" AS HUGEINT)' },
          { name: "count_star()", type: "BIGINT" },
        ]);
        const write = [...writes(fake)].at(-1);
        expect(write).toContain("CAST(c0 AS DECIMAL(38,0)) AS `big`");
      },
      { rows: 'SELECT 7::DECIMAL(38,0) AS big, 1::BIGINT AS "count_star()"' },
    ));

  it("reads Parquet files and lines of JSON by itself, where they lie in the lake", () =>
    withFake(
      async ({ engine, duckdb, root, fake }) => {
        const input = join(root, "input");
        await mkdir(input);
        const scope = scopeOf(root);
        await duckdb.copy({ scope, sql: "SELECT 1 AS n", file: join(input, "a.parquet") }, control);
        await writeFile(join(input, "b.jsonl"), '{"n": 1}\n');
        const lines = "read_json('input/b.jsonl', format = 'newline_delimited', columns = {n: 'BIGINT'})";
        const sql = `SELECT n FROM read_parquet('input/*.parquet') UNION ALL SELECT n FROM ${lines}`;
        const made = await engine.materialize(await taskOf(root, sql), control);
        expect(made.scannedRows).toEqual({ "input/*.parquet": 1, "input/b.jsonl": 1 });
        expect(fake.writes.at(-1)?.sources).toMatchObject([
          { schema: "`n` INT", paths: [`file://${input}/a.parquet`] },
          { schema: "value STRING", paths: [`file://${input}/b.jsonl`] },
        ]);
      },
      { rows: "SELECT 1::BIGINT AS n" },
    ));

  it.each([
    ["read_json('input/b.json')", "read_json() of what is not one object a line"],
    ["read_csv('input/b.csv')", "read_csv(...)"],
    [
      "read_parquet('input/*/a.parquet')",
      "columns that are not in the Parquet files of input/*/a.parquet, but in the names of folders",
    ],
    ["read_parquet('input/odd.parquet')", "the column t of the type TIMESTAMP_NS, which it reads"],
    ["read_parquet('input/[a].parquet')", "the file name input/[a].parquet"],
  ])("is refused where both engines would not read the same: %s", (call, reason) =>
    withFake(async ({ engine, duckdb, root }) => {
      await mkdir(join(root, "input/k=1"), { recursive: true });
      const copy = (sql: string, file: string): Promise<unknown> =>
        duckdb.copy({ scope: scopeOf(root), sql, file: join(root, "input", file) }, control);
      await copy("SELECT 1 AS n", "k=1/a.parquet");
      await copy("SELECT 1 AS n", "[a].parquet");
      await copy("SELECT TIMESTAMP_NS '2020-01-01 00:00:00' AS t", "odd.parquet");
      await writeFile(join(root, "input/b.json"), '[{"n": 1}]');
      await writeFile(join(root, "input/b.csv"), "n\n1\n");
      const error = await failureOf(engine.materialize(await taskOf(root, `SELECT * FROM ${call}`), control));
      expect(error.message).toBe(`"orders" can't run on Spark: ${reason}.`);
    }),
  );

  it("is refused with what does not fit, its place and a way out, before anything is asked of Spark", () =>
    withFake(async ({ engine, root, fake }) => {
      const sql = "SELECT * FROM (SELECT 1 AS n) a ASOF JOIN (SELECT 1 AS n) b ON a.n >= b.n";
      const error = await failureOf(engine.materialize(await taskOf(root, sql), control));
      expect(error.message).toBe('"orders" can\'t run on Spark: ASOF JOIN.');
      expect(error.hint).toBe(
        'Join on >= and keep the newest row with QUALIFY, or set "engine: duckdb" for this cell.',
      );
      expect(error.code).toBe("query");
      expect(fake.calls).toEqual([]);
    }));

  it("is refused where DuckDB stores a text for what Spark would write in its own words", () =>
    withFake(async ({ engine, root }) => {
      const sql = "SELECT TIMESTAMP '2021-01-02 00:00:00' - TIMESTAMP '2021-01-01 00:00:00' AS span";
      const error = await failureOf(engine.materialize(await taskOf(root, sql), control));
      expect(error.message).toBe('"orders" can\'t run on Spark: the column span of the type INTERVAL.');
      expect(error.hint).toBe('Use epoch(...) or date_diff(...), or set "engine: duckdb" for this cell.');
    }));

  it("says where in the cell Spark found an error, and leaves nothing behind", () =>
    withFake(
      async ({ engine, root }) => {
        const sql = "SELECT 1 AS n,\n  10 // (n0 - 1) AS broken FROM (SELECT 1 AS n0)";
        const task = await taskOf(root, sql);
        const error = await failureOf(engine.materialize(task, control));
        expect(error.message).toBe("Spark refused the query: Division by zero. [DIVIDE_BY_ZERO, 22012]");
        const { start, end } = error.details?.["span"] as { start: number; end: number };
        expect(sql.slice(start, end)).toBe("10");
        expect(await readdir(task.folder)).toEqual([]);
        await engine.close();
        expect(existsSync(join(root, "spark"))).toBe(false);
      },
      {
        onWrite: async ({ text, path }) => {
          await mkdir(join(path, "_temporary"), { recursive: true });
          const start = text.indexOf("10");
          const span = { start, end: start + 2 };
          throw new FakeError({
            message: "Division by zero. SQLSTATE: 22012",
            errorClass: "DIVIDE_BY_ZERO",
            sqlState: "22012",
            span,
          });
        },
      },
    ));

  it.each([
    [
      "2021-02-28T10:11:12Z",
      "Read it as VARCHAR, and write strptime(…, '%Y-%m-%dT%H:%M:%SZ'), or set \"engine: duckdb\" for this cell.",
    ],
    [
      "2021-02-28T10:11:12.5Z",
      "Read it as VARCHAR, and write strptime(…, '%Y-%m-%dT%H:%M:%S.%fZ'), or set \"engine: duckdb\" for this cell.",
    ],
    ["28.2.2021", 'Deliver times as 2021-02-28 10:11:12.5, or set "engine: duckdb" for this cell.'],
  ])("says what to write for a time that Spark would not read as DuckDB does: %s", (text, hint) =>
    withFake(
      async ({ engine, root }) => {
        const error = await failureOf(engine.materialize(await taskOf(root, "SELECT 1 AS n"), control));
        expect(error.hint).toBe(hint);
        expect(error.message).toContain(`not a TIMESTAMP that both engines read alike: ${text}`);
      },
      {
        onWrite: async () => {
          await Promise.resolve();
          const message = `Lakebook: not a TIMESTAMP_NTZ that both engines read alike: ${text} SQLSTATE: P0001`;
          throw new FakeError({ message, errorClass: "USER_RAISED_EXCEPTION", sqlState: "P0001" });
        },
      },
    ),
  );

  it.each([
    {
      message: `The value 'INT' of the type "STRING" cannot be cast to "TIMESTAMP_NTZ" because it is malformed.`,
      errorClass: "CAST_INVALID_INPUT",
      told: `The value 'INT' of the type "VARCHAR" cannot be cast to "TIMESTAMP" because it is malformed. [CAST_INVALID_INPUT]`,
      hint: undefined,
    },
    {
      message: "Not enough memory to build and broadcast the table to all worker nodes. As a workaround, …",
      errorClass: "_LEGACY_ERROR_TEMP_2250",
      told: "its driver's memory is too small for a table that a join sends whole to each worker",
      hint: 'Start the Spark Connect server with more, by --driver-memory 4g, or set "engine: duckdb" for this cell.',
    },
    {
      message: "Unable to acquire 65536 bytes of memory, got 0.",
      errorClass: "UNABLE_TO_ACQUIRE_MEMORY",
      told: "Unable to acquire 65536 bytes of memory, got 0. [UNABLE_TO_ACQUIRE_MEMORY]",
      hint: 'Start the Spark Connect server with more for each worker, by --conf spark.executor.memory=4g, or where there are none by --driver-memory 4g, or set "engine: duckdb" for this cell.',
    },
  ])("tells errors of Spark by the words of cells, and what helps: $told", ({ told, hint, ...facts }) =>
    withFake(
      async ({ engine, root }) => {
        const error = await failureOf(engine.materialize(await taskOf(root, "SELECT 1 AS n"), control));
        expect(error.message).toBe(`Spark refused the query: ${told}`);
        expect(error.hint).toBe(hint);
      },
      { onWrite: () => Promise.reject(new FakeError(facts)) },
    ),
  );

  it("is cancelled within a second, and leaves nothing behind", () =>
    withFake(
      async ({ engine, root, fake }) => {
        const aborting = new AbortController();
        const task = await taskOf(root, "SELECT 1 AS n");
        const running = failureOf(
          engine.materialize(task, {
            ...control,
            signal: aborting.signal,
            onProgress: ({ tasks }) => {
              expect(tasks).toEqual({ done: 5, total: 7, running: 2 });
              aborting.abort();
            },
          }),
        );
        expect((await running).code).toBe("cancelled");
        expect(fake.calls).toContain("interrupt");
        expect(await readdir(task.folder)).toEqual([]);
        await engine.close();
        expect(existsSync(join(root, "spark"))).toBe(false);
      },
      {
        onWrite: (_write, signal) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => resolve());
          }),
      },
    ));

  it("is the one that a process began which was killed", async () => {
    let finish = (): void => undefined;
    const begun = { count: 0 };
    await withFake(
      async ({ engine, root, fake }) => {
        const sql = "SELECT 1 AS n";
        await engine.materialize(await taskOf(root, sql), control);
        const path = fake.writes.at(-1)?.path ?? "";
        const other = new SparkSession(parseAddress(fake.url), undefined);
        const operation = randomUUID();
        const record = { session: other.id, operation, startedAt: new Date().toISOString() };
        await mkdir(dirname(path));
        await writeFile(join(dirname(path), "operation.json"), JSON.stringify(record));
        await writeFile(join(root, "spark/sessions", other.id), "");
        const writing = new Promise<void>((resolve) => {
          const request = { text: sql, sources: [], path: `file://${path}`, partitionBy: [] };
          void other.write(request, operation, { onProgress: () => resolve() }).catch(() => undefined);
        });
        await writing;
        other.close();
        const resumed = engine.materialize(await taskOf(root, sql), {
          ...control,
          onProgress: () => finish(),
        });
        expect(await resumed).toMatchObject({ rows: 1 });
        expect(begun.count).toBe(2);
        expect(fake.calls).toContain("reattachExecute");
        expect(await readdir(join(root, "spark/operations"))).toEqual([]);
        expect(fake.released).toEqual([other.id]);
      },
      {
        onWrite: async (write) => {
          if (begun.count++ > 0) await new Promise<void>((resolve) => (finish = resolve));
          await writeRows(write, "SELECT 1 AS n");
        },
      },
    );
  });

  it("notes its session before that is opened", async () => {
    let folder = "";
    const noted: string[] = [];
    await withFake(
      async ({ engine, root, fake }) => {
        folder = join(root, "spark/sessions");
        await engine.reachCluster();
        expect(noted).toEqual([...fake.sessions]);
      },
      { onVersion: () => noted.push(...readdirSync(folder)) },
    );
  });

  it("ends sessions of a process that was killed, once nothing of them is wanted", async () => {
    let finish = (): void => undefined;
    await withFake(
      async ({ engine, root, fake }) => {
        const sql = "SELECT 1 AS n";
        const [idle, busy] = [randomUUID(), randomUUID()];
        await mkdir(join(root, "spark/sessions"), { recursive: true });
        for (const id of [idle, busy]) {
          await writeFile(join(root, "spark/sessions", id), "");
          fake.sessions.add(id);
        }
        const record = { session: busy, operation: randomUUID(), startedAt: new Date().toISOString() };
        await mkdir(join(root, "spark/operations/wanted"), { recursive: true });
        await writeFile(join(root, "spark/operations/wanted/operation.json"), JSON.stringify(record));
        const made = engine.materialize(await taskOf(root, sql), { ...control, onProgress: () => finish() });
        expect(await made).toMatchObject({ rows: 1 });
        expect(fake.released).toEqual([idle]);
        await engine.close();
        expect(fake.released).toHaveLength(2);
        expect([...fake.sessions]).toEqual([busy]);
        expect(await readdir(join(root, "spark/sessions"))).toEqual([busy]);
      },
      {
        onWrite: async (write) => {
          await new Promise<void>((resolve) => (finish = resolve));
          await writeRows(write, "SELECT 1 AS n");
        },
      },
    );
  });

  it("asks for a Spark where none is set", () =>
    withEngine(async (duckdb, root) => {
      const engine = withSpark(duckdb as AdoptingEngine, { lake: root });
      const error = await failureOf(engine.materialize(await taskOf(root, "SELECT 1 AS n"), control));
      expect(error).toMatchObject({
        code: "usage",
        message: '"orders" asks for Spark, and no Spark is set.',
      });
    }));

  it("says in the fingerprint who computed it", () =>
    withFake(async ({ engine, duckdb }) => {
      await Promise.resolve();
      expect(engine.versionOf("spark")).toBe(`spark 4 printer 3 ${duckdb.version}`);
      expect(engine.versionOf("duckdb")).toBe(duckdb.version);
      expect(engine.versionOf(undefined)).toBe(duckdb.version);
    }));
});

function writes(fake: FakeSpark): readonly string[] {
  return fake.writes.map(({ text }) => text);
}

describe("the handshake", () => {
  async function refusal(
    options: SparkOptions,
    more: { readonly token?: string; readonly sparkLake?: string } = {},
  ) {
    return withFake(
      async ({ engine, root }) => {
        const { code, message, hint } = await failureOf(
          engine.materialize(await taskOf(root, "SELECT 1 AS n"), control),
        );
        return { code, message: message.replace(/handshake-[0-9a-f-]{36}/, "handshake-…"), hint };
      },
      options,
      more,
    );
  }

  it("asks for a version that has everything that is printed", async () => {
    expect(await refusal({ version: "4.1.2" })).toMatchObject({
      code: "usage",
      message: "Spark 4.1.2 is too old: 4.3 or later is needed.",
    });
  });

  it("says that the token is wrong", async () => {
    expect(await refusal({ token: "right" }, { token: "wrong" })).toMatchObject({
      message: "Spark rejected the token.",
      hint: "Set LAKEBOOK_SPARK_TOKEN to the one that the server was started with.",
    });
  });

  it("says that Spark does not see the lake", async () => {
    expect(await refusal({}, { sparkLake: "file:///nowhere/" })).toMatchObject({
      message: "Spark does not see the lake: it found no file:///nowhere/spark/handshake-…/question.parquet.",
      hint: "Mount the lake there for Spark's user to read, or say with --spark-lake where Spark has it.",
    });
  });

  it("says that Spark's user may not write into the lake", async () => {
    // What Spark 4.3 says as another user than the lake's.
    const message =
      "Job aborted due to stage failure: Task 0 in stage 0.0 failed 1 times, most recent failure: Lost task 0.0 in stage 0.0 (TID 0) (localhost executor driver): java.io.IOException: Mkdirs failed to create file:/lake/.lake/spark/answer/_temporary/0";
    const onHandshake = () => Promise.reject(new FakeError({ message, errorClass: "" }));
    const refused = await refusal({ onHandshake });
    expect({ ...refused, message: refused.message.replace(/file:.*\/spark\//, "file:…/") }).toEqual({
      code: "usage",
      message: "Spark cannot write into the lake: its user may not create file:…/handshake-…/answer.",
      hint: "Run Spark as the same user, or give both users a group of which the lake's folders are (chmod g+rws).",
    });
  });
});
