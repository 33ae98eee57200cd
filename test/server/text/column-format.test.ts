import { expect, test } from "vitest";
import { formatNumberAs, isColumnFormat } from "../../../server/text/column-format.js";

/** With plain spaces, which can be read. */
function shown(value: unknown, format: string): string | undefined {
  return formatNumberAs(value, format)?.replaceAll("\u202f", " ");
}

test.each([
  [1234567.891, "0", "1 234 568"],
  [1234.5, "0.00", "1 234.50"],
  ["12345678901234567890.125", "0.00", "12 345 678 901 234 567 890.13"],
  [-0.004, "0.00", "0.00"],
  [-1.005, "0.0", "-1.0"],
  [0.1234, "percent", "12.3 %"],
  [0.1234, "0.00 %", "12.34 %"],
  [1, "0%", "100%"],
  [1234.5, "EUR 0.00", "EUR 1 234.50"],
  [-3, "$0.00", "-$3.00"],
  ["3.5", "0.00 €", "3.50 €"],
  [1500000, "bytes", "1.5 MB"],
  [3725, "duration", "1 h 02 min"],
  [1790812800, "epoch_seconds", "2026-10-01 00:00:00"],
  ["1790812800123", "epoch_milliseconds", "2026-10-01 00:00:00.123"],
  [1e-7, "0.000", "0.000"],
  [1e21, "0", "1 000 000 000 000 000 000 000"],
])("%s as %s is %s", (value, format, text) => {
  expect(isColumnFormat(format)).toBe(true);
  expect(shown(value, format)).toBe(text);
});

test.each([null, "Porto", "", NaN, Infinity, {}, true])(
  "%s is no number, and shown as any other",
  (value) => {
    expect(formatNumberAs(value, "0.00")).toBeUndefined();
  },
);

test.each(["", "0.", "x", "0,00", "EURO 0", "percents", "00", "0.00 % %"])("%s is no format", (format) => {
  expect(isColumnFormat(format)).toBe(false);
});
