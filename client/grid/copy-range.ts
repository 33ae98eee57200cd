import { formatCount } from "../../server/text/format.js";
import type { CellRange } from "./cell-range.js";
import type { GridRow } from "./grid-source.js";
import type { PageCache } from "./page-cache.js";
import { toTsv } from "./to-tsv.js";
import { writeClipboard } from "./write-clipboard.js";

/** A clipboard is for what one looks at; whole results are downloaded. */
const MAX_COPY_ROWS = 20_000;

/** Copies a range, at most as many rows as a clipboard should hold. Returns a sentence about what was copied. */
export async function copyRange(rows: PageCache, range: CellRange, hasHeader: boolean): Promise<string> {
  const bottom = Math.min(range.bottom, range.top + MAX_COPY_ROWS - 1);
  const cells = await rows.read(range.top, bottom);
  await writeClipboard(toTsv(cells, rows.source.columns, range, hasHeader));
  const isCut = bottom < range.bottom;
  const copied = `Copied ${isCut ? "the first " : ""}${formatCount(cells.length, "row")}`;
  const halves = countHalves(rows, cells, range);
  return halves === 0 ? copied : `${copied}, only the beginning of ${formatCount(halves, "long value")}`;
}

function countHalves(rows: PageCache, cells: readonly GridRow[], { left, right }: CellRange): number {
  let count = 0;
  for (const row of cells)
    for (let column = left; column <= right; column++) if (rows.lengthOf(row, column) !== undefined) count++;
  return count;
}
