import { z } from "zod";
import { moveSpan, type Span } from "../../base/source.js";
import { suggest } from "../../text/suggest.js";
import type { ChartMark, ChartOptions } from "../chart-options.js";
import { chartFields, examples } from "./chart-fields.js";
import { field, readFields, type FieldValues } from "../fields.js";
import type { ChartCell } from "../notebook.js";
import type { Fence } from "../outline.js";
import type { Report } from "../report.js";
import { textSchema } from "../schemas.js";
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
  number: { aliases: [], needs: [] },
};

const markSchema = z.unknown().transform((written, context) => {
  const mark = typeof written === "string" ? findMark(written) : undefined;
  if (mark !== undefined) return mark;
  context.addIssue({ code: "custom", message: explainMark(written) });
  return z.NEVER;
});

const from = field("from", textSchema, "the name of a cell", "orders");
const mark = field("mark", markSchema, `one of ${listMarks()}`, "barY");
const fields = { mark, ...chartFields };
const colorField = { fill: field("color", textSchema, chartFields.fill.expected, chartFields.fill.example) };

/** Reads a `chart:` fence. Whether `from` and the columns exist is for the graph and the engine to say. */
function parseChart(file: string, fence: Fence, report: Report): ChartCell {
  const { base, map, following } = parseYamlCell(file, fence, "chart", report);
  const scope = { report: following, noun: "Chart option", handled: ["chart", "from", "color"] };
  const color = readFields(map, colorField, { ...scope, handled: map.entries.map((entry) => entry.key) });
  const options: ChartOptions = { ...color, ...toOptions(map, readFields(map, fields, scope), following) };
  reportMissing(map, options.mark, base.nameSpan, following);
  const rest = { ...map, entries: map.entries.filter(({ key }) => key !== "chart" && key !== "from") };
  const chart = { ...(toPlain(rest) as ChartCell["chart"]), ...(options.mark && { mark: options.mark }) };
  return { ...base, ...readFrom(map, base.nameSpan, following), kind: "chart", chart, options };
}

/** On the axis that measures, a list is several measures. */
function toOptions(
  map: YamlMap,
  { x, y, ...rest }: FieldValues<typeof fields>,
  report: Report,
): ChartOptions {
  const value = rest.mark === "barX" ? "x" : "y";
  const texts = { x, y };
  const options: { x?: string; y?: string; measures?: readonly string[] } = {};
  for (const name of ["x", "y"] as const) {
    const [first, ...others] = texts[name] ?? [];
    if (first !== undefined && others.length === 0) options[name] = first;
    else if (first !== undefined && name === value) options.measures = texts[name] ?? [];
    else if (first !== undefined)
      report.error(
        "invalid-option",
        findValue(map, name)?.span ?? map.span,
        `Chart option "${name}" must be one column: the marks stand on it`,
        `A list of measures belongs to "${value}", for example: ${value}: [sum(price), sum(cost)]`,
      );
  }
  return { ...options, ...rest };
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
