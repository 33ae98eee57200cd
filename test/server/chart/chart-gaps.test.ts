import { describe, expect, test } from "vitest";
import { legendOf } from "../../../server/chart/chart-legend.js";
import { printTheme } from "../../../server/chart/chart-theme.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { useChartTable } from "./chart-table.js";
import { toFigure } from "./chart-case.js";

const shared = useChartTable();

/** Of 12 rows v is NULL of 3, NaN of 3, infinite of 3, and negative of one. */
const gaps = `SELECT i AS id, CAST(i % 4 AS VARCHAR) AS k, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE
  WHEN 2 THEN 'inf'::DOUBLE ELSE i - 4.0 END AS v, 5.0 AS five FROM range(12) AS t(i)`;

async function drawn(options: ChartOptions, query = gaps) {
  const chart = await shared.table.draw(query, options);
  const figure = toFigure(chart);
  const count = (selector: string): number => figure.querySelectorAll(selector).length;
  return { chart, caption: chart.caption, count };
}

describe("what is no number", () => {
  test.each(["left", "right", undefined] as const)(
    "in a line leaves the bars, and the caption counts it (axis: %s)",
    async (lineAxis) => {
      const options = { mark: "barY", x: "k", y: "sum(id)", line: "mean(v)" } as const;
      const { caption, count } = await drawn({ ...options, ...(lineAxis !== undefined && { lineAxis }) });
      expect(count('g[aria-label="bar"] rect')).toBe(4);
      expect(caption).toBe("3 points of mean of v without a value are not drawn.");
    },
  );

  test("as a size is counted with what is negative", async () => {
    const { caption, count } = await drawn({ mark: "dot", x: "id", y: "five", r: "v" });
    expect(count('g[aria-label="dot"] circle')).toBe(2);
    expect(caption).toBe("10 rows without a value are not drawn.");
  });

  test("as the colour of a cell is counted, and makes no legend", async () => {
    const some = await drawn({ mark: "cell", x: "k", y: "five", fill: "mean(v)" });
    expect(some.caption).toBe("3 points without a value are not drawn.");
    const none = await drawn({ mark: "cell", x: "k", y: "five", fill: "mean(v)" }, `${gaps} WHERE i % 4 < 2`);
    expect(none.caption).toBe("2 points without a value are not drawn.");
    expect(legendOf(none.chart, printTheme)).toBeUndefined();
  });

  test("as a line across is told", async () => {
    const rules = [{ axis: "y", at: "mean(v)", label: "middle" }] as const;
    const { caption } = await drawn({ mark: "barY", x: "k", rules });
    expect(caption).toBe("The line middle has no value and is not drawn.");
  });

  test("is counted beside a histogram", async () => {
    const { caption } = await drawn({ mark: "histogram", x: "v" });
    expect(caption).toBe("9 rows without v are not drawn.");
  });
});
