import { describe, expect, test } from "vitest";
import { toCsv } from "../../../server/chart/chart-csv.js";
import { formatterOf } from "../../../server/chart/chart-values.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { REST } from "../../../server/chart/plot-description.js";
import { useChartTable } from "./chart-table.js";
import { toFigure, toSvg } from "./chart-case.js";

const shared = useChartTable();
const orders = `SELECT * FROM (VALUES
  ('BCN', 'card', 10, 1, DATE '2026-01-05'), ('BCN', 'cash', 30, 3, DATE '2026-02-05'),
  ('MAD', 'card', 20, 5, DATE '2026-02-09'), ('VLC', 'card', 5, 7, DATE '2026-03-01'),
  ('VLC', NULL, 1, 9, DATE '2026-03-02'), (NULL, 'cash', 2, 2, DATE '2026-03-03')) t(city, paid, price, delay, day)`;

function draw(options: ChartOptions, sql = orders) {
  return shared.table.draw(sql, options);
}

async function problem(options: ChartOptions): Promise<string> {
  return draw(options).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
}

describe("several measures", () => {
  test("of bars are series side by side, in the order in which they are written", async () => {
    const chart = await draw({ mark: "barY", x: "city", measures: ["sum(price)", "max(delay)"] });
    expect(chart.rows.filter(([x]) => x === "BCN")).toEqual([
      ["BCN", "3", "max of delay"],
      ["BCN", "40", "sum of price"],
    ]);
    expect(chart.plot.isStacked).toBeUndefined();
    expect(chart.plot.channels.color?.labels).toEqual(["sum of price", "max of delay"]);
  });

  test("are ranked and limited by the first of them", async () => {
    const sort = { by: "y", descending: true };
    const ranked = async (...measures: string[]): Promise<unknown[]> =>
      (await draw({ mark: "barY", x: "city", measures, sort, limit: 1 })).rows.map(([x, y]) => [
        x,
        Number(y),
      ]);
    expect(await ranked("price", "delay")).toEqual([
      ["BCN", 4],
      ["BCN", 40],
    ]);
    expect(await ranked("delay", "price")).toEqual([
      ["VLC", 16],
      ["VLC", 6],
    ]);
  });

  test("of lines may be columns as they are, and too many points are thinned", async () => {
    const many = "SELECT range AS i, sin(range / 900) AS a, cos(range / 900) AS b FROM range(40000)";
    const chart = await draw({ mark: "lineY", x: "i", measures: ["a", "b"] }, many);
    expect(chart.rows.length).toBeLessThanOrEqual(5000);
    expect(new Set(chart.rows.map((row) => row[2]))).toEqual(new Set(["a", "b"]));
  });

  test("must be of one kind, and leave no colour for a column", async () => {
    expect(await problem({ mark: "lineY", x: "day", measures: ["price", "max(delay)"] })).toContain(
      "columns only",
    );
    expect(await problem({ mark: "barY", x: "city", measures: ["price", "delay"], fill: "paid" })).toContain(
      "have the colours already",
    );
    expect(await problem({ mark: "dot", x: "price", measures: ["price", "delay"] })).toContain("for bars");
  });
});

describe("what is beyond the limit", () => {
  test("is one bar, computed from its rows, at the end", async () => {
    const options = { mark: "barY", x: "city", y: "median(price)", limit: 1, other: true } as const;
    const chart = await draw(options);
    expect(chart.rows).toEqual([
      ["BCN", 20],
      [null, 2],
      [REST, 5],
    ]);
    expect(chart.caption).toBe("Beyond the first 1, values of city are together in (other).");
  });

  test("has its colours, and needs names", async () => {
    const chart = await draw({
      mark: "barY",
      x: "city",
      y: "sum(price)",
      fill: "paid",
      limit: 1,
      other: true,
    });
    const others = chart.rows.filter(([x]) => x === REST).map(([, y, color]) => [color, y]);
    expect(Object.fromEntries(others)).toEqual({ card: "25", null: "1" });
    expect(await problem({ mark: "barY", x: "day", other: true })).toContain('"other" needs names');
  });
});

