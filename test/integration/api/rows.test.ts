import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CellRowsPage, CheckSuggestions, Forecast, Profile } from "../../../server/api/protocol.js";
import type { RunView } from "../../../server/runs/run-record.js";
import { notebook, useApi } from "./harness.js";

const odd = '"we""ird:col,umn"';

const shared = useApi({
  "notebooks/rows.md": notebook({
    "cell: numbers\n--| materialize: parquet": `SELECT range AS id, range % 3 AS rest,
      CASE WHEN range % 10 = 0 THEN NULL ELSE 'Name ' || range END AS name,
      DATE '2026-01-01' + CAST(range AS INTEGER) AS day,
      CAST(range / 4 AS DECIMAL(18,2)) AS price FROM range(1000)`,
    "cell: odd": `SELECT 9007199254740993 AS big, 1.5::DOUBLE AS half, 'x' AS ${odd}, [1, 2] AS list, 'nan'::DOUBLE AS nan`,
    "cell: times": `SELECT unnest([TIMESTAMP '2026-01-01 00:00:00.5', TIMESTAMP '2026-01-01 01:00:00.5']) AS at,
      unnest([TIMESTAMPTZ '2026-01-01 00:00:00+00', TIMESTAMPTZ '2026-01-01 01:00:00+00']) AS instant,
      unnest([TIME '08:00', TIME '09:00']) AS clock, unnest([DATE '0044-03-15 (BC)', DATE '0044-03-17 (BC)']) AS old`,
    "cell: none\n--| materialize: parquet": "SELECT 1 AS n WHERE false",
    "cell: wrong\n--| checks:\n--|   - range: {column: n, max: 3}\n--|   - not_null: [n]":
      "SELECT range AS n FROM range(10)",
    "check: big_ones\n--| severity: warn": "SELECT id FROM numbers WHERE id >= 998",
    "check: no_ones\n--| severity: warn": "SELECT id FROM numbers WHERE id < 0",
    "cell: failing": "SELECT error('no') AS n",
  }),
});

let run: RunView;
beforeAll(async () => {
  run = await shared.api.run("rows");
});

function rows(cell: string, query = "") {
  return shared.api.json<CellRowsPage>("GET", `/api/notebooks/rows/cells/${cell}/rows${query}`);
}

async function column(query: string, index = 0): Promise<unknown[]> {
  const { status, body } = await rows("numbers", query);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.rows.map((row) => row[index]);
}

async function total(filter: string): Promise<number> {
  return (await rows("numbers", `?limit=0&filter=${encodeURIComponent(filter)}`)).body.totalRows;
}

test("checks that the rows pass are suggested, but for those that are there", async () => {
  const many = Array.from({ length: 12 }, (_, index) => `'v${String(index)}'`).join(", ");
  const text = notebook({
    "cell: orders\n--| materialize: parquet\n--| key: orderId": "SELECT range AS orderId FROM range(90)",
    "cell: lines\n--| materialize: parquet\n--| checks: [{not_null: [n]}]": `SELECT range % 90 AS order_id, range AS n,
      list_value(${many})[1 + range % 12] AS v, CASE WHEN range > 0 THEN 'x' END AS x FROM range(120)`,
    "cell: numbers_of_lines": "SELECT order_id, count(*) AS n FROM lines GROUP BY ALL",
    "check: none": "SELECT 1 WHERE false",
  });
  await writeFile(join(shared.api.root, "notebooks/suggest.md"), text);
  await shared.api.run("suggest");
  const suggestions = async (cell: string) => {
    const path = `/api/notebooks/suggest/cells/${cell}/suggestions`;
    const { status, body } = await shared.api.json<CheckSuggestions>("GET", path);
    return status === 200 ? body.suggestions.map(({ check }) => check) : status;
  };
  expect(await suggestions("lines")).toEqual([
    "not_null: [order_id]",
    "range: {column: order_id, min: 0}",
    "relationships: {column: order_id, to: orders.orderId}",
    'range: {column: "n", min: 0}',
    "not_null: [v]",
    "accepted_values: {column: v, values: [v0, v1, v10, v11, v2, v3, v4, v5, v6, v7, v8, v9]}",
    "accepted_values: {column: x, values: [x]}",
  ]);
  expect(await suggestions("orders")).toEqual(["range: {column: orderId, min: 0}"]);
  expect([await suggestions("none"), await suggestions("nowhere")]).toEqual([404, 404]);
});

