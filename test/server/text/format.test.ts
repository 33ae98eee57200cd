import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
  formatTimestamp,
  formatType,
  formatValue,
  showControls,
  toText,
} from "../../../server/text/format.js";

/** Writes the thin space as a plain one, so that the cases can be read. */
function plain(text: string): string {
  return text.replaceAll("\u202f", " ");
}

describe("formatNumber", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [2500, "2 500"],
    [-1234567, "-1 234 567"],
    [1234.56789, "1 234.57"],
    [0.1 + 0.2, "0.3"],
    [1e21, "1e+21"],
    [NaN, "NaN"],
    [9007199254740993n, "9 007 199 254 740 993"],
    ["170141183460469231731687303715884105727", "170 141 183 460 469 231 731 687 303 715 884 105 727"],
    ["1234567.8900", "1 234 567.8900"],
    ["Infinity", "Infinity"],
  ])("%s becomes %s", (value, expected) => expect(plain(formatNumber(value))).toBe(expected));
});

test("formatCount knows one and many", () => {
  expect(formatCount(1, "row")).toBe("1 row");
  expect(plain(formatCount(2500, "row"))).toBe("2 500 rows");
  expect(formatCount(2, "query", "queries")).toBe("2 queries");
});

test.each([
  [0, "0"],
  [950, "950"],
  [999.6, "1.0k"],
  [1234, "1.2k"],
  [34_400_000, "34M"],
  [999_999, "1.0M"],
  [2e14, "200T"],
  [999.4e12, "999T"],
  [999.9e12, "1e15"],
  [2e16, "2e16"],
  [-1.25e20, "-1.3e20"],
])("formatCompact(%s) is %s", (value, expected) => expect(formatCompact(value)).toBe(expected));

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1500, "1.5 kB"],
  [12_345_678, "12 MB"],
])("formatBytes(%s) is %s", (value, expected) => expect(plain(formatBytes(value))).toBe(expected));

test.each([
  [0.4, "0 ms"],
  [8, "8 ms"],
  [412, "0.4 s"],
  [9_949, "9.9 s"],
  [9_951, "10 s"],
  [59_499, "59 s"],
  [59_600, "1 min 0 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 05 min"],
])("formatDuration(%s) is %s", (value, expected) => expect(plain(formatDuration(value))).toBe(expected));

test.each([
  [0, "0 %"],
  [0.00001, "<0.1 %"],
  [0.004, "0.4 %"],
  [0.5, "50 %"],
  [0.99999, ">99.9 %"],
  [1, "100 %"],
])("formatShare(%s) is %s", (value, expected) => expect(plain(formatShare(value))).toBe(expected));

describe("formatTimestamp", () => {
  test("writes an instant in the reader's zone", () => {
    const local = new Date(2026, 10, 2, 3, 4, 5);
    expect(formatTimestamp(local)).toBe("2026-11-02 03:04:05");
    expect(formatTimestamp(local.toISOString())).toBe("2026-11-02 03:04:05");
    expect(formatTimestamp(local.getTime())).toBe("2026-11-02 03:04:05");
  });

  test("keeps text without a zone", () => {
    expect(formatTimestamp("2026-11-02T03:04:05.123456")).toBe("2026-11-02 03:04:05.123456");
    expect(formatTimestamp("2026-11-02")).toBe("2026-11-02");
    expect(formatTimestamp("no time at all Z")).toBe("no time at all Z");
  });
});

test("formatType shortens what is long", () => {
  expect(formatType("TIMESTAMP WITH TIME ZONE")).toBe("timestamptz");
  expect(formatType('STRUCT("a" INTEGER, b STRUCT(c VARCHAR))[]')).toBe("struct[]");
  expect(formatType("DECIMAL(18,2)")).toBe("decimal(18,2)");
  expect(formatType("MAP(VARCHAR, DECIMAL(18,2))")).toBe("map");
  expect(formatType("DECIMAL(18,2)[]")).toBe("decimal(18,2)[]");
  expect(formatType("ENUM('a', 'b)')")).toBe("enum");
});

describe("formatValue", () => {
  test.each([
    ["a NULL", null, "text", "NULL", "null"],
    ["nothing at all", undefined, "integer", "NULL", "null"],
    ["empty text", "", "text", "empty", "empty"],
    ["the text NULL", "NULL", "text", "NULL", "text"],
    ["a long integer", "9223372036854775807", "integer", "9223372036854775807", "number"],
    ["a decimal", "10.00", "decimal", "10.00", "number"],
    ["not a number", "NaN", "float", "NaN", "number"],
    ["infinity", "-Infinity", "float", "-Infinity", "number"],
    ["a double", 0.1 + 0.2, "float", "0.30000000000000004", "number"],
    ["false", false, "boolean", "false", "boolean"],
    ["a struct", { a: "1", b: [1, null] }, "struct", '{"a":"1","b":[1,null]}', "nested"],
    [
      "JSON text",
      '{ "n": 12345678901234567890,\n "s": "a  b" }',
      "json",
      '{"n":12345678901234567890,"s":"a  b"}',
      "nested",
    ],
    ["a line break", "a\r\nb\tc", "text", "a␍↵b⇥c", "text"],
    ["a control character", "a\u0000\u001b\u0085b", "text", "a␀␛\\u0085b", "text"],
    ["a turned direction", "a\u202egnp.exe", "text", "a\\u202egnp.exe", "text"],
    ["a lone surrogate", "a\ud800", "text", "a\\ud800", "text"],
    ["spaces at the edges", "  a b ", "text", "␣␣a b␣", "text"],
    ["emoji of several parts", "👩‍💻 é", "text", "👩‍💻 é", "text"],
  ] as const)("%s", (_, value, type, text, kind) => expect(formatValue(value, type)).toEqual({ text, kind }));

  test("cuts long text between characters", () => {
    const { text } = formatValue("x".repeat(239) + "😀".repeat(10), "text");
    expect(text).toBe(`${"x".repeat(239)}…`);
  });
});

test("toText keeps every character", () => {
  expect(toText("a\n\u202eb ", "text")).toBe("a\n\u202eb ");
  expect(toText(null, "text")).toBe("");
  expect(toText([1, "x"], "list")).toBe('[1,"x"]');
});

test("showControls keeps what it is told to", () => {
  expect(showControls("a\n\tb\r", "\n\t")).toBe("a\n\tb␍");
});
