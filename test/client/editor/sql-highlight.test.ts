import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { highlightLine, highlightLines } from "../../../client/editor/sql-highlight.js";

function styles(line: string): Readonly<Record<string, string>> {
  const { tokens } = highlightLine(line, "");
  return Object.fromEntries(tokens.map(({ start, end, style }) => [line.slice(start, end), style]));
}

describe("highlightLine", () => {
  test.each([
    ["SELECT first(name) FROM t", { SELECT: "keyword", first: "function", name: "name", t: "name" }],
    ["x::DATE, date, date_trunc('day', date)", { DATE: "type", date: "name", date_trunc: "function" }],
    ["DATE '2026-01-01'", { DATE: "type", "'2026-01-01'": "string" }],
    ["a IN (1) AND b", { IN: "keyword", AND: "keyword", "1": "number" }],
    ["left(a, 1) LEFT JOIN", { left: "function", LEFT: "keyword", JOIN: "keyword" }],
    ["* REPLACE (x AS y), replace(a, b)", { REPLACE: "keyword", replace: "function" }],
    ["o.select, o.year", { select: "name", year: "name" }],
    ["sum(x) OVER (PARTITION BY y)", { OVER: "keyword", PARTITION: "keyword", BY: "keyword" }],
    ["$city -- c", { $city: "parameter", "-- c": "comment" }],
    ["--| cell: orders", { "--| cell: orders": "option" }],
    ["x::DECIMAL(18, 2)", { DECIMAL: "type" }],
  ])("colours %j", (line, expected) => {
    expect(styles(line)).toMatchObject(expected);
  });

  test("goes on with a string of the line before", () => {
    const [, second] = highlightLines("SELECT 'a\r\nb' FROM");
    expect(second?.text).toBe("b' FROM");
    expect(second?.line.tokens.map(({ style }) => style)).toEqual(["string", "keyword"]);
  });
});

describe("the colours", () => {
  const css = readFileSync(new URL("../../../client/editor/sql-cell-editor.css", import.meta.url), "utf8");
  const colours = [...css.matchAll(/(--sql-[a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];

  test.each(colours.map(([, name, light, dark]) => [name, light ?? "", dark ?? ""]))(
    "%s has contrast on light and on dark",
    (_name, light, dark) => {
      expect(contrast(light, "#ffffff")).toBeGreaterThan(4.5);
      expect(contrast(dark, "#22282d")).toBeGreaterThan(4.5);
    },
  );

  test("are there", () => expect(colours.length).toBeGreaterThan(7));
});

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