test("a cell that was renamed since its run is found under its new name, whatever asks for it", async () => {
  const text = notebook({
    "cell: kept\n--| materialize: parquet\n--| checks:\n--|   - range: {column: n, max: 1, severity: warn}":
      "SELECT range AS n FROM range(4)",
    "cell: read\n--| checks:\n--|   - row_count_matches: {cell: kept, severity: warn}":
      "SELECT sum(n) AS total FROM kept",
    "check: none_are_big\n--| severity: warn": "SELECT * FROM kept WHERE n = 3",
  });
  const save = (changed: string) => writeFile(join(shared.api.root, "notebooks/renamed.md"), changed);
  await save(text);
  await shared.api.run("renamed");
  await save(text.replaceAll("kept", "held").replaceAll("read", "other").replaceAll("none_are_big", "few"));
  const path = "/api/notebooks/renamed";
  for (const [cell, count] of [
    ["held", 4],
    ["other", 1],
  ] as const) {
    const page = await shared.api.json<CellRowsPage>("GET", `${path}/cells/${cell}/rows`);
    expect(page).toMatchObject({ status: 200, body: { totalRows: count } });
    const profile = await shared.api.json("GET", `${path}/cells/${cell}/profile`);
    expect(profile.status).toBe(200);
  }
  const plan = await shared.api.json<Forecast>("POST", `${path}/plan`, { body: {} });
  const checks = new Map(plan.body.cells.map((cell) => [cell.name, cell.checks ?? []]));
  expect(checks.get("held")).toMatchObject([{ name: "held.range_n", outcome: "warn", failures: 2 }]);
  expect(checks.get("few")).toMatchObject([{ name: "few", outcome: "warn", failures: 1, isReused: true }]);
  for (const [address, count] of [
    ["held/rows?check=held.range_n", 2],
    [`held/rows?check=held.range_n&result=${checks.get("held")?.[0]?.fingerprint ?? ""}`, 2],
    ["few/rows", 1],
  ] as const) {
    const page = await shared.api.json<CellRowsPage>("GET", `${path}/cells/${address}`);
    expect(page).toMatchObject({ status: 200, body: { totalRows: count } });
  }
  const diff = await shared.api.json("GET", `${path}/cells/held/diff`);
  expect(diff.body).toEqual({ dataset: "held", against: null, rowsAfter: 4 });
  const asked = await shared.api.json("POST", `${path}/query`, {
    body: { sql: "SELECT count(*) AS n FROM held" },
  });
  expect(asked).toMatchObject({ status: 200, body: { rows: [["4"]] } });
});

