/** The row -1 is the header. */
export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

/** Where a selection began, and where it is being moved. */
export interface CellSelection {
  readonly anchor: CellPosition;
  readonly focus: CellPosition;
}

export interface CellRange {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface GridBounds {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Rows that a page key passes. */
  readonly pageRows: number;
}

export const HEADER_ROW = -1;

export function toRange({ anchor, focus }: CellSelection): CellRange {
  return {
    top: Math.max(0, Math.min(anchor.row, focus.row)),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

export function isInRange(range: CellRange, row: number, column: number): boolean {
  return row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
}

/** Returns where a key leads from a cell, or null if it is not a key that moves. */
export function moveByKey(
  key: string,
  isFar: boolean,
  from: CellPosition,
  bounds: GridBounds,
): CellPosition | null {
  const to = target(key, isFar, from, bounds);
  if (!to) return null;
  return {
    row: clamp(to.row, HEADER_ROW, bounds.rowCount - 1),
    column: clamp(to.column, 0, bounds.columnCount - 1),
  };
}

function target(key: string, isFar: boolean, from: CellPosition, bounds: GridBounds): CellPosition | null {
  const { row, column } = from;
  const lastRow = bounds.rowCount - 1;
  const lastColumn = bounds.columnCount - 1;
  switch (key) {
    case "ArrowUp":
      return { row: isFar ? 0 : row - 1, column };
    case "ArrowDown":
      return { row: isFar ? lastRow : row + 1, column };
    case "ArrowLeft":
      return { row, column: isFar ? 0 : column - 1 };
    case "ArrowRight":
      return { row, column: isFar ? lastColumn : column + 1 };
    case "PageUp":
      return { row: Math.max(0, row - bounds.pageRows), column };
    case "PageDown":
      return { row: row + bounds.pageRows, column };
    case "Home":
      return { row: isFar ? 0 : row, column: 0 };
    case "End":
      return { row: isFar ? lastRow : row, column: lastColumn };
    default:
      return null;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
