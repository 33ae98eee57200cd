import { AppError } from "../../base/errors.js";
import { readPage } from "../../rows/result-pages.js";
import { useFailingRows } from "../../rows/stored-rows.js";
import { isRunId, readRun, readRuns, RunStore } from "../../runs/run-store.js";
import { toRunView, type CheckRecord, type RunRecord } from "../../runs/run-record.js";
import { formatCount, formatDuration } from "../../text/format.js";
import { suggest } from "../../text/suggest.js";
import { listNotebooks, toNotebookName } from "../../workspace/notebook-files.js";
import { parseWholeNumber, type Values } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { escapeControls, formatTable } from "../format.js";
import { openLakeSession, openReadSession, requireLake, type LakeSession } from "../session.js";

const options = {
  check: { type: "string", value: "NAME", help: "of a run: the rows that failed this check in it" },
  limit: { type: "string", value: "N", help: "runs, or failing rows, at most; default: 20" },
  ...jsonOption,
  ...workspaceOption,
} as const;

export const runs = defineCommand({
  summary: "list runs, the newest first; show one, or the rows that failed a check in it",
  arguments: "[<notebook> | <run> [--check NAME]]",
  positionals: { min: 0, max: 1 },
  options,
  async run({ positionals, values, console }) {
    const limit = parseWholeNumber(values.limit ?? "20", "limit", 1, 10_000);
    const wanted = positionals[0];
    if (wanted !== undefined && isRunId(wanted)) {
      await (values.check === undefined
        ? showRun(wanted, values, console)
        : showFailingRows({ id: wanted, check: values.check, limit }, values, console));
      return 0;
    }
    if (values.check !== undefined)
      throw new AppError("usage", "--check needs a run.", {
        hint: `List the runs with: lakebook runs${wanted === undefined ? "" : ` ${wanted}`}`,
      });
    await listRuns(wanted === undefined ? undefined : toNotebookName(wanted), limit, values, console);
    return 0;
  },
});

type Chosen = Values<typeof options>;

async function listRuns(
  notebook: string | undefined,
  limit: number,
  values: Chosen,
  console: Console,
): Promise<void> {
  const session = await openLakeSession({ workspace: values.workspace ?? "." });
  try {
    if (notebook !== undefined) await requireNotebook(session, notebook);
    const isWanted = (run: { readonly notebook: string }): boolean =>
      notebook === undefined || run.notebook === notebook;
    const found = await readRuns(requireLake(session), limit, isWanted);
    if (values.json === true) {
      console.out(`${JSON.stringify({ runs: found.map(toRunView) }, null, 2)}\n`);
      return;
    }
    const rows = found.map((run) => [
      run.id,
      run.notebook,
      run.mode,
      run.date,
      outcomeOf(run),
      run.attempts.length,
      duration(run.attempts.at(-1)),
      run.cells.filter((cell) => cell.outcome === "reused").length,
      run.cells.length,
    ]);
    console.out(
      `${formatTable(["run", "notebook", "", "date", "outcome", "attempts", "time", "reused", "cells"], rows)}\n`,
    );
  } finally {
    await session.close();
  }
}

/** One that is in the folder, or was when something of it ran. */
async function requireNotebook({ workspace, lake }: LakeSession, name: string): Promise<void> {
  const ran = lake === undefined ? [] : await new RunStore(lake.paths.runs).summaries();
  const known = new Set([...(await listNotebooks(workspace)), ...ran.map(({ notebook }) => notebook)]);
  if (known.has(name)) return;
  const near = suggest(name, known);
  throw new AppError("not-found", `"${name}" is neither a notebook nor a run.`, {
    hint: near === undefined ? "List all runs with: lakebook runs" : `Did you mean "${near}"?`,
  });
}

async function showRun(id: string, values: Chosen, console: Console): Promise<void> {
  const session = await openLakeSession({ workspace: values.workspace ?? "." });
  try {
    const run = await readRun(requireLake(session), id);
    if (values.json === true) {
      console.out(`${JSON.stringify(toRunView(run), null, 2)}\n`);
      return;
    }
    const cells = run.cells.map((cell) => [
      cell.name,
      cell.status === "idle" ? cell.outcome : cell.status,
      cell.rows ?? "",
      cell.durationMs === undefined ? "" : formatDuration(cell.durationMs),
      cell.error?.message ?? cell.reason ?? "",
    ]);
    console.out(`${run.mode} of ${run.notebook} for ${run.date}: ${outcomeOf(run)}\n\n`);
    console.out(`${formatTable(["cell", "outcome", "rows", "time", "why"], cells)}\n`);
    const checks = run.checks.filter(({ outcome }) => outcome !== "pass");
    if (checks.length === 0) return;
    const found = checks.map(({ name, outcome, message }) => [name, outcome, message]);
    console.out(`\n${formatTable(["check", "outcome", "found"], found)}\n`);
    const kept = checks.find(({ file }) => file !== undefined);
    if (kept !== undefined)
      console.err(`The rows that failed: lakebook runs ${id} --check ${escapeControls(kept.name)}\n`);
  } finally {
    await session.close();
  }
}

async function showFailingRows(
  asked: { readonly id: string; readonly check: string; readonly limit: number },
  values: Chosen,
  console: Console,
): Promise<void> {
  const session = await openReadSession({ workspace: values.workspace ?? "." });
  try {
    const { engine } = session;
    const lake = requireLake(session);
    const check = findCheck(await readRun(lake, asked.id), asked.check);
    const wanted = { offset: 0, limit: asked.limit, sort: [], filter: [] };
    const page = await useFailingRows({ lake, engine }, check, (rows) => readPage({ engine }, rows, wanted));
    if (values.json === true) {
      const { name, cell, outcome, failures, message } = check;
      const told = { run: asked.id, check: { name, cell, outcome, failures, message } };
      console.out(`${JSON.stringify({ ...told, ...page }, null, 2)}\n`);
      return;
    }
    console.err(`${check.name}: ${escapeControls(check.message)}\n`);
    if (check.file === undefined) {
      console.err("No rows were kept of it.\n");
      return;
    }
    const header = page.columns.map(({ name }) => escapeControls(name));
    console.out(`${formatTable(header, page.rows)}\n`);
    if (page.totalRows > page.rows.length)
      console.err(
        `Only the first ${formatCount(page.rows.length, "row")} of ${formatCount(page.totalRows, "row")} are shown; --limit N shows more.\n`,
      );
  } finally {
    await session.close();
  }
}

/** By its name, or without the cell's name before it where only one check is called so. */
function findCheck(run: RunRecord, name: string): CheckRecord {
  const short = run.checks.filter(
    (check) => check.cell !== undefined && check.name === `${check.cell}.${name}`,
  );
  const found =
    run.checks.find((check) => check.name === name) ?? (short.length === 1 ? short[0] : undefined);
  if (found !== undefined) return found;
  const names = run.checks.map((check) => check.name);
  const near = suggest(name, names);
  throw new AppError("not-found", `Run ${run.id} has no check "${name}".`, {
    hint:
      near !== undefined
        ? `Did you mean "${near}"?`
        : names.length === 0
          ? "It has no checks."
          : `Its checks: ${names.join(", ")}.`,
  });
}

function outcomeOf(run: RunRecord): string {
  return run.isRunning ? "running" : run.outcome.replaceAll("_", " ");
}

function duration(
  attempt: { readonly startedAt: string; readonly finishedAt?: string | undefined } | undefined,
): string {
  if (attempt?.finishedAt === undefined) return "";
  return formatDuration(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt));
}