describe("GET .../cells/:cell/rows", () => {
  test("gives a page in the order of the rows", async () => {
    const { body } = await rows("numbers", "?offset=998&limit=5");
    expect(body).toEqual({
      run: run.id,
      columns: [
        { name: "id", type: "BIGINT", kind: "integer" },
        { name: "rest", type: "BIGINT", kind: "integer" },
        { name: "name", type: "VARCHAR", kind: "text" },
        { name: "day", type: "DATE", kind: "date" },
        { name: "price", type: "DECIMAL(18,2)", kind: "decimal" },
      ],
      rows: [
        ["998", "2", "Name 998", "2028-09-25", "249.50"],
        ["999", "0", "Name 999", "2028-09-26", "249.75"],
      ],
      totalRows: 1000,
    });
    expect((await rows("numbers", "?offset=5000")).body).toMatchObject({ rows: [], totalRows: 1000 });
    expect((await rows("numbers")).body.rows).toHaveLength(100);
  });

  test("loses no digit, and takes any name of a column", async () => {
    const { body } = await rows("odd", `?sort=${encodeURIComponent('-we"ird:col,umn')}`);
    expect(body.columns.map(({ name }) => name)).toEqual(["big", "half", 'we"ird:col,umn', "list", "nan"]);
    expect(body.rows).toEqual([["9007199254740993", 1.5, "x", "[1, 2]", "nan"]]);
    const filter = encodeURIComponent('we"ird:col,umn:eq:x');
    expect((await rows("odd", `?filter=${filter}`)).body.totalRows).toBe(1);
  });

  test("sorts either way, NULL last, and every row is on one page", async () => {
    expect(await column("?sort=-id&limit=2")).toEqual(["999", "998"]);
    expect(await column("?sort=name&limit=2", 2)).toEqual(["Name 1", "Name 101"]);
    expect(await column("?sort=-name&offset=999", 2)).toEqual([null]);
    expect(await column("?sort=-rest&sort=-id&limit=2")).toEqual(["998", "995"]);
    expect(await column("?sort=rest+DESC&sort=id+desc&limit=2")).toEqual(["998", "995"]);
    expect(await column("?sort=id+asc&limit=2")).toEqual(["0", "1"]);
    const pages = await Promise.all(
      Array.from({ length: 10 }, (_, page) => column(`?sort=rest&limit=100&offset=${String(page * 100)}`)),
    );
    expect(new Set(pages.flat()).size).toBe(1000);
  });

  test.each([
    ["name 99", 10],
    ["NAME 999", 1],
    ["rest:eq:1", 333],
    ["rest:ne:1", 667],
    ["id:ge:990", 10],
    ["id:lt:3", 3],
    ["day:le:2026-01-02", 2],
    ["price:gt:249.25", 2],
    ["name:null", 100],
    ["name:notnull", 900],
    ["name:contains:E 99", 10],
    ["name:starts:name 99", 10],
    ["id:contains:99", 19],
    ["ID:eq:5", 1],
    // No operator, no column: a text to look for.
    ["name:is:x", 0],
    ["nothing:eq:1", 0],
    ["%", 0],
    ["'; DROP TABLE result --", 0],
    ["id:eq:5' OR '1'='1", -1],
  ])("lets through what fits %j", async (filter, expected) => {
    if (expected >= 0) expect(await total(filter)).toBe(expected);
    else expect((await rows("numbers", `?filter=${encodeURIComponent(filter)}`)).status).toBe(400);
  });

  test("all filters have to hold", async () => {
    const { body } = await rows("numbers", "?filter=rest:eq:1&filter=id:lt:10&sort=-id");
    expect(body.totalRows).toBe(3);
    expect(body.rows.map(([id]) => id)).toEqual(["7", "4", "1"]);
  });

  test.each([
    ["?sort=nothing", 'Column "nothing" does not exist.'],
    ["?filter=id:eq:abc", "The filter does not fit: Could not convert string 'abc' to BIGINT."],
    ["?limit=1001", 'The query has a wrong "limit": at most 1000.'],
    ["?limit=-1", 'The query has a wrong "limit": a whole number.'],
    ["?offset=1e3", 'The query has a wrong "offset": a whole number.'],
  ])("%s is a usage error", async (query, message) => {
    const { status, body } = await rows("numbers", query);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: "usage", message } });
  });

  test("a dataset without rows has its columns", async () => {
    expect((await rows("none")).body).toMatchObject({ columns: [{ name: "n" }], rows: [], totalRows: 0 });
    expect((await rows("none", "?sort=n&filter=1")).body).toMatchObject({ rows: [], totalRows: 0 });
  });

  test("of a cell that gave none there are none", async () => {
    for (const cell of ["failing", "absent", "..%2fnumbers"]) {
      const { status, body } = await rows(cell);
      expect(status).toBe(404);
      expect(body).toMatchObject({ error: { code: "not-found" } });
    }
  });

  test("that were never computed are told from cells that do not exist", async () => {
    const text =
      "```sql\n--| cell: stored\n--| materialize: parquet\nSELECT 1 AS n\n```\n```sql\n--| cell: seen\nFROM stored\n```\n";
    const headers = { "if-none-match": "*" };
    await shared.api.json("PUT", "/api/notebooks/unseen", { body: { text }, headers });
    const messageOf = async (cell: string): Promise<unknown> =>
      (await shared.api.json("GET", `/api/notebooks/unseen/cells/${cell}/rows`)).body;
    expect(await messageOf("seen")).toMatchObject({
      error: {
        message: 'Query cell "seen" has not been run: a materialization computes only what datasets read.',
        hint: "Run it: lakebook run unseen --cell seen",
      },
    });
    expect(await messageOf("sen")).toMatchObject({
      error: { message: 'Notebook "unseen" has no cell "sen".', hint: 'Did you mean "seen"?' },
    });
  });

  test("are those of the run that is named, else of the newest that has them", async () => {
    const later = await shared.api.run("rows", { cells: ["numbers"], force: true });
    expect((await rows("numbers", "?limit=1")).body.run).toBe(later.id);
    expect((await rows("odd", "?limit=1")).body.run).toBe(run.id);
    expect((await rows("numbers", `?limit=1&run=${run.id}`)).body.run).toBe(run.id);
    expect((await rows("odd", `?limit=1&run=${later.id}`)).status).toBe(404);
    expect((await rows("odd", "?limit=1&run=nothing")).status).toBe(404);
  });

  test("of a check are the failing ones", async () => {
    expect((await rows("big_ones")).body).toMatchObject({ rows: [["998"], ["999"]], totalRows: 2 });
    expect((await rows("big_ones", "?sort=-id&filter=id:eq:999")).body).toMatchObject({
      rows: [["999"]],
      totalRows: 1,
    });
    expect((await rows("no_ones")).body).toMatchObject({ rows: [], totalRows: 0 });
    const [range, notNull] = run.checks.filter((check) => check.cell === "wrong");
    const failing = await rows("wrong", `?check=${range!.name}`);
    expect(failing.body).toMatchObject({ totalRows: 6 });
    expect(failing.body.rows[0]).toContain("4");
    expect((await rows("wrong", `?check=${notNull!.name}`)).body.totalRows).toBe(0);
    expect((await rows("odd", `?check=${range!.name}`)).status).toBe(404);
    expect((await rows("wrong", "?check=nothing")).status).toBe(404);
  });

  test("that are no longer kept are said to be gone", async () => {
    await rm(join(shared.api.root, "data_lake/.lake/checks"), { recursive: true });
    expect((await rows("big_ones")).body).toMatchObject({
      error: { code: "not-found", hint: "Run it again." },
    });
    const fingerprint = run.cells.find((cell) => cell.name === "odd")!.fingerprint!;
    const scratch = join(shared.api.root, "data_lake/.lake/scratch");
    const [kept = ""] = (await readdir(scratch)).filter((name) => name.startsWith(fingerprint));
    await rm(join(scratch, kept), { recursive: true });
    expect((await rows("odd")).body).toMatchObject({ error: { code: "not-found", hint: "Run it again." } });
  });
});

