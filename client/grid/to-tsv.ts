import { toText } from "../../server/text/format.js";
import type { CellRange } from "./cell-range.js";
import type { GridColumn, GridRow } from "./grid-source.js";

/** Returns a range of cells as spreadsheets paste it. NULL is an empty cell; every digit and character is kept. */
export function toTsv(
  rows: readonly GridRow[],
  columns: readonly GridColumn[],
  { left, right }: Pick<CellRange, "left" | "right">,
  hasHeader: boolean,
): string {
  const picked = columns.slice(left, right + 1);
  const lines = rows.map((row) =>
    picked.map((column, index) => quote(toText(row[left + index], column.kind))),
  );
  if (hasHeader) lines.unshift(picked.map((column) => quote(column.name)));
  return lines.map((cells) => cells.join("\t")).join("\n");
}

function quote(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
