import { expect, test } from "vitest";
import { titleOf } from "../../../client/grid/grid-source.js";

const columns = [
  { name: "id", type: "BIGINT", kind: "integer" as const },
  { name: "note", type: "VARCHAR", kind: "text" as const },
  { name: "ID", key: "ID_1", type: "BIGINT", kind: "integer" as const },
  { name: "id", key: "id_2", type: "BIGINT", kind: "integer" as const },
];

test("a column is called by its name, and a later one of that name by its number too", () => {
  expect(columns.map((_, index) => titleOf(columns, index))).toEqual([
    { name: "id", number: 1, text: "id" },
    { name: "note", number: 1, text: "note" },
    { name: "ID", number: 2, text: "ID, number 2 of that name" },
    { name: "id", number: 3, text: "id, number 3 of that name" },
  ]);
});
