import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { namedColors } from "../../../server/chart/chart-legend.js";
import { printTheme } from "../../../server/chart/chart-theme.js";
import { groupOf, toGroupedBy, type Picked } from "../../../server/chart/picked.js";
import { pickedSchema } from "../../../server/chart/picked-schema.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { chartRows, type ChartData } from "../../../server/rows/chart-data.js";
import { readPage } from "../../../server/rows/result-pages.js";
import type { StoredRows } from "../../../server/rows/stored-rows.js";
import { seededRandom } from "../../support/seed.js";
import { useEngine } from "../../support/with-engine.js";
import { materialize } from "../engine/scope.js";

/* What a mark counts is what its pick finds: over rows of every type, with the values that are hard to say. */

const random = seededRandom("picked");
const ROWS = 4000;
const shared = useEngine();
let stored: StoredRows;

const columns: Readonly<Record<string, readonly string[]>> = {
  city: [
    "'Berlin'",
    "'O''Hara'",
    "'a \"quote\"'",
    "''",
    "'(other)'",
    "'NULL'",
    "'null'",
    "'%_\\'",
    "'Zürich 🚲'",
    "NULL",
  ],
  big: ["9007199254740993", "9007199254740992", "-9223372036854775808", "9223372036854775807", "0", "NULL"],
  huge: ["99999999999999999999999999999999999999::HUGEINT", "0::HUGEINT", "NULL"],
  small: ["1", "2", "3", "7", "NULL"],
  price: [
    "0.01::DECIMAL(18,2)",
    "0.10::DECIMAL(18,2)",
    "1234567890123456.78::DECIMAL(18,2)",
    "-0.10::DECIMAL(18,2)",
    "NULL",
  ],
  delay: [
    "0.1",
    "0.2",
    "0.3",
    "0.30000000000000004",
    "1.0",
    "2.5",
    "9.999999999",
    "10",
    "'NaN'::DOUBLE",
    "NULL",
  ],
  endless: ["1.5", "'Infinity'::DOUBLE", "'-Infinity'::DOUBLE", "'NaN'::DOUBLE", "-0.0", "0.0", "NULL"],
  single: ["0.1::FLOAT", "0.3::FLOAT", "16777217::FLOAT", "NULL"],
  day: [
    "DATE '2026-01-31'",
    "DATE '2026-02-01'",
    "DATE '2026-02-28'",
    "DATE '2025-12-31'",
    "DATE '1969-12-31'",
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
    "TIMESTAMP '-infinity'",
    "TIMESTAMP '294247-01-09 12:00:00'",
    "NULL",
  ],
  zoned: [
    "TIMESTAMPTZ '2026-03-29 00:59:59+00'",
    "TIMESTAMPTZ '2026-03-29 01:00:00+00'",
    "TIMESTAMPTZ '2026-10-25 00:30:00+00'",
    "TIMESTAMPTZ 'infinity'",
    "TIMESTAMPTZ '-infinity'",
    "NULL",
  ],
  fine: ["TIMESTAMP_NS '2026-01-01 00:00:00.123456789'", "TIMESTAMP_NS '2026-01-02'", "NULL"],
  flag: ["true", "false", "NULL"],
  level: ["'low'::ENUM('high', 'low', 'it''s')", "'it''s'::ENUM('high', 'low', 'it''s')", "NULL"],
  code: ["'11111111-1111-1111-1111-111111111111'::UUID", "NULL"],
  parts: ["['a', NULL]", "[]::VARCHAR[]", "NULL"],
  clock: ["TIME '10:00:00'", "TIME '10:00:00.000001'", "NULL"],
  many: [],
};

beforeAll(async () => {
  const { engine, root } = shared;
  const own = Object.entries(columns).map(([name, values]) => {
    if (name === "many") return `'name ' || (hash(range) % 70)::VARCHAR AS many`;
    const seed = String(random.integer(0, 1e9));
    return `[${values.join(", ")}][1 + (hash(range + ${seed}) % ${String(values.length)})::INTEGER] AS "${name}"`;
  });
  const output = await materialize(engine, root, `SELECT ${own.join(", ")} FROM range(${String(ROWS)})`);
  const files = output.files.map(({ path }) => join(output.folder, path));
  stored = { key: "picked", files, columns: output.columns, rows: output.rows };
});

