import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { Leases } from "../../../server/lake/leases.js";
import { PageCache } from "../../../server/rows/page-cache.js";
import { readPage, type Page, type PageRequest } from "../../../server/rows/result-pages.js";
import type { StoredRows } from "../../../server/rows/stored-rows.js";
import { useEngine } from "../../support/with-engine.js";
import { waitUntil } from "../engine/duckdb/processes.js";
import { failureOf, materialize } from "../engine/scope.js";

const ROWS = 250_000;
const FAR = 200_000;

const shared = useEngine();
let stored: StoredRows;
let parquet: string;
let caches = 0;

beforeAll(async () => {
  const { engine, root } = shared;
  const output = await materialize(
    engine,
    root,
    `SELECT range AS id, range % 7 AS ties, CASE WHEN range % 3 = 0 THEN NULL ELSE hash(range) % 1000 END AS gaps
      FROM range(${ROWS}) ORDER BY hash(range)`,
    { isOrdered: true, partitionBy: ["ties"] },
  );
  const files = output.files.map(({ path }) => join(output.folder, path));
  stored = { key: "rows", files, columns: output.columns, rows: output.rows };
  parquet = join(output.folder, "parquet");
});

function createCache(maxBytes?: number): { readonly pages: PageCache; readonly folder: string } {
  const folder = join(shared.root, `pages-${String(++caches)}`);
  mkdirSync(folder);
  const options = { engine: shared.engine, folder, logger: silentLogger, leases: new Leases() };
  return { pages: new PageCache(maxBytes === undefined ? options : { ...options, maxBytes }), folder };
}

function read(request: Partial<PageRequest>, pages?: PageCache, signal?: AbortSignal): Promise<Page> {
  const services = { engine: shared.engine, ...(pages !== undefined && { pages }) };
  return readPage(services, stored, { offset: 0, limit: 50, sort: [], filter: [], ...request }, signal);
}

/** The second one waits for a copy. */
async function readTwice(request: Partial<PageRequest>, pages: PageCache): Promise<Page> {
  const first = await read(request, pages);
  expect(await read(request, pages)).toEqual(first);
  return first;
}

/** While `use` runs only copies can be read. */
async function withoutSource<T>(use: () => Promise<T>): Promise<T> {
  const away = `${parquet}-away`;
  renameSync(parquet, away);
  // The folder stays, since queries begin in it.
  for (const file of stored.files) mkdirSync(dirname(file), { recursive: true });
  try {
    return await use();
  } finally {
    rmSync(parquet, { recursive: true });
    renameSync(away, parquet);
  }
}

const requests: readonly Partial<PageRequest>[] = [
  { sort: ["ties"] },
  { sort: ["-gaps"] },
  { sort: ["gaps", "-ties"] },
  { filter: ["gaps:notnull"] },
  { sort: ["-ties"], filter: ["gaps:lt:500", "7"] },
];

describe("a copy of a large result as it is shown", () => {
  test.each(requests)("has the same rows in the same order: %o", async (request) => {
    const { pages } = createCache();
    const { totalRows } = await read(request);
    const offsets = [0, 49, Math.floor(totalRows / 2), totalRows - 20, totalRows + 5];
    const wanted = await Promise.all(offsets.map((offset) => read({ ...request, offset })));
    await readTwice({ ...request, offset: FAR }, pages);
    await withoutSource(async () => {
      for (const [index, offset] of offsets.entries())
        expect(await read({ ...request, offset }, pages)).toEqual(wanted[index]);
    });
    expect(wanted[0]?.rows).toHaveLength(50);
  });

  test("is made once a page was looked at, and once for all who wait", async () => {
    const { pages, folder } = createCache();
    const first = await read({ sort: ["id"] }, pages);
    expect(await waitUntil(() => readdirSync(folder).length === 1, 10_000)).toBe(true);
    const far = await Promise.all([1, 2, 3].map(() => read({ sort: ["id"], offset: FAR }, pages)));
    expect(far.map(({ rows }) => rows[0]?.[0])).toEqual([1, 2, 3].map(() => String(FAR)));
    expect(readdirSync(folder)).toHaveLength(1);
    await withoutSource(async () => {
      expect(await read({ sort: ["id"] }, pages)).toEqual(first);
    });
  });

  test.each([
    [
      "damaged",
      (file: string) => {
        writeFileSync(file, "no Parquet");
      },
    ],
    [
      "removed",
      (file: string) => {
        rmSync(file);
      },
    ],
  ])("is made again where it is %s", async (_, harm) => {
    const { pages, folder } = createCache();
    const request = { sort: ["-id"], offset: FAR };
    const wanted = await readTwice(request, pages);
    const [copy = ""] = readdirSync(folder);
    harm(join(folder, copy, "rows.parquet"));
    expect(await readTwice(request, pages)).toEqual(wanted);
    expect(readdirSync(folder)).not.toContain(copy);
  });

  test("goes where another one needs the room", async () => {
    const bytes = stored.files.reduce((sum, file) => sum + statSync(file).size, 0);
    const { pages, folder } = createCache(2 * bytes);
    for (const sort of ["id", "-id", "ties", "-ties", "gaps", "-gaps"])
      await readTwice({ sort: [sort], offset: FAR }, pages);
    expect(await waitUntil(() => readdirSync(folder).length < 6, 10_000)).toBe(true);
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    expect((await read({ sort: ["id"], offset: FAR }, pages)).rows[0]?.[0]).toBe(String(FAR));
  });

  test("is not made of what is larger than there is room, and pages go on", async () => {
    const { pages, folder } = createCache(1024);
    expect((await read({ sort: ["id"], offset: FAR }, pages)).rows[0]?.[0]).toBe(String(FAR));
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is not waited for the first time, and makes way where it has just begun", async () => {
    const { pages } = createCache();
    const order = [{ column: "id", isDescending: false }];
    const arrangement = { source: stored, where: [], order };
    pages.prepare(arrangement);
    expect(await pages.get(arrangement)).toBeUndefined();
    expect(await pages.get(arrangement)).toMatchObject({ rows: ROWS });
    expect(pages.find(arrangement)).toMatchObject({ rows: ROWS });
  });

  test("does not keep whoever has left waiting", async () => {
    const { pages } = createCache();
    const signal = AbortSignal.abort();
    expect(await failureOf(read({ sort: ["id"], offset: FAR }, pages, signal))).toMatchObject({
      code: "cancelled",
    });
  });

  test("says of a filter what does not fit", async () => {
    const { pages } = createCache();
    const request = { filter: ["id:eq:x"], offset: FAR };
    expect(await failureOf(read(request, pages))).toMatchObject({ code: "usage" });
  });
});

test("rows that a filter lets through are counted once", async () => {
  const { pages } = createCache();
  let counted = 0;
  const all = { where: [], order: [] };
  const count = (): Promise<number> => Promise.resolve(++counted);
  expect(await pages.count({ source: stored, ...all }, count)).toBe(1);
  expect(await pages.count({ source: stored, ...all }, count)).toBe(1);
  expect(await pages.count({ source: { ...stored, files: ["other"] }, ...all }, count)).toBe(2);
});
