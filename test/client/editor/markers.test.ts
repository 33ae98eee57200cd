import { describe, expect, test } from "vitest";
import { toMarkers } from "../../../client/editor/markers.js";

const text = "--| cell: x\nSELECT größe😀, b\nFROM ordres\n";
const cell = { firstLine: 10, text };

function marked(place: {
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
}): string | undefined {
  const [marker] = toMarkers([{ severity: "error", message: "no", ...place }], cell);
  return marker && text.slice(marker.startOffset, marker.endOffset);
}

describe("toMarkers", () => {
  test.each([
    [{ line: 12, column: 6, endLine: 12, endColumn: 12 }, "ordres"],
    [{ line: 12, column: 6 }, "ordres"],
    [{ line: 11, column: 17, endLine: 11, endColumn: 18 }, "b"],
    [{ line: 11, column: 15 }, ","],
    [{ line: 11, column: 8, endLine: 12, endColumn: 5 }, "größe😀, b\nFROM"],
    [{ line: 12, column: 12 }, "s"],
    [{ line: 12, column: 99 }, "s"],
    [{ line: 13, column: 1 }, "\n"],
    [{ line: 12, column: 1, endLine: 40, endColumn: 1 }, "FROM ordres\n"],
    [{ line: 9, column: 1 }, undefined],
    [{ line: 14, column: 1 }, undefined],
  ])("%j marks %j", (place, expected) => {
    expect(marked(place)).toBe(expected);
  });

  test("counts with Windows line ends", () => {
    const windows = { firstLine: 1, text: "SELECT\r\n  x\r\n" };
    const [marker] = toMarkers([{ severity: "warning", message: "m", line: 2, column: 3 }], windows);
    expect(marker).toEqual({ startOffset: 10, endOffset: 11, severity: "warning", message: "m" });
  });

  test("keeps message, severity and hint", () => {
    const problem = { severity: "error", message: "m", hint: "h", line: 12, column: 6 } as const;
    expect(toMarkers([problem], cell)[0]).toMatchObject({ severity: "error", message: "m", hint: "h" });
  });

  test("an empty cell has nothing to mark but its place", () => {
    const [marker] = toMarkers([{ severity: "error", message: "m", line: 1, column: 1 }], {
      firstLine: 1,
      text: "",
    });
    expect(marker).toMatchObject({ startOffset: 0, endOffset: 0 });
  });
});
