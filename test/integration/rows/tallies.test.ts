import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../server/base/errors.js";
import { silentLogger } from "../../../server/base/logger.js";
import { groupOf, toGroupedBy, type Picked } from "../../../server/chart/picked.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { Leases } from "../../../server/lake/leases.js";
import { chartRows, type ChartData } from "../../../server/rows/chart-data.js";
import { readPage, readPicked } from "../../../server/rows/result-pages.js";
import type { StoredRows } from "../../../server/rows/stored-rows.js";
import { Tallies, type TalliesOptions } from "../../../server/rows/tallies.js";
import { seededRandom } from "../../support/seed.js";
import { useEngine } from "../../support/with-engine.js";
import { materialize } from "../engine/scope.js";

/* What is made of tallies is what is made of all rows: over columns of every type, charts and filters at random. */

const random = seededRandom("tallies");
const ROWS = 6000;
const shared = useEngine();
let stored: StoredRows;
let folders = 0;

const columns: Readonly<Record<string, readonly string[]>> = {
  city: ["'Berlin'", "'O''Hara'", "''", "'(other)'", "'NULL'", "'Zürich 🚲'", "NULL"],
  small: ["1::TINYINT", "2::TINYINT", "3::TINYINT", "-7::TINYINT", "NULL"],
  big: ["9007199254740993", "9007199254740992", "-9223372036854775808", "9223372036854775807", "0", "NULL"],
  huge: ["99999999999999999999999999999999::HUGEINT", "-5::HUGEINT", "NULL"],
  price: ["0.01::DECIMAL(18,2)", "0.10::DECIMAL(18,2)", "1234567890123456.78::DECIMAL(18,2)", "NULL"],
  wide: ["0.000000001::DECIMAL(38,9)", "12345678901234567890.123456789::DECIMAL(38,9)", "NULL"],
  delay: ["0.1", "0.2", "0.3", "0.30000000000000004", "2.5", "9.999999999", "10", "'NaN'::DOUBLE", "NULL"],
  endless: ["1.5", "'Infinity'::DOUBLE", "'-Infinity'::DOUBLE", "'NaN'::DOUBLE", "-0.0", "0.0", "NULL"],
  single: ["0.1::FLOAT", "0.3::FLOAT", "16777217::FLOAT", "NULL"],
  day: [
    "DATE '2026-01-31'",
    "DATE '2026-02-01'",
    "DATE '2025-12-31'",
    "DATE 'infinity'",
    "DATE '-infinity'",
    "NULL",
  ],
  moment: [
    "TIMESTAMP '2026-01-31 23:59:59.999999'",
    "TIMESTAMP '2026-02-01'",
    "TIMESTAMP '2026-02-01 12:00:00.5'",
    "TIMESTAMP '1969-07-20 20:17:40'",
    "TIMESTAMP 'infinity'",
    "TIMESTAMP '294247-01-09 12:00:00'",
    "NULL",
  ],
  zoned: [
    "TIMESTAMPTZ '2026-03-29 00:59:59+00'",
    "TIMESTAMPTZ '2026-03-29 01:00:00+00'",
    "TIMESTAMPTZ '2026-10-25 00:30:00+00'",
    "TIMESTAMPTZ '-infinity'",
    "NULL",
  ],
  fine: ["TIMESTAMP_NS '2026-01-01 00:00:00.123456789'", "TIMESTAMP_NS '2026-01-02'", "NULL"],
  flag: ["true", "false", "NULL"],
  level: ["'low'::ENUM('high', 'low', 'it''s')", "'it''s'::ENUM('high', 'low', 'it''s')", "NULL"],
  parts: ["['a', NULL]", "[]::VARCHAR[]", "NULL"],
  clock: ["TIME '10:00:00'", "TIME '10:00:00.000001'", "NULL"],
  many: [],
};

beforeAll(async () => {
  const { engine, root } = shared;
  const own = Object.entries(columns).map(([name, values]) => {
    const seed = String(random.integer(0, 1e9));
    if (name === "many") return `'name ' || (hash(range + ${seed}) % 70)::VARCHAR AS many`;
    return `[${values.join(", ")}][1 + (hash(range + ${seed}) % ${String(values.length)})::INTEGER] AS "${name}"`;
  });
  const output = await materialize(engine, root, `SELECT ${own.join(", ")} FROM range(${String(ROWS)})`);
  const files = output.files.map(({ path }) => join(output.folder, path));
  stored = { key: "tallied", files, columns: output.columns, rows: output.rows };
});

