import { AppError, isAppError, isSystemError, messageOf } from "../../base/errors.js";
import { canonicalJson } from "../../base/hash.js";
import type { Logger } from "../../base/logger.js";
import { mapConcurrently } from "../../lake/concurrency.js";
import type { Schedule } from "../../notebook/notebook.js";
import { isTransient } from "../../runs/failure.js";
import { dateIn } from "../../runs/interval.js";
import type { RunHandle, RunManager } from "../../runs/run-manager.js";
import type { Trigger } from "../../runs/run-record.js";
import type { RunSummary } from "../../runs/run-ledger.js";
import { listNotebooks } from "../../workspace/notebook-files.js";
import type { Clock } from "../clock.js";
import type { Incident } from "../alerts/alert-desk.js";
import { takeDue } from "./due-fires.js";
import { nextFires, type Fire } from "../fire-times.js";
import { QuietFiles } from "./quiet-files.js";
import { lastRuns, viewSchedule, type LastRun, type ScheduleView } from "./schedule-view.js";
import {
  newState,
  ScheduleStore,
  trimState,
  type DecidedFire,
  type ScheduleState,
  type WaitingFire,
} from "./schedule-state.js";

export interface SchedulesOptions {
  readonly manager: RunManager;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told before it is written down that it was: a process that is killed in between tells it again, as the same. */
  readonly report: (incident: Incident) => Promise<void>;
  /** Scheduled runs at the same time; the others of that minute follow. */
  readonly runsAtOnce?: number;
}

/** What is known of a notebook that has a schedule. */
interface Watched {
  readonly notebook: string;
  title: string | undefined;
  schedule: Schedule;
  deadlineMs: number | undefined;
  state: ScheduleState;
  /** Milliseconds since 1970 of the next fire; Infinity: none by time. */
  nextAt: number;
  /** Milliseconds since 1970 when the first of its dates is late; Infinity: none is awaited. */
  lateAt: number;
  running: { readonly fire: Fire; readonly run: string } | undefined;
  /** Why the first one that waits does not begin. */
  waitsFor: string | undefined;
  /** Instants of fires whose deadline needs no look any more. */
  readonly settled: Set<string>;
}

/** What the schedules have before them. */
export interface Backlog {
  readonly active: number;
  readonly paused: number;
  /** Dates that were due and have not begun. */
  readonly waiting: number;
  /** Of those, and of what was missed since a date began last, without what is paused: milliseconds since 1970. */
  readonly oldestAt: number | undefined;
}

const TICK_MS = 1000;
/** Files that are named by `on_input` count as delivered when they did not change for so long. */
const INPUT_QUIET_MS = 30_000;
/** Whatever a scheduled run reads did not change for so long. */
const READ_QUIET_MS = 2000;
/** Folders are looked at so often for what arrived, by schedules without a clock. */
const ARRIVAL_LOOK_MS = 5000;
const TRY_AGAIN_MS = 60_000;
/** A run that ends the process each time is not begun for ever. */
const MAX_INTERRUPTIONS = 5;
const READS_AT_ONCE = 16;