describe("GET .../cells/:cell/profile", () => {
  async function profile(cell: string): Promise<Profile> {
    return (await shared.api.json<Profile>("GET", `/api/notebooks/rows/cells/${cell}/profile`)).body;
  }

  test("says what each column is like", async () => {
    const { rows: count, isApproximate, columns } = await profile("numbers");
    expect([count, isApproximate]).toEqual([1000, false]);
    const [id, rest, name, day, price] = columns;
    expect(id).toMatchObject({
      count: 1000,
      nulls: 0,
      distinct: 1000,
      min: "0",
      max: "999",
      quantiles: { p05: "49.95", p50: "499.5", p95: "949.05" },
      top: [],
    });
    expect(id!.histogram).toHaveLength(20);
    expect(id!.histogram!.reduce((sum, bin) => sum + bin.count, 0)).toBe(1000);
    expect(rest!.top).toEqual([
      { value: "0", count: 334 },
      { value: "1", count: 333 },
      { value: "2", count: 333 },
    ]);
    expect(name).toMatchObject({ count: 900, nulls: 100, distinct: 900, min: "Name 1", max: "Name 999" });
    expect(name).not.toHaveProperty("histogram");
    expect(day).toMatchObject({ min: "2026-01-01", max: "2028-09-26", quantiles: { p50: "2027-05-15" } });
    expect(day!.histogram![0]!.from).toBe("2026-01-01");
    expect(day!.histogram!.at(-1)!.to).toBe("2028-09-26");
    expect(price).toMatchObject({ min: "0.00", max: "249.75", quantiles: { p50: "124.87" } });
  });

  test("writes the edges of bins of times as their type does", async () => {
    await shared.api.run("rows", { cells: ["times"] });
    const edges = (await profile("times")).columns.map(({ histogram: bins = [] }) => [
      bins[0]?.from,
      bins[1]?.from,
      bins.at(-1)?.to,
    ]);
    expect(edges).toEqual([
      ["2026-01-01 00:00:00.5", "2026-01-01 00:03:00.5", "2026-01-01 01:00:00.5"],
      ["2026-01-01 00:00:00+00", "2026-01-01 00:03:00+00", "2026-01-01 01:00:00+00"],
      ["08:00:00", "08:03:00", "09:00:00"],
      ["0044-03-15 (BC)", "0044-03-15 (BC)", "0044-03-17 (BC)"],
    ]);
  });

  test("takes every type and odd values", async () => {
    await shared.api.services.manager
      .start({
        notebook: "rows",
        mode: "run",
        cells: ["odd"],
      })
      .then((started) => started.finished);
    const { columns } = await profile("odd");
    expect(columns.map(({ name, distinct, nulls }) => [name, distinct, nulls])).toEqual([
      ["big", 1, 0],
      ["half", 1, 0],
      ['we"ird:col,umn', 1, 0],
      ["list", undefined, 0],
      ["nan", 1, 0],
    ]);
    expect(columns[0]).toMatchObject({ min: "9007199254740993", top: [] });
  });

  test("of no rows is empty", async () => {
    expect(await profile("none")).toMatchObject({
      rows: 0,
      columns: [{ name: "n", count: 0, nulls: 0, top: [] }],
    });
  });
});

