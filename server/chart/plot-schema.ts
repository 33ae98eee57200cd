import { z } from "zod";
import { colorSchemes } from "../notebook/chart-options.js";
import type { PlotChannel, PlotDescription } from "./plot-description.js";
import { grains } from "./time-grain.js";

const plotChannelSchema: z.ZodType<PlotChannel> = z.object({
  scale: z.enum(["quantitative", "temporal", "ordinal", "nominal"]),
  label: z.string(),
  grain: z.enum(grains).exactOptional(),
  step: z.number().exactOptional().describe("values are the lower edges of bins this wide"),
  labels: z.array(z.string()).exactOptional().describe("of an ENUM, in their order"),
  isInteger: z.boolean().exactOptional(),
  range: z.tuple([z.number(), z.number()]).exactOptional(),
  transform: z.enum(["log", "sqrt"]).exactOptional().describe("of the axis; linear unless said"),
  format: z.string().exactOptional().describe("how its numbers are written: percent, 0.00 ..."),
  side: z.enum(["left", "right"]).exactOptional().describe("of the axis of a line over bars"),
});

/** What is drawn, as it travels and is kept. */
export const plotSchema: z.ZodType<PlotDescription> = z.object({
  mark: z.enum(["bar", "rect", "line", "area", "dot", "cell", "number"]),
  base: z.enum(["x", "y"]).describe("the axis that the marks stand on; the other one measures"),
  channels: z.object({
    x: plotChannelSchema.exactOptional(),
    y: plotChannelSchema.exactOptional(),
    color: plotChannelSchema.exactOptional(),
    r: plotChannelSchema.exactOptional(),
    fx: plotChannelSchema.exactOptional(),
    fy: plotChannelSchema.exactOptional(),
    line: plotChannelSchema.exactOptional(),
    compare: plotChannelSchema.exactOptional(),
    tip1: plotChannelSchema.exactOptional(),
    tip2: plotChannelSchema.exactOptional(),
    tip3: plotChannelSchema.exactOptional(),
    tip4: plotChannelSchema.exactOptional(),
    tip5: plotChannelSchema.exactOptional(),
  }),
  isStacked: z.boolean().exactOptional(),
  isPercent: z.boolean().exactOptional().describe("values become shares of the whole of their place"),
  hasLabels: z.boolean().exactOptional().describe("values stand at their marks"),
  rules: z
    .array(
      z.object({
        axis: z.enum(["x", "y"]),
        at: z.union([z.number(), z.string()]),
        label: z.string().exactOptional(),
      }),
    )
    .exactOptional()
    .describe("lines across an axis"),
  colors: z
    .union([z.enum(colorSchemes), z.array(z.string()), z.record(z.string(), z.string())])
    .exactOptional()
    .describe("a scheme, colours in the order of the names, or the colour of each name"),
  color: z.string().exactOptional(),
  title: z.string().exactOptional(),
  subtitle: z.string().exactOptional(),
  description: z.string().exactOptional(),
  height: z.number().exactOptional(),
});
