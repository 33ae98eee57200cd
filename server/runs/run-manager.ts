import { join } from "node:path";
import { AppError } from "../base/errors.js";
import { hasErrors, locate } from "../base/diagnostic.js";
import type { Logger } from "../base/logger.js";
import type { Engine } from "../engine/engine.js";
import type { DependencyGraph } from "../graph/dependency-graph.js";
import { isDataset } from "../notebook/notebook.js";
import { suggest } from "../text/suggest.js";
import type { Lake } from "../lake/lake.js";
import { isRunDate } from "../lake/layout.js";
import { whileLeased, type Lease } from "../lake/leases.js";
import type { PinnedInput } from "../lake/model.js";
import type { Workspace } from "../workspace/workspace.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import { CheckStore } from "./check-store.js";
import { EventHub } from "./events.js";
import { findOtherOwner, takenHint, takenMessage } from "./dataset-owner.js";
import { executeRun } from "./execute-run.js";
import { toCellError } from "./failure.js";
import { intervalOf, today } from "./interval.js";
import { planRun, type RunMode, type RunPlan } from "./plan.js";
import { forecastRun, type ForecastCell } from "./forecast-run.js";
import { publishRun } from "./publish-run.js";
import { RememberedParts } from "./remembered-parts.js";
import { ResultStore } from "./result-store.js";
import { removedDatasets } from "./removed-datasets.js";
import { allInputs, createInputView, differingInputs, pinInputs, type RunInputs } from "./run-inputs.js";
import { readParameters } from "./run-parameters.js";
import {
  outcomeOf,
  toRunView,
  type RemovedDataset,
  type RunOutcome,
  type RunRecord,
  type RunView,
} from "./run-record.js";
import { lakeReference, type RunContext, type RunServices } from "./run-context.js";
import { RunState } from "./run-state.js";
import { RecordKeeper } from "./record-keeper.js";
import { RunStore } from "./run-store.js";
import { SharedWork } from "./shared-work.js";
import { isSystemSchema } from "./system-relations.js";
import { vacuumLake, type VacuumReport, type VacuumRequest } from "./vacuum-lake.js";

export interface RunRequest {
  readonly notebook: string;
  readonly mode: RunMode;
  readonly date?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly cells?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
  readonly input?: "pinned" | "current" | undefined;
  /** Paths that may go from the run date, as a plan named them; undefined: whatever goes. */
  readonly removes?: readonly string[] | undefined;
  /** Run what can be run although some cells have errors. Never for a materialization. */
  readonly tolerant?: boolean | undefined;
}

/** A run as it would begin, what would become of its cells, and what it would take from its run date. */
export interface Forecast {
  readonly run: RunView;
  readonly cells: readonly ForecastCell[];
  readonly removed: readonly RemovedDataset[];
}

export interface RunHandle {
  readonly id: string;
  /** Settles when the run has ended, whatever its outcome. */
  readonly finished: Promise<RunView>;
}

