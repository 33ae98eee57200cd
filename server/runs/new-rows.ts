import type { StoredColumn } from "../engine/engine.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import { foldCase } from "../text/sql-names.js";
import type { TypeKind } from "../text/type-kind.js";

/** A result that was put together of the rows of another one, but for some, and of rows that came. */
export interface NewRows {
  /** What identifies the rows of the other one, as `content` does. */
  readonly content: string;
  /** The run date that it was published for. */
  readonly date: string;
  /** At least one file. */
  readonly files: readonly string[];
  readonly rows: number;
  /** No row that came has the same values there as one that stayed; empty: that is not known. */
  readonly apart: readonly string[];
}

/** Values that are equal where a query groups by them just if they are the same key. */
const exactKinds: ReadonlySet<TypeKind> = new Set([
  "boolean",
  "integer",
  "decimal",
  "text",
  "date",
  "timestamp",
  "uuid",
]);

/** Whether a check asks only how many rows there are, which are those that came and those that stayed. */
export function isOfCounts({ rule, where }: Pick<CheckSpec, "rule" | "where">): boolean {
  if (where !== undefined) return false;
  return (
    rule.kind === "row_count" ||
    rule.kind === "volume" ||
    (rule.kind === "row_count_matches" && rule.target.type === "input")
  );
}

/**
 * Whether a check of the whole finds nothing if it found nothing in the result before, and finds nothing in the rows that
 * came. `isRowwise`: its condition reads no other row.
 */
export function isDecidedByNewRows(
  { rule, where }: Pick<CheckSpec, "rule" | "where">,
  { apart }: Pick<NewRows, "apart">,
  columns: readonly StoredColumn[],
  isRowwise: boolean,
): boolean {
  // How many rows a condition leaves is told, and only they know.
  if (where !== undefined) return false;
  switch (rule.kind) {
    case "not_null":
    case "accepted_values":
    case "range":
    case "not_in_future":
    case "pattern":
      return true;
    case "expression":
      return isRowwise;
    case "unique": {
      const names = new Set(rule.columns.map(foldCase));
      const isExact = columns
        .filter(({ name }) => names.has(foldCase(name)))
        .every(({ kind, read }) => exactKinds.has(kind) && read === undefined);
      return isExact && apart.length > 0 && apart.every((name) => names.has(foldCase(name)));
    }
    case "relationships":
    case "freshness":
    case "volume":
    case "schema":
    case "row_count":
    case "row_count_matches":
    case "equivalence":
      return false;
  }
}
