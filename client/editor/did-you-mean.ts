import type { EditorMarker } from "./markers.js";
import { quoteName } from "./sql-words.js";

export interface Correction {
  /** What is meant, as the hint names it. */
  readonly name: string;
  /** The whole text of the cell with it. */
  readonly text: string;
}

/**
 * What a hint such as `Did you mean "city" or "country"?` would make of the text. Nothing where the mark is not at the name that the
 * message tells.
 */
export function correctionsOf(text: string, marker: Omit<EditorMarker, "severity">): readonly Correction[] {
  const { message, hint = "", startOffset, endOffset } = marker;
  const meant =
    /^Did you mean ((?:"[^"]+"(?: or )?)+)\?$/.exec(hint)?.[1]?.match(/[^"]+(?="(?: or |$))/g) ?? [];
  const marked = text.slice(startOffset, endOffset);
  const wrong = [...message.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  const found = wrong
    .map((name) => ({ name, at: marked.toLowerCase().lastIndexOf(name.toLowerCase()) }))
    // What is missing is named last: `Table "b" does not have a column named "citi"`.
    .findLast(({ name, at }) => at >= 0 && isWhole(marked, at, name.length));
  if (found === undefined) return [];
  const quotes = marked.charAt(found.at - 1) === '"' ? 1 : 0;
  const start = startOffset + found.at - quotes;
  const end = startOffset + found.at + found.name.length + quotes;
  const isPath = quotes === 0 && found.name.includes(".");
  const put = (name: string): string => (isPath ? name.split(".").map(written).join(".") : written(name));
  return meant.map((name) => ({ name, text: text.slice(0, start) + put(name) + text.slice(end) }));
}

function isWhole(text: string, at: number, length: number): boolean {
  const isPart = /[\p{L}\p{N}_]/u;
  return !isPart.test(text.charAt(at - 1)) && !isPart.test(text.charAt(at + length));
}

function written(name: string): string {
  return name.startsWith("$") ? name : quoteName(name);
}
