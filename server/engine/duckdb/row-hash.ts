import { quoteIdentifier } from "../../text/sql-names.js";
import type { Column } from "../rows.js";

/**
 * A hash of a row that rows of other values have by chance only. DuckDB's own is the same for an empty list, a list of NULL and
 * NULL, for lists in a list and one list of their items, for 0.0 and -0.0, for a month and 30 days. `instead` gives what
 * is hashed in the place of a column.
 */
export function rowHash(
  columns: readonly Column[],
  instead: (column: Column) => string | undefined = () => undefined,
): string {
  return `hash(${columns.flatMap((column) => instead(column) ?? tellingOf(column)).join(", ")})`;
}

function tellingOf({ name, kind }: Column): string[] {
  const column = quoteIdentifier(name);
  if (kind === "float") return [column, `signbit(${column})`];
  const isVague = ["list", "struct", "map", "interval"].includes(kind);
  return isVague ? [column, `CAST(${column} AS VARCHAR)`] : [column];
}
