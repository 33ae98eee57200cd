import { z } from "zod";
import { moveSpan, type Span } from "../../base/source.js";
import { suggest } from "../../text/suggest.js";
import type { ChartGrain, ChartMark, ChartOptions, ChartSort } from "../chart-options.js";
import { field, readFields } from "../fields.js";
import type { ChartCell } from "../notebook.js";
import type { Fence } from "../outline.js";
import type { Report } from "../report.js";
import { asExpected, textSchema } from "../schemas.js";
import type { Kind } from "./kind.js";
import { parseYamlCell } from "./yaml-cell.js";
import { findValue, toPlain, type YamlMap } from "../yaml-tree.js";

export const chartKind: Kind<ChartCell> = {
  parse: parseChart,
  move: (cell, by) => ({ ...cell, fromSpan: moveSpan(cell.fromSpan, by) }),
  options: ({ from: source, options }) => ({ from: source, ...options }),
  description: ({ options }) => options.description,
  // Without a source there is nothing to look for: that it is missing is told already.
  parents: ({ from: name, fromSpan: span }) => (name === "" ? [] : [{ name, span }]),
  references: ({ from: source, fromSpan }, name) => (source === name ? [fromSpan] : []),
};

/** Each mark, how else it may be written, and the channels that it cannot do without. */
const marks: Readonly<
  Record<ChartMark, { readonly aliases: readonly string[]; readonly needs: readonly ("x" | "y")[] }>
> = {
  barY: { aliases: ["bar", "column"], needs: ["x"] },
  barX: { aliases: [], needs: ["y"] },
  lineY: { aliases: ["line"], needs: ["x", "y"] },
  areaY: { aliases: ["area"], needs: ["x", "y"] },
  dot: { aliases: ["scatter", "point"], needs: ["x", "y"] },
  rectY: { aliases: ["rect"], needs: ["x"] },
  histogram: { aliases: [], needs: ["x"] },
  cell: { aliases: ["heatmap"], needs: ["x", "y"] },
};

const grains = [
  "year",
  "quarter",
  "month",
  "week",
  "day",
  "hour",
  "minute",
] as const satisfies readonly ChartGrain[];
const mostRows = 5_000;

const markSchema = z.unknown().transform((written, context) => {
  const mark = typeof written === "string" ? findMark(written) : undefined;
  if (mark !== undefined) return mark;
  context.addIssue({ code: "custom", message: explainMark(written) });
  return z.NEVER;
});

const sortSchema = textSchema.transform((text, context): ChartSort => {
  const match = /^(-?)(\S.*?)(?:\s+(asc|desc))?$/i.exec(text);
  const [sign, by, direction] = [match?.[1], match?.[2] ?? "", match?.[3]?.toLowerCase()];
  // A minus and a direction would contradict or repeat one another.
  if (by === "" || (sign === "-" && direction !== undefined))
    context.addIssue({ code: "custom", message: asExpected });
  return { by, descending: sign === "-" || direction === "desc" };
});

const channel = (key: string, example = "city_code") =>
  field(key, textSchema, "a column or an aggregate of one", example);
const text = (key: string) => field(key, textSchema, "a text", "Response by city");
const from = field("from", textSchema, "the name of a cell", "orders");

const fields = {
  mark: field("mark", markSchema, `one of ${listMarks()}`, "barY"),
  x: channel("x"),
  y: channel("y", "median(delay)"),
  fill: channel("fill"),
  stroke: channel("stroke"),
  r: channel("r", "count()"),
  fx: channel("fx"),
  fy: channel("fy"),
  sort: field("sort", sortSchema, "a channel or column with asc or desc", "y desc"),
  limit: field("limit", z.int().min(1).max(mostRows), `a whole number from 1 to ${mostRows}`, "20"),
  grain: field("grain", z.enum(grains), `one of ${grains.join(", ")}`, "month"),
  bins: field("bins", z.int().min(1).max(1_000), "a whole number from 1 to 1000", "30"),
  title: text("title"),
  subtitle: text("subtitle"),
  caption: text("caption"),
  description: text("description"),
  xLabel: text("x_label"),
  yLabel: text("y_label"),
  height: field("height", z.number().min(50).max(5_000), "a number of pixels from 50 to 5000", "400"),
};

const colorField = { fill: channel("color") };

/** Reads a `chart:` fence. Whether `from` and the columns exist is for the graph and the engine to say. */
function parseChart(file: string, fence: Fence, report: Report): ChartCell {
  const { base, map, following } = parseYamlCell(file, fence, "chart", report);
  const scope = { report: following, noun: "Chart option", handled: ["chart", "from", "color"] };
  const color = readFields(map, colorField, { ...scope, handled: map.entries.map((entry) => entry.key) });
  const options: ChartOptions = { ...color, ...readFields(map, fields, scope) };
  reportMissing(map, options.mark, base.nameSpan, following);
  const rest = { ...map, entries: map.entries.filter(({ key }) => key !== "chart" && key !== "from") };
  const chart = { ...(toPlain(rest) as ChartCell["chart"]), ...(options.mark && { mark: options.mark }) };
  return { ...base, ...readFrom(map, base.nameSpan, following), kind: "chart", chart, options };
}

function readFrom(map: YamlMap, nameSpan: Span, report: Report): Pick<ChartCell, "from" | "fromSpan"> {
  const node = findValue(map, "from");
  const scope = { report, noun: "Chart option", handled: map.entries.map((entry) => entry.key) };
  const { from: name = "" } = readFields(map, { from }, scope);
  const fromSpan = node?.span ?? nameSpan;
  // A cell, or a relation of the lake: `lake.orders`, `"2026-10-01".orders`.
  if (name !== "" && !/^(?:(?:\w+|"[^"]+")\.)?\w+$/.test(name)) {
    const hint = "Make the query a sql cell and write its name.";
    report.error("invalid-option", fromSpan, 'Chart option "from" must be the name of a cell', hint);
  }
  return { from: name, fromSpan };
}

function reportMissing(map: YamlMap, mark: ChartMark | undefined, span: Span, report: Report): void {
  const needed = ["from", "mark", ...(mark === undefined ? [] : marks[mark].needs)];
  const examples: Readonly<Record<string, string>> = {
    from: "orders",
    mark: "barY",
    x: "city_code",
    y: "count()",
  };
  for (const key of needed) {
    if (findValue(map, key) !== undefined) continue;
    const message = `A chart${key === "x" || key === "y" ? ` of mark ${mark ?? ""}` : ""} needs key "${key}"`;
    report.error("missing-option", span, message, `For example: ${key}: ${examples[key] ?? ""}`);
  }
}

function findMark(written: string): ChartMark | undefined {
  const wanted = written.toLowerCase();
  const names = Object.keys(marks) as ChartMark[];
  return names.find((mark) => mark.toLowerCase() === wanted || marks[mark].aliases.includes(wanted));
}

/** "barY (bar, column), barX": with how else they may be written. */
function listMarks(): string {
  return Object.entries(marks)
    .map(([name, { aliases }]) => (aliases.length === 0 ? name : `${name} (${aliases.join(", ")})`))
    .join(", ");
}

function explainMark(written: unknown): string {
  const names = Object.entries(marks).flatMap(([name, { aliases }]) => [name, ...aliases]);
  const meant = typeof written === "string" ? suggest(written, names) : undefined;
  const question = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `Mark ${JSON.stringify(written)} is not known, there are ${listMarks()}${question}`;
}
