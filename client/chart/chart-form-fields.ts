import type { Column } from "../../server/api/protocol.js";
import { scaleOf } from "../../server/chart/chart-column.js";
import { chartLayouts, chartScales, colorSchemes } from "../../server/notebook/chart-options.js";
import type { Choice, YamlFormField } from "../elements/yaml-form.js";
import { grains, marks } from "./chart-choices.js";

/* What the form of a chart offers, as values of its keys. */

export interface FormField extends YamlFormField {
  readonly choices?: (columns: readonly Column[]) => readonly Choice[];
  /** Absent: of all. */
  readonly marks?: RegExp;
}

const bars = /^(barY|barX|rectY)$/;

export const mainFields: readonly FormField[] = [
  {
    key: "mark",
    label: "Mark",
    type: "choice",
    choices: () => marks.map(([value, label]) => ({ value, label })),
  },
  { key: "x", label: "X", type: "choice", none: "none", choices: channels },
  { key: "y", label: "Y", type: "choice", none: "none", choices: channels },
  { key: "fill", label: "Colour", type: "choice", none: "none", choices: channels, marks: /^(?!number)/ },
  {
    key: "layout",
    label: "Parts",
    type: "choice",
    none: "automatic",
    choices: listed(chartLayouts),
    marks: /^(barY|barX|rectY|areaY)$/,
  },
  {
    key: "line",
    label: "Line over them",
    type: "choice",
    none: "none",
    choices: aggregatesOf,
    marks: /^(barY|rectY)$/,
  },
  {
    key: "compare",
    label: "Compared with",
    type: "choice",
    none: "the time before",
    choices: aggregatesOf,
    marks: /^number$/,
  },
  { key: "fx", label: "Side by side", type: "choice", none: "none", choices: plain, marks: /^(?!number)/ },
  { key: "grain", label: "Grain", type: "choice", none: "automatic", choices: listed(grains) },
  {
    key: "sort",
    label: "Sort",
    type: "choice",
    none: "by name",
    choices: listed(["x", "x desc", "y", "y desc"]),
    marks: /^(barY|barX|cell|dot)$/,
  },
  { key: "limit", label: "Limit", type: "number", min: 1, max: 5000, marks: /^(barY|barX|cell|dot)$/ },
  { key: "other", label: "the rest as one", type: "flag", marks: bars },
];

export const styleFields: readonly FormField[] = [
  { key: "title", label: "Title", type: "text" },
  { key: "subtitle", label: "Subtitle", type: "text" },
  { key: "labels", label: "values at marks", type: "flag", marks: /^(?!number)/ },
  {
    key: "colors",
    label: "Colours",
    type: "choice",
    none: "default",
    choices: listed(colorSchemes.slice(1)),
  },
  {
    key: "y_scale",
    label: "Scale of Y",
    type: "choice",
    none: "linear",
    choices: listed(chartScales.slice(1)),
    marks: /^(?!number|barX)/,
  },
  {
    key: "x_scale",
    label: "Scale of X",
    type: "choice",
    none: "linear",
    choices: listed(chartScales.slice(1)),
    marks: /^(lineY|areaY|dot|barX)$/,
  },
  { key: "y_format", label: "Format of Y", type: "text", marks: /^(?!barX)/ },
  { key: "x_format", label: "Format of X", type: "text", marks: /^(barX|dot|lineY|histogram)$/ },
  { key: "x_label", label: "Label of X", type: "text", marks: /^(?!number)/ },
  { key: "y_label", label: "Label of Y", type: "text" },
  { key: "caption", label: "Caption", type: "text" },
];

function listed(values: readonly string[]): () => readonly Choice[] {
  return () => values.map((value) => ({ value, label: value.replaceAll("_", " ") }));
}

function plain(columns: readonly Column[]): readonly Choice[] {
  return columns.map(({ name }) => ({ value: name, label: name, group: "Columns" }));
}

function channels(columns: readonly Column[]): readonly Choice[] {
  return [...plain(columns), ...aggregatesOf(columns)];
}

const ofNumbers = ["sum", "mean", "median", "min", "max"] as const;

function aggregatesOf(columns: readonly Column[]): readonly Choice[] {
  const numbers = columns.filter((column) => scaleOf(column) === "quantitative");
  const call = (name: string, of: readonly Column[]): Choice[] =>
    of.map((column) => {
      const value = `${name}(${column.name})`;
      return { value, label: `${name} of ${column.name}`, group: name };
    });
  return [
    { value: "count()", label: "number of rows", group: "count" },
    ...ofNumbers.flatMap((name) => call(name, numbers)),
    ...call("distinct", columns),
  ];
}
