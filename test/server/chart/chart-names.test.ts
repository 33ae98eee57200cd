import { describe, expect, test } from "vitest";
import { toCsv } from "../../../server/chart/chart-csv.js";
import { legendOf } from "../../../server/chart/chart-legend.js";
import { pageTheme, printTheme } from "../../../server/chart/chart-theme.js";
import { formatterOf, keysOf, nameOfKey, toDate, toKey } from "../../../server/chart/chart-values.js";
import { formatNumber } from "../../../server/text/format.js";
import { REST } from "../../../server/chart/plot-description.js";
import { useChartTable } from "./chart-table.js";
import { shorten } from "../../../server/chart/chart-frame.js";
import { toFigure, toSvg } from "./chart-case.js";

const shared = useChartTable();

/** What a chart writes where a value is nothing, empty, of many or not to be seen; and texts that look like it. */
const alike = `SELECT * FROM (VALUES (NULL), ('NULL'), ('"NULL"'), (''), ('empty'), ('(other)'), ('a' || chr(10) || 'b'), ('a↵b'),
  ('a'), ('a '), ('a␣'), (chr(0)), ('␀'), ('\\u200b'), (chr(8203))) AS t(k)`;
const texts = 15;

const twice = `SELECT k, i, 1.0 AS one FROM (${alike}), range(2) AS r(i)`;

describe("values that are written alike", () => {
  test.each([
    ["places", { mark: "barY", x: "k", y: "count()" }, "x"],
    ["lying places", { mark: "barX", y: "k", x: "count()" }, "y"],
    ["sorted places", { mark: "barY", x: "k", y: "count()", sort: { by: "y", descending: true } }, "x"],
    ["small charts", { mark: "barY", x: "i", y: "count()", fy: "k" }, "fy"],
    ["columns of a heat map", { mark: "cell", x: "k", y: "i" }, "x"],
  ] as const)("are %s of their own, with names of their own", async (_, options, channel) => {
    // There may be only so many small charts.
    const query = channel === "fy" ? `${twice} WHERE k IS NULL OR length(k) > 1 OR k = ''` : twice;
    const chart = await shared.table.draw(query, options);
    const count = channel === "fy" ? 11 : texts;
    const keys = keysOf(chart, channel);
    const named = chart.plot.channels[channel];
    expect(new Set(keys).size).toBe(count);
    expect(new Set(keys.map((key) => named && nameOfKey(key, named))).size).toBe(count);
    const ticks = [...toFigure(chart, 1600).querySelectorAll("text")].map(({ textContent }) => textContent);
    for (const name of ["NULL", "empty", '"NULL"', '"(other)"']) expect(ticks).toContain(name);
  });

  test("are colours of their own, which are put away one by one", async () => {
    const few = `SELECT * FROM (${twice}) WHERE k IS NULL OR k IN ('NULL', '', 'empty', '(other)')`;
    const chart = await shared.table.draw(few, { mark: "barY", x: "i", y: "count()", fill: "k" });
    const legend = legendOf(chart, printTheme)?.items ?? [];
    expect(legend.map(({ label }) => label)).toEqual(["empty", '"(other)"', '"NULL"', '"empty"', "NULL"]);
    expect(new Set(legend.map(({ color }) => color)).size).toBe(5);
    const bars = (hidden: string[]): number =>
      toFigure(chart, 640, { hidden: new Set(hidden) }).querySelectorAll('g[aria-label="bar"] rect').length;
    expect(bars([])).toBe(10);
    expect(bars([toKey(null)])).toBe(8);
    expect(bars([toKey("NULL"), toKey("")])).toBe(6);
  });

  test("have the colour that was written for them", async () => {
    const query = `SELECT * FROM (${twice}) WHERE k IS NULL OR k IN ('NULL', 'a', 'a' || chr(10) || 'b')`;
    const colors = { NULL: "tomato", '"NULL"': "teal", a: "gold", "a\nb": "navy" };
    const chart = await shared.table.draw(query, { mark: "barY", x: "i", fill: "k", colors });
    const legend = legendOf(chart, pageTheme)?.items ?? [];
    expect(Object.fromEntries(legend.map(({ label, color }) => [label, color]))).toEqual({
      NULL: "tomato",
      '"NULL"': "teal",
      a: "gold",
      "a↵b": "navy",
    });
  });

  test("are apart from what stands for all others, in the picture and in the CSV", async () => {
    const query = "SELECT * FROM (VALUES ('(other)'), ('(other)'), ('(other)'), ('a'), ('b')) AS t(k)";
    const chart = await shared.table.draw(query, {
      mark: "barY",
      x: "k",
      y: "count()",
      limit: 1,
      other: true,
    });
    expect(chart.rows.map(([x, y]) => [x, Number(y)])).toEqual([
      ["(other)", 3],
      [REST, 2],
    ]);
    expect(chart.sql).not.toContain("\u001f");
    expect(toSvg(chart)).toContain(">(other)<");
    expect(toSvg(chart)).toContain('>"(other)"<');
    expect(toCsv(chart)).toBe('k,count\r\n"(other)",3\r\n(other),2\r\n');
  });

  test("do not stand for the line over the bars in the legend", async () => {
    const query = "SELECT * FROM (VALUES ('mean of v', 0, 1), ('a', 0, 2)) AS t(k, i, v)";
    const chart = await shared.table.draw(query, { mark: "barY", x: "i", fill: "k", line: "mean(v)" });
    const keys = legendOf(chart, printTheme)?.items.map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });
});

