import { describe, expect, test } from "vitest";
import type { GraphEdge } from "../../../client/graph/graph-cell.js";
import { fitView, isBeyond, moveView, revealBox, zoomView } from "../../../client/graph/graph-view.js";
import { layOutGraph } from "../../../client/graph/layout.js";
import { stepFrom } from "../../../client/graph/navigate.js";
import { findRelatives } from "../../../client/graph/relatives.js";
import { shortenMiddle } from "../../../client/graph/shorten.js";
import { markOf } from "../../../client/styles/status-mark.js";

const edges: GraphEdge[] = [
  ["orders", "enhanced"],
  ["messages", "enhanced"],
  ["enhanced", "delays"],
  ["enhanced", "first"],
  ["delays", "report"],
];
const cells = ["orders", "messages", "enhanced", "delays", "first", "report"].map(
  (name) => ({ name, kind: "sql" }) as const,
);

describe("findRelatives", () => {
  test("finds all upstream and all downstream", () => {
    const { upstream, downstream } = findRelatives(edges, "delays");
    expect([...upstream].sort()).toEqual(["enhanced", "messages", "orders"]);
    expect([...downstream]).toEqual(["report"]);
  });

  test("ends in a cycle", () => {
    const cycle: GraphEdge[] = [
      ["a", "b"],
      ["b", "a"],
    ];
    expect([...findRelatives(cycle, "a").downstream].sort()).toEqual(["a", "b"]);
  });
});

describe("stepFrom", () => {
  const across = layOutGraph(cells, edges, "LR");
  const down = layOutGraph(cells, edges, "TB");

  test("goes along the edges", () => {
    expect(stepFrom(across, "orders", "ArrowRight")).toBe("enhanced");
    expect(["delays", "first"]).toContain(stepFrom(across, "enhanced", "ArrowRight"));
    expect(stepFrom(across, "report", "ArrowLeft")).toBe("delays");
    expect(stepFrom(down, "orders", "ArrowDown")).toBe("enhanced");
    expect(stepFrom(down, "report", "ArrowUp")).toBe("delays");
  });

  test("goes to the neighbours in a column, and stays at an end", () => {
    const [upper, lower] = ["delays", "first"].sort(
      (a, b) => across.nodes.get(a)!.y - across.nodes.get(b)!.y,
    );
    expect(stepFrom(across, upper!, "ArrowDown")).toBe(lower);
    expect(stepFrom(across, lower!, "ArrowUp")).toBe(upper);
    expect(stepFrom(across, upper!, "ArrowUp")).toBe(upper);
    expect(stepFrom(across, "report", "ArrowRight")).toBe("report");
  });

  test("goes down a list row by row", () => {
    const list = layOutGraph(cells, edges, "list");
    expect(stepFrom(list, "orders", "ArrowDown")).toBe("messages");
    expect(stepFrom(list, "orders", "ArrowRight")).toBe("enhanced");
  });
});

test.each([
  ["orders", 20, "orders"],
  ["customer_courier_conversations", 15, "custome…sations"],
  ["customer_courier_conversations", 16, "customer…sations"],
  ["abcdef", 3, "a…f"],
  ["注文の一覧です", 8, "注文…す"],
  ["😀😀😀😀😀", 6, "😀…😀"],
])("shortenMiddle(%s, %i) leaves the middle out", (name, width, expected) => {
  expect(shortenMiddle(name, width)).toBe(expected);
});

describe("the view", () => {
  const graph = { width: 1000, height: 500 };
  const pane = { width: 500, height: 500 };

  test("fits the whole graph into the middle, but never larger than life", () => {
    expect(fitView(graph, pane)).toEqual({ scale: 0.5, left: 0, top: 125 });
    expect(fitView({ width: 100, height: 100 }, pane)).toEqual({ scale: 1, left: 200, top: 200 });
    expect(fitView({ width: 0, height: 0 }, pane).scale).toBe(1);
  });

  test("zooms around a point", () => {
    const view = zoomView({ scale: 1, left: 10, top: 20 }, 2, { x: 110, y: 120 });
    expect(view).toEqual({ scale: 2, left: -90, top: -80 });
  });

  test("cannot be moved away from the graph", () => {
    const { left, top } = moveView(fitView(graph, pane), 9_999, -9_999, graph, pane);
    expect(left).toBe(440);
    expect(top).toBe(-190);
  });

  test("moves as little as needed to show a node", () => {
    const view = { scale: 1, left: 0, top: 0 };
    expect(revealBox(view, { x: 100, y: 100, width: 50, height: 20 }, pane)).toEqual(view);
    expect(revealBox(view, { x: 600, y: 100, width: 50, height: 20 }, pane)).toEqual({
      scale: 1,
      left: -137,
      top: 0,
    });
  });

  test("knows whether there is more than can be seen", () => {
    expect(isBeyond(fitView(graph, pane), graph, pane)).toBe(false);
    expect(isBeyond({ scale: 1, left: 0, top: 0 }, graph, pane)).toBe(true);
  });
});

test.each([
  ["idle", "none", false, "sql", "never"],
  ["idle", "none", true, "sql", "never"],
  ["queued", "succeeded", true, "sql", "queued"],
  ["running", "failed", false, "sql", "running"],
  ["idle", "succeeded", false, "sql", "succeeded"],
  ["idle", "reused", false, "sql", "reused"],
  ["idle", "reused", true, "sql", "stale"],
  ["idle", "failed", true, "sql", "failed"],
  ["idle", "blocked", false, "sql", "blocked"],
  ["idle", "succeeded", false, "check", "passed"],
] as const)("a cell that is %s and %s (stale: %s, %s) is marked", (status, outcome, isStale, kind, mark) => {
  expect(markOf({ status, outcome, isStale, kind })).toBe(mark);
});

test("a check that only warns is not marked as passed", () => {
  expect(
    markOf({ status: "idle", outcome: "succeeded", isStale: false, kind: "check", verdict: "warned" }),
  ).toBe("warned");
});

test.each([
  ["succeeded", false, "failed", "check-failed"],
  ["reused", false, "warned", "check-warned"],
  ["reused", true, "failed", "stale"],
  ["blocked", false, "failed", "blocked"],
] as const)(
  "a dataset that is %s (stale: %s) and of which a check %s is marked",
  (outcome, isStale, verdict, mark) => {
    expect(markOf({ status: "idle", outcome, isStale, kind: "sql", verdict })).toBe(mark);
  },
);
