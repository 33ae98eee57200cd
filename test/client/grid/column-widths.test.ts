import { describe, expect, test } from "vitest";
import { ColumnWidths } from "../../../client/grid/column-widths.js";

const columns = [
  { name: "id", type: "BIGINT", kind: "integer" },
  { name: "note", type: "VARCHAR", kind: "text" },
  { name: "when", type: "TIMESTAMP", kind: "timestamp" },
] as const;

/** Widths of text that has ten pixels for each character. */
function widths(): ColumnWidths {
  const made = new ColumnWidths((text) => text.length * 10);
  made.setColumns(columns);
  return made;
}

describe("ColumnWidths", () => {
  test("fits new columns to their longest text, up to a cap", () => {
    const made = widths();
    made.fitNew([
      [1, "x".repeat(20), null],
      [1, "y".repeat(100), null],
    ]);
    expect(made.widthOf(1)).toBe(300);
    made.fit(1, [[1, "x".repeat(50), null]]);
    expect(made.widthOf(1)).toBe(522);
  });

  test("fits numbers as their format shows them", () => {
    const made = widths();
    made.formats = { id: "epoch_seconds" };
    made.fitNew([[1, "", null]]);
    expect(made.widthOf(0)).toBe("1970-01-01 00:00:01".length * 10 + 22);
  });

  test("keeps a width for each of two columns of one name and type", () => {
    const made = new ColumnWidths((text) => text.length * 10);
    made.setColumns([
      { name: "id", type: "BIGINT", kind: "integer" },
      { name: "id", key: "id_1", type: "BIGINT", kind: "integer" },
    ]);
    const first = made.widthOf(0);
    made.resize(1, first + 100);
    expect([made.widthOf(0), made.widthOf(1)]).toEqual([first, first + 100]);
  });

  test("widens for other rows, but not what the user has chosen", () => {
    const made = widths();
    made.fitNew([[1, "a", null]]);
    const [id, note] = [made.widthOf(0), made.widthOf(1)];
    made.resize(0, 50);
    made.widen([["1".repeat(20), "x".repeat(20), null]]);
    expect([made.widthOf(0), made.widthOf(1)]).toEqual([50, 222]);
    made.widen([[1, "a", null]]);
    expect(made.widthOf(1)).toBe(222);
    expect([id > 50, note < 222]).toEqual([true, true]);
  });

  test("keeps what was dragged when a later result has that column", () => {
    const made = widths();
    made.resize(0, 321);
    made.setColumns([...columns].reverse());
    made.fitNew([["2026-11-01", "a", 1]]);
    expect(made.widthOf(2)).toBe(321);
  });

  test("never becomes too narrow to take hold of", () => {
    const made = widths();
    made.resize(0, -5);
    expect(made.widthOf(0)).toBe(48);
  });

  test("finds the columns within sight", () => {
    const made = new ColumnWidths(() => 0);
    made.setColumns(
      Array.from({ length: 500 }, (_, index) => ({
        name: `c${index}`,
        type: "INTEGER",
        kind: "integer" as const,
      })),
    );
    for (let index = 0; index < 500; index++) made.resize(index, 100);
    expect(made.total).toBe(50_000);
    expect(made.visible(0, 350)).toEqual({ first: 0, last: 3 });
    expect(made.visible(20_050, 20_400)).toEqual({ first: 200, last: 203 });
    expect(made.visible(49_900, 60_000)).toEqual({ first: 499, last: 499 });
    expect(made.indexAt(-10)).toBe(0);
  });
});
