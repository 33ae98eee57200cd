import { AppError } from "../../base/errors.js";
import { backfillModes, type BackfillDate, type BackfillMode } from "../../operate/backfills.js";
import { ScheduleStore } from "../../operate/schedules/schedule-state.js";
import { pauseSchedule, readSchedules } from "../../operate/schedules/stored-schedules.js";
import { RunStore } from "../../runs/run-store.js";
import { lastRuns, type ScheduleView } from "../../operate/schedules/schedule-view.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import type { ExitCode } from "../exit-code.js";
import { escapeControls, formatTable } from "../format.js";
import { workOnLake } from "../lake-writer.js";
import { callServer, findServer, openRunClient } from "../run-client.js";
import { openLakeSession, stderrLogger } from "../session.js";
import { noWaitOption, turnOf } from "../take-turn.js";
import { withClient } from "./run.js";

export const schedule = defineCommand({
  summary: "when notebooks run by themselves: next times, last run, what was missed",
  arguments: "[<notebook>]",
  positionals: { min: 0, max: 1 },
  options: {
    pause: { type: "boolean", help: "begin nothing until it is resumed" },
    resume: {
      type: "boolean",
      help: "go on; which missed dates are run is said by catch_up in the schedule",
    },
    "run-now": { type: "boolean", help: "begin the date that waits, or today's, at once" },
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  async run(input): Promise<ExitCode> {
    const { positionals, values, console, signal } = input;
    const { pause = false, resume = false, "run-now": runNow = false } = values;
    const asked = [pause, resume, runNow].filter(Boolean).length;
    const notebook = positionals[0] === undefined ? undefined : toNotebookName(positionals[0]);
    if (asked > 1 || (asked === 1 && notebook === undefined))
      throw new AppError("usage", "--pause, --resume and --run-now are for one notebook, one at a time.", {
        hint: "For example: lakebook schedule <notebook> --pause",
      });
    const workspace = values.workspace ?? ".";
    if (runNow && notebook !== undefined) return withClient(input, (client) => client.runScheduled(notebook));
    if (notebook !== undefined && asked === 1) {
      const turn = turnOf(values, console, signal);
      const view = await setPaused({ workspace, notebook, isPaused: pause, turn });
      if (values.json === true) console.out(`${JSON.stringify(view, null, 2)}\n`);
      else console.out(`The schedule of ${notebook} ${pause ? "is paused" : "goes on"}.\n`);
      return 0;
    }
    const schedules = await listSchedules(workspace, notebook);
    if (values.json === true)
      console.out(`${JSON.stringify(notebook === undefined ? { schedules } : schedules[0], null, 2)}\n`);
    else printSchedules(console, schedules);
    return 0;
  },
});

export const backfill = defineCommand({
  summary: "run the schedule's dates of a range, in order, each with a run of its own",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: {
    from: { type: "string", value: "YYYY-MM-DD", help: "first run date" },
    to: { type: "string", value: "YYYY-MM-DD", help: "last run date" },
    mode: {
      type: "string",
      value: backfillModes.join("|"),
      help: "missing: never run (default); failed: these, and those that failed; all",
    },
    "dry-run": { type: "boolean", help: "list the dates" },
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }): Promise<ExitCode> {
    const { from, to, mode = "missing" } = values;
    if (from === undefined || to === undefined)
      throw new AppError("usage", "A backfill needs --from and --to.", {
        hint: "For example: --from 2026-01-01 --to 2026-06-30",
      });
    if (!isMode(mode))
      throw new AppError("usage", `"--mode ${mode}" is none of ${backfillModes.join(", ")}.`);
    const request = { notebook: toNotebookName(positionals[0] ?? ""), from, to, mode };
    const client = await openRunClient({
      workspace: values.workspace ?? ".",
      signal,
      turn: turnOf(values, console, signal),
      onEvent: (event) => {
        if (event.type === "run-started" && values.json !== true) console.err(`${event.run.date} ...\n`);
      },
    });
    try {
      const isPlan = values["dry-run"] === true;
      const done = isPlan ? { dates: await client.planBackfill(request) } : await client.backfill(request);
      if (values.json === true) console.out(`${JSON.stringify(done, null, 2)}\n`);
      else printDates(console, done.dates, isPlan);
      return "state" in done && done.state !== "succeeded" ? 1 : 0;
    } finally {
      await client.close();
    }
  },
});

