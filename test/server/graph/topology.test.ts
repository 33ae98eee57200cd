import { describe, expect, test } from "vitest";
import {
  findCycles,
  reachableFrom,
  reverseEdges,
  topologicalOrder,
  type Edges,
} from "../../../server/graph/topology.js";

/** `a b` means: a reads b. */
function edges(...lines: string[]): Edges {
  return new Map(
    lines.map((line) => {
      const [name = "", ...parents] = line.split(" ");
      return [name, parents];
    }),
  );
}

describe("topologicalOrder", () => {
  test("puts parents first and keeps the given order among equals", () => {
    const parents = edges("report orders totals", "totals orders", "orders", "other");
    expect(topologicalOrder(["report", "totals", "orders", "other"], parents)).toEqual([
      "orders",
      "other",
      "totals",
      "report",
    ]);
  });

  test("leaves out what lies on a cycle or below one", () => {
    const parents = edges("a b", "b a", "below a", "free");
    expect(topologicalOrder(["a", "b", "below", "free"], parents)).toEqual(["free"]);
  });

  test("orders a chain of 100,000 cells", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `c${String(index)}`);
    const parents = new Map(names.map((name, index) => [name, index === 0 ? [] : [`c${String(index - 1)}`]]));
    expect(topologicalOrder([...names].reverse(), parents)).toEqual(names);
  });
});

describe("findCycles", () => {
  test("names the whole way round in the direction of the data", () => {
    const parents = edges("a c", "b a", "c b");
    expect(findCycles(["a", "b", "c"], parents)).toEqual([["a", "b", "c"]]);
  });

  test("finds a cell that reads itself", () => {
    expect(findCycles(["a"], edges("a a"))).toEqual([["a"]]);
  });

  test("finds each of two separate cycles once", () => {
    const parents = edges("a b", "b a", "x y", "y x");
    expect(findCycles(["a", "b", "x", "y"], parents).map((cycle) => [...cycle].sort())).toEqual(
      expect.arrayContaining([
        ["a", "b"],
        ["x", "y"],
      ]),
    );
  });

  test("finds none in a diamond", () => {
    expect(findCycles(["a", "b", "c", "d"], edges("b a", "c a", "d b c", "a"))).toEqual([]);
  });
});

describe("reachableFrom", () => {
  test("follows edges through any number of cells", () => {
    const parents = edges("d c", "c b", "b a", "a", "x a");
    expect([...reachableFrom(["c"], parents)].sort()).toEqual(["a", "b"]);
    expect([...reachableFrom(["a"], reverseEdges(parents))].sort()).toEqual(["b", "c", "d", "x"]);
  });
});
