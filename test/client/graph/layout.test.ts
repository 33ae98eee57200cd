import { describe, expect, test } from "vitest";
import type { GraphEdge } from "../../../client/graph/graph-cell.js";
import type { Direction, GraphLayout, LayoutCell } from "../../../client/graph/graph-layout.js";
import { layOutGraph, structureOf } from "../../../client/graph/layout.js";
import { samplePath } from "./sample-path.js";

const directions: readonly Direction[] = ["LR", "TB", "list"];

function cells(...names: readonly string[]): LayoutCell[] {
  return names.map((name) => ({ name, kind: name.startsWith("check") ? "check" : "sql" }));
}

/** Returns random numbers that are the same each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

/** Builds a graph whose edges reach over several columns, worse than pipelines are. */
function randomGraph(size: number, seed: number): { cells: LayoutCell[]; edges: GraphEdge[] } {
  const random = createRandom(seed);
  const names = Array.from({ length: size }, (_, index) => `${random() < 0.3 ? "check" : "cell"}_${index}`);
  const edges = new Map<string, GraphEdge>();
  for (let child = 1; child < size; child++) {
    for (let count = 0; count < 1 + random() * 1.5; count++) {
      const parent = Math.floor(random() * child);
      edges.set(`${parent} ${child}`, [names[parent]!, names[child]!]);
    }
  }
  return { cells: cells(...names), edges: [...edges.values()] };
}

/** Returns the edges that run under a node which is not their own. */
function hiddenEdges({ nodes, edges }: GraphLayout): string[] {
  return edges.flatMap(({ parent, child, path }) => {
    const points = samplePath(path);
    return [...nodes].flatMap(([name, { x, y, width, height }]) => {
      const isUnder = points.some(
        (point) => Math.abs(point.x - x) < width / 2 - 0.5 && Math.abs(point.y - y) < height / 2 - 0.5,
      );
      return isUnder ? [`${parent} -> ${child} under ${name}`] : [];
    });
  });
}

function overlaps({ nodes }: GraphLayout): string[] {
  const boxes = [...nodes];
  return boxes.flatMap(([a, first], index) =>
    boxes.slice(index + 1).flatMap(([b, second]) => {
      const isApart =
        Math.abs(first.x - second.x) >= (first.width + second.width) / 2 ||
        Math.abs(first.y - second.y) >= (first.height + second.height) / 2;
      return isApart ? [] : [`${a} on ${b}`];
    }),
  );
}