function isMode(text: string): text is BackfillMode {
  return backfillModes.some((mode) => mode === text);
}

async function listSchedules(folder: string, notebook: string | undefined): Promise<readonly ScheduleView[]> {
  const workspace = await openWorkspace(folder);
  const server = await findServer(workspace.state);
  if (server !== undefined) {
    if (notebook === undefined) return (await callServer(server, "GET /api/schedules", {})).schedules;
    return [await callServer(server, "GET /api/notebooks/{name}/schedule", { params: { name: notebook } })];
  }
  const session = await openLakeSession({ workspace: folder });
  try {
    const { lake } = session;
    const last = lastRuns(lake === undefined ? [] : await new RunStore(lake.paths.runs).recent());
    const store = new ScheduleStore(workspace.state, stderrLogger);
    return await readSchedules(workspace, store, Date.now(), { only: notebook, last });
  } finally {
    await session.close();
  }
}

interface PauseRequest {
  readonly workspace: string;
  readonly notebook: string;
  readonly isPaused: boolean;
  readonly turn: ReturnType<typeof turnOf>;
}

function setPaused({ workspace: folder, notebook, isPaused, turn }: PauseRequest): Promise<ScheduleView> {
  return workOnLake<ScheduleView>({
    workspace: folder,
    turn,
    audit: { what: isPaused ? "pause schedule" : "resume schedule", notebook },
    byServer: (server) => {
      const sent = { params: { name: notebook }, body: {} };
      return isPaused
        ? callServer(server, "POST /api/notebooks/{name}/schedule/pause", sent)
        : callServer(server, "POST /api/notebooks/{name}/schedule/resume", sent);
    },
    here: async () => {
      const workspace = await openWorkspace(folder);
      const store = new ScheduleStore(workspace.state, stderrLogger);
      return pauseSchedule(workspace, store, { notebook, isPaused, now: Date.now() });
    },
  });
}

function printSchedules(console: Console, schedules: readonly ScheduleView[]): void {
  if (schedules.length === 0) {
    console.out('No notebook has a schedule. Write one in its front matter: schedule: {cron: "0 6 1 * *"}\n');
    return;
  }
  const rows = schedules.map(({ notebook, schedule, isPaused, next, running, waiting, lastRun, missed }) => [
    notebook,
    schedule.cron ?? (schedule.onInput === undefined ? "after others" : "on input"),
    schedule.timezone,
    isPaused
      ? "paused"
      : running !== null
        ? `running ${running.date}`
        : waiting[0] !== undefined
          ? `waits: ${waiting[0].reason ?? waiting[0].date}`
          : (next[0]?.at ?? ""),
    lastRun === null ? "" : `${lastRun.date} ${lastRun.isRunning ? "is running" : lastRun.outcome}`,
    missed.length === 0 ? "" : String(missed.length),
  ]);
  console.out(`${formatTable(["notebook", "schedule", "time zone", "next", "last", "missed"], rows)}\n`);
  const [only] = schedules;
  if (schedules.length > 1 || only === undefined) return;
  const list = (title: string, fires: readonly { readonly at: string; readonly date: string }[]): void => {
    if (fires.length === 0) return;
    console.out(`\n${title}\n${fires.map(({ at, date }) => `  ${date}  at ${at}`).join("\n")}\n`);
  };
  list("Next", only.next);
  list("Missed", only.missed);
}

function printDates(console: Console, dates: readonly BackfillDate[], isPlan: boolean): void {
  const rows = dates.map(({ date, state, run, reason }) => [
    date,
    isPlan && state === "waiting" ? "run" : state,
    run ?? "",
    escapeControls(reason),
  ]);
  console.out(`${formatTable(["date", isPlan ? "would" : "state", "run", "why"], rows)}\n`);
}
