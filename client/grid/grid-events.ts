import type { GridFilter, GridQuery, GridSort } from "./grid-source.js";

/** The user sorted: the rows come in this order from now on. */
export class SortChangeEvent extends Event {
  readonly sort: GridSort | null;

  constructor(sort: GridSort | null) {
    super("sort-change", { bubbles: true, composed: true });
    this.sort = sort;
  }
}

/** The user searched or filtered. */
export class FilterChangeEvent extends Event {
  readonly filter: GridFilter | null;

  constructor(filter: GridFilter | null) {
    super("filter-change", { bubbles: true, composed: true });
    this.filter = filter;
  }
}

/** The last column of a profile is nearly in sight, and more are to come. */
export class MoreColumnsEvent extends Event {
  constructor() {
    super("more-columns", { bubbles: true, composed: true });
  }
}

/** The rows as they are sorted and filtered are wanted as a cell, or groups of them. */
export class DeriveEvent extends Event {
  readonly query: GridQuery;
  /** Keys of columns. */
  readonly groupBy: readonly string[];
  /** How they are grouped is asked for; else the rows of each value are counted. */
  readonly asks: boolean;
  /** The column by which somebody is to choose them, with a control. */
  readonly chosenBy: string | undefined;

  constructor(query: GridQuery, groupBy: readonly string[], asks = false, chosenBy?: string) {
    super("derive-cell", { bubbles: true, composed: true });
    this.asks = asks;
    this.chosenBy = chosenBy;
    this.query = query;
    this.groupBy = groupBy;
  }
}

/** The numbers of a column are to be shown so; undefined: as they are. */
export class FormatEvent extends Event {
  /** Its key. */
  readonly column: string;
  readonly format: string | undefined;

  constructor(column: string, format: string | undefined) {
    super("format-column", { bubbles: true, composed: true });
    this.column = column;
    this.format = format;
  }
}

declare global {
  interface HTMLElementEventMap {
    "format-column": FormatEvent;
    "derive-cell": DeriveEvent;
    "sort-change": SortChangeEvent;
    "filter-change": FilterChangeEvent;
    "more-columns": MoreColumnsEvent;
  }
}
