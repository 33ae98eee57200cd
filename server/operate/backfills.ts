import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError, isAppError, isSystemError, messageOf } from "../base/errors.js";
import { makePrivateFolder, readJsonFile, replaceFile } from "../base/durable.js";
import type { Logger } from "../base/logger.js";
import { isRunDate } from "../base/run-date.js";
import { isCumulative } from "../notebook/notebook.js";
import { dateIn } from "../runs/interval.js";
import type { RunSummary } from "../runs/run-ledger.js";
import { hasSucceeded, toRunView, type RunOutcome, type RunView } from "../runs/run-record.js";
import type { RunManager } from "../runs/run-manager.js";
import type { Clock } from "./clock.js";
import { fireDates } from "./fire-times.js";

export const backfillModes = ["missing", "failed", "all"] as const;
export type BackfillMode = (typeof backfillModes)[number];

export interface BackfillRequest {
  readonly notebook: string;
  /** Run dates, both included. */
  readonly from: string;
  readonly to: string;
  /** `missing`: never run; `failed`: these, and those whose last run did not succeed. */
  readonly mode: BackfillMode;
  /** Who asks for it. */
  readonly by?: string | undefined;
}

export const dateStates = ["waiting", "running", "succeeded", "failed", "cancelled", "skipped"] as const;

const dateSchema = z.object({
  date: z.string(),
  state: z.enum(dateStates),
  run: z.string().optional(),
  /** Why it is run or left out, or what went wrong. */
  reason: z.string(),
  /** It succeeded, and checks or late rows have something to say of it. */
  warned: z.literal(true).exactOptional(),
});
export type BackfillDate = z.infer<typeof dateSchema>;

export const backfillSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  notebook: z.string(),
  from: z.string(),
  to: z.string(),
  mode: z.enum(backfillModes),
  /** Who asked for it. */
  by: z.string().optional(),
  createdAt: z.string(),
  state: z.enum(["running", "succeeded", "failed", "cancelled"]),
  dates: z.array(dateSchema),
});
export type Backfill = z.infer<typeof backfillSchema>;

const ID = /^b\d{8}-\d{6}-[0-9a-f]{4}$/;
const MAX_DATES = 1000;
const KEPT = 50;

interface ActiveBackfill {
  backfill: Backfill;
  readonly controller: AbortController;
  readonly finished: Promise<void>;
}

export interface BackfillsOptions {
  readonly manager: RunManager;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs the dates of a schedule that lie behind, in order, each with a run of its own. What a process left is gone on with. */
export class Backfills {
  readonly #options: BackfillsOptions;
  readonly #folder: string;
  readonly #active = new Map<string, ActiveBackfill>();
  #isClosed = false;

  constructor(options: BackfillsOptions) {
    this.#options = options;
    this.#folder = join(options.manager.services.workspace.state, "backfills");
  }

