import { expect, test } from "vitest";
import type { DiffSide } from "../../../../server/engine/verbs.js";
import { useEngine } from "../../../support/with-engine.js";
import { materialize, relationOf } from "../scope.js";

const shared = useEngine();

async function sideOf(sql: string): Promise<DiffSide> {
  const output = await materialize(shared.engine, shared.root, sql);
  const relation = relationOf(output, "side");
  if (relation.type !== "files") throw new Error("a dataset is files");
  return { files: relation.files, columns: relation.columns, rows: output.rows };
}

test("rows are compared by their columns, whatever these are called and in whatever order they stand", async () => {
  const before = await sideOf("SELECT 'x' AS side, unnest([1, 2]) AS id, 0 AS gone, {'id': 7} AS b");
  const after = await sideOf("SELECT unnest([1, 3]) AS id, 'y' AS side, {'id': 7} AS b, 4 AS fresh");
  const diff = await shared.engine.diff(
    { before, after, key: ["id"], maxCharacters: 4096 },
    { label: "diff" },
  );
  expect(diff).toMatchObject({ added: 1, removed: 1, changed: 1 });
  expect(diff.examples).toMatchObject({
    added: [[3, "y", "{'id': 7}", 4]],
    removed: [[2, "x", "{'id': 7}", null]],
    changed: [{ key: [1], values: [{ column: "side", before: "x", after: "y" }] }],
  });
});
