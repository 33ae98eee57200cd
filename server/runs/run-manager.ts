import { join } from "node:path";
import { isTooLate, withinTime } from "../base/bounded-signal.js";
import { AppError } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { whileLeased } from "../lake/leases.js";
import { rollBack, type Rollback, type RollbackRequest } from "../lake/rollback.js";
import type { Workspace } from "../workspace/workspace.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import { carryOut, PROCESS_ENDS, type BegunRun } from "./carry-out.js";
import { CheckStore } from "./check-store.js";
import {
  equivalenceRequest,
  findDifferences,
  type EquivalenceFinding,
  type EquivalenceOptions,
} from "./equivalence.js";
import { EventHub } from "./events.js";
import { forecastRun, type ForecastCell } from "./forecast-run.js";
import { outdatedInputs, prepareRetry, prepareRun, toContext, type PreparedRun } from "./prepare-run.js";
import { exploredCells, exploreRun, type Exploration } from "./explore.js";
import { RecordKeeper } from "./record-keeper.js";
import { RememberedParts } from "./remembered-parts.js";
import { ResultStore } from "./result-store.js";
import type { RunServices } from "./run-context.js";
import { createInputView } from "./run-inputs.js";
import {
  hasSucceeded,
  toRunView,
  type RemovedDataset,
  type ReshapedColumn,
  type RunRecord,
  type RunView,
} from "./run-record.js";
import { requireCells, type RunRequest } from "./run-request.js";
import { RunState } from "./run-state.js";
import { RunStore } from "./run-store.js";
import { SharedWork } from "./shared-work.js";
import { vacuumLake, type VacuumReport, type VacuumRequest } from "./vacuum-lake.js";

/** Who asks what a run would do waits for it. */
const COUNT_MS = 2000;

/** A run as it would begin, what would become of its cells, and what it would take from its run date. */
export interface Forecast {
  readonly run: RunView;
  readonly cells: readonly ForecastCell[];
  readonly removed: readonly RemovedDataset[];
  /** What readers would lose, or find with another type; absent: nothing, or nobody looked. */
  readonly reshaped?: readonly ReshapedColumn[];
}

export interface RunHandle {
  readonly id: string;
  /** Settles when the run has ended, whatever its outcome. */
  readonly finished: Promise<RunView>;
}

export interface AttemptOptions extends Pick<RunRequest, "alerts" | "by"> {
  /** This cell and all below it are computed anew; of a run that has succeeded too. */
  readonly from?: string | undefined;
}

interface ActiveRun {
  readonly state: RunState;
  readonly controller: AbortController;
  readonly finished: Promise<RunView>;
}

interface NotedRun extends BegunRun {
  /** Settles when the history has its text. */
  readonly noted: Promise<void>;
}

export interface RunManagerOptions {
  readonly workspace: Workspace;
  readonly lake: Lake;
  readonly engine: Engine;
  readonly notebooks: NotebookCache;
  readonly logger: Logger;
  readonly concurrency: number;
}

/** Creates runs, carries them out and remembers them. One for each process that holds the lake. */
export class RunManager {
  readonly events = new EventHub();
  readonly store: RunStore;
  readonly services: RunServices;
  readonly #options: RunManagerOptions;
  readonly #active = new Map<string, ActiveRun>();
  /** By notebook and run date: the last of those that publish there. */
  readonly #publishing = new Map<string, Promise<unknown>>();
  readonly #beginning = new Set<Promise<unknown>>();
  #vacuuming: Promise<unknown> | undefined;
  readonly #closing = new AbortController();

  constructor(options: RunManagerOptions) {
    this.#options = options;
    const { workspace, lake, engine, notebooks } = options;
    this.store = new RunStore(lake.paths.runs);
    this.services = {
      workspace,
      lake,
      engine,
      notebooks,
      results: new ResultStore(lake, { maxBytes: workspace.settings.resultLimitBytes }),
      remembered: new RememberedParts(join(lake.paths.scratch, ".cells")),
      queries: new SharedWork(),
      datasets: new SharedWork(),
      checks: new CheckStore(lake.paths.checks),
    };
  }

