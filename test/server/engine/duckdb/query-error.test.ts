import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  toQueryError,
  type QueryError,
  type QueryErrorContext,
} from "../../../../server/engine/duckdb/worker/query-error.js";
import { markSource } from "../../../support/mark-source.js";
import { duckdb } from "../../../support/serialize.js";

const root = mkdtempSync(join(tmpdir(), "lakebook-error-"));
writeFileSync(join(root, "bad.json"), '[{"a":1},{"a":');
writeFileSync(join(root, "bad.csv"), "a,b\n1,2\n3,x\n");
writeFileSync(join(root, "wide.csv"), `a,b\n1,2\n3,${"x".repeat(9000)}\n`);
writeFileSync(join(root, "bad.parquet"), "nope");
writeFileSync(join(root, "latin1.csv"), Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** What DuckDB throws for a statement. */
async function thrownBy(sql: string): Promise<unknown> {
  try {
    await (await duckdb()).runAndReadAll(sql);
  } catch (error) {
    return error;
  }
  throw new Error(`did not fail: ${sql}`);
}

async function errorOf(sql: string, context: Partial<QueryErrorContext> = {}): Promise<QueryError> {
  return toQueryError(await thrownBy(sql), { sql, root, ...context });
}

const json = (type: string, message: string): Error =>
  new Error(JSON.stringify({ exception_type: type, exception_message: message }));

describe("an error of the query", () => {
  test.each([
    ["parser", markSource`${"selec"} 1`, 'Syntax error at or near "selec".', undefined],
    ["parser", markSource`SELECT '😀é' FROM a wher ${"x"}`, 'Syntax error at or near "x".', undefined],
    [
      "binder",
      markSource`SELECT 'é😀', ${"citi"} FROM (SELECT 1 AS city, 2 AS id)`,
      'Referenced column "citi" not found in FROM clause.',
      'Did you mean "city"',
    ],
    [
      "binder",
      markSource`SELECT ${"o.citi"} FROM (SELECT 1 AS city) o`,
      'Values list "o" does not have a column named "citi".',
      undefined,
    ],
    [
      "binder",
      markSource`SELECT ${"o.id"} FROM (SELECT 1 AS id) p`,
      'Referenced table "o" not found.',
      'Did you mean "p"?',
    ],
    [
      "catalog",
      markSource`SELECT ${"lenght"}('a')`,
      "Scalar Function with name lenght does not exist.",
      'Did you mean "length"?',
    ],
    ["catalog", markSource`FROM ${"nowhere"}`, "Table with name nowhere does not exist.", undefined],
    [
      "binder",
      markSource`SELECT ${"sum"}('a')`,
      "No function matches the given name and argument types 'sum(VARCHAR)'. You might need to add explicit type casts.",
      "There is sum(DECIMAL) -> DECIMAL; ",
    ],
    [
      "binder",
      markSource`FROM ${"read_csv"}('a.csv', heder = true)`,
      'Invalid named parameter "heder" for function read_csv.',
      'Did you mean "header"?',
    ],
    ["conversion", markSource`SELECT 'x'${"::"}INT`, "Could not convert string 'x' to INTEGER.", undefined],
    [
      "out-of-range",
      markSource`SELECT 9223372036854775807 + 1`,
      "Overflow in addition of BIGINT (9223372036854775807 + 1).",
      undefined,
    ],
    [
      "invalid-input",
      markSource`SELECT error('no space left on device')`,
      "no space left on device",
      undefined,
    ],
    [
      "invalid-input",
      markSource`SELECT strptime('x', '%Y')`,
      'Could not parse string "x" according to format specifier "%Y": Expected a number',
      undefined,
    ],
    [
      "invalid-input",
      markSource`SELECT (SELECT unnest([1, 2]))`,
      "More than one row returned by a subquery used as an expression - scalar subqueries can only return a single row.",
      undefined,
    ],
  ])("%s: %o", async (kind, { text, spans }, message, hint) => {
    const error = await errorOf(text);
    expect(error).toMatchObject({ code: "query", kind, message });
    expect(error.span).toEqual(spans[0]);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toContain(hint);
  });

  test("is placed in the user's text where something was put before it", async () => {
    const sql = "SELECT 'ü' AS u, citi FROM (SELECT 1 AS city)";
    const span = { start: sql.indexOf("citi"), end: sql.indexOf(" FROM") };
    const ascii = "CREATE TEMP TABLE x AS (\n";
    expect(
      toQueryError(await thrownBy(`${ascii}${sql}\n)`), { sql, prefixLength: ascii.length }).span,
    ).toEqual(span);
    const wide = 'WITH "Köln😀" AS (SELECT 1)\u00a0FROM (\n';
    const sent = `${wide}${sql}\n)`;
    expect(toQueryError(await thrownBy(sent), { sql, sent, prefixLength: wide.length }).span).toEqual(span);
  });

  test("has no place where it lies in what was put before", async () => {
    const prefix = "SELECT nothing FROM (";
    expect(
      toQueryError(await thrownBy(`${prefix}SELECT 1)`), { sql: "SELECT 1", prefixLength: prefix.length }),
    ).toMatchObject({
      code: "query",
      kind: "binder",
    });
    const error = toQueryError(await thrownBy(`${prefix}SELECT 1)`), {
      sql: "SELECT 1",
      prefixLength: prefix.length,
    });
    expect(error.span).toBeUndefined();
  });

  test("is read from plain text too", () => {
    const text =
      'Binder Error: Referenced column "x" not found!\nCandidate bindings: "y"\n\nLINE 1: SELECT x\n               ^';
    expect(toQueryError(new Error(text), { sql: "SELECT x" })).toEqual({
      code: "query",
      kind: "binder",
      message: 'Referenced column "x" not found.',
      hint: 'Did you mean "y"?',
    });
    expect(toQueryError("{ not json", { sql: "" })).toEqual({
      code: "query",
      kind: "unknown",
      message: "{ not json.",
    });
  });

  test("is cut where a value of it is long", () => {
    const error = toQueryError(json("Conversion", `Could not convert '${" \n".repeat(1e6)}'`), { sql: "" });
    expect(error.message.length).toBeLessThan(1000);
  });
});

describe("an error of an input file", () => {
  test.each([
    ["FROM '{root}/missing.csv'", '"missing.csv" does not exist.', undefined],
    ["FROM read_parquet('{root}/2026/*.parquet')", '"2026/*.parquet" matches no file.', undefined],
    [
      "FROM read_json('{root}/bad.json')",
      '"bad.json" is not valid JSON: at byte 6 in record/value 3: unexpected end of data.',
      "ignore_errors",
    ],
    [
      "FROM read_csv('{root}/bad.csv', columns = {'a': 'INT', 'b': 'INT'}, header = true, auto_detect = false)",
      `"bad.csv", line 3: Error when converting column "b". Could not convert string "x" to 'INTEGER'.`,
      "Override the type for this column",
    ],
    [
      "FROM read_csv('{root}/latin1.csv')",
      '"latin1.csv", line 2: Invalid unicode (byte sequence mismatch) detected. This file is not utf-8 encoded.',
      "encoding",
    ],
    [
      "FROM read_parquet('{root}/bad.parquet')",
      '"bad.parquet" is not a Parquet file, or was cut off.',
      "Deliver it again",
    ],
  ])("%s", async (sql, message, hint) => {
    const error = await errorOf(sql.replace("{root}", root));
    expect(error).toMatchObject({ code: "input", message });
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toContain(hint);
  });

  test("names the file of a line that is longer than any message", async () => {
    const sql = `FROM read_csv('${root}/wide.csv', columns = {'a': 'INT', 'b': 'INT'}, header = true, auto_detect = false)`;
    const { message } = await errorOf(sql);
    expect(message.startsWith('"wide.csv", line 3: Error when converting column "b"')).toBe(true);
  });

  test("calls a file by the name that people know", async () => {
    const names = new Map([[`${root}/bad.parquet`, "input/orders.parquet"]]);
    const { message } = await errorOf(`FROM read_parquet('${root}/bad.parquet')`, { names });
    expect(message).toBe('"input/orders.parquet" is not a Parquet file, or was cut off.');
  });

  test("is placed at the path where DuckDB gives no place", () => {
    const sql = "SELECT 1 FROM 'input/missing.csv'";
    const error = toQueryError(json("IO", `No files found that match the pattern "/w/input/missing.csv"`), {
      sql,
      root: "/w",
    });
    expect(error.span).toEqual({ start: 14, end: sql.length });
  });
});

describe("an error of the machine", () => {
  test.each([
    ["INTERRUPT", "Interrupted!", "cancelled", "The query was cancelled."],
    [
      "Out of Memory",
      "failed to allocate data of size 1 GiB",
      "out-of-memory",
      "more memory than a cell may use",
    ],
    ["Out of Memory", "failed to offload data block of size 256.0 KiB", "out-of-memory", "temporary space"],
    ["IO", 'Could not write file "/w/x": No space left on device', "disk", "The disk is full."],
    ["IO", 'Cannot open file "/w/x": Read-only file system', "disk", "The disk cannot be used"],
    [
      "FATAL",
      "database has been invalidated because of a previous fatal error",
      "engine-crashed",
      "The engine failed",
    ],
    [
      "INTERNAL",
      "Attempted to access index 1 within vector of size 1",
      "engine-crashed",
      "The engine failed",
    ],
    ["", "std::bad_alloc", "out-of-memory", "more memory"],
    [
      "Permission",
      'Cannot access file "/w/x" - disabled by configuration',
      "query",
      'Cannot access file "x"',
    ],
  ])("%s: %s", (type, text, code, message) => {
    const error = toQueryError(json(type, text), { sql: "", root: "/w" });
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  test("is a timeout where the caller stopped the query", () => {
    const error = toQueryError(json("INTERRUPT", "Interrupted!"), { sql: "", stoppedBy: "timeout" });
    expect(error.code).toBe("timeout");
  });

  test("reads what DuckDB says of an interrupt", async () => {
    const connection = await duckdb();
    const failure = connection
      .runAndReadAll("SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b")
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    setTimeout(() => {
      connection.interrupt();
    }, 100);
    expect(toQueryError(await failure, { sql: "" }).code).toBe("cancelled");
  });
});

test.each([
  [
    'Invalid Input Error: Error when sniffing file "input/a.csv".\nIt was not possible to automatically detect',
    '"input/a.csv" does not look like CSV: no delimiter, quote and line break fit all of its lines.',
  ],
  [
    'Invalid Input Error: The CSV Reader does not support the encoding: "CP1252"\nIt is possible that',
    'The encoding "CP1252" is not known: CSV is read as utf-8, utf-16 or latin-1.',
  ],
  [
    "Invalid Input Error: No magic bytes found at end of file 'input/a.parquet'",
    '"input/a.parquet" is not a Parquet file, or was cut off.',
  ],
])("what is wrong with a file is said with its name: %s", (text, message) => {
  const error = toQueryError(new Error(text), { sql: "FROM 'input/a.parquet'" });
  expect(error).toMatchObject({ code: "input", message });
  expect(error.hint).toBeDefined();
});
