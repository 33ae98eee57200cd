import { SCHEDULE } from "../../people/person.js";
import { AppError, isAppError, isSystemError, messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { isTransient } from "../../runs/failure.js";
import type { RunHandle, RunManager } from "../../runs/run-manager.js";
import type { Incident } from "../alerts/alert-desk.js";
import type { Fire } from "../fire-times.js";
import type { AwaitedFiles } from "./awaited-files.js";
import type { WaitingFire } from "./schedule-state.js";
import type { Watched } from "./watched.js";
import type { WatchedNotebooks } from "./watched-notebooks.js";

export interface FireStarterOptions {
  readonly manager: RunManager;
  readonly notebooks: WatchedNotebooks;
  readonly files: AwaitedFiles;
  readonly logger: Logger;
  readonly report: (incident: Incident) => Promise<void>;
  readonly runsAtOnce: number;
}

const TRY_AGAIN_MS = 60_000;

/** Begins the run of a date that waits, when nothing stands in its way any more. */
export class FireStarter {
  readonly #options: FireStarterOptions;

  constructor(options: FireStarterOptions) {
    this.#options = options;
  }

  /** The first that waits of a notebook. `waitsFor` says why it does not begin. */
  async beginFirst(watched: Watched, now: number): Promise<void> {
    const { state } = watched;
    const [first] = state.waiting;
    watched.waitsFor = undefined;
    if (first === undefined || state.isPaused) return;
    watched.waitsFor = await this.#reasonToWait(watched, first, now);
    if (watched.waitsFor !== undefined) return;
    try {
      await this.start(watched, first);
    } catch (error) {
      await this.#failToStart(watched, first, error, now);
    }
  }

  /** Whatever it would wait for. Fails as `RunManager.start` does. */
  async start(watched: Watched, { kind, at, date }: WaitingFire, by = SCHEDULE): Promise<RunHandle> {
    const { manager, notebooks } = this.#options;
    const handle = await manager.start({
      notebook: watched.notebook,
      mode: "materialize",
      date,
      input: "current",
      trigger: { kind, at },
      by,
    });
    this.follow(watched, { at, date }, handle);
    await notebooks.decide(watched, { kind, at, date, outcome: "started", run: handle.id });
    return handle;
  }

  /** The notebook counts as running until that has ended. */
  follow(watched: Watched, fire: Fire, { id, finished }: RunHandle): void {
    const { notebooks } = this.#options;
    watched.running = { fire, run: id };
    const end = (): void => {
      // It was read again where somebody has edited it meanwhile.
      const current = notebooks.find(watched.notebook);
      if (current?.running?.run === id) current.running = undefined;
      notebooks.tellChanged(watched);
    };
    finished.then(end, end);
  }

  async #reasonToWait(watched: Watched, fire: WaitingFire, now: number): Promise<string | undefined> {
    const { manager, notebooks, files, runsAtOnce } = this.#options;
    if (notebooks.isRunning(watched)) return "the run before goes on";
    const running = notebooks.all().filter((other) => other.running !== undefined);
    if (running.length >= runsAtOnce) return "other scheduled runs go on";
    if (fire.notBefore !== undefined && now < fire.notBefore) return "it is tried again within a minute";
    const { lake } = manager.services;
    const unpublished = (watched.schedule.after ?? []).find(
      (name) => lake.publication(name, fire.date) === undefined,
    );
    if (unpublished !== undefined) return `"${unpublished}" has not published ${fire.date}`;
    return files.reasonToWait(watched, now);
  }

  async #failToStart(watched: Watched, fire: WaitingFire, error: unknown, now: number): Promise<void> {
    if (isAppError(error, "cancelled")) return;
    const { notebooks, logger, report } = this.#options;
    const { notebook, state } = watched;
    if (isTransient(error) || isSystemError(error)) {
      const [, ...others] = state.waiting;
      const later = { ...fire, notBefore: now + TRY_AGAIN_MS };
      await notebooks.save(watched, { ...state, waiting: [later, ...others] });
      logger.warn("a scheduled run could not begin", { notebook, error });
      return;
    }
    const { kind, at, date } = fire;
    const known = isAppError(error) ? error : new AppError("internal", messageOf(error), { cause: error });
    if (known.code === "internal") logger.error("a scheduled run could not begin", { notebook, error });
    const first = known.diagnostics?.find(({ severity }) => severity === "error");
    const message = first === undefined ? known.message : `${known.message} ${first.message}.`;
    const { code, hint } = known;
    await report({ kind: "failed", notebook, date, occasion: at, error: { code, message, hint } });
    await notebooks.decide(watched, { kind, at, date, outcome: "failed", reason: message });
  }
}
