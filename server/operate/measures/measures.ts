import { statfs } from "node:fs/promises";
import type { EngineLoad } from "../../engine/engine.js";
import { cellOutcomes, runOutcomes, triggers, type RunView } from "../../runs/run-record.js";
import type { RunManager } from "../../runs/run-manager.js";
import type { Clock } from "../clock.js";
import type { Backlog } from "../schedules/schedules.js";
import { LakeMeter } from "./lake-bytes.js";
import { LoopLag } from "./loop-lag.js";
import { Histogram, metricsText, type Metric, type Sample } from "./metrics-text.js";

export interface MeasuresOptions {
  readonly manager: RunManager;
  readonly clock: Clock;
  readonly backlog: () => Backlog;
}

/** From a few seconds of a small notebook to a night. */
const DURATION_BOUNDS = [1, 5, 15, 60, 300, 900, 3600, 10_800, 43_200];
const modes = ["run", "materialize"] as const;
const starters = ["hand", ...triggers] as const;

/** What a server counts of itself, for Prometheus. Counters begin with the process. */
export class Measures {
  readonly #options: MeasuresOptions;
  readonly #runs = new Counts(
    modes.flatMap((mode) =>
      runOutcomes
        .filter((outcome) => outcome !== "none")
        .flatMap((outcome) => starters.map((trigger) => ({ mode, outcome, trigger }))),
    ),
  );
  readonly #cells = new Counts(
    cellOutcomes.filter((outcome) => outcome !== "none").map((outcome) => ({ outcome })),
  );
  readonly #durations = new Histogram(DURATION_BOUNDS);
  readonly #lag = new LoopLag();
  readonly #lake: LakeMeter;
  readonly #more: (() => readonly Metric[])[] = [];
  readonly #unsubscribe: () => void;
  #computedRows = 0;
  #publishedRows = 0;

  constructor(options: MeasuresOptions) {
    this.#options = options;
    this.#lake = new LakeMeter(options.manager.services.lake);
    this.#unsubscribe = options.manager.events.subscribe((_notebook, event) => {
      if (event.type === "run-finished") this.#count(event.run);
    });
  }

  start(): void {
    this.#lag.start();
  }

  stop(): void {
    this.#lag.stop();
    this.#unsubscribe();
  }

  /** What another part counts. */
  add(metrics: () => readonly Metric[]): void {
    this.#more.push(metrics);
  }

  async text(): Promise<string> {
    const { manager, backlog } = this.#options;
    const { engine, lake } = manager.services;
    return metricsText([
      ...this.#ofRuns(),
      ...this.#ofQueue(engine.load()),
      ...this.#ofLake(),
      gauge("lakebook_disk_free_bytes", "What a user may still write where the lake is.", [
        { value: await freeBytes(lake.folder) },
      ]),
      ...this.#ofSchedules(backlog()),
      gauge(
        "lakebook_event_loop_lag_seconds",
        "How late the process comes to what is due, in the last minute.",
        [
          { labels: { quantile: "0.99" }, value: this.#lag.p99 },
          { labels: { quantile: "1" }, value: this.#lag.worst },
        ],
      ),
      gauge("lakebook_memory_bytes", "Memory of the server itself, without its workers.", [
        { value: process.memoryUsage.rss() },
      ]),
      gauge("lakebook_start_time_seconds", "When the process started, in seconds since 1970.", [
        { value: Math.round(Date.now() / 1000 - process.uptime()) },
      ]),
      ...this.#more.flatMap((metrics) => metrics()),
    ]);
  }

  #count(run: RunView): void {
    const { mode, outcome, trigger, cells, published } = run;
    this.#runs.add({ mode, outcome, trigger: trigger?.kind ?? "hand" });
    const attempt = run.attempts.at(-1);
    if (attempt?.finishedAt !== undefined)
      this.#durations.add(Math.max(0, Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt)) / 1000);
    for (const cell of cells) {
      this.#cells.add({ outcome: cell.outcome });
      if (cell.outcome === "succeeded") this.#computedRows += cell.rows ?? 0;
    }
    for (const { rows, isChanged } of published) if (isChanged) this.#publishedRows += rows;
  }

  #ofRuns(): Metric[] {
    return [
      counter("lakebook_runs_total", "Runs that ended.", this.#runs.samples()),
      {
        name: "lakebook_run_duration_seconds",
        help: "How long runs took, waiting for others included.",
        type: "histogram",
        samples: this.#durations.samples(),
      },
      counter("lakebook_cells_total", "Cells of runs that ended.", this.#cells.samples()),
      counter("lakebook_computed_rows_total", "Rows that cells have computed.", [
        { value: this.#computedRows },
      ]),
      counter("lakebook_published_rows_total", "Rows of datasets that were published and are new.", [
        { value: this.#publishedRows },
      ]),
    ];
  }

  #ofQueue({ workers, busy, waiting }: EngineLoad): Metric[] {
    const active = this.#options.manager.activeRuns();
    const cells = active.flatMap((run) => run.cells);
    const ofStatus = (status: "queued" | "running"): Sample => ({
      labels: { status },
      value: cells.filter((cell) => cell.status === status).length,
    });
    return [
      gauge("lakebook_active_runs", "Runs that go on or wait for their turn.", [{ value: active.length }]),
      gauge("lakebook_active_cells", "Cells of those.", [ofStatus("queued"), ofStatus("running")]),
      gauge("lakebook_workers", "Processes that compute.", [
        { labels: { state: "busy" }, value: busy },
        { labels: { state: "idle" }, value: Math.max(0, workers - busy) },
      ]),
      gauge("lakebook_waiting_tasks", "Queries that wait for a worker.", [{ value: waiting }]),
    ];
  }

  #ofLake(): Metric[] {
    const { versionBytes, inputBytes, versions, published } = this.#lake.measure();
    return [
      gauge(
        "lakebook_lake_bytes",
        "Versions of datasets (what they share is counted in each), pinned input.",
        [
          { labels: { part: "versions" }, value: versionBytes },
          { labels: { part: "inputs" }, value: inputBytes },
        ],
      ),
      gauge("lakebook_lake_versions", "Versions of datasets that are stored.", [{ value: versions }]),
      gauge(
        "lakebook_last_publication_time_seconds",
        "When a notebook published last, in seconds since 1970.",
        [...published].map(([notebook, value]) => ({ labels: { notebook }, value })),
      ),
    ];
  }

  #ofSchedules({ active, paused, waiting, oldestAt }: Backlog): Metric[] {
    const age = oldestAt === undefined ? 0 : (this.#options.clock.now() - oldestAt) / 1000;
    return [
      gauge("lakebook_schedules", "Notebooks that have a schedule.", [
        { labels: { state: "active" }, value: active },
        { labels: { state: "paused" }, value: paused },
      ]),
      gauge("lakebook_schedule_waiting", "Dates that were due and have not begun.", [{ value: waiting }]),
      gauge(
        "lakebook_schedule_oldest_missed_seconds",
        "Since when the oldest date is due that did not begin, of schedules that are not paused; 0: there is none.",
        [{ value: Math.max(0, age) }],
      ),
    ];
  }
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "counter", samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "gauge", samples };
}

/** NaN where nobody can tell. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return NaN;
  }
}

/** One count for each of some labels; those that are known begin with 0, so that the first one is seen as a change. */
class Counts {
  readonly #counts = new Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>();

  constructor(known: readonly Readonly<Record<string, string>>[]) {
    for (const labels of known) this.#counts.set(JSON.stringify(labels), { labels, value: 0 });
  }

  add(labels: Readonly<Record<string, string>>): void {
    const key = JSON.stringify(labels);
    const count = this.#counts.get(key) ?? { labels, value: 0 };
    count.value++;
    this.#counts.set(key, count);
  }

  samples(): Sample[] {
    return [...this.#counts.values()];
  }
}
