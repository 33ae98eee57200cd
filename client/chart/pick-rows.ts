import type { GroupedChannel, Picked } from "../../server/api/protocol.js";
import { toDate } from "../../server/chart/chart-values.js";
import { toGroupedBy } from "../../server/chart/picked.js";

/** Whether the groups of a mark are among those that were picked; of a chart that is grouped otherwise none is. */
export function isWithin(
  picked: Picked,
  channels: readonly GroupedChannel[],
  group: readonly (string | null)[],
): boolean {
  const own = toGroupedBy(channels).map(keyOf);
  const places = picked.by.map((by) => own.indexOf(keyOf(by)));
  if (places.includes(-1)) return false;
  if ("groups" in picked) {
    const wanted = JSON.stringify(places.map((place) => group[place]));
    return picked.groups.some((other) => JSON.stringify(other) === wanted);
  }
  return picked.ranges.every(([from, to], index) => {
    const value = group[places[index] ?? -1];
    if (value === null || value === undefined) return false;
    return toNumber(value) >= toNumber(from) && toNumber(value) <= toNumber(to);
  });
}

/** Which values are kept apart and where bins end may change with the rows; what they are of does not. */
function keyOf(by: Picked["by"][number]): string {
  if ("bins" in by) return JSON.stringify([by.column, by.bins.step]);
  return "listed" in by ? by.column : JSON.stringify(by);
}

export function toNumber(value: string): number {
  return toDate(value)?.getTime() ?? Number(value);
}