describe("the lake", () => {
  test("lists what is published and shows its rows", async () => {
    expect((await shared.api.json("GET", "/api/lake")).body).toEqual({ datasets: [] });
    await shared.api.run("rows", { date: "2026-11-01", materialize: true, cells: ["numbers"] });
    await shared.api.run("rows", { date: "2026-12-01", materialize: true, cells: ["numbers"] });
    const { body } = await shared.api.json("GET", "/api/lake");
    expect(body["datasets"]).toMatchObject([
      {
        dataset: "numbers",
        runDate: "2026-12-01",
        isLatest: true,
        rows: 1000,
        path: "data_lake/2026-12-01/numbers",
      },
      { dataset: "numbers", runDate: "2026-11-01", isLatest: false, notebook: "rows", partitions: 1 },
    ]);
    for (const date of ["2026-11-01", "latest"]) {
      const page = await shared.api.json("GET", `/api/lake/${date}/numbers/rows?sort=-id&limit=1`);
      expect(page.body["totalRows"]).toBe(1000);
      expect(page.body["rows"]).toEqual([expect.arrayContaining(["999"])]);
    }
    for (const path of ["2026-01-01/numbers", "latest/absent", "..%2f/numbers", "latest/..%2fnumbers"])
      expect((await shared.api.json("GET", `/api/lake/${path}/rows`)).status).toBe(404);
  });
});

describe("GET .../cells/:cell/download", () => {
  const download = (cell: string, format = "json"): Promise<Response> =>
    shared.api.request("GET", `/api/notebooks/rows/cells/${cell}/download?format=${format}`);

  test("gives a query cell's rows with every digit of large numbers", async () => {
    const answer = await download("odd");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="odd.json"');
    const text = await answer.text();
    expect(text).toContain('"big":9007199254740993');
    expect(JSON.parse(text)).toMatchObject([{ half: 1.5, list: [1, 2], nan: null }]);
    expect(await (await download("odd", "csv")).text()).toContain("9007199254740993,1.5,x,");
  });

  test("gives a dataset's rows in their order, and none where there are none", async () => {
    const lines = (await (await download("numbers", "csv")).text()).trimEnd().split("\n");
    expect([lines.length, lines[0], lines[1]]).toEqual([
      1001,
      "id,rest,name,day,price",
      "0,0,,2026-01-01,0.00",
    ]);
    expect(await (await download("none")).json()).toEqual([]);
  });

  test("gives the rows that fail a check, and says where there are none", async () => {
    expect(await (await download("big_ones")).json()).toEqual([{ id: 998 }, { id: 999 }]);
    expect((await download("no_ones")).status).toBe(404);
    expect((await download("failing")).status).toBe(404);
  });
});
