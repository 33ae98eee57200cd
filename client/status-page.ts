import type {
  LakeView,
  NotebookSummary,
  PublishedListing,
  RunList,
  RunView,
} from "../server/api/protocol.js";

/** What the server has, as one page to look at; it changes nothing. All text of others is set as text, never as HTML. */
interface State {
  readonly notebooks: readonly NotebookSummary[];
  readonly runs: readonly RunView[];
  readonly datasets: readonly PublishedListing[];
}

const IDLE_MS = 10_000;
const RUNNING_MS = 1_500;

/** Shows the state and keeps it fresh for as long as somebody looks. */
export function openStatusPage(page: Document): void {
  let shown = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  const update = async (): Promise<void> => {
    clearTimeout(timer);
    const state = await loadState();
    const text = JSON.stringify(state);
    if (text !== shown) show(page, state);
    shown = text;
    const isRunning = typeof state !== "string" && state.runs.some((run) => run.isRunning);
    if (!page.hidden) timer = setTimeout(() => void update(), isRunning ? RUNNING_MS : IDLE_MS);
  };
  page.addEventListener("visibilitychange", () => {
    if (!page.hidden) void update();
  });
  void update();
}

/** A text says why there is nothing to show. */
async function loadState(): Promise<State | string> {
  try {
    const [notebooks, { runs }, { datasets }] = await Promise.all([
      load<readonly NotebookSummary[]>("/api/notebooks"),
      load<RunList>("/api/runs?limit=20"),
      load<LakeView>("/api/lake"),
    ]);
    return { notebooks, runs, datasets: datasets.filter((dataset) => dataset.isLatest) };
  } catch (error) {
    if (error instanceof Refused && error.status === 401)
      return "You are not logged in. Open the address that the server printed in its terminal.";
    if (error instanceof Refused) return `The server answered ${String(error.status)}.`;
    if (error instanceof TypeError) return "The server cannot be reached.";
    throw error;
  }
}

class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${String(status)}`);
    this.status = status;
  }
}

async function load<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Refused(response.status);
  return (await response.json()) as T;
}

function show(page: Document, state: State | string): void {
  const status = page.querySelector("#status");
  const running = typeof state === "string" ? 0 : state.runs.filter((run) => run.isRunning).length;
  const activity = running === 0 ? "The server is running." : `${count(running, "run")} in progress.`;
  if (status !== null) status.textContent = typeof state === "string" ? state : activity;
  const { notebooks, runs, datasets } = typeof state === "string" ? nothing : state;
  const isEmpty = typeof state === "string";
  fill(page, "#notebooks", isEmpty ? [] : notebookSection(notebooks));
  fill(page, "#runs", isEmpty ? [] : runSection(runs));
  fill(page, "#datasets", isEmpty ? [] : datasetSection(datasets));
}

const nothing: State = { notebooks: [], runs: [], datasets: [] };

function fill(page: Document, selector: string, children: readonly Node[]): void {
  page.querySelector(selector)?.replaceChildren(...children);
}

function notebookSection(notebooks: readonly NotebookSummary[]): Node[] {
  const rows = notebooks.map((notebook) => [
    named(notebook.title, notebook.name),
    problems(notebook),
    element("td", "number optional", count(notebook.cells, "cell")),
    element("td", "number optional", count(notebook.datasets.length, "dataset")),
  ]);
  return section("Notebooks", rows, "There is no notebook yet. Put a Markdown file into notebooks/.");
}

function problems({ errors, warnings }: NotebookSummary): HTMLElement {
  if (errors > 0) return element("td", "bad", count(errors, "error"));
  if (warnings > 0) return element("td", "warned", count(warnings, "warning"));
  return element("td", "quiet", "no problems");
}

function runSection(runs: readonly RunView[]): Node[] {
  const rows = runs.map((run) => {
    const reused = run.cells.filter((cell) => cell.outcome === "reused").length;
    const verb = run.mode === "materialize" ? "materialized" : "run";
    return [
      named(run.notebook, `${verb} for ${run.date}`),
      outcome(run),
      element("td", "number optional", `${String(reused)} of ${count(run.cells.length, "cell")} reused`),
      time(run.attempts.at(-1)?.startedAt ?? run.createdAt),
    ];
  });
  return section("Last runs", rows, "Nothing has run yet. Try: npx lakebook run <notebook>");
}

const outcomeClasses: Readonly<Record<string, string>> = {
  succeeded: "good",
  succeeded_with_warnings: "warned",
  failed: "bad",
  cancelled: "quiet",
  interrupted: "bad",
};

function outcome(run: RunView): HTMLElement {
  if (run.isRunning) {
    const done = run.cells.filter((cell) => cell.outcome !== "none").length;
    return element("td", "busy", `running, ${String(done)} of ${count(run.cells.length, "cell")}`);
  }
  return element("td", outcomeClasses[run.outcome] ?? "quiet", run.outcome.replaceAll("_", " "));
}

function datasetSection(datasets: readonly PublishedListing[]): Node[] {
  const rows = datasets.map((dataset) => [
    named(dataset.dataset, dataset.path),
    dataset.problem === undefined
      ? element("td", "number", count(dataset.rows, "row"))
      : element("td", "bad", dataset.problem),
    element("td", "number optional", bytes(dataset.bytes)),
    element("td", "number", dataset.runDate),
  ]);
  return section(
    "Published datasets",
    rows,
    "Nothing is published yet. Try: npx lakebook materialize <notebook>",
  );
}

function section(title: string, rows: readonly (readonly Node[])[], empty: string): Node[] {
  const heading = element("h2", "", title);
  if (rows.length === 0) return [heading, element("p", "quiet", empty)];
  const body = document.createElement("tbody");
  for (const cells of rows) {
    const row = document.createElement("tr");
    row.append(...cells);
    body.append(row);
  }
  const table = document.createElement("table");
  table.append(body);
  return [heading, table];
}

/** What people call it, and below what programs call it. */
function named(title: string, name: string): HTMLElement {
  const cell = element("th", "", title);
  cell.setAttribute("scope", "row");
  if (name !== title) cell.append(element("span", "name", name));
  return cell;
}

function time(iso: string): HTMLElement {
  const cell = element("td", "number", "");
  const moment = document.createElement("time");
  moment.dateTime = iso;
  const date = new Date(iso);
  moment.textContent = Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  cell.append(moment);
  return cell;
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

const numbers = new Intl.NumberFormat("en", { useGrouping: true });

function count(value: number, noun: string): string {
  return `${numbers.format(value)} ${noun}${value === 1 ? "" : "s"}`;
}

const sizes = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

function bytes(value: number): string {
  const step = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const unit = sizes[step] ?? "byte";
  const format = { style: "unit", unit, unitDisplay: "short", maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat("en", format).format(value / 1000 ** step);
}