function draw(options: ChartOptions, picked: readonly Picked[] = []): Promise<ChartData> {
  return chartRows(shared.engine, stored, options, { picked });
}

async function count(...picked: Picked[]): Promise<number> {
  const asked = picked.map((each) => pickedSchema.parse(JSON.parse(JSON.stringify(each))));
  const request = { offset: 0, limit: 0, sort: [], filter: [], picked: asked };
  return (await readPage({ engine: shared.engine }, stored, request)).totalRows;
}

function valuesOf({ columns: named, rows }: ChartData, channel: string): unknown[] {
  const index = named.findIndex(({ name }) => name === channel);
  return rows.map((row) => row[index]);
}

function pickedOf(chart: ChartData, rows: readonly (readonly unknown[])[]): Picked {
  const channels = chart.groupedBy ?? [];
  return { by: toGroupedBy(channels), groups: rows.map((row) => groupOf(channels, chart.columns, row)) };
}

const names = Object.keys(columns);
/** What charts refuse to draw. */
const unfit = /needs names|must be/;

const charts: readonly ChartOptions[] = [
  ...names.map((x): ChartOptions => ({ mark: "barY", x, y: "count()" })),
  ...names.map((fill): ChartOptions => ({ mark: "barY", x: "small", y: "count()", fill })),
  ...names.map((y): ChartOptions => ({ mark: "barX", y, x: "count()", limit: 2, other: true })),
  ...names.map((x): ChartOptions => ({ mark: "cell", x, y: "city", fill: "count()" })),
  { mark: "barY", x: "city", y: "count()", fill: "many", limit: 4 },
  { mark: "barY", x: "many", y: "count()", limit: 5, sort: { by: "y", descending: true } },
  { mark: "histogram", x: "delay", bins: 7 },
  { mark: "histogram", x: "delay", bins: 3, fill: "flag" },
  { mark: "histogram", x: "price" },
  { mark: "histogram", x: "big" },
  { mark: "barY", x: "moment", y: "count()", grain: "month" },
  { mark: "barY", x: "zoned", y: "count()", grain: "hour" },
  { mark: "barY", x: "day", y: "count()", grain: "week", fx: "flag" },
  { mark: "lineY", x: "moment", y: "count()", grain: "day", stroke: "level" },
  ...(["minute", "hour", "day", "week", "month", "quarter", "year"] as const).flatMap((grain) =>
    ["day", "moment", "zoned"].map((x) => ({ mark: "cell", x, y: "flag", fill: "count()", grain })),
  ),
  { mark: "areaY", x: "day", y: "count()", grain: "quarter", fill: "city" },
] as unknown as readonly ChartOptions[];

