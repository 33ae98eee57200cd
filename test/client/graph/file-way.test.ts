import { describe, expect, test } from "vitest";
import { wayOfFile } from "../../../client/graph/file-way.js";
import type { LineageView } from "../../../server/api/protocol.js";

const from = (node: string, ...columns: string[]) => ({
  columns: columns.map((column) => ({ node, column })),
});
const none = { columns: [] };
const view: LineageView = {
  notebook: "n",
  nodes: [],
  cells: [
    {
      node: "orders",
      columns: [
        { name: "city", ...from("file", "cityCode") },
        { name: "id", ...from("file", "orderId") },
      ],
      uses: none,
      rows: none,
    },
    {
      node: "kept",
      columns: [{ name: "id", ...from("orders", "id") }],
      uses: none,
      rows: from("orders", "city"),
    },
    { node: "chart", columns: [], uses: from("orders", "city"), rows: none },
  ],
};

describe("a column of a file", () => {
  test("goes into columns, decides rows and is looked at", () => {
    expect(wayOfFile(view, { node: "file", column: "cityCode" }).forward.columns).toEqual([
      { node: "orders", column: "city", role: "value" },
      { node: "kept", role: "rows" },
      { node: "chart", role: "value" },
    ]);
    expect(wayOfFile(view, { node: "file", column: "orderId" }).forward.columns).toEqual([
      { node: "orders", column: "id", role: "value" },
      { node: "kept", column: "id", role: "value" },
    ]);
    expect(wayOfFile(view, { node: "file", column: "other" }).forward.columns).toEqual([]);
  });
});
