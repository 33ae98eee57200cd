import { z } from "zod";
import { isCssColor } from "../../text/css-color.js";
import { FORMATS, isValueFormat } from "../../text/value-format.js";
import {
  chartLayouts,
  chartScales,
  colorSchemes,
  type ChartColors,
  type ChartGrain,
  type ChartRule,
  type ChartSort,
} from "../chart-options.js";
import { field } from "../fields.js";
import { asExpected, textListSchema, textSchema, toList } from "../schemas.js";
import { widthField } from "./width-field.js";

/* What the keys of a chart may say, but for its mark. */

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
const mostMeasures = 8;
const mostTips = 5;
const mostRules = 10;
const mostColors = 50;

/** What a chart cannot do without, as it may be written. */
export const examples: Readonly<Record<string, string>> = {
  from: "orders",
  mark: "barY",
  x: "city_code",
  y: "count()",
};

const sortSchema = textSchema.transform((text, context): ChartSort => {
  const match = /^(-?)(\S.*?)(?:\s+(asc|desc))?$/i.exec(text);
  const [sign, by, direction] = [match?.[1], match?.[2] ?? "", match?.[3]?.toLowerCase()];
  // A minus and a direction would contradict or repeat one another.
  if (by === "" || (sign === "-" && direction !== undefined))
    context.addIssue({ code: "custom", message: asExpected });
  return { by, descending: sign === "-" || direction === "desc" };
});

const colorSchema = z.string().refine(isCssColor, asExpected);
const colorsSchema: z.ZodType<ChartColors> = z.union([
  z.enum(colorSchemes),
  z.array(colorSchema).min(1).max(mostColors),
  z.record(z.string(), colorSchema).refine((colors) => Object.keys(colors).length <= mostColors, asExpected),
]);

const place = z.union([z.number(), z.string().trim().min(1)]);
const ruleSchema = z
  .strictObject({ x: place.exactOptional(), y: place.exactOptional(), label: textSchema.exactOptional() })
  .transform(({ x, y, label }, context): ChartRule => {
    const at = x ?? y;
    if (at !== undefined && (x === undefined) !== (y === undefined))
      return { axis: x === undefined ? "y" : "x", at, ...(label !== undefined && { label }) };
    context.addIssue({ code: "custom", message: asExpected });
    return z.NEVER;
  });
const rulesSchema = z.preprocess(toList, z.array(ruleSchema).min(1).max(mostRules));

const channel = (key: string, example = "city_code") =>
  field(key, textSchema, "a column or an aggregate of one", example);
const measures = (key: string, example: string) =>
  field(
    key,
    textListSchema.refine((list) => list.length <= mostMeasures, asExpected),
    `a column or an aggregate of one, or a list of at most ${String(mostMeasures)} of them`,
    example,
  );
const text = (key: string) => field(key, textSchema, "a text", "Response by city");
const scale = (key: string) => field(key, z.enum(chartScales), `one of ${chartScales.join(", ")}`, "log");
const format = (key: string) =>
  field(key, z.string().refine(isValueFormat, asExpected), `one of ${FORMATS}`, "percent");
const flag = (key: string) => field(key, z.boolean(), "true or false", "true");

export const chartFields = {
  x: measures("x", "city_code"),
  y: measures("y", "median(delay)"),
  fill: channel("fill"),
  stroke: channel("stroke"),
  r: channel("r", "count()"),
  fx: channel("fx"),
  fy: channel("fy"),
  line: channel("line", "mean(delay)"),
  lineAxis: field("line_axis", z.enum(["left", "right"]), "left or right", "right"),
  tip: field(
    "tip",
    textListSchema.refine((list) => list.length <= mostTips, asExpected),
    `a list of at most ${String(mostTips)} columns or aggregates`,
    "[count(), max(delay)]",
  ),
  compare: channel("compare", "sum(last_year)"),
  layout: field("layout", z.enum(chartLayouts), `one of ${chartLayouts.join(", ")}`, "grouped"),
  sort: field("sort", sortSchema, "a channel or column with asc or desc", "y desc"),
  limit: field("limit", z.int().min(1).max(mostRows), `a whole number from 1 to ${mostRows}`, "20"),
  other: flag("other"),
  grain: field("grain", z.enum(grains), `one of ${grains.join(", ")}`, "month"),
  bins: field("bins", z.int().min(1).max(1_000), "a whole number from 1 to 1000", "30"),
  rules: field(
    "rules",
    rulesSchema,
    `a list of at most ${String(mostRules)} lines, each with x or y and perhaps a label`,
    "[{y: 100, label: target}]",
  ),
  labels: flag("labels"),
  colors: field(
    "colors",
    colorsSchema,
    `one of ${colorSchemes.join(", ")}, a list of colours, or a colour for each name`,
    "accessible",
  ),
  title: text("title"),
  subtitle: text("subtitle"),
  caption: text("caption"),
  description: text("description"),
  xLabel: text("x_label"),
  yLabel: text("y_label"),
  xScale: scale("x_scale"),
  yScale: scale("y_scale"),
  xFormat: format("x_format"),
  yFormat: format("y_format"),
  lineFormat: format("line_format"),
  height: field("height", z.number().min(50).max(5_000), "a number of pixels from 50 to 5000", "400"),
  width: widthField,
};