describe("a line over bars", () => {
  test("is of the whole place, whatever the colours of the bars", async () => {
    const chart = await draw({ mark: "barY", x: "city", y: "count()", fill: "paid", line: "mean(delay)" });
    expect(chart.columns.map(({ name }) => name)).toEqual(["x", "y", "color", "line"]);
    expect(chart.rows.filter(([x]) => x === "VLC").map((row) => row[3])).toEqual([8, 8]);
    expect(chart.rows.filter(([x]) => x === null).map((row) => row[3])).toEqual([2]);
  });

  test("has an axis of its own where its size is another one", async () => {
    const isRight = async (options: Partial<ChartOptions>): Promise<boolean> => {
      const chart = await draw({ mark: "barY", x: "city", y: "count()", line: "sum(price)", ...options });
      return toFigure(chart).innerHTML.includes(">sum of price<");
    };
    expect(await isRight({})).toBe(true);
    expect(await isRight({ lineAxis: "left" })).toBe(false);
    expect(await isRight({ line: "max(delay)", y: "sum(delay)" })).toBe(false);
    expect(await isRight({ line: "max(delay)", y: "sum(delay)", lineAxis: "right" })).toBe(false);
  });

  test("needs bars that stand", async () => {
    expect(await problem({ mark: "lineY", x: "day", y: "price", line: "delay" })).toContain("is for bars");
    expect(await problem({ mark: "barX", y: "city", line: "delay" })).toContain("bars that stand");
    expect(await problem({ mark: "barY", x: "city", line: "paid" })).toContain("needs a number");
  });
});

describe("reference lines", () => {
  test("stand at numbers, at times and at aggregates of all rows", async () => {
    const rules = [
      { axis: "y", at: 3, label: "target" },
      { axis: "y", at: "max(price)" },
      { axis: "x", at: "2026-02-01" },
    ] as const;
    const chart = await draw({ mark: "lineY", x: "day", y: "price", rules });
    expect(chart.plot.rules).toEqual([
      { axis: "y", at: 3, label: "target" },
      { axis: "y", at: 30, label: "max of price" },
      { axis: "x", at: "2026-02-01" },
    ]);
    expect(toSvg(chart)).toContain(">max of price<");
  });

  test("need an axis that has places between its values", async () => {
    const ruled = (axis: "x" | "y", at: string): Promise<string> =>
      problem({ mark: "barY", x: "city", y: "count()", rules: [{ axis, at }] });
    expect(await ruled("x", "BCN")).toContain("no place between");
    expect(await ruled("y", "price")).toContain('"price" is no number');
  });
});

describe("layout and scales", () => {
  test("a percentage tells the amount and its share", async () => {
    const chart = await draw({ mark: "barY", x: "city", y: "sum(price)", fill: "paid", layout: "percent" });
    expect(chart.plot.isPercent).toBe(true);
    const { drawChart } = await import("../../../server/chart/draw-chart.js");
    const { pageTheme } = await import("../../../server/chart/chart-theme.js");
    const Plot = await import("@observablehq/plot");
    const { createDocument } = await import("./chart-case.js");
    const options = { width: 600, theme: pageTheme, document: createDocument(), tips: "titles" } as const;
    expect(drawChart(Plot, chart, options).innerHTML.replaceAll("\u202f", " ")).toContain(
      "sum of price: 30 (75 %)",
    );
  });

  test("says what does not go together", async () => {
    const bars = { mark: "barY", x: "city", fill: "paid" } as const;
    expect(await problem({ ...bars, y: "median(price)", layout: "stacked" })).toContain("parts that add up");
    expect(await problem({ ...bars, layout: "percent", yScale: "log" })).toContain("logarithmic");
    expect(await problem({ mark: "dot", x: "price", y: "delay", layout: "grouped" })).toContain(
      "bars and areas",
    );
    expect(await problem({ mark: "histogram", x: "price", xScale: "log" })).toContain(
      '"x_scale" is for an axis',
    );
  });

  test("a logarithmic axis has no place for zero, and the caption says so", async () => {
    const zero = "FROM (VALUES ('a', 0), ('b', 10), ('c', 1000)) t(name, n)";
    const chart = await draw({ mark: "barY", x: "name", y: "sum(n)", yScale: "log" }, zero);
    expect(chart.rows.map(([x]) => x)).toEqual(["b", "c"]);
    expect(chart.caption).toBe("1 point at or below 0 has no place on a logarithmic axis.");
  });
});

