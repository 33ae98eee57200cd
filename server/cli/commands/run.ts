import { AppError } from "../../base/errors.js";
import type { ForecastCell } from "../../runs/forecast-run.js";
import type { AttemptOptions } from "../../runs/run-manager.js";
import type { RunRequest } from "../../runs/run-request.js";
import type { RunMode } from "../../runs/plan.js";
import type { RunView } from "../../runs/run-record.js";
import { today } from "../../runs/interval.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { parsePairs, type Options, type Values } from "../arguments.js";
import { defineCommand, jsonOption, sparkOptions, workspaceOption, type CommandInput } from "../command.js";
import type { Console } from "../console.js";
import { exitCodeOfRun, type ExitCode } from "../exit-code.js";
import { describeIncrement, describeWritten } from "../../text/describe-increment.js";
import { describeTouched } from "../../text/describe-touched.js";
import { formatCount } from "../../text/format.js";
import { escapeControls, formatTable } from "../format.js";
import { checkLines, checkSummary, createProgressView, removalLines, reshapedLines } from "../progress.js";
import { openRunClient, type RunClient } from "../run-client.js";
import { openReadSession } from "../session.js";
import { runTests } from "../../workbench/tests/run-tests.js";
import { testLines } from "../test-lines.js";
import { noWaitOption, turnOf } from "../take-turn.js";

const runOptions = {
  date: { type: "string", value: "YYYY-MM-DD", help: "run date; default: today" },
  param: {
    type: "string",
    multiple: true,
    value: "NAME=VALUE",
    help: "value of a parameter or a control; may be given several times",
  },
  cell: {
    type: "string",
    multiple: true,
    value: "NAME",
    help: "only this cell and what it reads; may be given several times",
  },
  force: { type: "boolean", help: "compute everything, reuse nothing" },
  ...sparkOptions,
  ...noWaitOption,
  ...jsonOption,
  ...workspaceOption,
} as const satisfies Options;

const alertsOption = {
  "no-alerts": { type: "boolean", help: "tell nobody how it ends" },
} as const satisfies Options;

const materializeOptions = {
  ...runOptions,
  ...alertsOption,
  input: {
    type: "string",
    value: "pinned|current",
    help: "of a date that was published before: the input that it was published from, or input/ as it is now",
  },
  cascade: { type: "boolean", help: "then run later dates again whose rows this changes" },
  test: { type: "boolean", help: "run the notebook's tests first, and nothing where one does not pass" },
  resume: { type: "boolean", help: "go on with the last run of that date: same input, same SQL" },
  "dry-run": { type: "boolean", help: "say what would be computed and reused" },
} as const satisfies Options;

export const run = defineCommand({
  summary: "run the cells of a notebook; nothing is published",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: runOptions,
  run: (input) => carryOut("run", input),
});

export const materialize = defineCommand({
  summary: "run a notebook's datasets and checks, then publish them",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: materializeOptions,
  run: (input) => carryOut("materialize", input),
});

