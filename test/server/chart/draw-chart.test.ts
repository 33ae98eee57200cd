import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseHTML } from "linkedom";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { formatFigure, keysOf, type PlainChart } from "../../../server/chart/chart-values.js";
import { formatNumber } from "../../../server/text/format.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { evilTexts } from "../../browser/evil-texts.js";
import { useChartTable } from "./chart-table.js";
import { chartOf, toFigure, toSvg } from "./chart-case.js";

const folder = resolve(import.meta.dirname, "../../charts");
const shared = useChartTable();

/** A case is a chart as a notebook has it, under `chart`, and the query of its rows, under `sql`. */
interface ChartCase {
  readonly sql: string;
  readonly chart: ChartOptions;
}

describe("golden charts", () => {
  const cases = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

  test.each(cases)("%s", async (file) => {
    const { sql, chart } = parse(readFileSync(resolve(folder, file), "utf8")) as ChartCase;
    const drawn = await shared.table.draw(sql, chart);
    const svg = toSvg(drawn, drawn.caption);
    await expect(svg).toMatchFileSnapshot(resolve(folder, file.replace(/\.yaml$/, ".svg")));
  });
});

const count = { scale: "quantitative", label: "count", isInteger: true } as const;

describe("drawChart", () => {
  test("says what it is to who does not see it", () => {
    const chart = chartOf(
      { title: "Orders" },
      [
        ["x", { label: "city" }],
        ["y", count],
      ],
      [["BCN", "3"]],
    );
    const figure = toFigure(chart);
    expect(figure.getAttribute("role")).toBe("img");
    expect(figure.getAttribute("aria-label")).toBe("Orders: Bar chart of city, count, 1 points");
    const described = { ...chart, plot: { ...chart.plot, description: "Most are in BCN" } };
    expect(toFigure(described).getAttribute("aria-label")).toBe("Most are in BCN");
  });

  test("draws integers and decimals that came as text", () => {
    const chart = chartOf(
      {},
      [
        ["x", {}],
        ["y", count],
      ],
      [
        ["a", "9007199254740993"],
        ["b", "1.50"],
      ],
    );
    expect(bars(chart)).toBe(2);
  });

  test.each([
    1, 0.004, 12, 950, 1000, 999_999, 1e6, 1.2e6, 3.9e6, 5e6, 8.6e6, 1e7, 1.1e7, 123_456_789, 1e9, 1e12,
    1.5e15, 2e16,
  ])("leaves room for every tick of an axis up to %d, below zero, and far from it", (most) => {
    const pictures = [
      { mark: "bar", values: [most] },
      { mark: "bar", values: [-most] },
      { mark: "dot", values: [most, most * 1.0007] },
    ] as const;
    for (const { mark, values } of pictures) {
      const channels = [
        ["x", { scale: mark === "dot" ? "quantitative" : "nominal" }],
        ["y", { scale: "quantitative", label: "n" }],
      ] as const;
      const figure = toFigure(
        chartOf(
          { mark },
          channels,
          values.map((value, index) => [index, value]),
        ),
      );
      const ticks = [...figure.querySelectorAll('[aria-label="y-axis tick label"] text')];
      const right = Number(figure.querySelector('[aria-label="y-grid"] line')?.getAttribute("x1"));
      expect(ticks.length).toBeGreaterThan(2);
      // No figure is wider, and 6 px lie between it and the frame.
      for (const { textContent: tick } of ticks)
        expect(`${tick}: ${String(tick.length * 6.3 < right - 6)}`).toBe(`${tick}: true`);
    }
  });

  test("draws nothing for what is no number, and has a place for NULL", () => {
    const chart = chartOf(
      {},
      [
        ["x", {}],
        ["y", count],
      ],
      [
        ["a", "NaN"],
        ["b", null],
        [null, "2"],
      ],
    );
    expect(bars(chart)).toBe(1);
    expect(toFigure(chart).innerHTML).toContain(">NULL<");
  });

  test("writes numbers beyond trillions with an exponent", () => {
    const channels = [
      ["x", {}],
      ["y", count],
    ] as const;
    const svg = toSvg(chartOf({}, channels, [["a", "20000000000000000"]]));
    expect(svg).toContain(">2e16<");
    expect(svg).not.toContain("000T");
    expect([formatFigure(2e14), formatFigure(2.5e16)]).toEqual([formatNumber(2e14), "2.5e16"]);
  });

  test("makes room for long names", () => {
    const chart = chartOf(
      { base: "y" },
      [
        ["y", {}],
        ["x", count],
      ],
      [["a rather long name of something", 1]],
    );
    expect(toFigure(chart).innerHTML).toContain("a rather long name of somet…");
  });

  test("survives every mark without rows and with a single point", () => {
    for (const mark of ["bar", "rect", "line", "area", "dot", "cell"] as const) {
      const channels = [
        ["x", { scale: mark === "bar" || mark === "cell" ? "nominal" : "quantitative", step: 1 }],
        ["y", mark === "cell" ? {} : count],
        ["color", mark === "cell" ? count : {}],
      ] as const;
      expect(() => toFigure(chartOf({ mark }, channels, []))).not.toThrow();
      expect(() => toFigure(chartOf({ mark }, channels, [[1, 1, 1]]))).not.toThrow();
      expect(() => toFigure(chartOf({ mark }, channels, [[1, 1, 1]]), 60)).not.toThrow();
    }
  });

  test.each(evilTexts.map((text) => [text]))("%j stays text wherever it stands", (evil) => {
    const chart = chartOf(
      { title: evil, subtitle: evil, description: evil, isStacked: true },
      [
        ["x", { label: evil }],
        ["y", { ...count, label: evil }],
        ["color", { label: evil }],
        ["fx", { label: evil }],
      ],
      [[evil, 1, evil, evil]],
    );
    for (const markup of [toSvg(chart, evil), toFigure(chart).outerHTML]) {
      const elements = [
        ...parseHTML(`<html><body>${markup}</body></html>`).document.body.querySelectorAll("*"),
      ];
      expect(elements.map(({ localName }) => localName).filter((name) => !known.has(name))).toEqual([]);
      const names = elements.flatMap((element) => element.getAttributeNames());
      expect(names.filter((name) => /^on|href|src/i.test(name))).toEqual([]);
    }
    expect(toSvg(chart, evil)).not.toMatch(/="[^"]*</);
  });
});

