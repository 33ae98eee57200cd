/* What columns of a workspace are computed from: files, cells of all notebooks, and what only looks at them. */

/** A column of a node. */
export interface NodeColumn {
  readonly node: string;
  readonly column: string;
}

/** Columns that something depends on. */
export interface Uses {
  readonly columns: readonly NodeColumn[];
  /** Why there may be more. */
  readonly unknown?: string;
}

export interface TracedOutput extends Uses {
  readonly name: string;
}

export type LineageKind = "sql" | "check" | "chart" | "input" | "file" | "published" | "system";

/**
 * Something that has columns or uses them. `file` is what one call of a query reads, `published` a dataset of the lake that no
 * notebook of the workspace makes any more.
 */
export interface LineageNode {
  readonly id: string;
  readonly kind: LineageKind;
  /** Of a cell. */
  readonly notebook?: string;
  /** Of the cell or check; the path of a file. */
  readonly name: string;
  /** Of an entry of `checks:`: whose it is. */
  readonly cell?: string;
  readonly isDataset?: boolean;
  /** Of its result, in their order; empty for what only looks, as a chart does. */
  readonly columns: readonly TracedOutput[];
  /** What it looks at, where it has no result that others read. */
  readonly uses: Uses;
  /** What decides which rows it has. */
  readonly rows: Uses;
  /** Nodes whose rows count. */
  readonly reads: readonly string[];
  /** Why nothing can be told of its columns; `reads` are then what it may depend on. */
  readonly unknown?: string;
}

export type LineageGraph = ReadonlyMap<string, LineageNode>;

export function cellNode(notebook: string, cell: string): string {
  return `cell:${notebook}/${cell}`;
}

export const NO_USES: Uses = { columns: [] };
