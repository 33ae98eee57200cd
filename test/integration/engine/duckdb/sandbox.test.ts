import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, materialize, query, scopeOf, writeFiles } from "../scope.js";

// What the list of allowed statements and functions refuses never gets here. These tests go round it: they are about
// the second wall, the locked DuckDB of the worker.

const shared = useEngine();
let root: string;

beforeAll(() => {
  root = join(shared.root, "workspace");
  writeFiles(shared.root, { "outside.csv": "secret\n42\n", "workspace_evil/x.csv": "secret\n42\n" });
  writeFiles(root, {
    "input/a.csv": "id\n1\n",
    ".lakebook/users.csv": "secret\n42\n",
    "input/keep.csv": "id\n1\n",
  });
  symlinkSync("/etc", join(root, "input/etc"));
  symlinkSync(join(shared.root, "outside.csv"), join(root, "input/link.csv"));
  mkdirSync(join(root, "data_lake"));
});

const reading = [
  "FROM read_text('/etc/passwd')",
  "FROM read_blob('/etc/passwd')",
  "FROM read_csv('/etc/passwd')",
  "FROM '/etc/passwd'",
  "FROM read_text('file:///etc/passwd')",
  "FROM read_text('/proc/self/environ')",
  "FROM read_text('~/.bashrc')",
  "FROM read_csv('../outside.csv')",
  "FROM read_csv('input/../../outside.csv')",
  "FROM read_csv('../workspace_evil/x.csv')",
  "FROM read_csv('.lakebook/users.csv')",
  "FROM read_csv('./.lakebook/users.csv')",
  "FROM read_csv('input/../.lakebook/users.csv')",
  "FROM read_text('input/etc/passwd')",
  "FROM read_csv('input/link.csv')",
  "FROM glob('/etc/*')",
  "FROM glob('.lakebook/*')",
  "FROM glob('../*')",
  "FROM sniff_csv('/etc/passwd')",
  "FROM parquet_metadata('/etc/passwd')",
  "FROM read_csv(['input/a.csv', '/etc/passwd'])",
  "FROM read_csv('https://example.com/a.csv')",
  "FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
  "FROM query_table('/etc/passwd')",
];

const writing = [
  "COPY (SELECT 1) TO 'input/keep.csv'",
  "SELECT 1) TO 'input/keep.csv'; SELECT (1",
  "SELECT 1); COPY (SELECT 1) TO 'input/keep.csv'; SELECT * FROM (SELECT 1",
  "SELECT 1)) TO 'input/keep.csv'; COPY (SELECT * FROM (SELECT 1",
  "SELECT 1)) TO 'input/keep.csv' --",
  "SELECT 1)) TO 'input/keep.csv' (FORMAT csv); COPY ((SELECT 1",
  "SELECT 1); ATTACH 'input/new.db'; SELECT * FROM (SELECT 1",
  "SELECT 1); EXPORT DATABASE 'input/new'; SELECT * FROM (SELECT 1",
  "SELECT 1); INSTALL httpfs; SELECT * FROM (SELECT 1",
  "SELECT 1); SET enable_external_access = true; SELECT * FROM (SELECT 1",
  "SELECT 1); PRAGMA database_list; SELECT * FROM (SELECT 1",
  "CREATE TABLE x AS SELECT 1",
  "SELECT * FROM write_blob('input/keep.csv', 'x'::BLOB)",
];

describe("the sandbox", () => {
  test.each(reading)("does not let a query read: %s", async (sql) => {
    const error = await failureOf(query(shared.engine, root, sql));
    expect(error).toMatchObject({ name: "AppError" });
    expect(error.message).not.toMatch(/root:x:|42/);
    expect(await failureOf(materialize(shared.engine, root, sql))).toMatchObject({ name: "AppError" });
  });

  test.each(writing)("does not let a query write or change anything: %s", async (sql) => {
    await failureOf(query(shared.engine, root, sql));
    await failureOf(materialize(shared.engine, root, sql));
    await failureOf(
      shared.engine.bind(scopeOf(root), [{ name: "x", sql }], { label: "bind" }).then(([result]) => {
        if (result?.ok !== true) throw new Error("It does not bind");
      }),
    );
    expect(readFileSync(join(root, "input/keep.csv"), "utf8")).toBe("id\n1\n");
    expect(readdirSync(join(root, "input")).sort()).toEqual(["a.csv", "etc", "keep.csv", "link.csv"]);
  });

  test("opens the files of relations and of readable folders, and nothing beside them", async () => {
    const { engine } = shared;
    const other = join(shared.root, "other");
    writeFiles(other, { "a.csv": "id\n7\n" });
    const sql = `FROM read_csv('${other}/a.csv')`;
    expect((await query(engine, root, sql, { readable: [other] })).rows).toEqual([["7"]]);
    expect(await failureOf(query(engine, root, sql))).toMatchObject({ code: "query" });
  });

  test("a root without hidden entries is opened whole, globs at its top too", async () => {
    const { engine } = shared;
    const plain = join(shared.root, "plain");
    writeFiles(plain, { "a.csv": "id\n1\n", "b.csv": "id\n2\n" });
    expect((await query(engine, plain, "SELECT count(*) FROM '*.csv'")).rows).toEqual([["2"]]);
    writeFileSync(join(plain, ".hidden"), "");
    expect((await query(engine, plain, "SELECT count(*) FROM 'a.csv'")).rows).toEqual([["1"]]);
  });

  test("a worker sees nothing of the server's environment", async () => {
    const { engine } = shared;
    process.env["LAKEBOOK_SECRET"] = "42";
    const error = await failureOf(query(engine, root, "SELECT getenv('LAKEBOOK_SECRET')"));
    expect(error).toMatchObject({ code: "query" });
    expect(existsSync("/proc/self/environ")).toBe(true);
  });
});