interface Watched {
  readonly tallies: Tallies;
  readonly folder: string;
  /** What the engine did for them. */
  readonly done: ("made" | "answered")[];
}

function createTallies(options: Partial<TalliesOptions> = {}): Watched {
  const folder = join(shared.root, `tallies-${String(++folders)}`);
  const done: ("made" | "answered")[] = [];
  const { engine } = shared;
  const watched: TalliesOptions["engine"] = {
    ...engine,
    aggregate: (task, control) => {
      done.push("answered");
      return engine.aggregate(task, control);
    },
    tally: (task, control) => {
      done.push("made");
      return engine.tally(task, control);
    },
  };
  const all = {
    engine: watched,
    folder,
    logger: silentLogger,
    leases: new Leases(),
    minRows: 1,
    asksOfRows: 0,
    patienceMs: 600_000,
    ...options,
  };
  return { tallies: new Tallies(all), folder, done };
}

function draw(options: ChartOptions, picked: readonly Picked[], tallies?: Tallies): Promise<ChartData> {
  return chartRows(shared.engine, stored, options, { picked, ...(tallies !== undefined && { tallies }) });
}

async function count(picked: readonly Picked[], tallies?: Tallies): Promise<number> {
  const request = { offset: 0, limit: 0, sort: [], filter: [], picked };
  const services = { engine: shared.engine, ...(tallies !== undefined && { tallies }) };
  return (await readPage(services, stored, request)).totalRows;
}

const names = Object.keys(columns);
const sums = ["small", "big", "price", "wide", "delay", "single"];
const grains = ["minute", "hour", "day", "week", "month", "quarter", "year"] as const;

const charts = [
  ...names.map((x) => ({ mark: "barY", x, y: "count()" })),
  ...sums.flatMap((y) => ["sum", "mean"].map((name) => ({ mark: "barY", x: "city", y: `${name}(${y})` }))),
  ...names.map((y) => ({ mark: "barY", x: "flag", y: `count(${y})` })),
  ...["small", "price", "delay", "huge"].map((y) => ({ mark: "barY", x: "city", y: `max(${y})` })),
  { mark: "barY", x: "city", y: "min(endless)", fill: "flag" },
  { mark: "barY", x: "many", y: "sum(price)", limit: 5, sort: { by: "y", descending: true } },
  { mark: "barX", y: "many", x: "sum(small)", limit: 4, other: true },
  { mark: "barY", x: "many", y: "count()", limit: 4, other: true },
  { mark: "barY", x: "city", y: "count()", fill: "many" },
  { mark: "barY", x: "city", y: ["sum(price)", "count()", "mean(small)"] },
  { mark: "barY", x: "city", y: "sum(price)", line: "mean(small)", fill: "flag" },
  { mark: "cell", x: "city", y: "level", fill: "sum(small)" },
  { mark: "histogram", x: "delay", bins: 7, fill: "flag" },
  { mark: "histogram", x: "price" },
  { mark: "histogram", x: "big" },
  ...grains.flatMap((grain) =>
    ["day", "moment", "zoned", "fine"].map((x) => ({ mark: "lineY", x, y: "sum(price)", grain })),
  ),
  { mark: "areaY", x: "day", y: "count()", grain: "month", fill: "city", layout: "percent" },
  { mark: "number", y: "sum(price)" },
  { mark: "number", y: "count()", compare: "mean(small)" },
  { mark: "number", x: "day", y: "sum(price)", grain: "month" },
  { mark: "barY", x: "city", y: "count()", tip: ["max(moment)", "sum(big)"] },
  { mark: "barY", x: "city", y: "count()", fx: "flag", fy: "level" },
] as unknown as readonly ChartOptions[];

function anyOf<T>(values: readonly T[]): T {
  return values[random.integer(0, values.length - 1)] as T;
}