/**
 * Starts runs when they are due, exactly one for each fire: what is due is written down before it begins, and a run says
 * of which fire it is as soon as there is a record of it. One for each process that holds the lake.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #store: ScheduleStore;
  readonly #files: QuietFiles;
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new Set<string>();
  readonly #waits = new AbortController();
  readonly #unsubscribe: () => void;
  #arrivalsLookedAt = -Infinity;
  #hasAdopted = false;
  #looking: Promise<void> | undefined;
  #ticking: Promise<void> = Promise.resolve();

  private constructor(options: SchedulesOptions) {
    this.#options = options;
    const { workspace } = options.manager.services;
    this.#store = new ScheduleStore(workspace.state, options.logger);
    this.#files = new QuietFiles(workspace);
    this.#unsubscribe = options.manager.events.subscribe((notebook, event) => {
      if (event.type === "notebook-changed") this.#changed.add(notebook);
    });
  }

  /** Begins nothing: `look` or `tick` does. */
  static async open(options: SchedulesOptions): Promise<Schedules> {
    const schedules = new Schedules(options);
    const names = await listNotebooks(options.manager.services.workspace);
    await mapConcurrently(names, READS_AT_ONCE, (name) => schedules.#read(name));
    return schedules;
  }

  /** Looks once a second until it is closed: a clock that jumps, or a machine that slept, is noticed within one. */
  tick(): void {
    this.#ticking = this.#tick();
  }

  /** Begins what is due, and settles when that has begun. One look at a time. */
  async look(): Promise<void> {
    while (this.#looking !== undefined) await this.#looking;
    if (this.#waits.signal.aborted) return;
    this.#looking = this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async list(): Promise<ScheduleView[]> {
    const last = lastRuns(await this.#options.manager.store.recent());
    const names = [...this.#watched.keys()].sort();
    return names.flatMap((name) => this.#view(name, last.get(name)) ?? []);
  }

  /** From memory. */
  backlog(): Backlog {
    const states = [...this.#watched.values()].map(({ state }) => state);
    const active = states.filter(({ isPaused }) => !isPaused);
    const late = active.flatMap(({ waiting, decided }) => [
      ...waiting,
      ...decided
        .slice(decided.findLastIndex(({ outcome }) => outcome === "started") + 1)
        .filter(({ outcome }) => outcome === "missed"),
    ]);
    return {
      active: active.length,
      paused: states.length - active.length,
      waiting: states.reduce((sum, { waiting }) => sum + waiting.length, 0),
      oldestAt: late.length === 0 ? undefined : Math.min(...late.map(({ at }) => Date.parse(at))),
    };
  }

  /** Fails with code not-found. */
  async view(notebook: string): Promise<ScheduleView> {
    const last = lastRuns(await this.#options.manager.store.recent());
    const view = this.#view(notebook, last.get(notebook));
    if (view === undefined) throw noSchedule(notebook);
    return view;
  }

  /** By run date: what became of dates that were due and did not begin, in words. */
  notesOf(notebook: string): ReadonlyMap<string, string> {
    const { waiting = [], decided = [] } = this.#watched.get(notebook)?.state ?? {};
    const notes = decided.map(({ date, outcome, reason }) => [date, outcome, reason] as const);
    const stopped = notes.filter(([, outcome]) => outcome !== "started");
    return new Map([
      ...stopped.map(([date, outcome, reason]) => [date, `${outcome}: ${reason ?? ""}`] as const),
      ...waiting.map(({ date }) => [date, "waits"] as const),
    ]);
  }

  /** While it is paused nothing begins; afterwards `catch_up` says what is made up for. Fails with code not-found. */
  async pause(notebook: string, isPaused: boolean): Promise<ScheduleView> {
    await this.#alone(async () => {
      const watched = this.#require(notebook);
      await this.#save(watched, { ...watched.state, isPaused });
      watched.nextAt = -Infinity;
    });
    return this.view(notebook);
  }

  /** Begins the first date that waits, or else today's, whatever it would wait for. Fails as `RunManager.start` does. */
  async runNow(notebook: string): Promise<RunHandle> {
    return this.#alone(async () => {
      const watched = this.#require(notebook);
      const now = this.#options.clock.now();
      const fire = watched.state.waiting[0] ?? {
        kind: "schedule" as const,
        at: new Date(now).toISOString(),
        date: dateIn(new Date(now), watched.schedule.timezone),
      };
      return this.#start(watched, fire);
    });
  }

  async close(): Promise<void> {
    this.#waits.abort();
    this.#unsubscribe();
    await this.#ticking;
    await this.#looking;
  }

  async #tick(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#waits.signal.aborted) {
      await this.look().catch((error: unknown) => {
        logger.error("schedules cannot be looked at", { error });
      });
      await clock.wait(TICK_MS, this.#waits.signal);
    }
  }

  async #alone<T>(action: () => Promise<T>): Promise<T> {
    while (this.#looking !== undefined) await this.#looking;
    const acting = action();
    this.#looking = acting
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => (this.#looking = undefined));
    return acting;
  }

  async #look(): Promise<void> {
    const { clock } = this.#options;
    if (!this.#hasAdopted) await this.#adopt();
    this.#hasAdopted = true;
    for (const notebook of this.#changed) {
      this.#changed.delete(notebook);
      await this.#read(notebook);
    }
    const now = clock.now();
    const looksForArrivals = now - this.#arrivalsLookedAt >= ARRIVAL_LOOK_MS || now < this.#arrivalsLookedAt;
    if (looksForArrivals) this.#arrivalsLookedAt = now;
    for (const watched of this.#watched.values()) {
      const isTimely = watched.schedule.cron !== undefined;
      const mayHaveArrived = !isTimely && looksForArrivals && !watched.state.isPaused;
      const isDue = Math.min(watched.nextAt, watched.lateAt) <= now;
      if (!isDue && watched.state.waiting.length === 0 && !mayHaveArrived) continue;
      await this.#advance(watched, now, mayHaveArrived).catch((error: unknown) => {
        this.#options.logger.error("a schedule cannot go on", { notebook: watched.notebook, error });
      });
    }
  }

  async #advance(watched: Watched, now: number, mayHaveArrived: boolean): Promise<void> {
    if (watched.nextAt <= now) await this.#takeDue(watched, now);
    if (mayHaveArrived) await this.#takeArrived(watched, now);
    if (watched.lateAt <= now) await this.#tellLate(watched, now);
    await this.#beginFirst(watched, now);
  }

  /** On disk before anything begins. */
  async #takeDue(watched: Watched, now: number): Promise<void> {
    const { schedule, notebook } = watched;
    const { state, missed } = takeDue(watched.state, schedule, now);
    const isBusy = watched.state.waiting.length > 0 || this.#isRunning(watched);
    const last = missed.at(-1);
    if (last !== undefined) {
      const { at: occasion, date } = last;
      const error = missedError(missed, schedule);
      await this.#options.report({ kind: "missed", notebook, date, occasion, error });
    }
    if (state !== watched.state)
      await this.#save(watched, skipOverlapping(watched.state, state, schedule, isBusy));
    watched.nextAt = nextAt(schedule, now);
  }

  /** Of a schedule without a clock. */
  async #takeArrived(watched: Watched, now: number): Promise<void> {
    const { schedule, state, notebook } = watched;
    if (state.waiting.length > 0 || this.#isRunning(watched)) return;
    const at = new Date(now).toISOString();
    if (schedule.onInput !== undefined) {
      const look = await this.#files.look(`arrival ${notebook}`, await this.#paths(watched), now);
      const { stamp: inputSeen } = look;
      if (state.inputSeen === inputSeen) return;
      const isFirst = state.inputSeen === undefined;
      if (!isFirst && (look.missing.length > 0 || look.quietMs < INPUT_QUIET_MS)) return;
      const fire = { kind: "input" as const, at, date: dateIn(new Date(now), schedule.timezone) };
      // What lay there when the schedule came is no delivery.
      await this.#save(watched, { ...state, inputSeen, waiting: isFirst ? [] : [fire] });
      return;
    }
    const { lake } = this.#options.manager.services;
    const names = schedule.after ?? [];
    for (const { runDate } of lake.publications().filter((entry) => entry.notebook === names[0])) {
      const entries = names.map((name) => lake.publication(name, runDate));
      if (entries.includes(undefined)) continue;
      const followed = entries.map((entry) => entry?.txn).join(" ");
      if (state.followed[runDate] === followed) continue;
      const isOld = entries.every((entry) => (entry?.at ?? "") < state.since);
      const waiting = isOld ? [] : [{ kind: "after" as const, at, date: runDate }];
      await this.#save(watched, {
        ...watched.state,
        followed: { ...watched.state.followed, [runDate]: followed },
        waiting,
      });
      if (waiting.length > 0) return;
    }
  }

  async #tellLate(watched: Watched, now: number): Promise<void> {
    const { notebook, settled } = watched;
    const { manager, report } = this.#options;
    const overdue = awaited(watched).filter(({ by }) => by <= now);
    const outcomes = new Map((await manager.store.summaries()).map(({ id, outcome }) => [id, outcome]));
    const late = overdue.filter(({ run }) => !isSuccess(outcomes.get(run ?? "")));
    for (const { at } of overdue) settled.add(at);
    watched.lateAt = nextLateAt(watched);
    if (late.length === 0) return;
    for (const { at, date, run } of late)
      await report({ kind: "deadline", notebook, date, run, occasion: at });
    const { state } = watched;
    await this.#save(watched, { ...state, late: [...state.late, ...late.map(({ at }) => at)] });
  }

  async #beginFirst(watched: Watched, now: number): Promise<void> {
    const { state } = watched;
    const [first] = state.waiting;
    watched.waitsFor = undefined;
    if (first === undefined || state.isPaused) return;
    watched.waitsFor = await this.#reasonToWait(watched, first, now);
    if (watched.waitsFor !== undefined) return;
    try {
      await this.#start(watched, first);
    } catch (error) {
      await this.#failToStart(watched, first, error, now);
    }
  }

  async #reasonToWait(watched: Watched, fire: WaitingFire, now: number): Promise<string | undefined> {
    const { schedule, notebook } = watched;
    const { manager, runsAtOnce = 2 } = this.#options;
    if (this.#isRunning(watched)) return "the run before goes on";
    const running = [...this.#watched.values()].filter((other) => other.running !== undefined);
    if (running.length >= runsAtOnce) return "other scheduled runs go on";
    if (fire.notBefore !== undefined && now < fire.notBefore) return "it is tried again within a minute";
    const { lake } = manager.services;
    const unpublished = (schedule.after ?? []).find(
      (name) => lake.publication(name, fire.date) === undefined,
    );
    if (unpublished !== undefined) return `"${unpublished}" has not published ${fire.date}`;
    const key = `run ${notebook}`;
    const look = await this.#files.look(key, await this.#paths(watched), now);
    const [missing] = look.missing;
    const isAwaited = schedule.onInput !== undefined;
    if (isAwaited && missing !== undefined) return `"${missing}" is not there`;
    if (look.quietMs < (isAwaited ? INPUT_QUIET_MS : READ_QUIET_MS)) return "its input may still grow";
    this.#files.forget(key);
    return undefined;
  }

  /** What a schedule waits for: what it names, or what the notebook reads. */
  async #paths({ schedule, notebook }: Watched): Promise<readonly string[]> {
    if (typeof schedule.onInput === "object") return schedule.onInput;
    const { notebooks } = this.#options.manager.services;
    try {
      const { graph } = await notebooks.analyze(await notebooks.read(notebook));
      const paths = [...graph.nodes.values()].flatMap(
        ({ facts }) => facts?.files.map(({ path }) => path) ?? [],
      );
      return [...new Set(paths)];
    } catch (error) {
      // What is wrong with the notebook is told by the run that cannot begin.
      if (isAppError(error) || isSystemError(error)) return [];
      throw error;
    }
  }

  async #start(watched: Watched, fire: WaitingFire): Promise<RunHandle> {
    const { kind, at, date } = fire;
    const handle = await this.#options.manager.start({
      notebook: watched.notebook,
      mode: "materialize",
      date,
      input: "current",
      trigger: { kind, at },
    });
    this.#follow(watched, { at, date }, handle);
    await this.#decide(watched, { kind, at, date, outcome: "started", run: handle.id });
    return handle;
  }

  #follow(watched: Watched, fire: Fire, { id, finished }: RunHandle): void {
    watched.running = { fire, run: id };
    const end = (): void => {
      watched.running = undefined;
      this.#tellChanged(watched);
    };
    finished.then(end, end);
  }

  async #failToStart(watched: Watched, fire: WaitingFire, error: unknown, now: number): Promise<void> {
    if (isAppError(error, "cancelled")) return;
    const { notebook, state } = watched;
    if (isTransient(error) || isSystemError(error)) {
      const [, ...others] = state.waiting;
      await this.#save(watched, {
        ...state,
        waiting: [{ ...fire, notBefore: now + TRY_AGAIN_MS }, ...others],
      });
      this.#options.logger.warn("a scheduled run could not begin", { notebook, error });
      return;
    }
    const { kind, at, date } = fire;
    const known = isAppError(error) ? error : new AppError("internal", messageOf(error), { cause: error });
    if (known.code === "internal")
      this.#options.logger.error("a scheduled run could not begin", { notebook, error });
    const first = known.diagnostics?.find(({ severity }) => severity === "error");
    const message = first === undefined ? known.message : `${known.message} ${first.message}.`;
    const { code, hint } = known;
    await this.#options.report({
      kind: "failed",
      notebook,
      date,
      occasion: at,
      error: { code, message, hint },
    });
    await this.#decide(watched, { kind, at, date, outcome: "failed", reason: message });
  }

  async #decide(watched: Watched, decided: DecidedFire): Promise<void> {
    const { state } = watched;
    await this.#save(watched, {
      ...state,
      waiting: state.waiting.filter(({ at }) => at !== decided.at),
      decided: [...state.decided, decided],
    });
  }

  async #save(watched: Watched, state: ScheduleState): Promise<void> {
    const trimmed = trimState(state);
    await this.#store.write(trimmed);
    watched.state = trimmed;
    watched.lateAt = nextLateAt(watched);
    this.#tellChanged(watched);
  }

  #tellChanged({ notebook }: Watched): void {
    this.#options.manager.events.emit(notebook, { type: "schedule-changed", notebook });
  }

  #isRunning({ notebook, running }: Watched): boolean {
    return (
      running !== undefined ||
      this.#options.manager
        .activeRuns()
        .some((run) => run.notebook === notebook && run.mode === "materialize" && run.isRunning)
    );
  }

  /** The notebook as it is now. What was known of its schedule stays while that is the same. */
  async #read(notebook: string): Promise<void> {
    const { manager, clock } = this.#options;
    const file = await manager.services.notebooks.read(notebook).catch((error: unknown) => {
      if (isAppError(error) || isSystemError(error)) return undefined;
      throw error;
    });
    const frontMatter = file?.parsed.notebook.frontMatter;
    const schedule = frontMatter?.schedule;
    const before = this.#watched.get(notebook);
    if (frontMatter === undefined || schedule === undefined) {
      this.#watched.delete(notebook);
      // A notebook that is there again, or whose head is mended, goes on where it was.
      return;
    }
    const text = scheduleText(schedule);
    const now = clock.now();
    const known = before?.state ?? (await this.#store.read(notebook));
    const state = known?.schedule === text ? known : startAnew(known, notebook, text, now);
    if (state !== known) await this.#store.write(state);
    const watched: Watched = {
      notebook,
      title: frontMatter.title,
      schedule,
      deadlineMs: frontMatter.deadlineMs,
      state,
      nextAt: nextAt(schedule, Date.parse(state.lookedUntil)),
      lateAt: Infinity,
      running: before?.running,
      waitsFor: undefined,
      settled: before?.settled ?? new Set(),
    };
    watched.lateAt = nextLateAt(watched);
    this.#watched.set(notebook, watched);
    if (before !== undefined || known === undefined)
      manager.events.emit(notebook, { type: "schedule-changed", notebook });
  }

  /** Runs that a process before this one has begun: those that it did not write down, and those that ended with it. */
  async #adopt(): Promise<void> {
    const summaries = await this.#options.manager.store.summaries();
    const begun = new Map<string, RunSummary>();
    for (const summary of summaries)
      if (summary.trigger !== undefined) begun.set(fireKey(summary.notebook, summary.trigger), summary);
    for (const watched of this.#watched.values()) {
      for (const { kind, at, date } of watched.state.waiting) {
        const run = begun.get(fireKey(watched.notebook, { kind, at }))?.id;
        if (run !== undefined) await this.#decide(watched, { kind, at, date, outcome: "started", run });
      }
      const last = watched.state.decided.findLast(({ outcome }) => outcome === "started");
      const summary = last && begun.get(fireKey(watched.notebook, last));
      if (last !== undefined && summary?.outcome === "interrupted" && !watched.state.isPaused)
        await this.#resume(watched, last, summary.id);
    }
  }

  async #resume(watched: Watched, fire: Fire, id: string): Promise<void> {
    const { manager, logger, report } = this.#options;
    try {
      const { attempts } = await manager.store.load(id);
      if (attempts.filter(({ outcome }) => outcome === "interrupted").length > MAX_INTERRUPTIONS)
        throw new AppError("engine-crashed", `Run "${id}" ended with the process each time it was begun.`, {
          hint: `See what it needs (memory, disk), then: lakebook retry ${id}`,
        });
      this.#follow(watched, fire, await manager.retry(id));
    } catch (error) {
      if (!isAppError(error) || error.code === "cancelled") throw error;
      logger.warn("an interrupted run cannot be resumed", { run: id, error });
      const { code, message, hint } = error;
      const told = { code, message, hint };
      const { notebook } = watched;
      await report({ kind: "failed", notebook, date: fire.date, run: id, occasion: fire.at, error: told });
    }
  }

  #require(notebook: string): Watched {
    const watched = this.#watched.get(notebook);
    if (watched === undefined) throw noSchedule(notebook);
    return watched;
  }

  #view(notebook: string, lastRun: LastRun | undefined): ScheduleView | undefined {
    const watched = this.#watched.get(notebook);
    if (watched === undefined) return undefined;
    const { title, schedule, state, running, waitsFor } = watched;
    return viewSchedule(
      { notebook, title, schedule, state, running, waitsFor, lastRun },
      this.#options.clock.now(),
    );
  }
}

