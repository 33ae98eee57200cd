import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { duckdb } from "../../../support/serialize.js";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, query, scopeOf } from "../scope.js";

const shared = useEngine();

/** What each of them is, is in its name. */
beforeAll(async () => {
  const input = join(shared.root, "input");
  mkdirSync(join(input, "folder.csv"), { recursive: true });
  const write = (name: string, content: string | Uint8Array): void => {
    writeFileSync(join(input, name), content);
  };
  const copy = async (select: string, name: string, options = ""): Promise<Buffer> => {
    const path = join(input, name);
    await (await duckdb()).run(`COPY (${select}) TO '${path}' ${options}`);
    return readFileSync(path);
  };
  const overwritten = (bytes: Buffer, start: number, end: number): Buffer =>
    Buffer.from(bytes).fill(0xff, start, end);

  const good = await copy("SELECT i, 'text ' || i AS s FROM range(20000) t(i)", "good.parquet");
  await copy("SELECT 1 AS other", "other.parquet");
  write("short.parquet", "PAR1");
  write("csv.parquet", "a,b\n1,2\n3,4\n");
  write("cut.parquet", good.subarray(0, -100));
  write("length.parquet", overwritten(good, good.length - 8, good.length - 5));
  write("footer.parquet", overwritten(good, good.length - 200, good.length - 50));
  write("header.parquet", overwritten(good, 4, 400));
  write("page.parquet", overwritten(good, 5000, 9000));

  write("good.csv", "id,n\n1,2\n");
  write("plain.csv.gz", "id,n\n1,2\n");
  write("plain.csv.zst", "id,n\n1,2\n");
  const zst = await copy(
    "SELECT i AS id, i AS n FROM range(9000) t(i)",
    "good.csv.zst",
    "(COMPRESSION zstd)",
  );
  write("damaged.csv.zst", overwritten(zst, 200, 400));
  write("damaged.csv.gz", overwritten(gzipSync(`id,n\n${"1,2\n".repeat(9000)}`), 12, 20));
  write("latin1.csv", Buffer.from("id,n\n1,\u00e9\n", "latin1"));
  write("wide.csv", `a,b\n${"1,2\n".repeat(30_000)}1,2,3\n`);
  write("late.csv", `a,b\n${"1,2\n".repeat(30_000)}x,2\n`);
  write("lines.csv", `a,b\n${"1,2\n".repeat(30_000)}"1\n\n",2,3\n`);
  write("binary.csv", overwritten(good, 0, 0));

  write("good.json", '[{"a": 1}]');
  write("cut.json", '[{"a": 1},{"a":');
  write("latin1.json", Buffer.from('[{"a": "\u00e9"}]', "latin1"));
  write("lines.json", '{"a": 1}\n{"a": 2}');
  write("text.json", '[{"a": 1}, {"a": "x"}]');
  write("plain.json.gz", "[]");
});

const csv = (name: string): string =>
  `FROM read_csv('input/${name}', columns = {'a': 'INT', 'b': 'INT'}, header = true, auto_detect = false)`;

