import { beforeAll, describe, expect, test } from "vitest";
import type {
  CellDiff,
  CellRowsPage,
  ControlOptions,
  Profile,
  QueryAnswer,
} from "../../../server/api/protocol.js";
import { queryNotebook } from "../../../server/workbench/ad-hoc-query.js";
import { notebook, useApi } from "./harness.js";

const SHOWN = 4096;
const LONG = 10_000_000;
/** Far more than what is shown of each value, far less than one whole. */
const FEW_BYTES = 100_000;
const PAGE = "/api/notebooks/long/cells/long";

/** Of `rows`: a short one, then one that is long in each column. */
const LONG_ROWS = `SELECT * FROM (VALUES
  (1, 'short', [1], 'ab'::BLOB, repeat('😀', ${SHOWN}), {'a': 'b'}, 'same'),
  (2, repeat('x', ${LONG - 1}) || 'z', range(1000000)::INTEGER[], repeat('a', ${LONG})::BLOB, 'é' || repeat('😀', ${SHOWN}),
    {'a': repeat('y', ${LONG})}, repeat('s', ${LONG})),
  (3, repeat('x', ${LONG - 1}) || 'a', NULL, NULL, NULL, NULL, repeat('s', ${LONG}))
) AS t(id, text, list, bytes, multi, nested, same)`;

const shared = useApi({
  "notebooks/long.md":
    notebook({
      "cell: long\n--| materialize: parquet\n--| checks:\n--|   - range: {column: id, max: 1}\n--|     severity: warn":
        LONG_ROWS,
    }) + "\n```yaml\ninput: choice\ntype: select\noptions: SELECT text FROM long\n```\n",
});

let check: string;
beforeAll(async () => {
  const { checks } = await shared.api.run("long");
  check = encodeURIComponent(checks[0]?.name ?? "");
});

async function get(path: string): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const answer = await shared.api.request("GET", path);
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function small<T>(path: string): Promise<T> {
  const { status, bytes } = await get(path);
  expect(status, bytes.toString("utf8", 0, 500)).toBe(200);
  expect(bytes.length).toBeLessThan(FEW_BYTES);
  return JSON.parse(bytes.toString()) as T;
}

const value = (query: string) => get(`${PAGE}/value?${query}`);

