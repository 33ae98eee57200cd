import { KEPT_DATES } from "../../lake/vacuum.js";
import type { VacuumReport } from "../../api/protocol.js";
import { vacuumLake } from "../../runs/vacuum-lake.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatBytes, formatCount } from "../../text/format.js";
import { workOnLake } from "../lake-writer.js";
import { callServer } from "../run-client.js";
import { noWaitOption, turnOf } from "../take-turn.js";

export const vacuum = defineCommand({
  summary:
    "free disk space: remove drafts and old run dates that nothing needs; without --yes it only says which",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    yes: { type: "boolean", help: "remove them" },
    ...noWaitOption,
    keep: {
      type: "string",
      value: "N",
      help: `run dates kept of each notebook; default: ${String(KEPT_DATES)}`,
    },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ values, console, signal }) {
    const keepDates = parseWholeNumber(values.keep ?? String(KEPT_DATES), "keep", 1, 100_000);
    const request = { dryRun: values.yes !== true, keepDates };
    const report = await workOnLake<VacuumReport>({
      workspace: values.workspace ?? ".",
      turn: turnOf(values, console, signal),
      audit: { what: "vacuum", keep: keepDates },
      mode: request.dryRun ? "read" : "write",
      // It knows what its runs need.
      byServer: (server) =>
        callServer(server, "POST /api/lake/vacuum", { body: { dryRun: request.dryRun, keep: keepDates } }),
      here: async (lake) => {
        const report = await vacuumLake(lake, request);
        return { ...report, plannedAt: report.plannedAt.toISOString() };
      },
    });
    for (const problem of report.problems) console.err(`${problem}\n`);
    if (values.json === true) {
      console.out(`${JSON.stringify(report, null, 2)}\n`);
      return 0;
    }
    for (const { notebook, runDate } of report.publications) console.out(`${notebook}  ${runDate}\n`);
    for (const item of report.versions)
      console.out(`${item.dataset}  ${item.version}  ${formatBytes(item.bytes)}\n`);
    const words = `${formatCount(report.publications.length, "publication")}, ${formatCount(report.versions.length, "version")} and ${formatCount(report.inputs.length, "input file")}, ${formatBytes(report.bytes)}`;
    console.out(report.isDone ? `Removed ${words}.\n` : `Would remove ${words}. Do it with --yes.\n`);
    return 0;
  },
});