  /** What a killed process left: call once after taking the lake. */
  async recover(): Promise<void> {
    await this.services.results.sweep();
    await this.store.recover();
  }

  /** Fails with code not-found, usage, invalid-notebook or choice-needed before anything is computed. */
  async start(request: RunRequest): Promise<RunHandle> {
    return this.#begin(async () =>
      this.#launch(await prepareRun(this.services, this.store.newId(), request), request),
    );
  }

  /** What a run would do, without doing it. `countMs`: how long counts may take that are left out otherwise. */
  async forecast(request: RunRequest, countMs = COUNT_MS): Promise<Forecast> {
    const prepared = await prepareRun(this.services, this.store.newId(), request);
    const { removing: removed } = prepared.record;
    const lease = this.#options.lake.leases.open();
    const context = toContext(
      this.services,
      prepared,
      { root: "", readable: [], rewrite: (path) => path },
      lease,
    );
    const cells = await whileLeased(lease, () => forecastRun(context, prepared.plan, countMs));
    return { run: { ...toRunView(prepared.record), removed }, cells, removed };
  }

  /**
   * Computes what other values of parameters change, query cells alone, of the notebook's own SQL. No run is begun: there is no
   * record, nobody is told, and others see what they saw. Fails as `start` does, with code timeout when it takes longer than
   * `limitMs`, and with code cancelled when the process ends. Vacuum waits for it.
   */
  async explore(
    { cells, ...request }: Pick<RunRequest, "notebook" | "date" | "parameters" | "cells">,
    { signal, limitMs }: { readonly signal: AbortSignal; readonly limitMs: number },
  ): Promise<Exploration> {
    const asked: RunRequest = { ...request, mode: "run", tolerant: true };
    const within = { signals: [signal, this.#closing.signal], ms: limitMs };
    return this.#begin(() => withinTime(within, (bounded) => this.#explore(asked, cells, bounded)));
  }

  async #explore(
    asked: RunRequest,
    wanted: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<Exploration> {
    const { lake, concurrency } = this.#options;
    const whole = await prepareRun(this.services, this.store.newId(), asked);
    requireCells(whole.analyzed.graph, { ...asked, cells: wanted });
    const { names, blocked } = exploredCells(whole, (await this.forecast(asked)).cells, wanted);
    if (names.length === 0) return { cells: [], blocked };
    const prepared = await prepareRun(this.services, this.store.newId(), { ...asked, cells: names });
    const folder = this.store.viewFolder(prepared.record.id, 1);
    const lease = lake.leases.open(folder);
    try {
      const cells = await exploreRun(this.services, prepared, { folder, concurrency, signal, lease });
      failWhereStopped(signal);
      return { cells: cells.filter(({ name }) => names.includes(name)), blocked };
    } finally {
      lease.release();
      await lake.leases.remove(folder).catch(() => undefined);
      this.services.results.evict();
    }
  }

  /**
   * Compares what is published of datasets that add deliveries up with the same computed as a whole, for the greatest run
   * date of the notebook. Fails with code usage where there is nothing to compare.
   */
  async checkEquivalence(notebook: string, options: EquivalenceOptions): Promise<EquivalenceFinding[]> {
    const { lake, workspace } = this.#options;
    const request = await equivalenceRequest(this.services, notebook);
    const prepared = await prepareRun(this.services, this.store.newId(), request);
    const lease = lake.leases.open();
    return whileLeased(lease, async () => {
      const view = await createInputView(workspace, lake, join(options.folder, "input"), prepared.inputs);
      return findDifferences(toContext(this.services, prepared, view, lease), prepared.plan, options);
    });
  }

  /**
   * Another attempt of the same run: same input, same SQL, same run date. Fails with code conflict when superseded, with
   * code usage for a cell that the run has not.
   */
  retry(id: string, how: AttemptOptions = {}): Promise<RunHandle> {
    return this.#begin(() => this.#retry(id, how));
  }

  async #retry(id: string, how: AttemptOptions): Promise<RunHandle> {
    if (this.#active.has(id)) throw new AppError("conflict", `Run "${id}" is still running.`);
    return this.#launch(await prepareRetry(this.services, await this.store.load(id), how.from), how);
  }

  /** The newest run of that notebook and date that did not succeed, if it can still be resumed. */
  async resumable(notebook: string, date: string): Promise<RunRecord | undefined> {
    const newest = (await this.store.recent()).find(
      (run) => run.notebook === notebook && run.date === date && run.mode === "materialize",
    );
    return newest === undefined || newest.isRunning || hasSucceeded(newest.outcome)
      ? undefined
      : this.store.find(newest.id);
  }

  /** Fails with code not-found. */
  async view(id: string): Promise<RunView> {
    const active = this.#active.get(id);
    return toRunView(active === undefined ? await this.store.load(id) : active.state.record);
  }

  /** Of one that has ended: files that another attempt would read as they were, although other ones lie there now. */
  async outdatedInputs(id: string): Promise<readonly string[]> {
    return this.#active.has(id) ? [] : outdatedInputs(this.services, await this.store.load(id));
  }

  activeRuns(): readonly RunView[] {
    return [...this.#active.values()].map((run) => toRunView(run.state.record));
  }

  /** Does nothing to a run that has ended. Fails with code not-found. */
  async cancel(id: string): Promise<RunView> {
    const active = this.#active.get(id);
    if (active === undefined) return this.view(id);
    active.controller.abort();
    return active.finished;
  }

  /**
   * Removes what nothing names and no run needs. Runs that are at work go on; none begins meanwhile, or it could
   * find stored what is about to go.
   */
  async vacuum(request: VacuumRequest): Promise<VacuumReport> {
    const { lake } = this.#options;
    if (request.dryRun) return vacuumLake(lake, request);
    while (this.#vacuuming !== undefined) await this.#vacuuming;
    const done = Promise.allSettled(this.#beginning).then(() => vacuumLake(lake, request));
    this.#vacuuming = done.then(
      () => (this.#vacuuming = undefined),
      () => (this.#vacuuming = undefined),
    );
    const report = await done;
    for (const notebook of new Set(report.publications.map((gone) => gone.notebook))) this.tellLake(notebook);
    return report;
  }

  /**
   * Publishes an earlier publication again. Fails with code conflict while a run is at work that publishes the same
   * notebook and date, or where vacuum removed what it would show.
   */
  async rollBack(request: RollbackRequest): Promise<Rollback> {
    return this.#begin(async () => {
      const busy = this.activeRuns().find(
        ({ mode, notebook, date }) =>
          mode === "materialize" && notebook === request.notebook && date === request.date,
      );
      if (busy !== undefined)
        throw new AppError(
          "conflict",
          `Run "${busy.id}" is about to publish "${busy.notebook}" for ${busy.date}.`,
          {
            hint: "Wait for its end, or cancel it.",
          },
        );
      const rolledBack = await rollBack(this.#options.lake, request);
      if (!rolledBack.isNoop) this.tellLake(request.notebook);
      return rolledBack;
    });
  }

  /** That what the notebook has published changed, or what it is called. */
  tellLake(notebook: string): void {
    this.events.emit(notebook, { type: "lake-changed", notebook });
  }

  /** Stops what runs, to be resumed, and waits for its end. Nothing begins any more: that fails with code cancelled. */
  async close(): Promise<void> {
    this.#closing.abort(PROCESS_ENDS);
    await Promise.allSettled(this.#beginning);
    const active = [...this.#active.values()];
    for (const run of active) run.controller.abort(PROCESS_ENDS);
    await Promise.all(active.map((run) => run.finished));
  }

  async #begin<T>(action: () => Promise<T>): Promise<T> {
    while (this.#vacuuming !== undefined) await this.#vacuuming;
    if (this.#closing.signal.aborted) throw processEnds();
    const beginning = action();
    this.#beginning.add(beginning);
    return beginning.finally(() => this.#beginning.delete(beginning));
  }

  async #launch(prepared: PreparedRun, { alerts, by }: AttemptOptions): Promise<RunHandle> {
    const { record } = prepared;
    const attempt = {
      attempt: record.attempts.length + 1,
      sequence: await this.store.nextSequence(),
      startedAt: new Date().toISOString(),
      outcome: "none" as const,
      ...(alerts === false && { alerts }),
    };
    Object.assign(record, { attempts: [...record.attempts, attempt], isRunning: true, outcome: "none" });
    delete record.error;
    if (by !== undefined) record.by = by;
    await this.store.announce(record);
    const controller = new AbortController();
    const keeper = new RecordKeeper(this.store, record);
    keeper.keep();
    const state = new RunState(record, (event) => {
      // What was reused is found again at no cost.
      if (event.type === "cell-finished" && event.cell.outcome !== "reused") keeper.keep();
      this.events.emit(record.notebook, event);
    });
    const noted = this.#noteText(record);
    const finished = this.#inTurn(prepared, { state, keeper, noted, signal: controller.signal });
    this.#active.set(record.id, { state, controller, finished });
    return { id: record.id, finished };
  }

  /** A text that ran stays in the notebook's history. A retry has the text of its first attempt. */
  async #noteText({ id: run, notebook, text, by, attempts }: RunRecord): Promise<void> {
    if (attempts.length > 1) return;
    const { desk, history } = this.services.notebooks;
    try {
      const noted = { kind: "run" as const, run, ...(by === undefined ? {} : { by }) };
      await desk.inTurn(() => history.note(notebook, text, noted));
    } catch (error) {
      this.#options.logger.warn("a notebook's history cannot be written", { error });
    }
  }

  /** Those that publish the same notebook and date follow each other, so that the later one finds what the earlier made. */
  async #inTurn(prepared: PreparedRun, begun: NotedRun): Promise<RunView> {
    const { record } = prepared;
    begun.state.runStarted();
    if (record.mode === "run") return this.#carryOut(prepared, begun);
    const key = `${record.notebook}\n${record.date}`;
    const before = this.#publishing.get(key);
    const run = untilAborted(before, begun.signal).then(() => this.#carryOut(prepared, begun));
    // Who gives up while it waits does not let the next one go before its turn.
    const turn = Promise.allSettled([before, run]);
    this.#publishing.set(key, turn);
    void turn.then(() => {
      if (this.#publishing.get(key) === turn) this.#publishing.delete(key);
    });
    return run;
  }

  /** It is written down before it is told that it has ended, and can be retried then. */
  async #carryOut(prepared: PreparedRun, begun: NotedRun): Promise<RunView> {
    const { record } = prepared;
    const { logger, concurrency } = this.#options;
    await carryOut({ services: this.services, store: this.store, logger, concurrency }, prepared, begun);
    await begun.noted;
    this.#active.delete(record.id);
    begun.state.runFinished();
    return toRunView(record);
  }
}

/** Resolves when the other has ended, however it does, or the signal aborts. */
async function untilAborted(other: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  if (other === undefined || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      signal.removeEventListener("abort", end);
      resolve();
    };
    signal.addEventListener("abort", end);
    other.then(end, end);
  });
}

function processEnds(): AppError {
  return new AppError("cancelled", "Lakebook is being stopped: no run begins any more.");
}

/** What was stopped is no answer: its cells look as if somebody had cancelled them. */
function failWhereStopped(signal: AbortSignal): void {
  if (signal.reason === PROCESS_ENDS) throw processEnds();
  if (isTooLate(signal))
    throw new AppError(
      "timeout",
      "It was stopped: it took longer than query_timeout in lakebook.yaml allows.",
      {
        cause: signal.reason,
      },
    );
}