describe("a value that is longer than anybody reads", () => {
  test("is cut in a page, at a character, with its true length", async () => {
    const { rows, cut, columns } = await small<CellRowsPage>(`${PAGE}/rows`);
    expect(columns.map(({ name }) => name)).toEqual([
      "id",
      "text",
      "list",
      "bytes",
      "multi",
      "nested",
      "same",
    ]);
    expect(rows[0]).toEqual([1, "short", "[1]", "ab", "😀".repeat(SHOWN), "{'a': b}", "same"]);
    const list = `[${Array.from({ length: 2000 }, (_, index) => String(index)).join(", ")}`.slice(0, SHOWN);
    expect(rows[1]).toEqual([
      2,
      "x".repeat(SHOWN),
      list,
      "a".repeat(SHOWN / 4),
      `é${"😀".repeat(SHOWN - 1)}`,
      `{'a': ${"y".repeat(SHOWN - 6)}`,
      "s".repeat(SHOWN),
    ]);
    expect(rows[2]?.slice(2, 6)).toEqual([null, null, null, null]);
    expect(cut).toEqual([
      { row: 1, column: 1, length: LONG },
      { row: 1, column: 2, length: 7_888_890 },
      { row: 1, column: 3, length: LONG },
      { row: 1, column: 4, length: SHOWN + 1 },
      { row: 1, column: 5, length: LONG + 7 },
      { row: 1, column: 6, length: LONG },
      { row: 2, column: 1, length: LONG },
      { row: 2, column: 6, length: LONG },
    ]);
    expect(await small(`${PAGE}/rows?limit=1`)).not.toHaveProperty("cut");
  });

  test("is sorted and filtered by the whole of it", async () => {
    const ids = async (query: string): Promise<unknown[]> =>
      (await small<CellRowsPage>(`${PAGE}/rows?${query}`)).rows.map(([id]) => id);
    expect(await ids("sort=-text")).toEqual([2, 3, 1]);
    expect(await ids("filter=text:contains:xz")).toEqual([2]);
    expect((await small<CellRowsPage>(`${PAGE}/rows?filter=text:contains:xz`)).cut?.[0]).toEqual({
      row: 0,
      column: 1,
      length: LONG,
    });
  });

  test("is cut in a profile, a free query, failing rows, and is no option of an input", async () => {
    const { columns } = await small<Profile>(`${PAGE}/profile`);
    expect(columns[1]).toMatchObject({ max: "x".repeat(SHOWN), maxLength: LONG, min: "short" });
    expect(columns[1]).not.toHaveProperty("minLength");
    expect(columns[6]?.top[0]).toEqual({ value: "s".repeat(SHOWN), count: 2, length: LONG });
    const body = { sql: `SELECT 1, repeat('é', ${LONG}) AS text` };
    const free = await shared.api.json<QueryAnswer>("POST", "/api/notebooks/long/query", { body });
    expect(free.body).toMatchObject({
      rows: [[1, "é".repeat(SHOWN)]],
      cut: [{ row: 0, column: 1, length: LONG }],
    });
    const failing = await small<CellRowsPage>(`${PAGE}/rows?check=${check}`);
    expect(failing.cut).toHaveLength(8);
    const { values } = await small<ControlOptions>("/api/notebooks/long/inputs/choice/options");
    expect(values).toEqual(["short"]);
  });

  test("comes whole as a download of its own", async () => {
    const text = await value("row=1&column=text");
    expect(text.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(text.headers.get("content-disposition")).toBe('attachment; filename="long_text_2.txt"');
    expect(text.headers.get("x-content-type-options")).toBe("nosniff");
    expect(text.headers.get("content-length")).toBe(String(LONG));
    expect(text.bytes.equals(Buffer.from(`${"x".repeat(LONG - 1)}z`))).toBe(true);
    const list = await value("row=1&column=list");
    expect(list.bytes.length).toBe(7_888_890);
    const bytes = await value("row=1&column=bytes");
    expect(bytes.headers.get("content-type")).toBe("application/octet-stream");
    expect(bytes.bytes.equals(Buffer.alloc(LONG, "a"))).toBe(true);
    expect((await value("row=1&column=multi")).bytes.toString()).toBe(`é${"😀".repeat(SHOWN)}`);
    expect((await value("row=2&column=list")).bytes.length).toBe(0);
    const sorted = await value("row=1&column=text&sort=-text&filter=id:gt:1");
    expect(sorted.bytes.at(-1)).toBe("a".charCodeAt(0));
    expect((await value(`row=0&column=text&check=${check}`)).bytes.length).toBe(LONG);
  });

  test("is asked for at the door", async () => {
    const status = async (query: string): Promise<number> => (await value(query)).status;
    expect(await status("row=3&column=text")).toBe(404);
    expect(await status("row=0&column=absent")).toBe(400);
    expect(await status("row=-1&column=text")).toBe(400);
    expect(await status("column=text")).toBe(400);
    expect(await status("row=0")).toBe(400);
  });

  test("stays whole for a command and in a download of all rows", async () => {
    const { rows, cut } = await queryNotebook(
      { ...shared.api.services },
      {
        sql: `SELECT repeat('é', ${LONG}) AS text`,
        notebook: undefined,
        parameters: {},
        limit: 1,
        signal: new AbortController().signal,
      },
    );
    expect([String(rows[0]?.[0]).length, cut]).toEqual([LONG, undefined]);
    expect((await get(`${PAGE}/download?format=csv`)).bytes.length).toBeGreaterThan(5 * LONG);
  });
});

describe("a published value that is long", () => {
  test("is cut in a page of the lake and in what changes, and comes whole as a download", async () => {
    await shared.api.run("long", { materialize: true });
    const page = await small<CellRowsPage>("/api/lake/latest/long/rows");
    expect(page.cut).toHaveLength(8);
    const whole = await get("/api/lake/latest/long/value?row=1&column=text");
    expect(whole.bytes.length).toBe(LONG);
    const old = await shared.api.json<{ text: string; etag: string }>("GET", "/api/notebooks/long");
    const changed = old.body.text
      .replace("|| 'a', NULL", "|| 'b', NULL")
      .replace("--| materialize: parquet", "--| materialize: parquet\n--| key: id");
    await shared.api.request("PUT", "/api/notebooks/long", {
      body: { text: changed },
      headers: { "if-match": old.body.etag },
    });
    await shared.api.run("long");
    const diff = await small<CellDiff>(`${PAGE}/diff`);
    const said = `${"x".repeat(SHOWN)}… (${LONG} characters)`;
    expect(diff.examples.changed).toEqual([
      { key: [3], values: [{ column: "text", before: said, after: said }] },
    ]);
  });
});
