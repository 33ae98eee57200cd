import { expect, test } from "vitest";
import type { CellView } from "../../../server/api/protocol.js";
import type { Block } from "../../../client/store/document.js";
import { nearestRelation } from "../../../client/store/nearest-relation.js";
import { copyOfCell, newBlock } from "../../../client/store/new-blocks.js";

const source = "```yaml\nchart: c\nfrom: a\nmark: barY\n```\n";
const chart: Block = {
  id: "1",
  type: "cell",
  source,
  cell: { name: "c", kind: "chart" } as CellView,
  body: { start: 8, end: source.indexOf("```", 3) },
};

test("a new cell gets the first name that is free", () => {
  expect(newBlock("insert-sql", new Set(["cell_1", "cell_3"]))).toMatchObject({
    body: "--| cell: cell_2\nSELECT 1 AS one",
  });
});

test("a new chart fits the columns of the cell that it draws, and can be drawn where they are not known", () => {
  const columns = [{ name: "day", type: "DATE", kind: "date" }] as const;
  const relation = { name: "a", kind: "sql", columns } as unknown as CellView;
  expect(newBlock("insert-chart", new Set(), { relation })).toMatchObject({
    body: "chart: chart_1\nfrom: a\nmark: barY\nx: day\ny: count(*)",
  });
  const { columns: _unknown, ...unread } = relation;
  expect(newBlock("insert-chart", new Set(), { relation: unread })).toMatchObject({
    body: "chart: chart_1\nfrom: a\nmark: number\ny: count(*)",
  });
});

test("a chart draws the nearest cell with rows above it, else the first below", () => {
  const block = (name: string, kind: string): Block => ({
    id: name,
    type: "cell",
    source: "",
    cell: { name, kind } as CellView,
  });
  const blocks = [block("c", "chart"), block("a", "sql"), block("k", "check"), block("b", "sql")];
  const nearest = (after: string | undefined): string | undefined =>
    nearestRelation({ head: "", blocks }, after)?.name;
  expect(["c", "a", "k", "b", undefined].map(nearest)).toEqual(["a", "a", "a", "b", "a"]);
  expect(nearestRelation({ head: "", blocks: blocks.slice(0, 1) }, "c")).toBeUndefined();
});

test("a copy keeps everything but the name", () => {
  expect(copyOfCell(chart, new Set(["c", "c_copy"]))).toEqual({
    kind: "cell",
    language: "yaml",
    body: "chart: c_copy_2\nfrom: a\nmark: barY",
  });
});