interface ActiveRun {
  readonly state: RunState;
  readonly controller: AbortController;
  readonly finished: Promise<RunView>;
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
    return this.#begin(async () => this.#launch(await this.#prepare(request)));
  }

  /** What a run would do, without doing it. */
  async forecast(request: RunRequest): Promise<Forecast> {
    const prepared = await this.#prepare(request);
    const { removing: removed } = prepared.record;
    const lease = this.#options.lake.leases.open();
    const context = this.#context(prepared, { root: "", readable: [], rewrite: (path) => path }, lease);
    const cells = await whileLeased(lease, () => forecastRun(context, prepared.plan));
    return { run: { ...toRunView(prepared.record), removed }, cells, removed };
  }

  /** Another attempt of the same run: same input, same SQL, same run date. Fails with code conflict when superseded. */
  retry(id: string): Promise<RunHandle> {
    return this.#begin(() => this.#retry(id));
  }

  async #retry(id: string): Promise<RunHandle> {
    if (this.#active.has(id)) throw new AppError("conflict", `Run "${id}" is still running.`);
    const record = await this.store.load(id);
    if (record.outcome === "succeeded" || record.outcome === "succeeded_with_warnings") {
      throw new AppError("conflict", `Run "${id}" has succeeded: there is nothing to retry.`, {
        hint: "Start a new run instead.",
      });
    }
    this.#requireCurrent(record);
    const analyzed = await this.services.notebooks.analyzeText(record.notebook, record.text);
    const plan = planRun(analyzed.graph, { mode: record.mode, cells: record.targets });
    // What ran under other rules may be a text that is read no more, and has no datasets any more.
    requireRead(analyzed);
    const { workspace, lake } = this.#options;
    const inputs = await pinInputs(workspace, lake, filePaths(plan), record.inputs);
    const removing = await removedDatasets({ ...this.services, analyzed, record }, plan);
    return this.#launch({
      record: { ...record, cells: cellsOf(plan), checks: [], published: [], removing, removed: [] },
      analyzed,
      plan,
      inputs,
      mayReplace: false,
    });
  }

  /** The newest run of that notebook and date that did not succeed, if it can still be resumed. */
  async resumable(notebook: string, date: string): Promise<RunRecord | undefined> {
    const newest = (await this.store.recent()).find(
      (run) => run.notebook === notebook && run.date === date && run.mode === "materialize",
    );
    return newest === undefined || newest.isRunning || newest.outcome.startsWith("succeeded")
      ? undefined
      : this.store.find(newest.id);
  }

  /** Fails with code not-found. */
  async view(id: string): Promise<RunView> {
    const active = this.#active.get(id);
    return toRunView(active === undefined ? await this.store.load(id) : active.state.record);
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
    return done;
  }

  /** Cancels what runs and waits for its end. */
  async close(): Promise<void> {
    const active = [...this.#active.values()];
    for (const run of active) run.controller.abort();
    await Promise.all(active.map((run) => run.finished));
  }

  async #prepare(request: RunRequest): Promise<PreparedRun> {
    const { lake } = this.#options;
    const { notebooks } = this.services;
    const file = await notebooks.read(request.notebook);
    const analyzed = await notebooks.analyze(file);
    const date = request.date ?? today();
    if (!isRunDate(date)) throw new AppError("usage", `"${date}" is not a date of the form YYYY-MM-DD.`);
    requireRead(analyzed);
    requireCells(analyzed.graph, request);
    const plan = planRun(analyzed.graph, { mode: request.mode, cells: request.cells });
    requireValid(analyzed, plan, request);
    await this.#requireOwnDatasets(request.notebook, plan);
    const parameters = readParameters(analyzed, request.parameters ?? {});
    const publication = lake.publication(request.notebook, date);
    const inputs = await this.#chooseInputs(request, plan, publication?.inputs);
    const dates = lake
      .publications()
      .filter((entry) => entry.notebook === request.notebook)
      .map((entry) => entry.runDate);
    const interval = intervalOf(date, analyzed.notebook.frontMatter.schedule, dates);
    const record: RunRecord = {
      format: 1,
      id: this.store.newId(),
      notebook: request.notebook,
      mode: request.mode,
      date,
      intervalStart: interval.start,
      intervalEnd: interval.end,
      parameters,
      ...(request.cells === undefined ? {} : { targets: [...request.cells] }),
      force: request.force ?? false,
      text: file.text,
      inputs: allInputs(inputs).map((input) => ({ ...input })),
      lakeVersions: pinLake(lake, plan),
      basedOn: publication?.txn ?? null,
      createdAt: new Date().toISOString(),
      attempts: [],
      outcome: "none",
      isRunning: false,
      cells: cellsOf(plan),
      checks: [],
      published: [],
      removing: [],
      removed: [],
    };
    record.removing = await removedDatasets({ ...this.services, analyzed, record }, plan);
    requireAgreement(record, request.removes);
    return { record, analyzed, plan, inputs, mayReplace: request.input === "current" };
  }

  async #chooseInputs(
    request: RunRequest,
    plan: RunPlan,
    published: readonly PinnedInput[] | undefined,
  ): Promise<RunInputs> {
    const { workspace, lake } = this.#options;
    const paths = filePaths(plan);
    if (request.mode === "materialize" && request.input === "pinned")
      return pinInputs(workspace, lake, paths, published);
    const current = await pinInputs(workspace, lake, paths);
    if (request.mode === "run" || request.input === "current" || published === undefined) return current;
    const files = differingInputs(published, current);
    if (files.length === 0) return current;
    throw new AppError(
      "choice-needed",
      `${request.date ?? today()} was published from other input: ${files.join(", ")} differ${files.length === 1 ? "s" : ""}.`,
      {
        hint: "Choose --input pinned (what was published) or --input current (input/ as it is now).",
        details: { files },
      },
    );
  }

  async #requireOwnDatasets(notebook: string, plan: RunPlan): Promise<void> {
    for (const dataset of plan.datasets) {
      const owner = await findOtherOwner(this.services, notebook, dataset);
      if (owner === undefined) continue;
      throw new AppError("invalid-notebook", takenMessage(dataset, owner), { hint: takenHint(owner) });
    }
  }

  /** A later publication of the same date makes an older run's result wrong to publish. */
  #requireCurrent(record: RunRecord): void {
    const published = this.#options.lake.publication(record.notebook, record.date);
    if (
      record.mode === "materialize" &&
      (published?.txn ?? null) !== record.basedOn &&
      published?.run !== record.id
    ) {
      throw new AppError(
        "conflict",
        `Run "${record.id}" is superseded: run "${published?.run ?? ""}" has published ${record.date} since.`,
        {
          hint: "Materialize again instead.",
        },
      );
    }
  }

  #context(prepared: PreparedRun, view: RunContext["view"], lease: Lease): RunContext {
    return {
      ...this.services,
      record: prepared.record,
      analyzed: prepared.analyzed,
      inputs: prepared.inputs,
      view,
      lease,
    };
  }

  async #begin<T>(action: () => Promise<T>): Promise<T> {
    while (this.#vacuuming !== undefined) await this.#vacuuming;
    const beginning = action();
    this.#beginning.add(beginning);
    return beginning.finally(() => this.#beginning.delete(beginning));
  }

  async #launch(prepared: PreparedRun): Promise<RunHandle> {
    const { record } = prepared;
    const attempt = {
      attempt: record.attempts.length + 1,
      sequence: await this.store.nextSequence(),
      startedAt: new Date().toISOString(),
      outcome: "none" as const,
    };
    Object.assign(record, { attempts: [...record.attempts, attempt], isRunning: true, outcome: "none" });
    delete record.error;
    await this.store.announce(record);
    const controller = new AbortController();
    const keeper = new RecordKeeper(this.store, record);
    keeper.keep();
    const state = new RunState(record, (event) => {
      // What was reused is found again at no cost.
      if (event.type === "cell-finished" && event.cell.outcome !== "reused") keeper.keep();
      this.events.emit(record.notebook, event);
    });
    const finished = this.#inTurn(prepared, state, keeper, controller.signal);
    this.#active.set(record.id, { state, controller, finished });
    return { id: record.id, finished };
  }

  /** Those that publish the same notebook and date follow each other, so that the later one finds what the earlier made. */
  async #inTurn(
    prepared: PreparedRun,
    state: RunState,
    keeper: RecordKeeper,
    signal: AbortSignal,
  ): Promise<RunView> {
    const { record } = prepared;
    state.runStarted();
    if (record.mode === "run") return this.#carryOut(prepared, state, keeper, signal);
    const key = `${record.notebook}\n${record.date}`;
    const before = this.#publishing.get(key);
    const run = untilAborted(before, signal).then(() => this.#carryOut(prepared, state, keeper, signal));
    // Who gives up while it waits does not let the next one go before its turn.
    const turn = Promise.allSettled([before, run]);
    this.#publishing.set(key, turn);
    void turn.then(() => {
      if (this.#publishing.get(key) === turn) this.#publishing.delete(key);
    });
    return run;
  }

  async #carryOut(
    prepared: PreparedRun,
    state: RunState,
    keeper: RecordKeeper,
    signal: AbortSignal,
  ): Promise<RunView> {
    const { record } = prepared;
    const { workspace, lake, logger } = this.#options;
    const folder = this.store.viewFolder(record.id, record.attempts.length);
    const lease = lake.leases.open(folder);
    let outcome: RunOutcome;
    try {
      this.#goOnFromNow(prepared);
      const view = await createInputView(workspace, lake, folder, prepared.inputs);
      outcome = await this.#execute(this.#context(prepared, view, lease), prepared.plan, state, signal);
    } catch (error) {
      outcome = "failed";
      record.error = toCellError(error);
      if (record.error.code === "internal") logger.error("run failed", { run: record.id, error });
    }
    await keeper.settle();
    await this.#rememberParts(prepared);
    lease.release();
    await lake.leases.remove(folder).catch(() => undefined);
    this.services.results.evict();
    await this.#finish(record, outcome);
    state.runFinished();
    return toRunView(record);
  }

  /** Nothing says how the run ended until it has: what it publishes is part of it. */
  async #execute(
    context: RunContext,
    plan: RunPlan,
    state: RunState,
    signal: AbortSignal,
  ): Promise<RunOutcome> {
    const { record } = context;
    await executeRun({ context, plan, state, concurrency: this.#options.concurrency, signal });
    const outcome = outcomeOf(record.cells, record.checks, signal.aborted);
    if (record.mode === "materialize" && outcome.startsWith("succeeded"))
      Object.assign(record, await publishRun(context, plan, state, outcome));
    return outcome;
  }

  /** What was published while the run waited for its turn is what it replaces, unless that needs a choice. */
  #goOnFromNow({ record, inputs, mayReplace }: PreparedRun): void {
    if (record.mode === "run" || record.attempts.length > 1) return;
    const publication = this.#options.lake.publication(record.notebook, record.date);
    if (publication === undefined || publication.txn === record.basedOn) return;
    const files = mayReplace ? [] : differingInputs(publication.inputs, inputs);
    if (files.length === 0) record.basedOn = publication.txn;
  }

  /** A loss costs words only. */
  async #rememberParts({ record, analyzed }: PreparedRun): Promise<void> {
    const names = new Set(analyzed.graph.nodes.keys());
    try {
      await this.services.remembered.save(record.notebook, names);
    } catch (error) {
      this.#options.logger.warn("what cells were computed from could not be saved", { error });
    }
  }

  /** On disk first: who sees that the run has ended can retry it, or start the process again. */
  async #finish(record: RunRecord, outcome: RunOutcome): Promise<void> {
    const attempts = record.attempts.map((attempt) =>
      attempt.outcome === "none" ? { ...attempt, outcome, finishedAt: new Date().toISOString() } : attempt,
    );
    const ended = { outcome, isRunning: false, attempts };
    try {
      await this.store.save({ ...record, ...ended });
    } catch (error) {
      record.error ??= toCellError(error);
      this.#options.logger.error("run record could not be saved", { run: record.id, error });
    }
    Object.assign(record, ended);
    this.#active.delete(record.id);
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