  /** Goes on with what a process before this one has begun, and forgets what is old. */
  async goOn(): Promise<void> {
    const known = await this.list();
    for (const backfill of known)
      if (backfill.state === "running" && !this.#active.has(backfill.id)) this.#launch(backfill);
    for (const { id } of known.slice(KEPT)) await rm(this.#file(id), { force: true });
  }

  /** What would be done; nothing is. Fails with code usage or not-found. */
  async plan(request: BackfillRequest): Promise<BackfillDate[]> {
    const { manager, clock } = this.#options;
    const { schedule } = (await manager.services.notebooks.read(request.notebook)).parsed.notebook
      .frontMatter;
    if (schedule?.cron === undefined)
      throw new AppError("usage", `Notebook "${request.notebook}" has no schedule with a cron expression.`, {
        hint: 'The dates are those of the schedule, e.g. schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid}',
      });
    for (const date of [request.from, request.to])
      if (!isRunDate(date)) throw new AppError("usage", `"${date}" is not a date of the form YYYY-MM-DD.`);
    const { cron, timezone } = schedule;
    const today = dateIn(new Date(clock.now()), timezone);
    const until = request.to < today ? request.to : today;
    const dates = fireDates({ cron, timezone }, request.from, until);
    if (dates.length === 0)
      throw new AppError("usage", `The schedule has no date from ${request.from} to ${until}.`);
    if (dates.length > MAX_DATES)
      throw new AppError(
        "usage",
        `These are ${String(dates.length)} dates, at most ${String(MAX_DATES)} are run.`,
      );
    const newest = await this.#newestOutcomes(request.notebook);
    return dates.map((date) => planDate(date, request.mode, newest.get(date)));
  }

  /** Settles when it has begun. Fails with code usage, not-found or conflict. */
  async start(request: BackfillRequest): Promise<Backfill> {
    const busy = [...this.#active.values()].find(({ backfill }) => backfill.notebook === request.notebook);
    if (busy !== undefined)
      throw new AppError("conflict", `Backfill "${busy.backfill.id}" of that notebook still runs.`, {
        hint: "Wait for its end, or cancel it.",
      });
    const dates = await this.plan(request);
    const now = new Date(this.#options.clock.now());
    const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
    const backfill: Backfill = {
      format: 1,
      id: `b${stamp}-${randomBytes(2).toString("hex")}`,
      ...request,
      createdAt: now.toISOString(),
      state: "running",
      dates,
    };
    await this.#save(backfill);
    this.#launch(backfill);
    return backfill;
  }

  /** The newest first. */
  async list(): Promise<Backfill[]> {
    const ids = (await readFolder(this.#folder)).sort().reverse();
    const found = await Promise.all(ids.map((id) => this.#maybeRead(id)));
    return found.filter((backfill) => backfill !== undefined);
  }

  /** Fails with code not-found. */
  async view(id: string): Promise<Backfill> {
    const backfill = this.#active.get(id)?.backfill ?? (ID.test(id) ? await this.#maybeRead(id) : undefined);
    if (backfill === undefined) throw new AppError("not-found", `Backfill "${id}" does not exist.`);
    return backfill;
  }

  /** Settles when it has ended, however. Fails with code not-found. */
  async finished(id: string): Promise<Backfill> {
    await this.#active.get(id)?.finished;
    return this.view(id);
  }

  /** The date that runs is cancelled, what is done stays. */
  async cancel(id: string): Promise<Backfill> {
    const active = this.#active.get(id);
    active?.controller.abort();
    await active?.finished;
    return this.view(id);
  }

  /** Stops without an end: the next process goes on. To be called before the runs are stopped. */
  close(): void {
    this.#isClosed = true;
  }

  #launch(backfill: Backfill): void {
    const controller = new AbortController();
    const active: ActiveBackfill = {
      backfill,
      controller,
      finished: Promise.resolve().then(() => this.#runDates(active)),
    };
    this.#active.set(backfill.id, active);
  }

  async #runDates(active: ActiveBackfill): Promise<void> {
    const { logger } = this.#options;
    try {
      const standsOnEarlier = await this.#isCumulative(active.backfill.notebook);
      for (const { date, state } of active.backfill.dates) {
        if (this.#isClosed || active.controller.signal.aborted) break;
        if (state !== "waiting" && state !== "running") continue;
        const ended = await this.#runDate(active, date);
        if (ended === "failed" && standsOnEarlier) {
          await this.#leaveOut(active, `${date} failed, which later dates stand on`);
          break;
        }
      }
      if (this.#isClosed) return;
      if (active.controller.signal.aborted) await this.#leaveOut(active, "the backfill was cancelled");
      await this.#save((active.backfill = { ...active.backfill, state: stateOf(active) }));
    } catch (error) {
      logger.error("a backfill cannot go on", { backfill: active.backfill.id, error });
    } finally {
      this.#active.delete(active.backfill.id);
    }
  }

  async #runDate(active: ActiveBackfill, date: string): Promise<BackfillDate["state"]> {
    const { manager } = this.#options;
    const { notebook, createdAt: at, by } = active.backfill;
    const trigger = { kind: "backfill", at } as const;
    try {
      // One that was cut off goes on as it was.
      const before = await this.#begunBefore(active, date);
      if (before !== undefined && before.outcome !== "interrupted")
        return await this.#end(active, date, toRunView(await manager.store.load(before.id)));
      const isPublished = manager.services.lake.publication(notebook, date) !== undefined;
      const handle =
        before === undefined
          ? await manager.start({
              notebook,
              mode: "materialize",
              date,
              // A date keeps what was delivered for it.
              input: isPublished ? "pinned" : "current",
              trigger,
              by,
            })
          : await manager.retry(before.id);
      await this.#note(active, date, { state: "running", run: handle.id });
      const cancel = (): void => void manager.cancel(handle.id);
      active.controller.signal.addEventListener("abort", cancel, { once: true });
      if (active.controller.signal.aborted) cancel();
      const run = await handle.finished;
      active.controller.signal.removeEventListener("abort", cancel);
      return await this.#end(active, date, run);
    } catch (error) {
      if (isAppError(error, "cancelled") && this.#isClosed) return "running";
      if (!isAppError(error) && !isSystemError(error)) throw error;
      await this.#note(active, date, { state: "failed", reason: messageOf(error) });
      return "failed";
    }
  }

  async #end(active: ActiveBackfill, date: string, run: RunView): Promise<BackfillDate["state"]> {
    const { id, outcome, error, cells, checks } = run;
    if (outcome === "interrupted") return "running";
    const state = hasSucceeded(outcome) ? "succeeded" : outcome === "cancelled" ? "cancelled" : "failed";
    const cell = cells.find((each) => each.outcome === "failed");
    const check = checks.find((each) => each.outcome === "fail");
    const cause =
      error?.message ?? (cell && `${cell.name}: ${cell.error?.message ?? "failed"}`) ?? check?.message;
    const reason = state === "failed" ? { reason: cause ?? outcome } : {};
    const warned = outcome === "succeeded_with_warnings" ? { warned: true as const } : {};
    await this.#note(active, date, { state, run: id, ...warned, ...reason });
    return state;
  }

  /** The run of that date that a process before this one has begun. */
  async #begunBefore({ backfill }: ActiveBackfill, date: string): Promise<RunSummary | undefined> {
    const summaries = await this.#options.manager.store.summaries();
    return summaries.find(
      ({ notebook, date: of, trigger }) =>
        notebook === backfill.notebook &&
        of === date &&
        trigger?.kind === "backfill" &&
        trigger.at === backfill.createdAt,
    );
  }

  async #leaveOut(active: ActiveBackfill, reason: string): Promise<void> {
    const dates = active.backfill.dates.map((each) =>
      each.state === "waiting" ? { ...each, state: "cancelled" as const, reason } : each,
    );
    await this.#save((active.backfill = { ...active.backfill, dates }));
  }

  async #note(active: ActiveBackfill, date: string, change: Partial<BackfillDate>): Promise<void> {
    const dates = active.backfill.dates.map((each) => (each.date === date ? { ...each, ...change } : each));
    await this.#save((active.backfill = { ...active.backfill, dates }));
  }

  async #newestOutcomes(notebook: string): Promise<Map<string, RunOutcome>> {
    const { manager } = this.#options;
    const newest = new Map<string, RunOutcome>();
    for (const { runDate } of manager.services.lake
      .publications()
      .filter((entry) => entry.notebook === notebook))
      newest.set(runDate, "succeeded");
    const seen = new Set<string>();
    for (const run of await manager.store.recent()) {
      if (run.notebook !== notebook || run.mode !== "materialize" || seen.has(run.date)) continue;
      seen.add(run.date);
      newest.set(run.date, run.outcome);
    }
    return newest;
  }

  async #isCumulative(notebook: string): Promise<boolean> {
    const { notebooks } = this.#options.manager.services;
    return (await notebooks.read(notebook)).parsed.notebook.cells.some((cell) => isCumulative(cell));
  }

  async #save(backfill: Backfill): Promise<void> {
    await makePrivateFolder(this.#folder);
    await replaceFile(this.#file(backfill.id), JSON.stringify(backfill), { mode: 0o600 });
    const { notebook } = backfill;
    this.#options.manager.events.emit(notebook, { type: "schedule-changed", notebook });
  }

  async #maybeRead(id: string): Promise<Backfill | undefined> {
    try {
      return await readJsonFile(this.#file(id), backfillSchema);
    } catch (error) {
      if (isAppError(error, "damaged")) return undefined;
      throw error;
    }
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function planDate(date: string, mode: BackfillMode, outcome: RunOutcome | undefined): BackfillDate {
  const isMeant = mode === "all" || outcome === undefined || (mode === "failed" && !hasSucceeded(outcome));
  const words =
    outcome === undefined
      ? "never run"
      : outcome === "none"
        ? "is running"
        : `its last run ${wordsOf(outcome)}`;
  return { date, state: isMeant && outcome !== "none" ? "waiting" : "skipped", reason: words };
}

function wordsOf(outcome: string): string {
  return outcome === "cancelled" || outcome === "interrupted"
    ? `was ${outcome}`
    : outcome.replaceAll("_", " ");
}

function stateOf({ backfill, controller }: ActiveBackfill): Backfill["state"] {
  if (controller.signal.aborted) return "cancelled";
  return backfill.dates.some(({ state }) => state === "failed" || state === "cancelled")
    ? "failed"
    : "succeeded";
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -5))
      .filter((id) => ID.test(id));
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
