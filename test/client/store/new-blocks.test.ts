import { expect, test } from "vitest";
import type { CellView } from "../../../server/api/protocol.js";
import type { Block } from "../../../client/store/document.js";
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

test("a new chart is of the SQL cell above it", () => {
  const above: Block = { id: "0", type: "cell", source: "", cell: { name: "a", kind: "sql" } as CellView };
  expect(newBlock("insert-chart", new Set(), { above })).toMatchObject({
    body: "chart: chart_1\nfrom: a\nmark: barY\nx: \ny: count()",
  });
});

test("a copy keeps everything but the name", () => {
  expect(copyOfCell(chart, new Set(["c", "c_copy"]))).toEqual({
    kind: "cell",
    language: "yaml",
    body: "chart: c_copy_2\nfrom: a\nmark: barY",
  });
});
