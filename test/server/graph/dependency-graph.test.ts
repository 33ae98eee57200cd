import { describe, expect, test } from "vitest";
import { graphOf } from "../../support/graphs.js";

function codes(result: ReturnType<typeof graphOf>): string[] {
  return result.diagnostics.map((item) => `${item.cell ?? ""}: ${item.code}`);
}

describe("buildGraph", () => {
  test("joins cells by the names that they read, whatever the case", () => {
    const { graph, diagnostics } = graphOf({ orders: {}, totals: { reads: ["ORDERS"] } });
    expect(diagnostics).toEqual([]);
    expect(graph.parents.get("totals")).toEqual(["orders"]);
    expect(graph.order).toEqual(["orders", "totals"]);
  });

  test("suggests the cell that was probably meant", () => {
    const { diagnostics } = graphOf({ orders: {}, totals: { reads: ["ordres"] } });
    expect(diagnostics).toMatchObject([
      { code: "unknown-table", cell: "totals", hint: 'Did you mean "orders"?' },
    ]);
  });

  test("has no edge for a dataset of the lake, not even the cell's own", () => {
    const { graph, diagnostics } = graphOf({ orders: { reads: ["lake.orders"] } });
    expect(diagnostics).toEqual([]);
    expect(graph.parents.get("orders")).toEqual([]);
  });

  test("marks every cell of a cycle and none beside it", () => {
    const result = graphOf({ a: { reads: ["b"] }, b: { reads: ["a"] }, below: { reads: ["b"] }, free: {} });
    expect(codes(result)).toEqual(["a: cycle", "b: cycle"]);
    expect(result.diagnostics[0]?.message).toContain('"a" → "b" → "a"');
    expect(result.graph.order).toEqual(["free"]);
  });

  test("tells a cell that reads itself how to read what was published before", () => {
    expect(graphOf({ a: { reads: ["a"] } }).diagnostics).toMatchObject([
      { code: "cycle", hint: expect.stringContaining("lake.a") as string },
    ]);
  });

  test("refuses a dataset that depends on an input cell through others", () => {
    const input = "```yaml\ninput: city\ntype: text\ndefault: BCN\n```\n";
    const cells = {
      filtered: { parameters: ["city"] },
      published: { reads: ["filtered"], options: ["materialize: parquet"] },
    };
    expect(codes(graphOf(cells, "", input))).toEqual(["published: input-in-dataset"]);
  });

  test("names the parameter that was probably meant", () => {
    const result = graphOf({ a: { parameters: ["courier_ap"] } }, "parameters:\n  courier_app: Courier App");
    expect(result.diagnostics).toMatchObject([
      { code: "unknown-parameter", hint: 'Did you mean "$courier_app"?' },
    ]);
  });

  test("knows the built-in parameters", () => {
    expect(
      graphOf({ a: { parameters: ["run_date", "interval_start", "interval_end"] } }).diagnostics,
    ).toEqual([]);
  });

  test("finds the cells that only a check names", () => {
    const known = { orders: {}, rows: { options: ["checks: [{row_count_matches: {cell: orders}}]"] } };
    expect(graphOf(known).diagnostics).toEqual([]);
    const unknown = { rows: { options: ["checks: [{row_count_matches: {cell: nowhere}}]"] } };
    expect(codes(graphOf(unknown))).toEqual(["rows: unknown-table"]);
  });

  test("looks for no source where a chart names none", () => {
    const chart = "```yaml\nchart: c\nmark: barY\nx: a\n```\n";
    expect(codes(graphOf({ a: {} }, "", chart))).toEqual([]);
  });

  test("takes extra edges from depends_on", () => {
    const { graph } = graphOf({ first: {}, second: { options: ["depends_on: [first]"] } });
    expect(graph.parents.get("second")).toEqual(["first"]);
  });
});
