import { z } from "zod";
import { alertKinds } from "../../notebook/alerts.js";

const errorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

const rowsSchema = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) });
/** The first rows that failed a check, as text and cut to what a message may hold. */
export type AlertRows = z.infer<typeof rowsSchema>;

/** What people are told. All texts have a bounded length and no control characters but line breaks. */
export const alertEventSchema = z.object({
  /** The same for the same event, however often and by whichever process it is found. */
  id: z.string(),
  kind: z.enum(alertKinds),
  /** Those who asked for one of these are told; `kind` is the first. */
  kinds: z.array(z.enum(alertKinds)),
  /** When it was found. */
  at: z.string(),
  notebook: z.string(),
  /** The run date, `YYYY-MM-DD`. */
  date: z.string(),
  run: z.string().optional(),
  attempt: z.number().optional(),
  /** Of the run itself, or why there is none. */
  error: errorSchema.optional(),
  cells: z.array(errorSchema.extend({ name: z.string(), line: z.number().optional() })),
  checks: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      /** Rows, all of them. */
      failures: z.number(),
      rows: rowsSchema.optional(),
    }),
  ),
  /** Sentences: what was late. */
  notes: z.array(z.string()),
  /** Cells, checks and notes beyond those that are named. */
  more: z.number(),
});
export type AlertEvent = z.infer<typeof alertEventSchema>;
