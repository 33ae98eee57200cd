import { describe, expect, test } from "vitest";
import { compareTestRows } from "../../../../server/workbench/tests/compare-rows.js";

const columns = ["id", "city", "n"];

describe("compareTestRows", () => {
  test("finds no difference between the same rows in another order, NULL and NaN among them", () => {
    const rows = [
      [1, null, "NaN"],
      [2, "BCN", "1.10"],
    ];
    expect(compareTestRows(columns, rows, rows.toReversed(), false)).toBeUndefined();
  });

  test("counts how often a row is there", () => {
    const found = compareTestRows(["id"], [[1], [1]], [[1], [2]], false);
    expect(found).toMatchObject({ missing: [[1]], unexpected: [[2]], changed: [] });
  });

  test("says which columns differ of the rows that are most alike", () => {
    const expected = [
      [1, "BCN", 5],
      [2, "MAD", 6],
    ];
    const actual = [
      [2, "MAD", 7],
      [1, "BCN", 5],
      [3, "LIM", 8],
    ];
    expect(compareTestRows(columns, expected, actual, false)).toEqual({
      columns,
      missing: [],
      unexpected: [[3, "LIM", 8]],
      changed: [{ expected: [2, "MAD", 6], actual: [2, "MAD", 7], columns: ["n"] }],
      isOrderOnly: false,
    });
  });

  test("tells a wrong order apart from wrong rows", () => {
    const found = compareTestRows(["id"], [[1], [2]], [[2], [1]], true);
    expect(found).toMatchObject({ isOrderOnly: true, missing: [], unexpected: [] });
  });
});

describe("rows that have a key", () => {
  test("differ in what belongs to the key, however much they are like other rows", () => {
    const found = compareTestRows(
      ["id", "v"],
      [
        ["1", "A"],
        ["2", "B"],
      ],
      [
        ["2", "A"],
        ["1", "B"],
      ],
      false,
      ["id"],
    );
    expect(found?.changed).toEqual([
      { expected: ["1", "A"], actual: ["1", "B"], columns: ["v"] },
      { expected: ["2", "B"], actual: ["2", "A"], columns: ["v"] },
    ]);
  });

  test("are missing and unexpected where no other row has the key", () => {
    const found = compareTestRows(["id", "v"], [["1", "A"]], [["2", "A"]], false, ["id"]);
    expect(found).toMatchObject({ missing: [["1", "A"]], unexpected: [["2", "A"]], changed: [] });
  });
});