const known = new Set(["svg", "g", "rect", "text", "tspan", "path", "line", "style", "circle"]);

function bars(chart: PlainChart): number {
  const drawn = [...toFigure(chart).querySelectorAll('g[aria-label="bar"] rect')];
  return drawn.filter((bar) => Number(bar.getAttribute("height")) > 0).length;
}

test.each([
  ["barY", { x: "size", y: "sum(n)", fill: "kind" }, "x"],
  ["barX", { y: "size", x: "sum(n)", fx: "kind" }, "y"],
  ["lineY", { x: "size", y: "n", stroke: "kind" }, "x"],
  ["dot", { x: "size", y: "n", fill: "kind" }, "x"],
] as const)("an ENUM stands in the order of its labels: %s", async (mark, channels, base) => {
  const sql = `SELECT s::ENUM('small', 'it''s medium', 'large', 'huge') AS size, k::ENUM('z', 'a') AS kind, n
    FROM (VALUES ('large', 'a', 3), ('small', 'z', 5), ('it''s medium', 'a', 2), (NULL, 'z', 4)) t(s, k, n)`;
  const chart = await shared.table.draw(sql, { mark, ...channels });
  expect(keysOf(chart, base)).toEqual(["small", "it's medium", "large", "\0"]);
  const series = "fx" in channels ? "fx" : "color";
  expect(keysOf(chart, series)).toEqual(["z", "a"]);
});
