import { z } from "zod";
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
});

/** What is drawn, as it travels and is kept. */
export const plotSchema: z.ZodType<PlotDescription> = z.object({
  mark: z.enum(["bar", "rect", "line", "area", "dot", "cell"]),
  base: z.enum(["x", "y"]).describe("the axis that the marks stand on; the other one measures"),
  channels: z.object({
    x: plotChannelSchema.exactOptional(),
    y: plotChannelSchema.exactOptional(),
    color: plotChannelSchema.exactOptional(),
    r: plotChannelSchema.exactOptional(),
    fx: plotChannelSchema.exactOptional(),
    fy: plotChannelSchema.exactOptional(),
  }),
  isStacked: z.boolean().exactOptional(),
  color: z.string().exactOptional(),
  title: z.string().exactOptional(),
  subtitle: z.string().exactOptional(),
  description: z.string().exactOptional(),
  height: z.number().exactOptional(),
});
