import type { ReportWidth } from "../notebook/report-width.js";

/** Rows of a table that are printed. */
export const PRINTED_ROWS = 20;

/** How a table fits on paper: by a class and a style for it. */
export interface PaperFit {
  readonly className: string;
  readonly style: string;
}

/* In the size of letters that a printed table has, with what a4 and letter paper have room for at least. */
const room: Readonly<Record<ReportWidth, number>> = { full: 58, half: 26, third: 16 };
const DIGIT = 0.66;
const PADDING = 0.9;
const TEXT = 5;
const LEAST = 3;
/** So much smaller letters can still be read. */
const SMALLEST = 0.75;
/** Of rows in several lines. */
const SMALLER = 0.88;

/**
 * `longest`: of the columns in their order, the characters of the longest value that must not be broken; undefined of one
 * whose values may be. Where all columns have no room in smaller letters too, each row has several lines of columns.
 */
export function fitPaper(longest: readonly (number | undefined)[], width: ReportWidth = "full"): PaperFit {
  const needs = longest.map((length) =>
    length === undefined ? TEXT + PADDING : Math.max(LEAST, length * DIGIT) + PADDING,
  );
  const scale = room[width] / needs.reduce((sum, need) => sum + need, 0);
  if (scale >= 1) return { className: "", style: "" };
  if (scale >= SMALLEST) return { className: "", style: `--paper:${scale.toFixed(2)}` };
  const most = Math.floor(room[width] / SMALLER / Math.max(...needs));
  // Nothing is lost, at least.
  if (most === 0) return { className: "broken", style: "" };
  const lines = Math.ceil(needs.length / most);
  return {
    className: "in-lines",
    style: `--paper:${String(SMALLER)};--columns:${String(Math.ceil(needs.length / lines))}`,
  };
}

/** Of one column: undefined where its values may be broken, which no number, date or time may. */
export function longestWhole(texts: readonly string[], isWhole: boolean): number | undefined {
  const isNumeric = texts.length > 0 && texts.every((text) => /^[-+.,:\d]*$/.test(text));
  return isWhole || isNumeric ? Math.max(0, ...texts.map(({ length }) => length)) : undefined;
}
