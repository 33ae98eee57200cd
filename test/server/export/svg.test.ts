import { describe, expect, test } from "vitest";
import { chartToSvg } from "../../../server/export/chart-svg.js";
import { graphToSvg } from "../../../server/export/graph-svg.js";
import type { SnapshotChart } from "../../../server/share/snapshot.js";

const y = { scale: "quantitative", label: "count" } as const;
const chart = (plot: Partial<SnapshotChart["plot"]>, rows: unknown[][]): SnapshotChart => ({
  plot: {
    mark: "bar",
    base: "x",
    isStacked: true,
    channels: { x: { scale: "ordinal", label: "city" }, y },
    ...plot,
  },
  columns: ["x", "y", "color"].map((name) => ({ name, type: "VARCHAR" })),
  rows,
  caption: "",
});
const bars = (svg: string | undefined): string[] => svg?.match(/<rect [^>]*>/g) ?? [];
const heights = (svg: string | undefined): number[] =>
  bars(svg).map((bar) => Number(/height="([\d.]+)"/.exec(bar)?.[1]));

describe("chartToSvg", () => {
  test("draws a bar for each row, as high as its value", () => {
    const [first = 0, second = 0] = heights(
      chartToSvg(
        chart({}, [
          ["a", "10"],
          ["b", "5"],
        ]),
      ),
    );
    expect(first / second).toBeCloseTo(2, 1);
  });

  test("puts the parts of a bar upon one another", () => {
    const channels = {
      x: { scale: "ordinal", label: "city" },
      y,
      color: { scale: "nominal", label: "kind" },
    } as const;
    const svg = chartToSvg(
      chart({ channels }, [
        ["a", 1, "new"],
        ["a", 3, "old"],
        ["b", 4, "old"],
      ]),
    );
    const [low = 0, high = 0, whole = 0] = heights(svg);
    expect(low + high).toBeCloseTo(whole, 0);
    expect(svg).toContain('<i class="s1"></i>old');
  });

  test.each([
    ["20", ["0", "5", "10", "15", "20"]],
    ["20000000", ["0", "5M", "10M", "15M", "20M"]],
    ["20000000000000000", ["0", "5e15", "1e16", "1.5e16", "2e16"]],
  ])("writes the numbers of an axis up to %s so that they can be read", (most, expected) => {
    const svg = chartToSvg(chart({}, [["a", most]]));
    const labels = [...(svg ?? "").matchAll(/text-anchor="end">([^<]*)</g)].map((match) => match[1]);
    expect(labels).toEqual(expect.arrayContaining(expected));
  });

  test("names months along an axis of time", () => {
    const channels = { x: { scale: "temporal", label: "month", grain: "month" }, y } as const;
    const svg = chartToSvg(
      chart({ mark: "rect", channels }, [
        ["2025-11-01 00:00:00", 1],
        ["2026-06-01 00:00:00", 2],
      ]),
    );
    expect(svg).toContain(">2026-01<");
  });

  test.each(["line", "area", "dot", "cell"] as const)("draws %s without a number that is none", (mark) => {
    const x = { scale: "quantitative", label: "x" } as const;
    const color = { scale: "quantitative", label: "heat" } as const;
    const channels =
      mark === "cell"
        ? { x: { ...x, scale: "ordinal" as const }, y: { ...y, scale: "nominal" as const }, color }
        : { x, y };
    const svg = chartToSvg(
      chart({ mark, channels }, [
        [1, 2, 3],
        [2, null, 1],
        [3, "NaN", 2],
        [3, 1, 9],
      ]),
    );
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toMatch(/NaN(?!<)|undefined|Infinity/);
  });

  test("leaves to a table what it cannot draw", () => {
    const channels = {
      x: { scale: "ordinal", label: "x" },
      y,
      fx: { scale: "nominal", label: "f" },
    } as const;
    expect(chartToSvg(chart({ channels }, [["a", 1]]))).toBeUndefined();
    expect(chartToSvg(chart({}, []))).toBeUndefined();
  });
});

describe("graphToSvg", () => {
  test("puts children to the right of their parents, and bears a cycle", () => {
    const cells = ["a", "b", "c"].map((name) => ({ name, kind: "sql" }));
    const left = (svg: string, name: string): number =>
      Number(new RegExp(`<title>${name}</title><rect x="([\\d.]+)"`).exec(svg)?.[1]);
    const svg = graphToSvg({
      cells,
      edges: [
        ["a", "b"],
        ["b", "c"],
        ["a", "c"],
      ],
    });
    expect(left(svg, "a")).toBeLessThan(left(svg, "b"));
    expect(left(svg, "b")).toBeLessThan(left(svg, "c"));
    expect(
      graphToSvg({
        cells,
        edges: [
          ["a", "b"],
          ["b", "a"],
        ],
      }),
    ).toContain("<title>b</title>");
    expect(graphToSvg({ cells: [], edges: [] })).toBe("");
  });
});
