import type { ChartData, GroupedChannel, PlotChannel } from "../../server/api/protocol.js";
import { formatterOf, toDate, toName } from "../../server/chart/chart-values.js";
import { formatNumber } from "../../server/text/format.js";

/** What a group is called, as the axis, the legend and the tips call it. */
function nameOf(channel: PlotChannel | undefined, value: string | null): string {
  if (channel === undefined || value === null)
    return toName(value, channel ?? { scale: "nominal", label: "" });
  if (channel.scale === "nominal" || channel.scale === "ordinal") return toName(value, channel);
  return formatterOf(channel)(channel.scale === "temporal" ? toDate(value) : Number(value));
}

/** `city = Berlin and app = Courier App`, `city = Berlin or Porto`, `3 marks of city and app`. */
export function wordsOfGroups(
  chart: ChartData,
  channels: readonly GroupedChannel[],
  groups: readonly (readonly (string | null)[])[],
): string {
  const labelled = channels.filter(
    ({ column }, index) => channels.findIndex((c) => c.column === column) === index,
  );
  const name = (by: GroupedChannel, group: readonly (string | null)[]): string =>
    nameOf(chart.plot.channels[by.channel], group[channels.indexOf(by)] ?? null);
  const [only] = labelled;
  if (only !== undefined && labelled.length === 1) {
    const names = groups.map((group) => name(only, group));
    const shown = names.length > 3 ? [...names.slice(0, 2), `${String(names.length - 2)} more`] : names;
    return `${only.column} = ${shown.join(" or ")}`;
  }
  const [first = []] = groups;
  if (groups.length > 1)
    return `${String(groups.length)} marks of ${labelled.map(({ column }) => column).join(" and ")}`;
  return labelled.map((by) => `${by.column} = ${name(by, first)}`).join(" and ");
}

/** `delay 10 – 20` */
export function wordsOfRange(
  chart: ChartData,
  { channel: name, column }: GroupedChannel,
  [from, to]: readonly [string, string],
): string {
  const channel = chart.plot.channels[name];
  // With all digits: what is told is what is filtered by.
  const isPlain = channel?.scale === "quantitative" && channel.step === undefined;
  const [first, last] = isPlain
    ? [formatNumber(from), formatNumber(to)]
    : [nameOf(channel, from), nameOf(channel, to)];
  if (first === last) return `${column} = ${first}`;
  // Of bins the name is a range itself.
  if (channel?.step !== undefined)
    return `${column} ${first.split(" – ")[0] ?? ""} – ${last.split(" – ")[1] ?? ""}`;
  return `${column} ${first} – ${last}`;
}
