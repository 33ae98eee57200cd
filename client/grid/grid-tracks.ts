import { familyOf, type TypeFamily } from "../../server/text/type-kind.js";
import type { ColumnWidths } from "./column-widths.js";
import { titleOf, type ColumnTitle, type GridColumn } from "./grid-source.js";
import type { GridViewport } from "./grid-viewport.js";

export interface Track {
  readonly column: GridColumn;
  readonly index: number;
  readonly family: TypeFamily;
  readonly title: ColumnTitle;
  /** What a cell has that stays at the left while others scroll below it. */
  readonly pin: { readonly classes: string; readonly style: string } | null;
}

/** The columns within sight. One empty track stands for all those between the pinned ones and the others. */
export interface Tracks {
  readonly pinned: readonly Track[];
  readonly scrolled: readonly Track[];
  /** For `grid-template-columns`. */
  readonly template: string;
  readonly width: number;
}

export function findTracks(
  columns: readonly GridColumn[],
  widths: ColumnWidths,
  { left, columnsWidth, gutterWidth, pinnedCount, pinnedWidth }: GridViewport,
): Tracks {
  const seen = widths.visible(left + pinnedWidth, left + columnsWidth);
  const first = Math.max(pinnedCount, seen.first);
  const tracksOf = (from: number, to: number): Track[] =>
    columns.slice(from, to).map((column, offset) => {
      const index = from + offset;
      const pin = index < pinnedCount && {
        classes: index === pinnedCount - 1 ? "pinned edge" : "pinned",
        style: `left:${gutterWidth + (widths.offsets[index] ?? 0)}px`,
      };
      return {
        column,
        index,
        family: familyOf(column.kind),
        title: titleOf(columns, index),
        pin: pin || null,
      };
    });
  const pinned = tracksOf(0, pinnedCount);
  const scrolled = tracksOf(first, seen.last + 1);
  const sizesOf = (tracks: readonly Track[]): string =>
    tracks.map(({ index }) => `${widths.widthOf(index)}px`).join(" ");
  const between = (widths.offsets[first] ?? widths.total) - pinnedWidth;
  return {
    pinned,
    scrolled,
    template: `${gutterWidth}px ${sizesOf(pinned)} ${between}px ${sizesOf(scrolled)}`,
    width: gutterWidth + widths.total,
  };
}

/** Pinned columns, as many as leave the others half of the room: those that follow scroll. */
export function countPinned(wanted: number, { offsets }: ColumnWidths, room: number): number {
  let count = 0;
  while (count < wanted && (offsets[count + 1] ?? Number.POSITIVE_INFINITY) <= room / 2) count++;
  return count;
}