/** Some marks of a chart, or a range of them. */
async function somePicked(): Promise<Picked> {
  for (;;) {
    const options = anyOf(charts);
    const chart = await draw(options, []).catch(() => undefined);
    const { groupedBy = [], rows = [] } = chart ?? {};
    if (chart === undefined || groupedBy.length === 0 || rows.length === 0) continue;
    const by = toGroupedBy(groupedBy);
    const groups = rows.map((row) => groupOf(groupedBy, chart.columns, row));
    const some = groups.filter(() => random.chance(0.4));
    const [first] = by;
    const known = groups.flatMap(([value]) => value ?? []);
    const isRange = first !== undefined && ("bins" in first || "grain" in first) && known.length > 0;
    if (isRange && random.chance(0.8)) {
      const ends = [anyOf(known), anyOf(known)].sort((a, b) => known.indexOf(a) - known.indexOf(b));
      return { by: [first], ranges: [[ends[0] ?? "", ends[1] ?? ""]] };
    }
    return { by, groups: some.length > 0 ? some : groups.slice(0, 1) };
  }
}

/** Doubles are added up in another order: their last digits may differ, as they do from one plain query to the next. */
function comparable({ columns: own, rows, ...rest }: ChartData): unknown {
  const texts = rows.map((row) =>
    row.map((value, index) =>
      own[index]?.type === "DOUBLE" && typeof value === "number" ? value.toPrecision(12) : value,
    ),
  );
  return { ...rest, columns: own, rows: texts.map((row) => JSON.stringify(row)).sort() };
}

const drawn = (options: ChartOptions, picked: readonly Picked[], tallies?: Tallies): Promise<unknown> =>
  draw(options, picked, tallies).then(comparable, (error: unknown) => String(error));