test.each<[sql: string, message: string | RegExp, hint: RegExp | undefined]>([
  ["FROM 'input/short.parquet'", '"input/short.parquet" is not a Parquet file, or was cut off.', /again/],
  ["FROM 'input/csv.parquet'", '"input/csv.parquet" is not a Parquet file, or was cut off.', /read_csv/],
  ["FROM 'input/cut.parquet'", '"input/cut.parquet" is not a Parquet file, or was cut off.', /again/],
  ["FROM 'input/[cg]*.parquet'", /^"input\/(csv|cut)\.parquet" is not a Parquet file/, /again/],
  ["FROM 'input/length.parquet'", /^"input\/length\.parquet" is damaged: its Parquet footer/, /again/],
  ["FROM 'input/footer.parquet'", /^"input\/footer\.parquet" is damaged: /, /again/],
  ["FROM 'input/header.parquet'", /^"input\/header\.parquet" is damaged: /, /again/],
  ["FROM 'input/page.parquet'", /^"input\/page\.parquet" is damaged: Snappy/, /again/],
  [
    "FROM read_parquet(['input/good.parquet', 'input/h*.parquet'])",
    /^"input\/header\.parquet" is damaged/,
    /again/,
  ],
  [
    "FROM read_parquet(['input/good.parquet', 'input/other.parquet'])",
    /^"input\/other\.parquet" lacks a column/,
    /union_by_name/,
  ],

  ["FROM 'input/plain.csv.gz'", '"input/plain.csv.gz" is not compressed by gzip.', /again/],
  ["FROM 'input/plain.csv.zst'", '"input/plain.csv.zst" is not whole, valid zstd.', /again/],
  [
    "FROM read_csv(['input/good.csv.zst', 'input/p*.csv.zst'])",
    '"input/plain.csv.zst" is not whole, valid zstd.',
    /again/,
  ],
  [
    "FROM 'input/damaged.csv.zst'",
    /^"input\/damaged\.csv\.zst" is (not whole, valid zstd|damaged, or)/,
    /again/,
  ],
  ["FROM 'input/damaged.csv.gz'", /^"input\/damaged\.csv\.gz" is (not whole, valid gzip|damaged, or)/, /./],
  ["FROM 'input/plain.json.gz'", '"input/plain.json.gz" is not compressed by gzip.', /again/],

  ["FROM 'input/latin1.csv'", /^"input\/latin1\.csv", line 2: Invalid unicode/, /encoding/],
  [
    "FROM read_csv(['input/good.csv', 'input/l*1.csv'])",
    /^"input\/latin1\.csv", line 2: Invalid unicode/,
    /encoding/,
  ],
  [csv("wide.csv"), '"input/wide.csv", line 30002: It has 3 values, and 2 are expected.', /strict_mode/],
  [csv("lines.csv"), '"input/lines.csv", line 30002: It has 3 values, and 2 are expected.', /strict_mode/],
  [csv("late.csv"), /^"input\/late\.csv", line 30002: Error when converting column "a"/, /./],
  ["FROM 'input/binary.csv'", /^"input\/binary\.csv" does not look like CSV/, /read_text/],
  ["FROM 'input/missing.csv'", '"input/missing.csv" does not exist.', undefined],

  ["FROM 'input/cut.json'", /^"input\/cut\.json" is not valid JSON: at byte /, /ignore_errors/],
  ["FROM 'input/latin1.json'", /^"input\/latin1\.json" is not valid JSON: .*UTF-8/, /iconv/],
  [
    "FROM read_json('input/lines.json', format = 'array')",
    '"input/lines.json" is not an array of JSON.',
    /newline/,
  ],
  [
    "FROM read_json('input/text.json', columns = {'a': 'INT'})",
    /^"input\/text\.json", in record\/value 2: /i,
    /columns/,
  ],
  ["FROM read_text('input/latin1.csv')", '"input/latin1.csv" is not UTF-8 text.', /read_blob/],
])("%s says which file is broken, where, and what to do", async (sql, message, hint) => {
  const { engine, root } = shared;
  const ran = await failureOf(query(engine, root, `SELECT max(COLUMNS(*)) FROM (${sql})`));
  expect([ran.code, ran.message]).toEqual(["input", expect.stringMatching(message)]);
  if (typeof message === "string") expect(ran.message).toBe(message);
  if (hint === undefined) expect(ran.hint).toBeUndefined();
  else expect(ran.hint).toMatch(hint);

  // Where binding looks into the file, it says the same, at the path.
  const [bound] = await engine.bind(scopeOf(root), [{ name: "x", sql }], { label: "check" });
  if (bound?.ok !== false) return;
  const [problem] = bound.problems;
  expect(problem).toMatchObject({ code: "input" });
  expect(sql.slice(problem?.span.start, problem?.span.end)).toContain("input/");
});
