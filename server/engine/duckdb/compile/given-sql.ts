import { EditedText } from "../../../text/edited-text.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { GivenCall, GivenTable, GivenValue } from "../../given.js";
import type { FileReference } from "../../../graph/query-analysis.js";
import type { Column } from "../../rows.js";

/** A query with exactly these rows, in their order. */
export function rowsSql({ columns, rows }: GivenTable): string {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(", ");
  if (rows.length === 0) {
    const none = columns.map((column) => `${valueSql(null, column)} AS ${quoteIdentifier(column.name)}`);
    return `SELECT ${none.join(", ")} WHERE false`;
  }
  const lines = rows.map(
    (row) => `(${columns.map((column, index) => valueSql(row[index] ?? null, column)).join(", ")})`,
  );
  return `SELECT * FROM (VALUES ${lines.join(", ")}) AS "lakebook given" (${names})`;
}

function valueSql(value: GivenValue, { type }: Pick<Column, "type">): string {
  const text =
    value === null
      ? "NULL"
      : typeof value === "string"
        ? quoteLiteral(value)
        : `CAST(${quoteLiteral(value.json)} AS JSON)`;
  return `CAST(${text} AS ${type})`;
}

/** The query with rows in the place of each call that reads files. */
export function nameGiven(sql: string, calls: readonly GivenCall[]): EditedText {
  return nameCalls(
    sql,
    calls.map(({ reference, table }) => ({ reference, rows: rowsSql(table) })),
  );
}

/** The query with another one in the place of each call that reads files. */
export function nameCalls(
  sql: string,
  calls: readonly { readonly reference: FileReference; readonly rows: string }[],
): EditedText {
  return new EditedText(
    sql,
    calls.map(({ reference: { call, span, reader, path, isAliased }, rows }) => {
      const name = reader === "" ? stemOf(path) : reader;
      const alias = isAliased === true ? "" : ` AS ${quoteIdentifier(name)}`;
      return { span: call ?? span, text: `(${rows})${alias}` };
    }),
  );
}

function stemOf(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\..*$/, "");
}
