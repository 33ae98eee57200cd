import type { Progress } from "../engine/engine.js";
import type { NotebookEvent } from "../runs/events.js";
import type { CellRecord, CheckRecord, RemovedDataset, ReshapedColumn, RunView } from "../runs/run-record.js";
import type { Console } from "./console.js";
import { formatCount, formatDuration, formatNumber } from "../text/format.js";
import { escapeControls, withHint } from "./format.js";

/** Shows a run while it goes on: a bar for each running cell in a terminal, otherwise a line for each event. */
export interface ProgressView {
  onEvent(event: NotebookEvent): void;
  close(): void;
}

export function createProgressView(console: Console): ProgressView {
  return console.isTerminal ? new LiveProgress(console) : new PlainProgress(console);
}

class PlainProgress implements ProgressView {
  readonly #console: Console;

  constructor(console: Console) {
    this.#console = console;
  }

  onEvent(event: NotebookEvent): void {
    if (event.type === "run-started") this.#console.err(runHead(event.run));
    if (event.type === "cell-started") this.#console.err(`  ${event.cell}: running\n`);
    if (event.type === "cell-finished") this.#console.err(`  ${finishedLine(event.cell)}\n`);
  }

  close(): void {
    // Every line is out already.
  }
}

interface RunningCell {
  readonly startedAt: number;
  readonly percent: number | undefined;
  readonly tasks?: Progress["tasks"];
}

const BAR_WIDTH = 24;

class LiveProgress implements ProgressView {
  readonly #console: Console;
  readonly #running = new Map<string, RunningCell>();
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;

  constructor(console: Console) {
    this.#console = console;
    this.#timer = setInterval(() => {
      this.#redraw("");
    }, 200);
    this.#timer.unref();
  }

  onEvent(event: NotebookEvent): void {
    switch (event.type) {
      case "run-started":
        this.#redraw(runHead(event.run));
        break;
      case "cell-started":
        this.#running.set(event.cell, { startedAt: Date.now(), percent: undefined });
        break;
      case "cell-progress": {
        const cell = this.#running.get(event.cell);
        const { percent, tasks } = event.progress;
        if (cell !== undefined)
          this.#running.set(event.cell, { ...cell, percent, ...(tasks !== undefined && { tasks }) });
        break;
      }
      case "cell-finished":
        this.#running.delete(event.cell.name);
        this.#redraw(`  ${finishedLine(event.cell)}\n`);
        break;
      default:
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#running.clear();
    this.#redraw("");
  }

  /** Writes `above` over the bars and draws them again below it. */
  #redraw(above: string): void {
    const bars = [...this.#running].map(([name, cell]) =>
      barLine(name, cell).slice(0, this.#console.columns - 1),
    );
    const clear = this.#drawn === 0 ? "" : `\u001b[${String(this.#drawn)}A\u001b[0J`;
    this.#drawn = bars.length;
    if (clear === "" && above === "" && bars.length === 0) return;
    this.#console.err(clear + above + bars.map((line) => `${line}\n`).join(""));
  }
}

function barLine(name: string, cell: RunningCell): string {
  const filled = Math.round(((cell.percent ?? 0) / 100) * BAR_WIDTH);
  const bar =
    cell.percent === undefined || cell.percent < 0
      ? "·".repeat(BAR_WIDTH)
      : "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `  ${bar} ${name}${tasksText(cell.tasks)}  ${formatDuration(Date.now() - cell.startedAt)}`;
}

function tasksText(tasks: Progress["tasks"]): string {
  if (tasks === undefined) return "";
  return ` on Spark: ${String(tasks.done)} of ${String(tasks.total)} tasks, ${String(tasks.running)} running`;
}

function runHead(run: RunView): string {
  return `${runTitle(run)}\n${removalLines(run.date, run.removing)}`;
}

/** What leaves a run date with the publication, and who reads it; a line each. */
export function removalLines(date: string, removed: readonly RemovedDataset[]): string {
  return removed
    .flatMap(({ path, rows, reason, readers, latestThen, instead }) => [
      `  ! leaves ${date}: ${path} (${formatCount(rows, "row")}) — ${reason}`,
      ...(instead === undefined ? [] : [`      what \`${instead}\` published for that date is shown again`]),
      ...(latestThen === undefined
        ? []
        : [`      latest/ then shows ${latestThen === null ? "none" : `that of ${latestThen}`}`]),
      ...readers.map(({ notebook, cell, as }) => `      read as ${as} by ${cell} in ${notebook}`),
    ])
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

/** What readers lose, or find with another type; a line each. */
export function reshapedLines(reshaped: readonly ReshapedColumn[] = []): string {
  return reshaped
    .flatMap(({ dataset, column, before, after, readers }) => [
      `  ! ${dataset}.${column} ${after === null ? `is lost (${before})` : `changes from ${before} to ${after}`}`,
      ...readers.map(({ notebook, cell, as }) => `      read as ${as} by ${cell} in ${notebook}`),
    ])
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

function runTitle(run: RunView): string {
  const verb = run.mode === "materialize" ? "Materializing" : "Running";
  const attempt = run.attempts.length > 1 ? `, attempt ${String(run.attempts.length)}` : "";
  return `${verb} ${run.notebook} for ${run.date} (run ${run.id}${attempt})`;
}

const SIGNS: Readonly<Record<CellRecord["outcome"], string>> = {
  none: " ",
  succeeded: "✓",
  reused: "=",
  failed: "✗",
  cancelled: "■",
  blocked: "–",
  skipped: "–",
};

/** `✓ orders: 600 rows in 0.4 s (input/orders.json changed)`. */
function finishedLine(cell: CellRecord): string {
  const rows = cell.rows === undefined ? "" : ` ${formatCount(cell.rows, "row")}`;
  const time =
    cell.durationMs === undefined || cell.outcome === "reused"
      ? ""
      : ` in ${formatDuration(cell.durationMs)}`;
  const words =
    cell.outcome === "succeeded"
      ? `${rows}${time}`
      : cell.outcome === "reused"
        ? `${rows === "" ? "" : `${rows},`} reused`
        : ` ${cell.outcome}`;
  const reason =
    cell.error === undefined ? cell.reason : `${place(cell)}${withHint(cell.error.message, cell.error.hint)}`;
  const notes = (cell.notes ?? []).map((note) => `\n      ${note}`).join("");
  return escapeLines(
    `${SIGNS[cell.outcome]} ${cell.name}:${words}${reason === undefined ? "" : ` — ${reason}`}${notes}`,
  );
}

function place(cell: CellRecord): string {
  return cell.error?.line === undefined
    ? ""
    : `line ${String(cell.error.line)}:${String(cell.error.column ?? 1)}: `;
}

function escapeLines(text: string): string {
  return text.split("\n").map(escapeControls).join("\n");
}

/** Only what did not pass is worth a line. */
export function checkLines(checks: readonly CheckRecord[]): string {
  return checks
    .filter((check) => check.outcome !== "pass")
    .map(
      (check) =>
        `      ${check.outcome === "warn" ? "! warning" : "✗ check"} ${check.name}: ${escapeControls(check.message)}\n`,
    )
    .join("");
}

export function checkSummary(checks: readonly CheckRecord[]): string {
  const passed = checks.filter((check) => check.outcome === "pass").length;
  const warned = checks.filter((check) => check.outcome === "warn").length;
  const failed = checks.length - passed - warned;
  const parts = [
    `${formatNumber(passed)} passed`,
    ...(warned > 0 ? [`${formatNumber(warned)} warned`] : []),
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
  ];
  return `Checks: ${parts.join(", ")}`;
}
