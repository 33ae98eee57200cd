import { beforeAll, expect, test } from "vitest";
import type { CellRowsPage, Profile } from "../../../server/api/protocol.js";
import { notebook, useApi } from "./harness.js";

const COLUMNS = 2_100;
const columns = Array.from({ length: COLUMNS }, (_, index) =>
  index % 2 === 0
    ? `'v' || i % ${String(index + 2)} AS c${String(index)}`
    : `i * ${String(index)} AS c${String(index)}`,
);

const shared = useApi({
  "notebooks/wide.md": notebook({
    "cell: wide": `SELECT ${columns.join(", ")} FROM range(300) t(i)`,
    "cell: wide_dataset\n--| materialize: [parquet, csv]": "FROM wide",
  }),
});

beforeAll(async () => {
  const ran = await shared.api.run("wide");
  const published = await shared.api.run("wide", { materialize: true, date: "2026-11-01" });
  expect([ran.outcome, published.outcome]).toEqual(["succeeded", "succeeded"]);
});

async function get<Answer>(path: string): Promise<Answer> {
  const { status, body } = await shared.api.json<Answer>("GET", path);
  expect(body).not.toHaveProperty("error");
  expect(status).toBe(200);
  return body;
}

test.each(["/api/notebooks/wide/cells/wide/rows", "/api/lake/2026-11-01/wide_dataset/rows"])(
  "%s pages, sorts and filters 2,100 columns",
  async (path) => {
    const page = await get<CellRowsPage>(`${path}?limit=2`);
    expect(page.columns).toHaveLength(COLUMNS);
    expect(page.rows.map((row) => row.slice(-2))).toEqual([
      ["v0", "0"],
      ["v1", "2099"],
    ]);
    const sorted = await get<CellRowsPage>(`${path}?limit=1&sort=-c2099`);
    expect(sorted.rows[0]?.at(-1)).toBe(String(299 * 2099));
    const filtered = await get<CellRowsPage>(`${path}?limit=1&filter=c2099:gt:2099`);
    expect(filtered.totalRows).toBe(298);
    const searched = await get<CellRowsPage>(`${path}?limit=1&filter=${String(299 * 2099)}`);
    expect(searched.totalRows).toBe(1);
  },
);

test("profiles the columns that are asked for, wherever they lie", async () => {
  const path = "/api/notebooks/wide/cells/wide/profile";
  const { totalColumns, columns: last } = await get<Profile>(`${path}?offset=2095&limit=50`);
  expect(totalColumns).toBe(COLUMNS);
  expect(last.map(({ name }) => name)).toEqual(["c2095", "c2096", "c2097", "c2098", "c2099"]);
  expect(last.at(-1)).toMatchObject({ count: 300, distinct: 300, min: "0", max: String(299 * 2099) });
  expect((await get<Profile>(`${path}?offset=19&limit=2`)).columns.map(({ name }) => name)).toEqual([
    "c19",
    "c20",
  ]);
  expect((await get<Profile>(`${path}?offset=9999`)).columns).toEqual([]);
});

test("a whole profile of 150 columns fits into a worker", async () => {
  const { columns: all } = await get<Profile>("/api/notebooks/wide/cells/wide/profile?limit=150");
  expect(all).toHaveLength(150);
  expect(all.every(({ count, nulls }) => count === 300 && nulls === 0)).toBe(true);
});