export const retry = defineCommand({
  summary: "another attempt of a run: same input, same SQL, same run date",
  arguments: "<run>",
  positionals: { min: 1, max: 1 },
  options: {
    from: {
      type: "string",
      value: "CELL",
      help: "compute this cell and all that read it anew, also those that succeeded",
    },
    ...alertsOption,
    ...sparkOptions,
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  run: (input) => {
    const how = { ...attemptOf(input.values), from: input.values.from };
    return withClient(input, (client) => client.retry(input.positionals[0] ?? "", how));
  },
});

function attemptOf(values: { readonly "no-alerts"?: boolean | undefined }): AttemptOptions {
  return values["no-alerts"] === true ? { alerts: false } : {};
}

type RunValues = Values<typeof materializeOptions>;

async function carryOut(mode: RunMode, input: CommandInput<typeof materializeOptions>): Promise<ExitCode> {
  const request = toRequest(mode, input);
  if (input.values.test === true && !(await passesTests(request.notebook, input))) return 3;
  if (input.values["dry-run"] === true) return forecast(request, input);
  const begin = (client: RunClient): Promise<RunView> =>
    input.values.resume === true ? resume(client, request) : client.start(request);
  return withClient(input, begin, input.values.cascade === true ? request : undefined);
}

function toRequest(
  mode: RunMode,
  { positionals, values }: CommandInput<typeof materializeOptions>,
): RunRequest {
  const { input } = values;
  if (input !== undefined && input !== "pinned" && input !== "current")
    throw new AppError("usage", `"--input ${input}" is neither pinned nor current.`);
  return {
    notebook: toNotebookName(positionals[0] ?? ""),
    mode,
    date: values.date,
    parameters: parsePairs(values.param ?? []),
    cells: values.cell,
    force: values.force,
    input,
    ...attemptOf(values),
  };
}

/** Says what did not pass, where something did not. */
async function passesTests(notebook: string, { values, console, signal }: ClientInput): Promise<boolean> {
  const session = await openReadSession({ workspace: values.workspace ?? "." });
  try {
    const analyzed = await session.notebooks.analyze(await session.notebooks.read(notebook));
    const tests = await runTests(session, analyzed, undefined, signal);
    if (tests.failed === 0) return true;
    if (values.json === true) console.out(`${JSON.stringify({ ...tests, published: [] }, null, 2)}\n`);
    else console.out(`${testLines(notebook, tests)}Nothing was run.\n`);
    return false;
  } finally {
    await session.close();
  }
}

async function resume(client: RunClient, request: RunRequest): Promise<RunView> {
  const date = request.date ?? today();
  const found = await client.resumable(request.notebook, date);
  if (found !== undefined) return client.retry(found.id, { alerts: request.alerts });
  throw new AppError("usage", `There is no run of "${request.notebook}" for ${date} to resume.`, {
    hint: "Leave --resume out to start one.",
  });
}

export interface ClientInput {
  readonly values: Pick<RunValues, "json" | "workspace" | "no-wait" | "spark" | "spark-lake">;
  readonly console: Console;
  readonly signal: AbortSignal;
}

export async function withClient(
  { values, console, signal }: ClientInput,
  work: (client: RunClient) => Promise<RunView>,
  cascaded?: RunRequest,
): Promise<ExitCode> {
  const progress = createProgressView(console);
  const client = await openRunClient({
    workspace: values.workspace ?? ".",
    signal,
    spark: { url: values.spark, lake: values["spark-lake"] },
    warn: (sentence) => {
      console.err(`${sentence}\n`);
    },
    turn: turnOf(values, console, signal),
    onEvent: (event) => {
      progress.onEvent(event);
    },
  });
  try {
    const view = await work(client);
    const cascade = cascaded === undefined ? [] : await runRestated(client, cascaded, view);
    progress.close();
    if (values.json === true) {
      const shown = cascaded === undefined ? view : { ...view, cascade };
      console.out(`${JSON.stringify(shown, null, 2)}\n`);
    } else {
      for (const each of [view, ...cascade]) printSummary(console, each);
      if (cascaded === undefined) console.out(restatedLine(view));
    }
    return [view, ...cascade].map(exitCodeOfRun).find((code) => code !== 0) ?? 0;
  } finally {
    progress.close();
    const waiting = await client.close();
    if (waiting > 0)
      console.err(
        `${formatCount(waiting, "alert")} could not be sent yet; a server goes on: lakebook alerts\n`,
      );
  }
}

/** Each with its own delivery, in the order of the dates; one that fails ends it, as later ones would stand on it. */
async function runRestated(client: RunClient, request: RunRequest, view: RunView): Promise<RunView[]> {
  const done: RunView[] = [];
  for (const date of exitCodeOfRun(view) === 0 ? (view.restated ?? []) : []) {
    const next = await client.start({ ...request, date, input: "pinned", cells: undefined });
    done.push(next);
    if (exitCodeOfRun(next) !== 0) break;
  }
  return done;
}

function restatedLine({ restated = [], notebook, date }: RunView): string {
  if (restated.length === 0) return "";
  return `\n${restated.join(", ")} ${restated.length === 1 ? "is" : "are"} restated upstream: run again with  lakebook materialize ${notebook} --date ${date} --input pinned --cascade\n`;
}

function printSummary(console: Console, view: RunView): void {
  const reused = view.cells.filter((cell) => cell.outcome === "reused").length;
  const words = view.outcome.replaceAll("_", " ");
  console.out(
    `Run ${view.id} ${words}: ${formatCount(view.cells.length, "cell")}, ${String(reused)} reused. ${checkSummary(view.checks)}.\n`,
  );
  console.out(view.cells.map(incrementLine).join(""));
  console.out(checkLines(view.checks));
  if (view.error !== undefined)
    console.err(
      `${view.error.code}: ${view.error.message}${view.error.hint === undefined ? "" : `\n  ${view.error.hint}`}\n`,
    );
  console.out(
    view.removed.map(({ path, rows }) => `Removed ${path} (${formatCount(rows, "row")}).\n`).join(""),
  );
  console.out(reshapedLines(view.reshaped));
  if (view.mode === "materialize" && view.published.length === 0)
    console.out(`${view.note ?? "Nothing was published."}\n`);
  if (view.published.length === 0) return;
  const rows = view.published.map((item) => [
    item.dataset,
    item.rows,
    item.isChanged ? "published" : "unchanged",
    item.path,
  ]);
  console.out(`\n${formatTable(["dataset", "rows", "", "folder"], rows, 200)}\n`);
}

/** How a dataset that adds deliveries up differs from that of the run date before. */
function incrementLine({ name, incremental }: RunView["cells"][number]): string {
  if (incremental === undefined) return "";
  const words = [describeIncrement(incremental), describeWritten(incremental)].filter((part) => part !== "");
  return `  ${name}: ${escapeControls(words.join(". ").replaceAll("`", ""))}.\n`;
}

async function forecast(
  request: RunRequest,
  { values, console, signal }: CommandInput<typeof materializeOptions>,
): Promise<ExitCode> {
  const client = await openRunClient({
    workspace: values.workspace ?? ".",
    signal,
    spark: { url: values.spark, lake: values["spark-lake"] },
    warn: (sentence) => {
      console.err(`${sentence}\n`);
    },
    turn: turnOf(values, console, signal),
    onEvent: () => undefined,
  });
  try {
    const { run: view, cells, removed, reshaped } = await client.forecast(request);
    if (values.json === true) {
      const actions = new Map(cells.map((cell) => [cell.name, cell]));
      const planned = view.cells.map((cell) => ({
        ...cell,
        status: "idle",
        action: actions.get(cell.name)?.action,
        reason: actions.get(cell.name)?.reason,
        touched: actions.get(cell.name)?.touched,
      }));
      console.out(`${JSON.stringify({ ...view, cells: planned, ...(reshaped && { reshaped }) }, null, 2)}\n`);
    } else {
      console.out(
        `${forecastTable(cells)}\n${asideLines(cells)}${removalLines(view.date, removed)}${reshapedLines(reshaped)}Nothing was run.\n`,
      );
    }
    return 0;
  } finally {
    await client.close();
  }
}

/** Where rows go that a check keeps out of a dataset. */
function asideLines(cells: readonly ForecastCell[]): string {
  return cells
    .flatMap(({ name, putsAside = [] }) =>
      putsAside.length === 0
        ? []
        : [`Rows of ${name} that fail ${putsAside.join(" or ")} go to ${name}__quarantine.\n`],
    )
    .join("");
}

function forecastTable(cells: readonly ForecastCell[]): string {
  const touched = cells.some((cell) => cell.touched !== undefined) ? ["touched"] : [];
  const told = ({ touched: counts }: ForecastCell): string =>
    counts === undefined ? "" : describeTouched(counts);
  return formatTable(
    ["cell", "action", "reason", ...touched],
    cells.map((cell) => [cell.name, cell.action, cell.reason, ...touched.map(() => told(cell))]),
    100,
  );
}
