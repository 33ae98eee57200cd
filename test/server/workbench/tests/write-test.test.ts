import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { writeTest, type DraftRows } from "../../../../server/workbench/tests/write-test.js";

const rows = (columns: DraftRows["columns"], ...values: unknown[][]): DraftRows => ({
  columns,
  rows: values,
});
const write = (expect: DraftRows): string => writeTest({ name: "t", cell: "c", given: [], expect });

describe("a test that is written down", () => {
  test.each(["null", "Yes", "on", "1e5", "", "a: b", "{x}", "- y", "line\nbreak", "ü", "it's", '"', "~"])(
    "keeps the text %j",
    (text) => {
      const written = parse(write(rows([{ name: "x", kind: "text" }], [text]))) as { expect: unknown };
      expect(written.expect).toEqual([{ x: text }]);
    },
  );

  test("keeps every digit of a number, and writes what is none as a text", () => {
    const yaml = write(
      rows(
        [
          { name: "a", kind: "decimal" },
          { name: "b", kind: "integer" },
          { name: "c", kind: "float" },
        ],
        ["0.10", "9223372036854775807", "Infinity"],
      ),
    );
    expect(yaml).toContain("- {a: 0.10, b: 9223372036854775807, c: Infinity}");
  });

  test("writes nested values as YAML, and names that are no words in quotes", () => {
    const yaml = write(
      rows(
        [
          { name: "order id", kind: "list" },
          { name: "null", kind: "json" },
        ],
        [[1, null], '{"a": [1]}'],
      ),
    );
    expect((parse(yaml) as { expect: unknown }).expect).toEqual([
      { "order id": [1, null], null: { a: [1] } },
    ]);
  });

  test("says of nothing that it is empty", () => {
    const nothing = rows([]);
    const yaml = writeTest({
      name: "t",
      cell: "c",
      given: [{ name: "input/x.csv", ...nothing }],
      expect: nothing,
    });
    expect(parse(yaml)).toEqual({ test: "t", cell: "c", given: { "input/x.csv": [] }, expect: [] });
  });
});
