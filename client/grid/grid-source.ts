import { showControls } from "../../server/text/format.js";
import type { TypeKind } from "../../server/text/type-kind.js";

export interface GridColumn {
  readonly name: string;
  /** The engine's own name of the type, e.g. `DECIMAL(18,2)`, to be shown. */
  readonly type: string;
  readonly kind: TypeKind;
  /** What sorting, filters and profiles call it, where a column before it has its name. */
  readonly key?: string | undefined;
}

export function keyOf({ key, name }: GridColumn): string {
  return key ?? name;
}

/** What a column is called where two may have one name. */
export interface ColumnTitle {
  /** What is invisible in it is shown. */
  readonly name: string;
  /** Among the columns of its name, from 1. */
  readonly number: number;
  /** Both in words. */
  readonly text: string;
}

export function titleOf(columns: readonly GridColumn[], index: number): ColumnTitle {
  const column = columns[index];
  const name = showControls(column?.name ?? "");
  if (column?.key === undefined) return { name, number: 1, text: name };
  // The engine takes names for the same in capitals too.
  const isNamesake = (other: GridColumn): boolean => other.name.toLowerCase() === column.name.toLowerCase();
  const number = 1 + columns.slice(0, index).filter(isNamesake).length;
  return { name, number, text: number === 1 ? name : `${name}, number ${String(number)} of that name` };
}

export interface GridSort {
  /** Its key. */
  readonly column: string;
  readonly direction: "asc" | "desc";
}

export type FilterOperator =
  "contains" | "equals" | "differs" | "less" | "at-most" | "greater" | "at-least" | "is-null" | "is-not-null";

export interface ColumnFilter {
  /** Its key. */
  readonly column: string;
  readonly operator: FilterOperator;
  /** As typed; nothing for the two about NULL. */
  readonly value: string;
}

export interface GridFilter {
  /** Text that some column contains; nothing searches for nothing. */
  readonly search: string;
  readonly columns: readonly ColumnFilter[];
}

export interface GridQuery {
  readonly sort: GridSort | null;
  readonly filter: GridFilter | null;
}

export type GridRow = readonly unknown[];

/** A value of which only the beginning came. */
export interface CutValue {
  /** Its place in the rows of the page. */
  readonly row: number;
  readonly column: number;
  /** Of the whole: characters, or bytes of a BLOB. */
  readonly length: number;
}

export interface GridPage {
  readonly rows: readonly GridRow[];
  /** How many there are with this filter. */
  readonly totalRows: number;
  readonly cut?: readonly CutValue[];
}

/** Where a grid's rows come from. A new object means a new result. */
export interface GridSource {
  readonly columns: readonly GridColumn[];
  /** How many of the first columns stay in sight while the others scroll. */
  readonly pinned?: number;
  /** Without any filter. */
  readonly totalRows: number;
  /** The signal aborts when nobody waits for the answer any more. */
  fetchRows(
    offset: number,
    limit: number,
    query: GridQuery & { readonly signal: AbortSignal },
  ): Promise<GridPage>;
  /** The address of one whole value, as a download: of a row of the query, and a column by its key. */
  valueUrl?(row: number, column: string, query: GridQuery): string;
}

export const noQuery: GridQuery = { sort: null, filter: null };
