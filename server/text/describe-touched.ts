import { formatCount, formatNumber } from "./format.js";

/** How many of those that are there would be computed or written again, and how many come. */
interface Share {
  readonly touched: number;
  readonly of: number;
  /** Absent: nobody knows. */
  readonly added?: number | undefined;
}

/** What a run would touch of a dataset with `incremental`. */
export interface Touched {
  readonly keys?: Share | undefined;
  readonly partitions?: Share | undefined;
  /** Not more than these: rows may come out as they were. */
  readonly isAtMost?: boolean | undefined;
}

/** Returns "at most 141 of 12,000 keys, 23 new; 2 of 36 partitions". */
export function describeTouched({ keys, partitions, isAtMost = false }: Touched): string {
  const words = [describeShare(keys, "key"), describeShare(partitions, "partition")].filter(Boolean);
  return words.length === 0 ? "" : `${isAtMost ? "at most " : ""}${words.join("; ")}`;
}

function describeShare(share: Share | undefined, one: string): string {
  if (share === undefined) return "";
  const { touched, of, added = 0 } = share;
  return `${formatNumber(touched)} of ${formatCount(of, one)}${added === 0 ? "" : `, ${formatNumber(added)} new`}`;
}
