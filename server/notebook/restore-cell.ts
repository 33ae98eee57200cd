import { textOf } from "./compare-notebooks.js";
import type { Notebook } from "./notebook.js";

/**
 * The text of `now` with a cell as `then` has it, byte for byte: in its place, or where it is gone behind the cell that it stood behind,
 * else before the first cell.
 * Undefined where `then` has no such cell.
 */
export function restoreCell(now: Notebook, then: Notebook, name: string): string | undefined {
  const index = then.cells.findIndex((cell) => cell.name === name);
  const earlier = then.cells[index];
  if (earlier === undefined) return undefined;
  const { text } = now.source;
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? "\n";
  const there = now.cells.find((cell) => cell.name === name);
  const fence = textOf(then, earlier);
  const isClosed = /[\r\n]$/.test(fence);
  if (there !== undefined) {
    const rest = text.slice(there.span.end);
    return text.slice(0, there.span.start) + fence + (isClosed || rest === "" ? "" : lineBreak) + rest;
  }
  const above = then.cells.slice(0, index).reverse();
  const neighbour = above
    .map((cell) => now.cells.find((other) => other.name === cell.name))
    .find((cell) => cell !== undefined);
  const first = now.cells.reduce((least, { span }) => Math.min(least, span.start), text.length);
  const place = neighbour?.span.end ?? first;
  const head = text.slice(0, place);
  const rest = text.slice(place);
  if (neighbour === undefined && rest !== "")
    return head + fence + (isClosed ? "" : lineBreak) + lineBreak + rest;
  const lead = head === "" || /[\r\n]$/.test(head) ? lineBreak : lineBreak + lineBreak;
  return head + lead + fence + (isClosed || rest === "" ? "" : lineBreak) + rest;
}
