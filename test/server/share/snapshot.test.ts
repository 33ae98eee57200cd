import { expect, test } from "vitest";
import { snapshotSchema } from "../../../server/share/snapshot.js";

test("a snapshot of an earlier version, whose columns have the names of their types alone, is read with their kinds", () => {
  const columns = [
    { name: "n", type: "BIGINT" },
    { name: "tags", type: "VARCHAR[]" },
  ];
  const page = { columns, rows: [], totalRows: 0 };
  const cell = { type: "cell", name: "a", kind: "sql", isDataset: false, source: "", outcome: "none", page };
  const graph = { cells: [], edges: [] };
  const head = { format: 1, name: "a", title: "a", createdAt: "2026-11-01T06:00:00.000Z" };
  const [read] = snapshotSchema.parse({ ...head, blocks: [cell], graph, checks: [] }).blocks;
  expect(read).toMatchObject({ page: { columns: [{ kind: "integer" }, { kind: "list" }] } });
});
