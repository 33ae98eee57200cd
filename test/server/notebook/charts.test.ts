import { describe, expect, test } from "vitest";
import { marked, read, readCell, yamlFence } from "./read-notebook.js";

const minimal = "chart: c\nfrom: orders\nmark: barY\nx: city_code";

describe("charts", () => {
  test("are read with the place of what they draw", () => {
    const text = yamlFence(
      `${minimal}\ny: median(delay)\nsort: y desc\nlimit: 20\ngrain: month\ncolor: kind\nx_label: City`,
    );
    const chart = readCell(text, "chart");
    expect(read(text).codes).toEqual([]);
    expect(text.slice(chart.fromSpan.start, chart.fromSpan.end)).toBe("orders");
    expect(chart).toMatchObject({
      name: "c",
      from: "orders",
      chart: { mark: "barY", x: "city_code", y: "median(delay)", sort: "y desc", limit: 20, color: "kind" },
      options: { mark: "barY", sort: { by: "y", descending: true }, limit: 20, fill: "kind", xLabel: "City" },
    });
  });

  test.each([
    ["barY", "barY"],
    ["bary", "barY"],
    ["bar", "barY"],
    ["line", "lineY"],
    ["area", "areaY"],
    ["scatter", "dot"],
    ["histogram", "histogram"],
    ["heatmap", "cell"],
  ])("know mark %s as %s", (written, mark) => {
    const chart = readCell(yamlFence(`chart: c\nfrom: a\nmark: ${written}\nx: a\ny: b`), "chart");
    expect(chart.options.mark).toBe(mark);
    expect(chart.chart["mark"]).toBe(mark);
  });

  test.each([
    ["y", { by: "y", descending: false }],
    ["-y", { by: "y", descending: true }],
    ["city_code ASC", { by: "city_code", descending: false }],
    ["sum(amount) desc", { by: "sum(amount)", descending: true }],
  ])("sort by %s", (sort, expected) => {
    expect(readCell(yamlFence(`${minimal}\nsort: ${sort}`), "chart").options.sort).toEqual(expected);
  });

  test.each([
    ["chart: c\nmark: barY\nx: a", "missing-option", "c"],
    ["chart: c\nfrom: a\nx: a", "missing-option", "c"],
    ["chart: c\nfrom: a\nmark: barY", "missing-option", "c"],
    ["chart: c\nfrom: a\nmark: lineY\nx: a", "missing-option", "c"],
    ["chart: c\nfrom: a\nmark: barZ\nx: a", "invalid-option", "barZ"],
    ["chart: c\nfrom: SELECT 1\nmark: barY\nx: a", "invalid-option", "SELECT 1"],
    [`${minimal}\nlimit: 0`, "invalid-option", "0"],
    [`${minimal}\nlimit: 100000`, "invalid-option", "100000"],
    [`${minimal}\ngrain: fortnight`, "invalid-option", "fortnight"],
    [`${minimal}\nsort: -y desc`, "invalid-option", "-y desc"],
    [`${minimal}\nx_lable: City`, "unknown-key", "x_lable"],
    ["chart: c\nfrom: orders\nmark: barY\nx: [a, b]", "invalid-option", "[a, b]"],
    [`${minimal}\nlayout: side`, "invalid-option", "side"],
    [`${minimal}\ny_format: euros`, "invalid-option", "euros"],
    [`${minimal}\ny_scale: ln`, "invalid-option", "ln"],
    [`${minimal}\nrules: [{y: 1, x: 2}]`, "invalid-option", "{y: 1, x: 2}"],
    [`${minimal}\ncolors: {a: "url(x)"}`, "invalid-option", '"url(x)"'],
    [`${minimal}\ntip: [a, b, c, d, e, f]`, "invalid-option", "[a, b, c, d, e, f]"],
    ["chart: My chart\nfrom: a\nmark: barY\nx: a", "invalid-name", "My chart"],
    ["chart: c\nfrom: 'a", "invalid-yaml", "a\n"],
  ])("report %j", (yaml, code, at) => {
    const text = yamlFence(yaml);
    expect(read(text).codes[0]).toBe(code);
    expect(marked(text)[0]).toBe(at);
  });

  test("may draw a relation of the lake", () => {
    expect(read(yamlFence(minimal.replace("orders", "lake.orders"))).codes).toEqual([]);
    expect(readCell(yamlFence(minimal.replace("orders", `'"2026-10-01".orders'`)), "chart").from).toBe(
      '"2026-10-01".orders',
    );
  });

  test("keep unknown keys", () => {
    expect(readCell(yamlFence(`${minimal}\npalette: warm`), "chart").chart).toMatchObject({
      palette: "warm",
    });
  });
});
