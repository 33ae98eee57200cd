import { describe, expect, test } from "vitest";
import type { TypeKind } from "../../../../server/text/type-kind.js";
import { simpleTypes } from "../../../../server/engine/type-names.js";
import { toGivenTable } from "../../../../server/workbench/tests/test-table.js";

const engine = {
  toColumn: ({ name, kind }: { readonly name: string; readonly kind: keyof typeof simpleTypes }) => ({
    name,
    kind,
    type: simpleTypes[kind],
  }),
};

function give(text: string, type: string, kind: TypeKind): unknown {
  const rows = [{ values: [null] }, { values: [{ value: text, text }] }];
  return toGivenTable(engine, { columns: ["N"], rows }, [{ name: "n", type, kind }], "raw").rows[1]?.[0];
}

describe("toGivenTable", () => {
  test.each([
    ["1.0", "BIGINT", "integer"],
    ["1.5e1", "BIGINT", "integer"],
    ["1e3", "BIGINT", "integer"],
    ["a", "BIGINT", "integer"],
    ["0.10", "DECIMAL(9,1)", "decimal"],
    ["0.1", "DOUBLE", "float"],
    ["0.1", "VARCHAR", "text"],
    ["2026-01-01 00:00:00", "DATE", "date"],
    ["2026-01-01 10:00:00.1234560", "TIMESTAMP", "timestamp"],
    ["2026-01-01 10:00:00.123456789", "TIMESTAMP_NS", "timestamp"],
  ] as const)("hands on %s as %s", (text, type, kind) => {
    expect(give(text, type, kind)).toBe(text);
  });

  test.each([
    ["0.1", "BIGINT", "integer"],
    ["-1.50", "DECIMAL(5,0)", "integer"],
    ["1e-1", "BIGINT", "integer"],
    ["1.005", "DECIMAL(9,2)", "decimal"],
    ["2026-01-01 10:30:00", "DATE", "date"],
    ["2026-01-01T00:00:01", "DATE", "date"],
    ["2026-01-01 10:00:00.1234567", "TIMESTAMP", "timestamp"],
    ["10:00:00.1234567", "TIME", "time"],
  ] as const)(
    "refuses %s for %s, which would make another value of it, and says where",
    (text, type, kind) => {
      expect(() => give(text, type, kind)).toThrow(
        `Row 2 of "raw" gives "n" ${text}, which ${type} cannot hold as it is.`,
      );
    },
  );

  test.each([
    ["[1, 1.5]", "INTEGER[]", "list", "1.5", "INTEGER"],
    ["[[1.55]]", "DECIMAL(9,1)[][2]", "list", "1.55", "DECIMAL(9,1)"],
    [
      '{"A b": "2026-01-01 10:00:00"}',
      "STRUCT(x ENUM('a, (', 'b'), \"a b\" DATE)",
      "struct",
      "2026-01-01 10:00:00",
      "DATE",
    ],
    ['{"k": 0.5}', "MAP(VARCHAR, BIGINT)", "map", "0.5", "BIGINT"],
  ] as const)("refuses %s for %s too", (json, type, kind, lost, part) => {
    const rows = [{ values: [{ json }] }];
    const asText = [{ values: [{ value: json, text: json }] }];
    for (const some of [rows, asText])
      expect(() =>
        toGivenTable(engine, { columns: ["n"], rows: some }, [{ name: "n", type, kind }], "raw"),
      ).toThrow(`Row 1 of "raw" gives "n" ${lost}, which ${part} cannot hold as it is.`);
  });

  test("hands on nested values that their type can hold, and those that are not JSON", () => {
    const type = 'STRUCT(n DECIMAL(9,2), l DATE[], "say ""x""" VARCHAR)';
    for (const json of ['{"n":1.50,"l":["2026-01-01"],"say \\"x\\"":"0.123","z":1.5}', "{'n': 1.555}"])
      expect(
        toGivenTable(
          engine,
          { columns: ["n"], rows: [{ values: [{ json }] }] },
          [{ name: "n", type, kind: "struct" }],
          "raw",
        ).rows[0],
      ).toEqual([{ json }]);
  });
});