describe("layOutGraph", () => {
  test.each(directions.flatMap((direction) => [12, 50, 120].map((size) => [direction, size] as const)))(
    "%s: no edge of %i cells runs under a node, and no node lies on another",
    (direction, size) => {
      for (const seed of [1, 2]) {
        const graph = randomGraph(size, seed);
        const layout = layOutGraph(graph.cells, graph.edges, direction);
        expect(layout.edges).toHaveLength(graph.edges.length);
        expect(hiddenEdges(layout)).toEqual([]);
        expect(overlaps(layout)).toEqual([]);
      }
    },
  );

  test.each(directions)("%s: a cell comes after what it reads", (direction) => {
    const edges: GraphEdge[] = [
      ["a", "c"],
      ["b", "c"],
      ["c", "d"],
      ["a", "d"],
    ];
    const { nodes } = layOutGraph(cells("d", "c", "b", "a"), edges, direction);
    for (const [parent, child] of edges) {
      const [from, to] = [nodes.get(parent)!, nodes.get(child)!];
      if (direction === "LR") expect(from.x + from.width / 2).toBeLessThan(to.x - to.width / 2);
      else expect(from.y + from.height / 2).toBeLessThan(to.y - to.height / 2);
    }
  });

  test.each(directions)("%s: an edge begins and ends at the borders of its nodes", (direction) => {
    const { nodes, edges } = layOutGraph(cells("a", "check_b"), [["a", "check_b"]], direction);
    const points = samplePath(edges[0]!.path);
    const [from, to] = [nodes.get("a")!, nodes.get("check_b")!];
    const start = {
      LR: { x: from.x + from.width / 2, y: from.y },
      TB: { x: from.x, y: from.y + from.height / 2 },
      list: { x: from.x - from.width / 2, y: from.y + 5 },
    }[direction];
    expect(points[0]).toEqual(start);
    const end = {
      LR: { x: to.x - to.width / 2, y: to.y },
      TB: { x: to.x, y: to.y - to.height / 2 },
      list: { x: to.x - to.width / 2, y: to.y - 5 },
    }[direction];
    expect(points).toContainEqual(end);
  });

  test.each(directions)("%s: the whole is large enough for all, and the same each time", (direction) => {
    const graph = randomGraph(30, 3);
    const layout = layOutGraph([...graph.cells, ...cells("lonely", "lost")], graph.edges, direction);
    for (const { x, y, width, height } of layout.nodes.values()) {
      expect(x - width / 2).toBeGreaterThanOrEqual(0);
      expect(x + width / 2).toBeLessThanOrEqual(layout.width);
      expect(y - height / 2).toBeGreaterThanOrEqual(0);
      expect(y + height / 2).toBeLessThanOrEqual(layout.height);
    }
    expect(layOutGraph([...graph.cells, ...cells("lonely", "lost")], graph.edges, direction)).toEqual(layout);
  });

  test.each(directions)("%s: odd names, edges to nowhere, doubles and cycles do no harm", (direction) => {
    const odd = cells("__proto__", "constructor", "a b", "a b", "");
    const edges: GraphEdge[] = [
      ["__proto__", "constructor"],
      ["constructor", "__proto__"],
      ["a b", "a b"],
      ["a b", "nowhere"],
      ["", "__proto__"],
    ];
    const layout = layOutGraph(odd, edges, direction);
    expect([...layout.nodes.keys()].sort()).toEqual(["", "__proto__", "a b", "constructor"]);
    expect(layout.edges).toHaveLength(3);
    expect(overlaps(layout)).toEqual([]);
  });

  test.each(directions)("%s: nothing has no size to speak of", (direction) => {
    const { nodes, edges } = layOutGraph([], [], direction);
    expect([nodes.size, edges.length]).toEqual([0, 0]);
  });

  test("few names have the width that they need", () => {
    const name = "customer_courier_chat_messages_enhanced";
    const widthOf = (layout: GraphLayout) => layout.nodes.get(name)?.width;
    expect(widthOf(layOutGraph(cells("a", name), [["a", name]], "list", 320))).toBe(287);
    expect(widthOf(layOutGraph(cells("a", name), [["a", name]], "list", 900))).toBe(360);
    expect(widthOf(layOutGraph(cells("a", name), [["a", name]], "LR"))).toBeCloseTo(317, 0);
  });

  test("a list of many cells has one lane, and one line for each cell", () => {
    const graph = randomGraph(200, 4);
    const layout = layOutGraph(graph.cells, graph.edges, "list");
    expect(layout.isDense).toBe(true);
    expect(layout.height).toBeLessThan(200 * 26);
    expect(new Set(layout.edges.map(({ path }) => /L([\d.]+)/.exec(path)?.[1])).size).toBe(1);
    expect(layOutGraph(cells("a", "b"), [["a", "b"]], "list").isDense).toBeUndefined();
  });

  test("cells without edges fill rows instead of one column", () => {
    const { width, height } = layOutGraph(cells(...Array.from({ length: 100 }, (_, n) => `c${n}`)), [], "LR");
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(2.5);
  });
});

test("the structure of a graph does not depend on what its cells are doing", () => {
  const idle = [{ name: "a", kind: "sql", status: "idle" }] as const;
  const running = [{ name: "a", kind: "sql", status: "running" }] as const;
  expect(structureOf(idle, [], "LR")).toBe(structureOf(running, [], "LR"));
  expect(structureOf(idle, [], "LR")).not.toBe(structureOf(idle, [], "TB"));
  expect(structureOf(idle, [], "LR")).not.toBe(structureOf(cells("a", "b"), [], "LR"));
});