/** What a schedule is: another one begins anew. What to do about missed dates may be changed at any time. */
export function scheduleText({ cron, timezone, onInput, after }: Schedule): string {
  return canonicalJson({ cron: cron ?? null, timezone, onInput: onInput ?? null, after: after ?? null });
}

function startAnew(
  known: ScheduleState | undefined,
  notebook: string,
  text: string,
  now: number,
): ScheduleState {
  const fresh = newState(notebook, text, now, known?.isPaused);
  return known === undefined ? fresh : { ...fresh, decided: known.decided, late: known.late };
}

function nextAt({ cron, timezone }: Schedule, now: number): number {
  if (cron === undefined) return Infinity;
  const [next] = nextFires({ cron, timezone }, now, 1);
  return next === undefined ? Infinity : Date.parse(next.at);
}

/** A date that is to be there by an instant, in milliseconds since 1970. */
interface Awaited extends Fire {
  readonly by: number;
  readonly run?: string | undefined;
}

/** Dates by the clock that may still be told as late, the newest fifty of those that have begun. */
function awaited({ state, deadlineMs, settled }: Watched): Awaited[] {
  if (deadlineMs === undefined) return [];
  const begun = state.decided.filter(({ outcome }) => outcome === "started" || outcome === "failed");
  return [...begun.slice(-50), ...state.waiting]
    .filter(({ kind, at }) => kind === "schedule" && !settled.has(at) && !state.late.includes(at))
    .map((fire) => ({ ...fire, by: Date.parse(fire.at) + deadlineMs }));
}

