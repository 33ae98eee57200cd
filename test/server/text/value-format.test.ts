import { describe, expect, test } from "vitest";
import { formatAs, isValueFormat } from "../../../server/text/value-format.js";

const plain = (text: string): string => text.replaceAll("\u202f", " ");

describe("formatAs", () => {
  test.each([
    [1234.5, "0.00", "1 234.50"],
    [1234.5, "0", "1 235"],
    [-1234.5, "€0.0", "-€1 234.5"],
    [-0.001, "0.0", "0.0"],
    [12, "0 km", "12 km"],
    [0.1234, "percent", "12.3 %"],
    [0.5, "percent", "50 %"],
    [0.5, "0.0%", "50.0 %"],
    [1.5, "0.##", "1.5"],
    [1536, "bytes", "1.5 kB"],
    [95, "duration", "1 min 35 s"],
    [-95, "duration", "-1 min 35 s"],
    [1_200_000, "compact", "1.2M"],
    [86_400, "epoch_seconds", "1970-01-02"],
    [86_461, "epoch_seconds", "1970-01-02 00:01:01"],
    [1e300, "epoch_seconds", plain(String(1e300))],
    [Number.NaN, "0.0", "NaN"],
  ])("%d as %s is %s", (value, format, expected) => {
    expect(plain(formatAs(value, format))).toBe(expected);
  });
});

test.each([
  ["percent", true],
  ["0.00", true],
  ["$0", true],
  ["0.0#", true],
  ["", false],
  ["toString", false],
  ["0 0", false],
  ["euros", false],
  [`0${"x".repeat(50)}`, false],
])("isValueFormat(%j) is %s", (format, expected) => {
  expect(isValueFormat(format)).toBe(expected);
});
