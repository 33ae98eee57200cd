import { describe, expect, test } from "vitest";
import { kindOfName, simpleTypes, withKind } from "../../../server/engine/type-names.js";

describe("kindOfName", () => {
  test.each([
    ["BOOLEAN", "boolean"],
    ["BIGINT", "integer"],
    ["UTINYINT", "integer"],
    ["UHUGEINT", "integer"],
    ["BIGNUM", "integer"],
    ["DECIMAL(38,0)", "integer"],
    ["DECIMAL(18,2)", "decimal"],
    ["FLOAT", "float"],
    ["DOUBLE", "float"],
    ["VARCHAR", "text"],
    ["BLOB", "binary"],
    ["DATE", "date"],
    ["TIME", "time"],
    ["TIME_NS", "time"],
    ["TIME WITH TIME ZONE", "time"],
    ["TIMESTAMP", "timestamp"],
    ["TIMESTAMP_NS", "timestamp"],
    ["TIMESTAMP WITH TIME ZONE", "timestamp"],
    ["INTERVAL", "interval"],
    ["ENUM('INTEGER', 'b[]')", "enum"],
    ["UUID", "uuid"],
    ["INTEGER[]", "list"],
    ["STRUCT(a INTEGER)[3]", "list"],
    ['STRUCT("a[]" INTEGER)', "struct"],
    ["MAP(VARCHAR, INTEGER[])", "map"],
    ["UNION(x INTEGER)", "union"],
    ["JSON", "json"],
    ["VARIANT", "variant"],
    ["GEOMETRY('EPSG:4326')", "spatial"],
    ["BIT", "other"],
    ['"NULL"', "other"],
  ])("%s is a %s", (name, kind) => expect(kindOfName(name)).toBe(kind));

  test("a type for plain values is of the kind that it is for", () => {
    for (const [kind, name] of Object.entries(simpleTypes)) expect(kindOfName(name)).toBe(kind);
  });
});

describe("withKind", () => {
  test("leaves a column that tells its kind as it is, whatever its engine calls the type", () => {
    const column = { name: "tags", type: "array<string>", kind: "list" };
    expect(withKind(column)).toEqual(column);
  });

  test.each([undefined, "something of a later version"])(
    "finds the kind of a column with kind %s",
    (kind) => {
      expect(withKind({ name: "n", type: "BIGINT", kind })).toEqual({
        name: "n",
        type: "BIGINT",
        kind: "integer",
      });
    },
  );
});
