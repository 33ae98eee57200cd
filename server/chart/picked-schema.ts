import { z } from "zod";
import { LONGEST_PICKED, type GroupedBy, type GroupedChannel, type Picked } from "./picked.js";
import { tipNames } from "./plot-description.js";
import { grains } from "./time-grain.js";

const text = z.string().max(LONGEST_PICKED);
const column = z.string().min(1).max(1000);
const bins = z.strictObject({
  step: z.number().positive(),
  last: z.number().int(),
  digits: z.number().int().min(0).max(15),
  isClosed: z.boolean(),
});
const ways = {
  as: z.strictObject({ column, as: z.enum(["itself", "plain", "text", "number"]) }),
  grain: z.strictObject({ column, grain: z.enum(grains) }),
  bins: z.strictObject({ column, bins }),
  listed: z.strictObject({ column, listed: z.array(text).max(200) }),
};
const channel = z.enum(["x", "y", "color", "r", "fx", "fy", "line", "compare", ...tipNames]);

const groupedBySchema: z.ZodType<GroupedBy> = z.union([ways.as, ways.grain, ways.bins, ways.listed]);

/** As a chart tells it. */
export const groupedChannelSchema: z.ZodType<GroupedChannel> = z.union([
  ways.as.extend({ channel }),
  ways.grain.extend({ channel }),
  ways.bins.extend({ channel }),
  ways.listed.extend({ channel }),
]);

const by = z.array(groupedBySchema).min(1).max(12);

/** As somebody asks with it. */
export const pickedSchema: z.ZodType<Picked> = z
  .union([
    z.strictObject({ by, groups: z.array(z.array(text.nullable())).min(1).max(500) }),
    z.strictObject({ by, ranges: z.array(z.tuple([text, text])) }),
  ])
  .refine(
    (picked) =>
      "groups" in picked
        ? picked.groups.every((group) => group.length === picked.by.length)
        : picked.ranges.length === picked.by.length,
    "one value for each of `by`",
  );
