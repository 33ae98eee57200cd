import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isAppError, isSystemError } from "../../base/errors.js";
import { makePrivateFolder, readJsonFile, replaceFile } from "../../base/durable.js";
import type { Logger } from "../../base/logger.js";
import { isNotebookName } from "../../workspace/notebook-files.js";
import { triggers } from "../../runs/run-record.js";

const fireShape = { kind: z.enum(triggers), at: z.string(), date: z.string() };

/** Due, and not begun yet. */
const waitingSchema = z.object({
  ...fireShape,
  /** When it may be tried again, milliseconds since 1970. */
  notBefore: z.number().optional(),
});
export type WaitingFire = z.infer<typeof waitingSchema>;

export const fireOutcomes = ["started", "missed", "skipped", "failed"] as const;

/** What became of it: `failed` could not even begin. */
export const decidedSchema = z.object({
  ...fireShape,
  outcome: z.enum(fireOutcomes),
  run: z.string().optional(),
  reason: z.string().optional(),
});
export type DecidedFire = z.infer<typeof decidedSchema>;

const stateSchema = z.object({
  format: z.literal(1),
  notebook: z.string(),
  /** The schedule that it is of, in one text: another one begins anew. */
  schedule: z.string(),
  /** When that schedule was first seen: nothing was missed before. */
  since: z.string(),
  isPaused: z.boolean(),
  /** Every fire up to this instant is among the others. */
  lookedUntil: z.string(),
  waiting: z.array(waitingSchema),
  /** The oldest first. */
  decided: z.array(decidedSchema),
  /** Instants of fires whose deadline was missed, which was told. */
  late: z.array(z.string()),
  /** What lay in input/ when it was looked at last, of a schedule without a clock. */
  inputSeen: z.string().optional(),
  /** By run date: the publications of other notebooks that it followed. */
  followed: z.record(z.string(), z.string()),
});
export type ScheduleState = z.infer<typeof stateSchema>;

export function newState(notebook: string, schedule: string, now: number, isPaused = false): ScheduleState {
  const since = new Date(now).toISOString();
  return {
    format: 1,
    notebook,
    schedule,
    since,
    isPaused,
    lookedUntil: since,
    waiting: [],
    decided: [],
    late: [],
    followed: {},
  };
}

/** So many are remembered of each notebook; what ran is in the list of runs too. */
const KEPT_FIRES = 400;

export function trimState(state: ScheduleState): ScheduleState {
  const decided = state.decided.slice(-KEPT_FIRES);
  const first = decided[0]?.at ?? "";
  const dates = Object.entries(state.followed).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...state,
    decided,
    late: state.late.filter((at) => at >= first),
    followed: Object.fromEntries(dates.slice(-KEPT_FIRES)),
  };
}

/** What is known of schedules, a file each, in the private folder of the workspace. */
export class ScheduleStore {
  readonly #folder: string;
  readonly #logger: Logger;
  #made: Promise<void> | undefined;

  constructor(stateFolder: string, logger: Logger) {
    this.#folder = join(stateFolder, "schedules");
    this.#logger = logger;
  }

  async readAll(): Promise<ScheduleState[]> {
    const names = await this.#names();
    const states = await Promise.all(names.map((name) => this.read(name)));
    return states.filter((state) => state !== undefined);
  }

  /** Undefined also for what cannot be read: the schedule counts as seen for the first time then. */
  async read(notebook: string): Promise<ScheduleState | undefined> {
    try {
      return await readJsonFile(this.#file(notebook), stateSchema);
    } catch (error) {
      if (!isAppError(error, "damaged")) throw error;
      this.#logger.warn("what is known of a schedule cannot be read", { notebook });
      return undefined;
    }
  }

  async write(state: ScheduleState): Promise<void> {
    this.#made ??= makePrivateFolder(this.#folder);
    await this.#made;
    // Of one that was only seen nothing is lost by a power cut but when that was; a thousand new ones are written at once.
    const isLasting = state.waiting.length > 0 || state.decided.length > 0 || state.isPaused;
    await replaceFile(this.#file(state.notebook), JSON.stringify(state), { mode: 0o600, isLasting });
  }

  async remove(notebook: string): Promise<void> {
    await rm(this.#file(notebook), { force: true });
  }

  #file(notebook: string): string {
    return join(this.#folder, `${encodeURIComponent(notebook)}.json`);
  }

  async #names(): Promise<string[]> {
    try {
      const files = await readdir(this.#folder);
      return files
        .filter((file) => file.endsWith(".json"))
        .map((file) => decodeURIComponent(file.slice(0, -5)))
        .filter(isNotebookName);
    } catch (error) {
      if (isSystemError(error, "ENOENT")) return [];
      throw error;
    }
  }
}