function nextLateAt(watched: Watched): number {
  return Math.min(Infinity, ...awaited(watched).map(({ by }) => by));
}

/** What became due while an earlier one goes on, where that is to be skipped. */
function skipOverlapping(
  before: ScheduleState,
  after: ScheduleState,
  { overlap }: Schedule,
  isBusy: boolean,
): ScheduleState {
  if (overlap === "queue" || after.waiting.length === before.waiting.length) return after;
  const kept = isBusy ? before.waiting.length : 1;
  const skipped = after.waiting.slice(kept).map(({ kind, at, date }): DecidedFire => ({
    kind,
    at,
    date,
    outcome: "skipped",
    reason: "the run before went on",
  }));
  return { ...after, waiting: after.waiting.slice(0, kept), decided: [...after.decided, ...skipped] };
}

function missedError(missed: readonly Fire[], { catchUp }: Schedule): NonNullable<Incident["error"]> {
  const dates = missed.map(({ date }) => date);
  const shown = dates.length > 6 ? [...dates.slice(0, 3), "...", ...dates.slice(-2)] : dates;
  return {
    code: "missed",
    message: `Nobody watched when ${String(dates.length)} run date${dates.length === 1 ? " was" : "s were"} due: ${shown.join(", ")}.`,
    hint: `catch_up is ${catchUp}. Run them with: lakebook backfill <notebook> --from ${dates[0] ?? ""} --to ${dates.at(-1) ?? ""}`,
  };
}

function isSuccess(outcome: string | undefined): boolean {
  return outcome === "succeeded" || outcome === "succeeded_with_warnings";
}

export function noSchedule(notebook: string): AppError {
  return new AppError("not-found", `Notebook "${notebook}" has no schedule, or does not exist.`, {
    hint: 'Write one in its front matter, e.g. schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid}',
  });
}

function fireKey(notebook: string, { kind, at }: Trigger): string {
  return `${notebook}\n${kind}\n${at}`;
}
