import type { DatasetDiff } from "../../server/api/protocol.js";
import { formatCount, formatNumber } from "../../server/text/format.js";

type Counts = Pick<
  DatasetDiff,
  "isSame" | "key" | "added" | "removed" | "changed" | "rowsBefore" | "columns"
>;

/** As "8 of 490 rows change, 2 added"; without a key no row can change, only come or go. */
export function changeWords(diff: Counts): string {
  const { isSame, key, added, removed, changed, rowsBefore } = diff;
  if (isSame) return "nothing changes";
  if (changed + added + removed === 0) return "no row changes, but its columns do";
  const total = formatCount(rowsBefore, "row");
  const words = [
    ...(key.length > 0 && changed > 0
      ? [`${formatNumber(changed)} of ${total} ${changed === 1 ? "changes" : "change"}`]
      : []),
    ...(added > 0 ? [`${changed === 0 ? formatCount(added, "row") : formatNumber(added)} added`] : []),
    ...(removed > 0
      ? [`${changed + added === 0 ? formatCount(removed, "row") : formatNumber(removed)} removed`]
      : []),
  ];
  const others = diff.columns.filter(({ before, after }) => before !== undefined || after !== undefined);
  if (others.length > 0) words.push(`${formatCount(others.length, "column")} of another name or type`);
  return words.join(", ");
}
