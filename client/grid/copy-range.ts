import { formatCount } from "../format.js";
import type { CellRange } from "./cell-range.js";
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
  return `Copied ${isCut ? "the first " : ""}${formatCount(cells.length, "row")}`;
}
