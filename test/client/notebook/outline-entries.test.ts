import { expect, test } from "vitest";
import { inSight, outlineEntries } from "../../../client/notebook/outline-entries.js";
import type { Block, CellFacts } from "../../../client/store/document.js";

const facts = (name: string, kind: CellFacts["kind"], options: CellFacts["options"] = {}): CellFacts => ({
  name,
  kind,
  options,
  hasErrors: false,
  isDataset: false,
  lake: [],
  files: [],
  parameters: [],
});
const blocks: readonly Block[] = [
  { id: "1", type: "prose", source: "# All `rows` & *more*\n\ntext\n\nUnder\n-----\n\n> ### Quoted\n" },
  { id: "2", type: "cell", source: "```sql\n# not a heading\n```\n", cell: facts("orders", "sql") },
  { id: "3", type: "prose", source: "\n" },
  { id: "4", type: "cell", source: "…", cell: facts("by_city", "chart", { title: "Orders per city" }) },
  { id: "5", type: "cell", source: "…", cell: facts("plain", "chart", { title: " " }) },
];

test("headings of the prose and cells stand in their order, charts by their titles", () => {
  const lines = outlineEntries({ head: "", blocks }).map((entry) =>
    "heading" in entry
      ? `${entry.block}.${String(entry.at)} ${"#".repeat(entry.heading.level)} ${entry.heading.text}`
      : `${entry.block} ${entry.label}`,
  );
  expect(lines).toEqual([
    "1.0 # All rows & more",
    "1.1 ## Under",
    "1.2 ### Quoted",
    "2 orders",
    "4 Orders per city",
    "5 plain",
  ]);
});

test("each entry reaches to the next one, and is in sight while some of it is", () => {
  const tops = [0, 100, 500, 600];
  expect(inSight({ tops, end: 900, from: 0, to: 100 })).toEqual([0, 0]);
  expect(inSight({ tops, end: 900, from: 200, to: 450 })).toEqual([1, 1]);
  expect(inSight({ tops, end: 900, from: 499, to: 601 })).toEqual([1, 3]);
  expect(inSight({ tops, end: 900, from: 900, to: 1000 })).toBeUndefined();
  expect(inSight({ tops: [], end: 0, from: 0, to: 100 })).toBeUndefined();
});
