import type { Logger } from "../../base/logger.js";
import { dateIn } from "../../runs/interval.js";
import type { RunHandle, RunManager } from "../../runs/run-manager.js";
import type { Incident } from "../alerts/alert-desk.js";
import type { Clock } from "../clock.js";
import { adoptFires } from "./adopt-fires.js";
import { Arrivals } from "./arrivals.js";
import { AwaitedFiles } from "./awaited-files.js";
import { Deadlines } from "./deadlines.js";
import { missedError, takeDue, type Due } from "./due-fires.js";
import { FireStarter } from "./fire-starter.js";
import { lastRuns, viewSchedule, type LastRun, type ScheduleView } from "./schedule-view.js";
import { ScheduleStore } from "./schedule-state.js";
import { nextAt, noSchedule, type Watched } from "./watched.js";
import { WatchedNotebooks } from "./watched-notebooks.js";

export interface SchedulesOptions {
  readonly manager: RunManager;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told before it is written down that it was: a process that is killed in between tells it again, as the same. */
  readonly report: (incident: Incident) => Promise<void>;
  /** Scheduled runs at the same time; the others of that minute follow. */
  readonly runsAtOnce?: number;
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

/**
 * Starts runs when they are due, exactly one for each fire: what is due is written down before it begins, and a run says
 * of which fire it is as soon as there is a record of it. One for each process that holds the lake.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #notebooks: WatchedNotebooks;
  readonly #arrivals: Arrivals;
  readonly #deadlines: Deadlines;
  readonly #starter: FireStarter;
  readonly #waits = new AbortController();
  #hasAdopted = false;
  #looking: Promise<void> | undefined;
  #ticking: Promise<void> = Promise.resolve();

  private constructor(options: SchedulesOptions) {
    const { manager, clock, logger, report, runsAtOnce = 2 } = options;
    const { workspace, lake } = manager.services;
    this.#options = options;
    const notebooks = new WatchedNotebooks(manager, clock, new ScheduleStore(workspace.state, logger));
    const files = new AwaitedFiles(manager.services);
    this.#notebooks = notebooks;
    this.#arrivals = new Arrivals(notebooks, files, lake);
    this.#deadlines = new Deadlines(notebooks, manager.store, report);
    this.#starter = new FireStarter({ manager, notebooks, files, logger, report, runsAtOnce });
  }

  /** Begins nothing: `look` or `tick` does. */
  static async open(options: SchedulesOptions): Promise<Schedules> {
    const schedules = new Schedules(options);
    await schedules.#notebooks.readAll();
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

  /** Begins nothing. */
  async list(): Promise<ScheduleView[]> {
    await this.#readChanged();
    const last = lastRuns(await this.#options.manager.store.recent());
    const names = this.#notebooks.all().map(({ notebook }) => notebook);
    return names.sort().flatMap((name) => this.#view(name, last.get(name)) ?? []);
  }

  /** From memory. */
  backlog(): Backlog {
    const states = this.#notebooks.all().map(({ state }) => state);
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

  /** Begins nothing. Fails with code not-found. */
  async view(notebook: string): Promise<ScheduleView> {
    await this.#readChanged();
    const last = lastRuns(await this.#options.manager.store.recent());
    const view = this.#view(notebook, last.get(notebook));
    if (view === undefined) throw noSchedule(notebook);
    return view;
  }

  /** By run date: what became of dates that were due and did not begin, in words. */
  notesOf(notebook: string): ReadonlyMap<string, string> {
    const { waiting = [], decided = [] } = this.#notebooks.find(notebook)?.state ?? {};
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
      const watched = this.#notebooks.require(notebook);
      await this.#notebooks.save(watched, { ...watched.state, isPaused });
      watched.nextAt = -Infinity;
    });
    return this.view(notebook);
  }

  /** `move` gives the notebook its new name: what waits, what was and that it is paused go with it, and nothing begins meanwhile. */
  async move(notebook: string, newName: string, move: () => Promise<void>): Promise<void> {
    await this.#alone(async () => {
      await move();
      await this.#notebooks.move(notebook, newName);
    });
  }

  /** Begins the first date that waits, or else today's, whatever it would wait for. Fails as `RunManager.start` does. */
  async runNow(notebook: string, by: string): Promise<RunHandle> {
    return this.#alone(async () => {
      const watched = this.#notebooks.require(notebook);
      const now = this.#options.clock.now();
      const fire = watched.state.waiting[0] ?? {
        kind: "schedule" as const,
        at: new Date(now).toISOString(),
        date: dateIn(new Date(now), watched.schedule.timezone),
      };
      return this.#starter.start(watched, fire, by);
    });
  }

  async close(): Promise<void> {
    this.#waits.abort();
    this.#notebooks.close();
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
    const acting = this.#notebooks.readChanged().then(action);
    this.#looking = acting
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => (this.#looking = undefined));
    return acting;
  }

  /** Waits for a look that goes on only where a notebook has changed since. */
  async #readChanged(): Promise<void> {
    if (this.#notebooks.hasChanged) await this.#alone(() => Promise.resolve());
  }

  async #look(): Promise<void> {
    const { clock, manager, logger, report } = this.#options;
    const notebooks = this.#notebooks;
    if (!this.#hasAdopted) await adoptFires({ manager, notebooks, starter: this.#starter, logger, report });
    this.#hasAdopted = true;
    await notebooks.readChanged();
    const now = clock.now();
    const looksForArrivals = this.#arrivals.isTime(now);
    for (const watched of notebooks.all()) {
      const isTimely = watched.schedule.cron !== undefined;
      const mayHaveArrived = !isTimely && looksForArrivals && !watched.state.isPaused;
      const isDue = Math.min(watched.nextAt, watched.lateAt) <= now;
      if (!isDue && watched.state.waiting.length === 0 && !mayHaveArrived) continue;
      await this.#advance(watched, now, mayHaveArrived).catch((error: unknown) => {
        logger.error("a schedule cannot go on", { notebook: watched.notebook, error });
      });
    }
  }

  async #advance(watched: Watched, now: number, mayHaveArrived: boolean): Promise<void> {
    if (watched.nextAt <= now) await this.#takeDue(watched, now);
    if (mayHaveArrived) await this.#arrivals.take(watched, now);
    if (watched.lateAt <= now) await this.#deadlines.tellLate(watched, now);
    await this.#starter.beginFirst(watched, now);
  }

  /** On disk before anything begins. */
  async #takeDue(watched: Watched, now: number): Promise<void> {
    const { schedule, notebook } = watched;
    const { state, missed } = this.#due(watched, now);
    const last = missed.at(-1);
    if (last !== undefined) {
      const { at: occasion, date } = last;
      const error = missedError(missed, schedule);
      await this.#options.report({ kind: "missed", notebook, date, occasion, error });
    }
    if (state !== watched.state) await this.#notebooks.save(watched, state);
    watched.nextAt = nextAt(schedule, now);
  }

  #due(watched: Watched, now: number): Due {
    const { state, schedule } = watched;
    if (watched.nextAt > now) return { state, missed: [] };
    const isBusy = state.waiting.length > 0 || this.#notebooks.isRunning(watched);
    return takeDue(state, schedule, now, isBusy);
  }

  #view(notebook: string, lastRun: LastRun | undefined): ScheduleView | undefined {
    const watched = this.#notebooks.find(notebook);
    if (watched === undefined) return undefined;
    const { title, schedule, running, waitsFor } = watched;
    const now = this.#options.clock.now();
    // What is due is taken by the next look; whoever reads before sees it already.
    const { state } = this.#due(watched, now);
    return viewSchedule({ notebook, title, schedule, state, running, waitsFor, lastRun }, now);
  }
}
