import type { Span } from "../base/source.js";
import type { Cell } from "../notebook/notebook.js";

/** The SQL of a cell and where it stands in the file; a chart has none, an input only if its options are a query. */
export function queryOf(cell: Cell): { readonly sql: string; readonly span: Span } | undefined {
  if (cell.kind === "sql" || cell.kind === "check") return { sql: cell.sql, span: cell.sqlSpan };
  if (cell.kind === "input" && cell.options !== undefined && "sql" in cell.options) {
    return { sql: cell.options.sql, span: cell.options.sqlSpan };
  }
  return undefined;
}