describe("A tally", () => {
  let tallies: Tallies;
  let done: Watched["done"];
  beforeAll(() => {
    ({ tallies, done } = createTallies());
  });

  test.each([1, 2, 3, 4])("answers exactly as the rows do, whatever is drawn and picked (%i)", async () => {
    for (let turn = 0; turn < 10; turn++) {
      const picked = [await somePicked(), ...(random.chance(0.3) ? [await somePicked()] : [])];
      const options = anyOf(charts);
      const asked = JSON.stringify([options, picked]);
      const [ours, theirs, found, counted] = await Promise.all([
        drawn(options, picked, tallies),
        drawn(options, picked),
        count(picked, tallies),
        count(picked),
      ]);
      expect([asked, ours, found]).toEqual([asked, theirs, counted]);
    }
  });

  test("has answered most of that", () => {
    expect(done.filter((what) => what === "answered").length).toBeGreaterThan(50);
  });

  const bySum = { mark: "barY", x: "city", y: "sum(price)" } as unknown as ChartOptions;
  const ofSome: Picked = { by: [{ column: "flag", as: "text" }], groups: [["true"]] };

  test("is made once for all moves of a filter, and for the count of the rows as well", async () => {
    const { tallies: own, done: did } = createTallies();
    for (const value of ["true", "false", null]) {
      const picked: Picked = { by: [{ column: "flag", as: "text" }], groups: [[value]] };
      await draw(bySum, [picked], own);
      expect(await count([picked], own)).toBe(await count([picked]));
    }
    expect(did.filter((what) => what === "made")).toEqual(["made"]);
  });

  test("that takes long is not waited for, and answers what is asked later", async () => {
    const { engine } = shared;
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const slow: TalliesOptions["engine"] = {
      ...engine,
      tally: (task, control) => isReleased.then(() => engine.tally(task, control)),
    };
    const { tallies: own } = createTallies({ engine: slow, patienceMs: 1 });
    expect(await drawn(bySum, [ofSome], own)).toEqual(await drawn(bySum, [ofSome]));
    release();
    const where = readPicked([ofSome], stored.columns);
    await expect.poll(() => own.count(stored, where)).toBe(await count([ofSome]));
  });

  test("is made where the same is asked again", async () => {
    const { tallies: own, done: did } = createTallies({ asksOfRows: 1 });
    await draw(bySum, [ofSome], own);
    expect(did).toEqual([]);
    await draw(bySum, [ofSome], own);
    await draw(bySum, [ofSome], own);
    expect(did).toEqual(["made", "answered", "answered"]);
  });

  test("is another one of other rows", async () => {
    const { tallies: own, done: did } = createTallies();
    await draw(bySum, [ofSome], own);
    const sql = "SELECT 'Porto' AS city, 1.5::DECIMAL(18,2) AS price, range % 3 = 0 AS flag FROM range(300)";
    const output = await materialize(shared.engine, shared.root, sql);
    const files = output.files.map(({ path }) => join(output.folder, path));
    const other = { key: "tallied", files, columns: output.columns, rows: output.rows };
    const { rows } = await chartRows(shared.engine, other, bySum, { picked: [ofSome], tallies: own });
    expect(rows).toEqual([["Porto", "150.00"]]);
    expect(did.filter((what) => what === "made")).toEqual(["made", "made"]);
  });

  test("leaves it to the rows which of equal means come first", async () => {
    const { tallies: own, done: did } = createTallies();
    // Each mean is 0.15, of 0.45 over 3 as of 0.15 over 1.
    const sql =
      "SELECT 'shop ' || range % 30 AS shop, [0.1, 0.2, 0.15][1 + range % 3]::DECIMAL(9,2) AS price, range % 7 AS g FROM range(6300)";
    const output = await materialize(shared.engine, shared.root, sql);
    const files = output.files.map(({ path }) => join(output.folder, path));
    const ties = { key: "ties", files, columns: output.columns, rows: output.rows };
    const picked: Picked = { by: [{ column: "g", as: "number" }], ranges: [["0", "6"]] };
    for (const x of ["mean(price)", "mean(g)"]) {
      const options = { mark: "barX", y: "shop", x, limit: 4, other: true } as unknown as ChartOptions;
      const ask = (tallied?: Tallies): Promise<ChartData> =>
        chartRows(shared.engine, ties, options, { picked: [picked], ...(tallied && { tallies: tallied }) });
      expect((await ask(own)).rows).toEqual((await ask()).rows);
    }
    expect(did).toEqual([]);
  });

  test.each([
    "median(price)",
    "mean(price)",
    "distinct(small)",
    "stddev(delay)",
    "quantile(price, 0.9)",
    "mode(small)",
  ])("is not asked for %s, which the rows answer", async (y) => {
    const { tallies: own, done: did } = createTallies();
    const options = { ...bySum, y } as unknown as ChartOptions;
    expect(await drawn(options, [ofSome], own)).toEqual(await drawn(options, [ofSome]));
    expect(did).toEqual([]);
  });

  test("is given up once where there are too many groups", async () => {
    const { tallies: own, done: did, folder } = createTallies({ mostGroups: 8 });
    for (let turn = 0; turn < 2; turn++)
      expect(await drawn(bySum, [ofSome], own)).toEqual(await drawn(bySum, [ofSome]));
    expect(did).toEqual(["made"]);
    await expect.poll(() => readdir(folder)).toEqual([]);
  });

  test("makes room for the next one where all of them are too large", async () => {
    const { tallies: own, done: did, folder } = createTallies({ maxBytes: 1 });
    for (let turn = 0; turn < 2; turn++)
      expect(await drawn(bySum, [ofSome], own)).toEqual(await drawn(bySum, [ofSome]));
    expect(did).toEqual(["made", "made"]);
    await expect.poll(() => readdir(folder)).toEqual([]);
  });

  test("that is gone is made again, and nobody sees it", async () => {
    const { tallies: own, done: did, folder } = createTallies();
    const whole = await drawn(bySum, [ofSome]);
    expect(await drawn(bySum, [ofSome], own)).toEqual(whole);
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    expect(await drawn(bySum, [ofSome], own)).toEqual(whole);
    expect(await drawn(bySum, [ofSome], own)).toEqual(whole);
    expect(did.filter((what) => what === "made")).toEqual(["made", "made"]);
  });

  test("that a dying process does not answer leaves the question to the rows", async () => {
    const { engine } = shared;
    const dying = { ...engine, aggregate: () => Promise.reject(new AppError("engine-crashed", "gone")) };
    const { tallies: own } = createTallies({ engine: dying });
    expect(await drawn(bySum, [ofSome], own)).toEqual(await drawn(bySum, [ofSome]));
  });

  test("goes on being made when whoever asked has moved on, for whoever asks next", async () => {
    const { tallies: own, done: did } = createTallies();
    const controller = new AbortController();
    const first = chartRows(shared.engine, stored, bySum, {
      picked: [ofSome],
      tallies: own,
      signal: controller.signal,
    }).catch(() => undefined);
    controller.abort();
    await first;
    expect(await drawn(bySum, [ofSome], own)).toEqual(await drawn(bySum, [ofSome]));
    expect(did.filter((what) => what === "made").length).toBeLessThan(2);
  });
});
