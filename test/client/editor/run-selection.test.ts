import { describe, expect, test } from "vitest";
import { queryToPreview } from "../../../client/editor/run-selection.js";
import { withCursor } from "./editor-context.js";

function previewAt(marked: string): string | undefined {
  const { sql, offset } = withCursor(marked);
  return queryToPreview(sql, { start: offset, end: offset });
}

/** The selection stands between « and ». */
function previewOf(marked: string): string | undefined {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  return queryToPreview(marked.replace(/[«»]/g, ""), { start, end });
}

describe("queryToPreview", () => {
  test.each([
    ["--| cell: x\n-- about\nSELECT 1| FROM t\n", "SELECT 1 FROM t"],
    ["SELECT 1; SELECT |2; SELECT 3", "SELECT 2"],
    ["SELECT 1; |", "SELECT 1"],
    ["WITH a AS (SELECT 1) SELECT * FROM a|", "WITH a AS (SELECT 1) SELECT * FROM a"],
    ["WITH a AS (SELECT |1) SELECT * FROM a", "WITH a AS (SELECT 1)\nSELECT * FROM a"],
    [
      "WITH a AS (SELECT 1), b AS (FROM |a) SELECT 2",
      "WITH a AS (SELECT 1),\nb AS (FROM a)\nSELECT * FROM b",
    ],
    [
      "WITH a AS (SELECT 1), |b (x) AS (FROM a) SELECT 2",
      "WITH a AS (SELECT 1),\nb (x) AS (FROM a)\nSELECT * FROM b",
    ],
    [
      "WITH RECURSIVE a AS (SELECT 1 UNION FROM |a) FROM a",
      "WITH RECURSIVE a AS (SELECT 1 UNION FROM a)\nSELECT * FROM a",
    ],
    ['WITH "a b" AS (SELECT |1) SELECT 2', 'WITH "a b" AS (SELECT 1)\nSELECT * FROM "a b"'],
  ])("at the cursor of %j", (marked, expected) => {
    expect(previewAt(marked)).toBe(expected);
  });

  test.each([
    ["SELECT 1 FROM («SELECT 2 »)", "SELECT 2"],
    ["WITH a AS (SELECT 1) «SELECT * FROM a» LIMIT 1", "WITH a AS (SELECT 1)\nSELECT * FROM a"],
    ["WITH a AS (SELECT 1), b AS («FROM a») SELECT 2", "WITH a AS (SELECT 1)\nFROM a"],
    ["«WITH a AS (SELECT 1) FROM a»", "WITH a AS (SELECT 1) FROM a"],
  ])("of the selection in %j", (marked, expected) => {
    expect(previewOf(marked)).toBe(expected);
  });

  test("nothing where there is no SQL", () => {
    expect(previewAt("--| cell: x\n|")).toBeUndefined();
    expect(previewAt("|")).toBeUndefined();
  });
});
