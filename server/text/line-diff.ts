import { linesOf } from "./line-delta.js";

export interface DiffLine {
  /** On both sides, only before, only after. */
  readonly side: "both" | "before" | "after";
  /** Without its break. */
  readonly text: string;
}

/** Of the lines that differ: beyond it all of them are told as replaced. */
const MOST_PAIRS = 4_000_000;

/** The fewest lines that turn one text into the other, in the order of reading: what goes stands before what comes. */
export function diffLines(before: string, after: string): DiffLine[] {
  const left = linesOf(before);
  const right = linesOf(after);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let same = 0;
  while (same < Math.min(left.length, right.length) - start && left.at(-1 - same) === right.at(-1 - same))
    same++;
  return [
    ...left.slice(0, start).map((line) => toLine("both", line)),
    ...diffMiddle(left.slice(start, left.length - same), right.slice(start, right.length - same)),
    ...left.slice(left.length - same).map((line) => toLine("both", line)),
  ];
}

function diffMiddle(left: readonly string[], right: readonly string[]): DiffLine[] {
  const width = right.length + 1;
  const isLarge = left.length * right.length > MOST_PAIRS;
  const lengths = isLarge ? new Uint32Array(0) : commonLengths(left, right);
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    const [before, after] = [left[row], right[column]];
    if (before !== undefined && before === after) {
      lines.push(toLine("both", before));
      row++;
      column++;
    } else if (
      before !== undefined &&
      (after === undefined ||
        (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0))
    ) {
      lines.push(toLine("before", before));
      row++;
    } else if (after !== undefined) {
      lines.push(toLine("after", after));
      column++;
    }
  }
  return lines;
}

/** Of the longest common subsequence of what follows each pair of places. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        left[row] === right[column]
          ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0);
  return lengths;
}

function toLine(side: DiffLine["side"], line: string): DiffLine {
  return { side, text: line.replace(/\r?\n$/, "") };
}
