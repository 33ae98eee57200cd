import { z } from "zod";
import { parseDuration, parseLateness } from "./duration.js";
import type { Share } from "./check-spec.js";
import { namePattern } from "./names.js";

/** The message of an issue that has none of its own: what the field expects says it. */
export const asExpected = "as expected";

/** Text; a number is taken as the text that somebody forgot to quote. */
export const textSchema = z.union([z.string().trim().min(1), z.number().transform(String)]);

/** One text or a list of them; none empty, none twice (the engine's names do not tell cases apart). */
export const textListSchema = z.preprocess(toList, z.array(textSchema).min(1).superRefine(refuseRepetition));

export const engineSchema = z.enum(["duckdb", "spark"]);

export const nameSchema = z.string().regex(namePattern);

export const durationSchema = z.unknown().transform((value, context) => {
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: asExpected });
  return z.NEVER;
});

/** The n-th retry waits `delayMs * factor ** (n - 1)`, at most `maxDelayMs`. */
export interface Retries {
  readonly max: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
}

const retryCountSchema = z.int().min(0).max(10);

/** A number of retries alone waits for moments only; a map says how long, as other schedulers have it. */
export const retriesSchema: z.ZodType<Retries> = z.union([
  retryCountSchema.transform((max) => ({ max, delayMs: 500, factor: 2, maxDelayMs: 30_000 })),
  z
    .strictObject({
      max: retryCountSchema,
      delay: durationSchema.default(30_000),
      factor: z.number().min(1).max(10).default(2),
      max_delay: durationSchema.default(3_600_000),
    })
    .transform(({ max, delay, factor, max_delay: longest }) => ({
      max,
      delayMs: delay,
      factor,
      maxDelayMs: Math.max(delay, longest),
    })),
]);

export const RETRIES_EXPECTED = "a whole number from 0 to 10, or {max, delay, factor, max_delay}";
export const RETRIES_EXAMPLE = "{max: 3, delay: 2m}";

export const NO_RETRIES: Retries = { max: 0, delayMs: 500, factor: 2, maxDelayMs: 30_000 };

export const latenessSchema = z.unknown().transform((value, context) => {
  const ms = parseLateness(value);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: asExpected });
  return z.NEVER;
});

/** `0.5%`, of a hundred. */
export const shareSchema = z.unknown().transform((value, context): Share => {
  const match = typeof value === "string" ? /^(\d{1,6}(?:\.\d{1,6})?)\s*%$/.exec(value.trim()) : null;
  if (match !== null) return { percent: Number(match[1]) };
  context.addIssue({ code: "custom", message: asExpected });
  return z.NEVER;
});

/** How many rows of a check may fail, or which share of them. */
export const maxSchema = z.unknown().transform((value, context): number | Share => {
  const count = z.int().min(0).safeParse(value);
  if (count.success) return count.data;
  const share = shareSchema.safeParse(value);
  if (share.success && share.data.percent <= 100) return share.data;
  const message = share.success ? `Check option "max" can be no share of more than 100%` : asExpected;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

export function toList(value: unknown): unknown {
  return Array.isArray(value) ? value : [value];
}

export function refuseRepetition(values: readonly string[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const folded = value.toLowerCase();
    if (seen.has(folded))
      context.addIssue({ code: "custom", path: [index], message: `"${value}" is listed twice` });
    seen.add(folded);
  }
}
