import { open, rm } from "node:fs/promises";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import { maybeJson, maybeReadText, replaceFile } from "../base/durable.js";
import { hasRows, runOutcomes, triggerSchema, type RunRecord } from "./run-record.js";

const summarySchema = z.object({
  id: z.string(),
  /** Sequence of the first attempt and of the last one; 0 where they were not counted yet. */
  first: z.number(),
  last: z.number(),
  notebook: z.string(),
  mode: z.enum(["run", "materialize"]),
  date: z.string(),
  outcome: z.enum(runOutcomes),
  isRunning: z.boolean(),
  trigger: triggerSchema.optional(),
  /** Names of those that have rows. */
  cells: z.array(z.string()),
  checks: z.array(z.string()),
});
/** What lists and look-ups need of a run, so that they don't read every record. */
export type RunSummary = z.infer<typeof summarySchema>;

export function summarize(record: RunRecord): RunSummary {
  const { id, notebook, mode, date, outcome, isRunning, attempts, cells, checks, trigger } = record;
  return {
    id,
    first: attempts[0]?.sequence ?? 0,
    last: attempts.at(-1)?.sequence ?? 0,
    notebook,
    mode,
    date,
    outcome,
    isRunning,
    ...(trigger === undefined ? {} : { trigger }),
    cells: cells.filter(hasRows).map(({ name }) => name),
    checks: checks.map(({ name }) => name),
  };
}

/** The run that was created last comes first. */
export function byCreation(a: RunSummary, b: RunSummary): number {
  return b.first - a.first || (a.id < b.id ? 1 : -1);
}

/** The run that was at work last comes first: a retry makes an old run the newest. */
export function byLastAttempt(a: RunSummary, b: RunSummary): number {
  return b.last - a.last || (a.id < b.id ? 1 : -1);
}

/**
 * Summaries of runs as lines of one file, the last line of a run holds. It only saves reading records: any part of it
 * may be missing, and all of it may be deleted at any time.
 */
export class RunLedger {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** By id. `lines` counts those that say something no longer too. */
  async read(): Promise<{ readonly summaries: Map<string, RunSummary>; readonly lines: number }> {
    const lines = ((await maybeReadText(this.#file)) ?? "").split("\n").filter((line) => line !== "");
    const summaries = new Map<string, RunSummary>();
    for (const line of lines) {
      const { data } = summarySchema.safeParse(maybeJson(line));
      if (data !== undefined) summaries.set(data.id, data);
    }
    return { summaries, lines: lines.length };
  }

  /** `isLasting`: a power cut must not bring back what the file said before. */
  async append(summary: RunSummary, isLasting = false): Promise<void> {
    try {
      const file = await open(this.#file, "a");
      try {
        // What was cut short before must not spoil this line.
        await file.appendFile(`\n${JSON.stringify(summary)}\n`);
        if (isLasting) await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // Nothing is better than what holds no longer.
      await rm(this.#file, { force: true });
    }
  }

  async rewrite(summaries: Iterable<RunSummary>): Promise<void> {
    const text = [...summaries].map((summary) => `${JSON.stringify(summary)}\n`).join("");
    await replaceFile(this.#file, text);
  }
}