describe("a number", () => {
  test("is of all rows, and says how it stands to another one", async () => {
    const chart = await draw({ mark: "number", y: "sum(price)", compare: "sum(delay)" });
    expect(chart.rows).toEqual([["68", "27"]]);
    const name = toFigure(chart).getAttribute("aria-label")?.replaceAll("\u202f", " ");
    expect(name).toBe("sum of price 68 ▲ 151.9 % against sum of delay (27)");
  });

  test("by time is that of the last part, with its change", async () => {
    const chart = await draw({ mark: "number", x: "day", grain: "month", y: "sum(price)", title: "Revenue" });
    const name = toFigure(chart).getAttribute("aria-label")?.replaceAll("\u202f", " ");
    expect(name).toBe("Revenue: sum of price 8 Mar 2026: ▼ 84 % against Feb 2026");
  });

  test("counts rows where nothing is said, and there may be none", async () => {
    expect((await draw({ mark: "number" })).rows).toEqual([["6"]]);
    const none = await draw({ mark: "number", y: "sum(price)" }, `${orders} WHERE false`);
    expect(() => toFigure(none)).not.toThrow();
    expect(await problem({ mark: "number", x: "city" })).toContain("must be a time");
  });
});

describe("tips", () => {
  test("tell what they are asked to, of rows or of many", async () => {
    const bars = await draw({ mark: "barY", x: "city", tip: ["max(delay)", "distinct(paid)"] });
    expect(bars.columns.map(({ name }) => name)).toEqual(["x", "y", "tip1", "tip2"]);
    const dots = await draw({ mark: "dot", x: "price", y: "delay", tip: ["city", "day"] });
    expect(dots.plot.channels.tip1).toMatchObject({ scale: "nominal", label: "city" });
    expect(await problem({ mark: "barY", x: "city", tip: ["delay"] })).toContain("stands for many rows");
    expect(await problem({ mark: "dot", x: "price", y: "delay", tip: ["count()"] })).toContain(
      "stands for one row",
    );
  });
});

describe("colours", () => {
  test("are those of each name, of a list, or of a scheme", async () => {
    const bars = { mark: "barY", x: "city", fill: "paid" } as const;
    const own = toSvg(await draw({ ...bars, colors: { card: "tomato", cash: "#123456" } }));
    expect(own).toContain('fill="tomato"');
    expect(own).toContain('fill="#123456"');
    expect(toSvg(await draw({ ...bars, colors: ["gold", "teal"] }))).toContain('fill="teal"');
    expect(toSvg(await draw({ ...bars, colors: "accessible" }))).toContain('fill="#0072b2"');
  });

  test("that are put away leave those of the others as they are", async () => {
    const chart = await draw({ mark: "barY", x: "city", fill: "paid" });
    const { renderChartSvg } = await import("../../../server/chart/chart-svg.js");
    const Plot = await import("@observablehq/plot");
    const { createDocument } = await import("./chart-case.js");
    const svg = renderChartSvg(Plot, chart, {
      width: 600,
      document: createDocument(),
      hidden: new Set(["card"]),
    });
    expect(svg).not.toContain("#2b7ea8");
    expect(svg).toContain("#d8813a");
  });
});

test("a CSV has exact values under the labels of the channels", async () => {
  const chart = await draw({ mark: "barY", x: "city", y: "sum(price)" }, `${orders} WHERE delay > 2`);
  expect(toCsv(chart)).toBe("city,sum of price\r\nBCN,30\r\nMAD,20\r\nVLC,6\r\n");
  const evil = {
    ...chart,
    rows: [
      ['a "b",\n', "9007199254740993"],
      [null, ""],
    ],
  };
  expect(toCsv(evil)).toBe('city,sum of price\r\n"a ""b"",\n",9007199254740993\r\n,""\r\n');
});

test("a format holds for ticks, tips and labels", async () => {
  const chart = await draw({ mark: "barY", x: "city", y: "sum(price)", yFormat: "€0.00", labels: true });
  expect(toSvg(chart)).toContain(">€40.00<");
  const { y } = chart.plot.channels;
  expect(y && formatterOf(y)(40)).toBe("€40.00");
});