describe("A picked mark", () => {
  test.each(charts.map((options) => [JSON.stringify(options), options] as const))(
    "finds the rows that it counts: %s",
    async (_, options) => {
      const chart = await draw(options).catch((error: unknown) => {
        if (!unfit.test(String(error))) throw error;
        return undefined;
      });
      if (chart === undefined) return;
      expect(chart.rows).not.toEqual([]);
      const measure = options.mark === "cell" ? "color" : options.mark === "barX" ? "x" : "y";
      const counted = valuesOf(chart, measure).map(Number);
      const marks = chart.rows.map((row, index) => ({ row, index }));
      const some = marks.length <= 8 ? marks : marks.filter(() => random.chance(8 / marks.length));
      for (const { row, index } of some)
        expect([row, await count(pickedOf(chart, [row]))]).toEqual([row, counted[index]]);
      const together = some.reduce((sum, { index }) => sum + (counted[index] ?? 0), 0);
      expect(
        await count(
          pickedOf(
            chart,
            some.map(({ row }) => row),
          ),
        ),
      ).toBe(together);
    },
  );

  test.each([
    { mark: "histogram", x: "delay", bins: 7 },
    { mark: "histogram", x: "price" },
    { mark: "barY", x: "moment", y: "count()", grain: "day" },
    { mark: "barY", x: "day", y: "count()", grain: "month" },
    { mark: "barY", x: "small", y: "count()" },
  ] as unknown as readonly ChartOptions[])(
    "and a range of them finds what they count together: %j",
    async (options) => {
      const { groupedBy = [], ...chart } = await draw(options);
      const last = random.integer(0, chart.rows.length - 1);
      const first = random.integer(0, last);
      const within = chart.rows.slice(first, last + 1);
      const edges = [first, last].map(
        (index) => groupOf(groupedBy, chart.columns, chart.rows[index] ?? [])[0] ?? "",
      );
      const picked = { by: toGroupedBy(groupedBy), ranges: [[edges[0] ?? "", edges[1] ?? ""] as const] };
      const counted = within.reduce(
        (sum, row) => sum + Number(row[chart.columns.findIndex(({ name }) => name === "y")]),
        0,
      );
      expect(await count(picked)).toBe(counted);
    },
  );

  test.each([
    { mark: "barX", y: "many", x: "count()", limit: 3, other: true },
    { mark: "barY", x: "city", y: "count()", limit: 2, other: true },
    { mark: "barY", x: "small", y: "count()", fill: "many", limit: 4 },
    { mark: "barY", x: "small", y: "count()", fill: "many" },
  ] as unknown as readonly ChartOptions[])(
    "finds the rows that it counts where others are picked elsewhere, and other marks come first: %j",
    async (options) => {
      const cities = await draw({ mark: "barY", x: "flag", y: "count()" });
      for (const elsewhere of cities.rows.map((row) => pickedOf(cities, [row]))) {
        const chart = await draw(options, [elsewhere]);
        const counted = valuesOf(chart, options.mark === "barX" ? "x" : "y").map(Number);
        for (const [index, row] of chart.rows.entries())
          expect([row, await count(elsewhere, pickedOf(chart, [row]))]).toEqual([row, counted[index]]);
      }
    },
  );

  test("leaves other charts what they have in common with it", async () => {
    const cities = await draw({ mark: "barY", x: "city", y: "count()" });
    const other = { mark: "barY", x: "moment", y: "count()", grain: "month", fill: "many" } as ChartOptions;
    const [mark = []] = cities.rows;
    const picked = pickedOf(cities, [mark]);
    const [whole, part] = [await draw(other), await draw(other, [picked])];
    const sum = (chart: ChartData): number =>
      valuesOf(chart, "y").reduce<number>((total, y) => total + Number(y), 0);
    // Neither NULL nor what is infinite has a place on an axis.
    const placeless = [[null], ["infinity"], ["-infinity"]];
    const without = await count(picked, { by: [{ column: "moment", as: "plain" }], groups: placeless });
    expect(sum(part)).toBe((await count(picked)) - without);
    // The colours are those of all rows, so that none means something else now.
    const cityColors = { mark: "barY", x: "small", y: "count()", fill: "city" } as ChartOptions;
    const two = [await draw(cityColors), await draw(cityColors, [picked])] as const;
    expect(new Set(valuesOf(two[1], "color")).size).toBe(1);
    expect(new Set(valuesOf(two[0], "color")).size).toBeGreaterThan(1);
    expect(namedColors(two[1], printTheme)).toEqual(namedColors(two[0], printTheme));
    expect(part.groupedBy).toEqual(whole.groupedBy);
  });

  test("does not fit rows without its column", async () => {
    const picked: Picked = { by: [{ column: "gone", as: "text" }], groups: [["x"]] };
    await expect(count(picked)).rejects.toMatchObject({
      code: "usage",
      message: 'Column "gone" does not exist.',
    });
    await expect(draw({ mark: "barY", x: "city" }, [picked])).rejects.toMatchObject({
      code: "usage",
    });
    const wrong: Picked = { by: [{ column: "day", grain: "day" }], groups: [["x' OR true --"]] };
    await expect(count(wrong)).rejects.toMatchObject({ code: "usage" });
  });
});