describe("axes and tips", () => {
  test("tell large whole numbers apart", async () => {
    const query = "SELECT 9007199254740990 + i AS big, i FROM range(4) AS t(i)";
    const chart = await shared.table.draw(query, { mark: "dot", x: "i", y: "big" });
    const ticks = textsOf(toFigure(chart), "y-axis tick label").filter((text) => text !== "");
    expect(ticks.length).toBeGreaterThan(1);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(ticks).toContain(formatNumber("9007199254740991"));
    const bars = await shared.table.draw(query, { mark: "barY", x: "i", y: "max(big)" });
    const titles = [...toFigure(bars, 640, { tips: "titles" }).querySelectorAll("title")];
    expect(titles.at(-1)?.textContent).toContain(formatNumber("9007199254740993"));
    const number = await shared.table.draw(query, { mark: "number", y: "sum(big)" });
    expect(toFigure(number).innerHTML).toContain(formatNumber("36028797018963966"));
  });

  test.each([
    ["9007199254740990", "BIGINT", 6],
    ["-9007199254740996", "BIGINT", 6],
    ["170141183460469231731687303715884105720", "HUGEINT", 4],
    ["18446744073709551600", "UBIGINT", 5],
  ])("have a bar for each of the whole numbers from %s on (%s)", async (first, type, count) => {
    const query = `SELECT (${first}::HUGEINT + i % ${String(count)})::${type} AS big FROM range(1000) AS t(i)`;
    const chart = await shared.table.draw(query, { mark: "barY", x: "big", y: "count()" });
    const figure = toFigure(chart, 1600);
    const bars = [...figure.querySelectorAll('[aria-label="bar"] rect')];
    expect(new Set(bars.map((bar) => bar.getAttribute("x"))).size).toBe(count);
    expect(textsOf(figure, "x-axis tick label")).toContain(shorten(formatNumber(first)));
  });

  test.each([
    ["9007199254740990", 100],
    ["170141183460469231731687303715884100000", 5000],
    ["-9223372036854775000", 1000],
  ])("count all whole numbers of the %d from %s on in bins", async (first, count) => {
    const query = `SELECT ${first}::HUGEINT + i AS big FROM range(${String(count)}) AS t(i)`;
    const chart = await shared.table.draw(query, { mark: "barY", x: "big", y: "count()" });
    const bars = [...toFigure(chart, 1600).querySelectorAll('[aria-label="rect"] rect')];
    const total = chart.rows.reduce((sum, row) => sum + Number(row[1]), 0);
    expect(total).toBe(count);
    expect(bars).toHaveLength(chart.rows.length);
    for (const bar of bars) expect(Number(bar.getAttribute("width"))).toBeGreaterThan(0.5);
  });

  test.each([
    ["DATE", "year", "DATE '0001-01-01' + (i % 3 * 400)::INTEGER", ["1", "2", "3"]],
    ["TIMESTAMP", "month", "TIMESTAMP '0099-12-31 23:00:00' + to_hours(i % 2)", ["Dec 99", "Jan 100"]],
    ["DATE BC", "year", "DATE '0002-06-01 (BC)' + (i % 3 * 365)::INTEGER", ["2 BC", "1 BC", "1"]],
    [
      "TIMESTAMP BC",
      "day",
      "TIMESTAMP '0044-03-15 (BC) 12:00:00' + to_days((i % 1)::INTEGER)",
      ["15 Mar 44 BC"],
    ],
    ["far away", "year", "DATE '12000-06-01' + (i % 2 * 366)::INTEGER", ["12000", "12001"]],
  ] as const)("tell the years of a %s as they are (%s)", async (_, grain, value, names) => {
    const query = `SELECT ${value} AS at FROM range(12) AS t(i)`;
    const chart = await shared.table.draw(query, { mark: "barY", x: "at", y: "count()", grain });
    const titles = [...toFigure(chart, 640, { tips: "titles" }).querySelectorAll("title")];
    const told = titles.flatMap(({ textContent }) => /at: (.*)/.exec(textContent)?.[1] ?? []);
    expect(told).toEqual(names);
    const x = chart.plot.channels.x;
    expect(chart.rows.map(([at]) => x && formatterOf(x)(toDate(at)))).toEqual(names);
  });

  test("tell weeks by their Mondays", async () => {
    const query = "SELECT DATE '2025-12-01' + CAST(i AS INTEGER) AS day FROM range(30) AS t(i)";
    const chart = await shared.table.draw(query, { mark: "lineY", x: "day", y: "count()", grain: "week" });
    const ticks = textsOf(toFigure(chart), "x-axis tick label").map((text) => text.slice(0, 2).trim());
    expect(ticks.map((text) => Number.parseInt(text))).toEqual([1, 8, 15, 22, 29]);
  });
});

function textsOf(figure: Element, label: string): string[] {
  return [...figure.querySelectorAll(`g[aria-label="${label}"] text`)].map(({ textContent }) => textContent);
}
