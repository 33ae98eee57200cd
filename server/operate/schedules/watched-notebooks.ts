import { isAppError, isSystemError } from "../../base/errors.js";
import { mapConcurrently } from "../../lake/concurrency.js";
import type { RunManager } from "../../runs/run-manager.js";
import { listNotebooks } from "../../workspace/notebook-files.js";
import type { Clock } from "../clock.js";
import { trimState, type DecidedFire, type ScheduleState, type ScheduleStore } from "./schedule-state.js";
import { nextAt, nextLateAt, noSchedule, stateOf, type Watched } from "./watched.js";

const READS_AT_ONCE = 16;

/** The notebooks that have a schedule, and what is known of each: in memory as it is on disk. */
export class WatchedNotebooks {
  readonly #manager: RunManager;
  readonly #clock: Clock;
  readonly #store: ScheduleStore;
  readonly #byName = new Map<string, Watched>();
  readonly #changed = new Set<string>();
  readonly #unsubscribe: () => void;

  constructor(manager: RunManager, clock: Clock, store: ScheduleStore) {
    this.#manager = manager;
    this.#clock = clock;
    this.#store = store;
    this.#unsubscribe = manager.events.subscribe((notebook, event) => {
      if (event.type === "notebook-changed") this.#changed.add(notebook);
    });
  }

  async readAll(): Promise<void> {
    const names = await listNotebooks(this.#manager.services.workspace);
    await mapConcurrently(names, READS_AT_ONCE, (name) => this.#read(name));
  }

  /** Something was edited that was not read since. */
  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  async readChanged(): Promise<void> {
    for (const notebook of this.#changed) {
      this.#changed.delete(notebook);
      await this.#read(notebook);
    }
  }

  all(): readonly Watched[] {
    return [...this.#byName.values()];
  }

  find(notebook: string): Watched | undefined {
    return this.#byName.get(notebook);
  }

  /** Fails with code not-found. */
  require(notebook: string): Watched {
    const watched = this.#byName.get(notebook);
    if (watched === undefined) throw noSchedule(notebook);
    return watched;
  }

  async save(watched: Watched, state: ScheduleState): Promise<void> {
    const trimmed = trimState(state);
    await this.#store.write(trimmed);
    watched.state = trimmed;
    watched.lateAt = nextLateAt(watched);
    this.tellChanged(watched);
  }

  async decide(watched: Watched, decided: DecidedFire): Promise<void> {
    const { state } = watched;
    await this.save(watched, {
      ...state,
      waiting: state.waiting.filter(({ at }) => at !== decided.at),
      decided: [...state.decided, decided],
    });
  }

  /** What is known of a notebook that has another name from now on. Without a schedule there is nothing. */
  async move(name: string, newName: string): Promise<void> {
    const state = this.#byName.get(name)?.state ?? (await this.#store.read(name));
    this.#byName.delete(name);
    this.#changed.add(newName);
    if (state === undefined) return;
    await this.#store.write({ ...state, notebook: newName });
    await this.#store.remove(name);
  }

  tellChanged({ notebook }: Watched): void {
    this.#manager.events.emit(notebook, { type: "schedule-changed", notebook });
  }

  /** Whoever began it. */
  isRunning({ notebook, running }: Watched): boolean {
    return (
      running !== undefined ||
      this.#manager
        .activeRuns()
        .some((run) => run.notebook === notebook && run.mode === "materialize" && run.isRunning)
    );
  }

  close(): void {
    this.#unsubscribe();
  }

  /** The notebook as it is now. What was known of its schedule stays while that is the same. */
  async #read(notebook: string): Promise<void> {
    const file = await this.#manager.services.notebooks.read(notebook).catch((error: unknown) => {
      if (isAppError(error) || isSystemError(error)) return undefined;
      throw error;
    });
    const frontMatter = file?.parsed.notebook.frontMatter;
    const schedule = frontMatter?.schedule;
    const before = this.#byName.get(notebook);
    if (frontMatter === undefined || schedule === undefined) {
      this.#byName.delete(notebook);
      // A notebook that is there again, or whose head is mended, goes on where it was.
      return;
    }
    const known = before?.state ?? (await this.#store.read(notebook));
    const state = stateOf(known, notebook, schedule, this.#clock.now());
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
    this.#byName.set(notebook, watched);
    if (before !== undefined || known === undefined) this.tellChanged(watched);
  }
}
