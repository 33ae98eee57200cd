import type { CursorContext } from "./cursor-context.js";
import type { Completion, LanguageContext } from "./language-model.js";
import { ColumnFinder } from "./sql-columns.js";
import { formatCount } from "../../server/text/format.js";

const SHOWN_CHARACTERS = 24;

/** The most frequent values of the column that a string is compared with. */
export async function completeValue(
  { path, scope, isOpen, replace }: CursorContext & { type: "value" },
  context: LanguageContext,
): Promise<readonly Completion[]> {
  const origin = new ColumnFinder(context).findColumn(path, scope)?.origin;
  const found = origin && (await context.values?.find(origin));
  return (found?.frequent ?? []).map(({ value, count }, at) => ({
    kind: "value",
    label: shorten(value) === "" ? "(empty)" : shorten(value),
    detail: formatCount(count, "row"),
    insertText: value.replaceAll("'", "''") + (isOpen ? "'" : ""),
    isSnippet: false,
    replace,
    rank: at,
  }));
}

/** On one line, and no longer than is read at a glance. */
export function shorten(value: string): string {
  const line = value.replace(/\s+/g, " ").trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS - 1)}…` : line;
}