interface PreparedRun {
  readonly record: RunRecord;
  readonly analyzed: AnalyzedNotebook;
  readonly plan: RunPlan;
  readonly inputs: RunInputs;
  /** What others publish for the date meanwhile may be replaced although it stands on other input. */
  readonly mayReplace: boolean;
}

function filePaths(plan: RunPlan): string[] {
  return plan.steps.flatMap((step) =>
    step.kind === "cross-check" ? [] : (step.node.facts?.files.map((file) => file.path) ?? []),
  );
}

function cellsOf(plan: RunPlan): RunRecord["cells"] {
  const planned = plan.steps.flatMap((step) => (step.kind === "cross-check" ? [] : [step.cell]));
  const names = new Set(planned.map((cell) => cell.name));
  const queued = planned.map((cell) => ({
    name: cell.name,
    kind: cell.kind,
    status: "queued" as const,
    outcome: "none" as const,
  }));
  const skipped = [...plan.skipped.keys()]
    .filter((name) => !names.has(name))
    .map((name) => ({ name, kind: "sql" as const, status: "queued" as const, outcome: "none" as const }));
  return [...queued, ...skipped];
}

function requireCells(graph: DependencyGraph, request: RunRequest): void {
  for (const name of request.cells ?? []) {
    const cell = graph.nodes.get(name)?.cell;
    if (cell === undefined) {
      const near = suggest(name, graph.nodes.keys());
      throw new AppError(
        "usage",
        `Cell "${name}" does not exist in notebook "${request.notebook}".`,
        near === undefined ? {} : { hint: `Did you mean "${near}"?` },
      );
    }
    if (request.mode === "materialize" && !isDataset(cell)) {
      throw new AppError("usage", `Cell "${name}" is not materialized.`, {
        hint: "Add the line `--| materialize: parquet` to it, or use lakebook run.",
      });
    }
  }
}

