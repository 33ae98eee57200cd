import { expect, test } from "vitest";
import { fitPaper, longestWhole } from "../../../server/report/paper.js";

const columns = (count: number, length: number | undefined): (number | undefined)[] =>
  Array.from({ length: count }, () => length);

test("a table that has room on paper stays as it is, and one that nearly has gets smaller letters", () => {
  expect(fitPaper(columns(5, 10))).toEqual({ className: "", style: "" });
  expect(fitPaper(columns(8, 10))).toEqual({ className: "", style: "--paper:0.97" });
});

test("rows of a wider one have several lines, of as many columns each", () => {
  expect(fitPaper(columns(22, 13))).toEqual({ className: "in-lines", style: "--paper:0.88;--columns:6" });
  expect(fitPaper(columns(22, undefined)).className).toBe("in-lines");
  expect(fitPaper(columns(5, 10), "third")).toEqual({
    className: "in-lines",
    style: "--paper:0.88;--columns:2",
  });
});

test("a number that is longer than a line is broken, so that nothing of it is lost", () => {
  expect(fitPaper([500])).toEqual({ className: "broken", style: "" });
});

test("numbers are whole also where they are texts, and other texts are not", () => {
  expect(longestWhole(["34600111222", ""], false)).toBe(11);
  expect(longestWhole(["34600111222", "unknown"], false)).toBeUndefined();
  expect(longestWhole(["2025-01-01 12:00:00"], true)).toBe(19);
  expect(longestWhole([], false)).toBeUndefined();
});
