export interface GridColumn {
  readonly name: string;
  /** The engine's SQL name of the type, e.g. `DECIMAL(18,2)`. */
  readonly type: string;
  /** What sorting, filters and profiles call it, where a column before it has its name. */
  readonly key?: string | undefined;
}

export function keyOf({ key, name }: GridColumn): string {
  return key ?? name;
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

export interface GridPage {
  readonly rows: readonly GridRow[];
  /** How many there are with this filter. */
  readonly totalRows: number;
}

/** Where a grid's rows come from. A new object means a new result. */
export interface GridSource {
  readonly columns: readonly GridColumn[];
  /** Without any filter. */
  readonly totalRows: number;
  /** The signal aborts when nobody waits for the answer any more. */
  fetchRows(
    offset: number,
    limit: number,
    query: GridQuery & { readonly signal: AbortSignal },
  ): Promise<GridPage>;
}

export const noQuery: GridQuery = { sort: null, filter: null };
