import { KEPT_DATES } from "../../lake/vacuum.js";
import { Lake } from "../../lake/lake.js";
import type { VacuumReport } from "../../api/protocol.js";
import { vacuumLake, type VacuumRequest } from "../../runs/vacuum-lake.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatBytes, formatCount } from "../../text/format.js";
import { callServer, findServer } from "../run-client.js";
import { stderrLogger } from "../session.js";
import { noWaitOption, takeTurn, turnOf } from "../take-turn.js";

export const vacuum = defineCommand({
  summary: "remove versions that nothing names; without --yes it only says which",
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
    const report = await takeTurn(
      () => vacuumWorkspace(values.workspace ?? ".", request),
      turnOf(values, console, signal),
    );
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

/** By the server that holds the lake, which knows what its runs need; without one in this process. */
async function vacuumWorkspace(folder: string, { dryRun, keepDates }: VacuumRequest): Promise<VacuumReport> {
  const workspace = await openWorkspace(folder);
  const server = await findServer(workspace.state);
  if (server !== undefined)
    return callServer(server, "POST /api/lake/vacuum", { body: { dryRun, keep: keepDates } });
  const lake = await Lake.open(workspace.lake, { mode: dryRun ? "read" : "write", logger: stderrLogger });
  try {
    const report = await vacuumLake(lake, { dryRun, keepDates });
    return { ...report, plannedAt: report.plannedAt.toISOString() };
  } finally {
    await lake.close();
  }
}
