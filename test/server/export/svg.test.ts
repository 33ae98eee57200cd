import { describe, expect, test } from "vitest";
import { graphToSvg } from "../../../server/export/graph-svg.js";

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
