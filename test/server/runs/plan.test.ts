import { describe, expect, test } from "vitest";
import { planRun, type PlanRequest } from "../../../server/runs/plan.js";
import { graphOf, type CellDraft } from "../../support/graphs.js";

const dataset = ["materialize: parquet"];

function plan(cells: Readonly<Record<string, CellDraft>>, request: PlanRequest) {
  return planRun(graphOf(cells).graph, request);
}

function kinds(cells: Readonly<Record<string, CellDraft>>, request: PlanRequest): string[] {
  return plan(cells, request).steps.map((step) => `${step.kind} ${step.id}`);
}

describe("planRun", () => {
  test("materializes datasets, what they need and their checks, but nothing exploratory", () => {
    const cells = {
      raw: {},
      orders: { reads: ["raw"], options: dataset },
      look: { reads: ["orders"] },
      orders_ok: { kind: "check" as const, reads: ["orders"] },
    };
    expect(kinds(cells, { mode: "materialize" })).toEqual([
      "inline raw",
      "dataset orders",
      "check orders_ok",
    ]);
    expect(plan(cells, { mode: "materialize" }).datasets).toEqual(["orders"]);
  });

  test("runs every cell, and computes each query cell so that it can be looked at", () => {
    const cells = { raw: {}, orders: { reads: ["raw"], options: dataset }, look: { reads: ["orders"] } };
    expect(kinds(cells, { mode: "run" })).toEqual(["query raw", "dataset orders", "query look"]);
  });

  test("runs what is above a cell, then the cell", () => {
    const cells = { raw: {}, other: {}, orders: { reads: ["raw"], options: dataset } };
    expect(kinds(cells, { mode: "run", cells: ["orders"] })).toEqual(["inline raw", "dataset orders"]);
  });

  test("computes a query cell once where several places read it, unless it only projects", () => {
    const readers = {
      a: { reads: ["shared"], options: dataset },
      b: { reads: ["shared"], options: dataset },
    };
    expect(kinds({ shared: {}, ...readers }, { mode: "materialize" })[0]).toBe("query shared");
    expect(kinds({ shared: { isProjection: true }, ...readers }, { mode: "materialize" })[0]).toBe(
      "inline shared",
    );
  });

  test("publishes only the named dataset, and runs only the checks that it can satisfy", () => {
    const cells = {
      orders: { options: dataset },
      totals: { reads: ["orders"], options: dataset },
      both_ok: { kind: "check" as const, reads: ["orders", "totals"] },
      orders_ok: { kind: "check" as const, reads: ["orders"] },
    };
    const request = { mode: "materialize" as const, cells: ["orders"] };
    expect(kinds(cells, request)).toEqual(["dataset orders", "check orders_ok"]);
    expect(plan(cells, { mode: "materialize", cells: ["totals"] }).datasets).toEqual(["totals"]);
  });

  test("lets descendants wait for an error check, but not for a warning", () => {
    const cells = {
      orders: { options: dataset },
      totals: { reads: ["orders"], options: dataset },
      strict: { kind: "check" as const, reads: ["orders"] },
      mild: { kind: "check" as const, reads: ["orders"], options: ["severity: warn"] },
    };
    expect(plan(cells, { mode: "materialize" }).waitsFor.get("totals")).toEqual(["orders", "strict"]);
  });

  test("never lets checks and cells wait for each other in a circle", () => {
    const cells = {
      x: { options: dataset },
      d1: { reads: ["x"], options: dataset },
      d2: { reads: ["x"], options: dataset },
      c1: { kind: "check" as const, reads: ["x", "d2"] },
      c2: { kind: "check" as const, reads: ["x", "d1"] },
    };
    expect(plan(cells, { mode: "materialize" }).steps).toHaveLength(5);
  });

  test("makes a step of a check that reads another cell, and brings that cell along", () => {
    const cells = {
      orders: { options: dataset },
      rows: { options: [...dataset, "checks: [{row_count_matches: {cell: orders}}]"] },
    };
    const steps = kinds(cells, { mode: "materialize", cells: ["rows"] });
    expect(steps.slice(0, 2).sort()).toEqual(["dataset orders", "dataset rows"]);
    expect(steps[2]).toMatch(/^cross-check rows#rows\./);
  });

  test("skips a disabled cell and everything below it", () => {
    const cells = {
      off: { options: [...dataset, "disabled: true"] },
      below: { reads: ["off"], options: dataset },
      free: { options: dataset },
    };
    const planned = plan(cells, { mode: "materialize" });
    expect([...planned.skipped]).toEqual([
      ["off", "off"],
      ["below", "off"],
    ]);
    expect(planned.datasets).toEqual(["free"]);
  });
});