/** Of a text beyond the limits there are no cells, which must not look like cells that were removed. */
function requireRead({ notebook, diagnostics }: AnalyzedNotebook): void {
  const limit = diagnostics.find(({ code }) => code === "notebook-limit");
  if (limit === undefined) return;
  throw new AppError("invalid-notebook", `${limit.message}.`, {
    ...(limit.hint === undefined ? {} : { hint: limit.hint }),
    diagnostics: [locate(limit, notebook.source)],
  });
}

function requireValid(analyzed: AnalyzedNotebook, plan: RunPlan, request: RunRequest): void {
  const running = new Set([...plan.steps.map((step) => step.id), ...(request.cells ?? [])]);
  const concerning = analyzed.diagnostics.filter(
    (item) =>
      item.severity === "error" &&
      (item.cell === undefined || request.cells === undefined || running.has(item.cell)),
  );
  if (request.tolerant === true && request.mode === "run") return;
  if (!hasErrors(concerning)) return;
  throw new AppError(
    "invalid-notebook",
    `Notebook "${request.notebook}" has ${String(concerning.length)} error${concerning.length === 1 ? "" : "s"}.`,
    {
      diagnostics: concerning.map((item) => locate(item, analyzed.notebook.source)),
    },
  );
}

/** Between a plan and its publication a notebook may have been saved, or a date published. */
function requireAgreement({ date, removing }: RunRecord, agreed: readonly string[] | undefined): void {
  const surprises = agreed === undefined ? [] : removing.filter(({ path }) => !agreed.includes(path));
  if (surprises.length === 0) return;
  throw new AppError(
    "choice-needed",
    `"${surprises.map(({ path }) => path).join('", "')}" would be removed from ${date}.`,
    { hint: "Plan it again, and name in removes what may go.", details: { removed: surprises } },
  );
}

function pinLake(lake: Lake, plan: RunPlan): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const step of plan.steps) {
    const tables = step.kind === "cross-check" ? [] : (step.node.facts?.tables ?? []);
    for (const { schema, name } of tables) {
      if (schema === undefined || isSystemSchema(schema)) continue;
      const found = lake.resolve(name, schema === "lake" ? undefined : schema);
      if (found !== undefined) versions[lakeReference(schema, name)] = found.version;
    }
  }
  return versions;
}
