import { formatBytes, formatCount } from "../../server/text/format.js";
import type { GridColumn } from "./grid-source.js";

/** Returns "10 000 000 characters", or "10 MB" of a BLOB. */
export function describeLength(length: number, { type }: Pick<GridColumn, "type">): string {
  return type === "BLOB" ? formatBytes(length) : formatCount(length, "character");
}
