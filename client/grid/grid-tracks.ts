import { familyOf, type TypeFamily } from "../../server/text/type-kind.js";
import type { ColumnWidths } from "./column-widths.js";
import { titleOf, type ColumnTitle, type GridColumn } from "./grid-source.js";
import type { GridViewport } from "./grid-viewport.js";

export interface Track {
  readonly column: GridColumn;
  readonly index: number;
  readonly family: TypeFamily;
  readonly title: ColumnTitle;
}

/** The columns within sight. One empty track stands for all those left of them. */
export interface Tracks {
  readonly columns: readonly Track[];
  /** For `grid-template-columns`. */
  readonly template: string;
  readonly width: number;
}

export function findTracks(
  columns: readonly GridColumn[],
  widths: ColumnWidths,
  { left, columnsWidth, gutterWidth }: GridViewport,
): Tracks {
  const { first, last } = widths.visible(left, left + columnsWidth);
  const visible = columns.slice(first, last + 1).map((column, index) => ({
    column,
    index: first + index,
    family: familyOf(column.kind),
    title: titleOf(columns, first + index),
  }));
  const sizes = visible.map(({ index }) => `${widths.widthOf(index)}px`);
  return {
    columns: visible,
    template: `${gutterWidth}px ${widths.offsets[first] ?? 0}px ${sizes.join(" ")}`,
    width: gutterWidth + widths.total,
  };
}
