import type { PlainChart } from "./chart-values.js";
import { OTHER, REST, type PlotChannelName } from "./plot-description.js";

/** What is drawn as CSV: exact values, times and bins by their beginning, under the labels of the channels. */
export function toCsv(chart: PlainChart): string {
  const labels = chart.columns.map(({ name }) => {
    const label = chart.plot.channels[name as PlotChannelName]?.label ?? "";
    return label === "" ? (name === "color" ? "measure" : "value") : label;
  });
  const header = labels.map((label, index) =>
    labels.indexOf(label) === index ? label : `${label} (${chart.columns[index]?.name ?? ""})`,
  );
  const lines = [header, ...chart.rows].map((row) => row.map(toField).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function toField(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value === REST) return OTHER;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // As "" is no NULL, a value in quotes is not what stands for all others.
  return text === OTHER || /[",\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
