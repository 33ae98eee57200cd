import { toRunView } from "../../runs/run-record.js";
import { readRuns } from "../../runs/run-store.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatDuration } from "../../text/format.js";
import { formatTable } from "../format.js";
import { openLakeSession, requireLake } from "../session.js";

export const runs = defineCommand({
  summary: "list runs and their attempts, the newest first",
  arguments: "[<notebook>]",
  positionals: { min: 0, max: 1 },
  options: {
    limit: { type: "string", value: "N", help: "runs at most; default: 20" },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console }) {
    const limit = parseWholeNumber(values.limit ?? "20", "limit", 1, 10_000);
    const notebook = positionals[0] === undefined ? undefined : toNotebookName(positionals[0]);
    const session = await openLakeSession({ workspace: values.workspace ?? "." });
    try {
      const isWanted = (run: { readonly notebook: string }): boolean =>
        notebook === undefined || run.notebook === notebook;
      const found = await readRuns(requireLake(session), limit, isWanted);
      if (values.json === true) {
        console.out(`${JSON.stringify({ runs: found.map(toRunView) }, null, 2)}\n`);
      } else {
        const rows = found.map((run) => [
          run.id,
          run.notebook,
          run.mode,
          run.date,
          run.isRunning ? "running" : run.outcome.replaceAll("_", " "),
          run.attempts.length,
          duration(run.attempts.at(-1)),
          run.cells.filter((cell) => cell.outcome === "reused").length,
          run.cells.length,
        ]);
        console.out(
          `${formatTable(["run", "notebook", "", "date", "outcome", "attempts", "time", "reused", "cells"], rows)}\n`,
        );
      }
      return 0;
    } finally {
      await session.close();
    }
  },
});

function duration(
  attempt: { readonly startedAt: string; readonly finishedAt?: string | undefined } | undefined,
): string {
  if (attempt?.finishedAt === undefined) return "";
  return formatDuration(Date.parse(attempt.finishedAt) - Date.parse(attempt.startedAt));
}
