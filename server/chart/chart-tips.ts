import { hasBands } from "./chart-axes.js";
import type { Drawn, Frame, Options } from "./chart-frame.js";
import { channelsOf, exactly, formatterOf } from "./chart-values.js";
import { tipNames, type PlotChannel } from "./plot-description.js";

/* What a mark says of itself: every channel. */

const ownNames = ["line", "compare", ...tipNames] as const;

/** Options of the mark, whose data is given. */
export function tipOptions(frame: Frame, data: readonly Drawn[]): Options {
  const { tips } = frame.options;
  if (tips === "pointer") return { ...pointerTip(frame, data), ...tipChannels(frame) };
  return tips === "titles" && hasBands(frame) ? { title: (datum: Drawn) => titleOf(frame, datum) } : {};
}

function titleOf(frame: Frame, datum: Drawn): string {
  return channelsOf(frame.chart)
    .map(([name, channel]) => {
      const isShare = name === frame.value && datum.amount !== undefined;
      const value = name === frame.base && datum.start !== undefined ? datum.start : datum[name];
      const text = isShare
        ? sharedValue(frame, channel, datum)
        : (exactly(frame.chart, name, datum.row) ?? formatterOf(channel)(value));
      return channel.label === "" ? text : `${channel.label}: ${text}`;
    })
    .join("\n");
}

/** "12 (34 %)" */
function sharedValue({ value }: Frame, channel: PlotChannel, datum: Drawn): string {
  const share = formatterOf({ scale: "quantitative", label: "", format: "percent" });
  return `${formatterOf(channel)(datum.amount)} (${share(datum[value])})`;
}

function tipChannels(frame: Frame): Options {
  const channels = ownNames.flatMap((name) => {
    const channel = frame.channel(name);
    return channel === undefined ? [] : [[name, { value: name, label: channel.label }]];
  });
  return channels.length === 0 ? {} : { channels: Object.fromEntries(channels) as Options };
}

function pointerTip(frame: Frame, data: readonly Drawn[]): Options {
  const { channels, mark } = frame.chart.plot;
  const { base, value } = frame;
  const format: Options = {};
  // Of a range its name says enough.
  if (mark === "rect" && channels[base] !== undefined) {
    const name = formatterOf(channels[base]);
    format[`${base}1`] = false;
    format[`${base}2`] = (_: unknown, index: number) => name(data[index]?.start);
  }
  for (const name of ["x", "y", "color", "r", "fx", "fy", ...ownNames] as const) {
    const channel = channels[name];
    if (channel === undefined || (mark === "rect" && name === base)) continue;
    const text = formatterOf(channel);
    format[name === "color" ? paintOf(mark) : name] = (value: unknown, index: number) =>
      exactly(frame.chart, name, data[index]?.row) ?? text(value);
  }
  // Bars of "the others" have a colour that is no value.
  if (channels.color === undefined) format[paintOf(mark)] = false;
  // A line or an area has its colour as z too.
  if (channels.color !== undefined) format["z"] = false;
  const measured = channels[value];
  if (frame.chart.plot.isPercent === true && measured !== undefined)
    format[value] = (_: number, index: number) => sharedValue(frame, measured, data[index] ?? {});
  return { tip: { format, lineWidth: 24 } };
}

function paintOf(mark: string): "fill" | "stroke" {
  return mark === "line" ? "stroke" : "fill";
}
