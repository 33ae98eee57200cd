import { formatBytes, formatCount } from "../../server/text/format.js";
import type { GridColumn } from "./grid-source.js";

/** Returns "10 000 000 characters", or "10 MB" of bytes. */
export function describeLength(length: number, { kind }: Pick<GridColumn, "kind">): string {
  return kind === "binary" ? formatBytes(length) : formatCount(length, "character");
}
