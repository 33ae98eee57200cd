import { planVacuum, vacuum as carryOut, type VacuumOptions } from "../../lake/vacuum.js";
import { Lake } from "../../lake/lake.js";
import { CheckStore } from "../../runs/check-store.js";
import { RunStore } from "../../runs/run-store.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatBytes, plural } from "../format.js";
import { stderrLogger } from "../session.js";

export const vacuum = defineCommand({
  summary: "remove versions that nothing names; without --yes it only says which",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    yes: { type: "boolean", help: "remove them" },
    keep: { type: "string", value: "N", help: "run dates kept of each notebook; default: 12" },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ values, console }) {
    const keepDates = parseWholeNumber(values.keep ?? "12", "keep", 1, 100_000);
    const workspace = await openWorkspace(values.workspace ?? ".");
    const lake = await Lake.open(workspace.lake, {
      mode: values.yes === true ? "write" : "read",
      logger: stderrLogger,
    });
    try {
      const plan = await planVacuum(lake, { keepDates, ...(await stillNeeded(lake)) });
      const { problems } = values.yes === true ? await carryOut(lake, plan) : { problems: [] };
      if (values.yes === true) await sweepChecks(lake);
      for (const problem of problems) console.err(`${problem}\n`);
      if (values.json === true) {
        console.out(`${JSON.stringify({ isDone: values.yes === true, ...plan }, null, 2)}\n`);
        return 0;
      }
      for (const { notebook, runDate } of plan.publications) console.out(`${notebook}  ${runDate}\n`);
      for (const item of plan.versions)
        console.out(`${item.dataset}  ${item.version}  ${formatBytes(item.bytes)}\n`);
      const words = `${plural(plan.publications.length, "publication")}, ${plural(plan.versions.length, "version")} and ${plural(plan.inputs.length, "input file")}, ${formatBytes(plan.bytes)}`;
      console.out(values.yes === true ? `Removed ${words}.\n` : `Would remove ${words}. Do it with --yes.\n`);
      return 0;
    } finally {
      await lake.close();
    }
  },
});

const KEPT_FINDINGS_DAYS = 30;

/** Failing rows that a run shows stay. */
async function sweepChecks({ paths }: Lake): Promise<void> {
  const runs = await new RunStore(paths.runs).list();
  const files = runs.flatMap((run) => run.checks.flatMap(({ file }) => file ?? []));
  const before = new Date(Date.now() - KEPT_FINDINGS_DAYS * 24 * 60 * 60 * 1000);
  await new CheckStore(paths.checks).sweep(before, new Set(files));
}

/** A run that did not succeed can still be resumed with its input, and reuses what it had computed. */
async function stillNeeded(lake: Lake): Promise<Pick<VacuumOptions, "pinned" | "pinnedInputs">> {
  const runs = (await new RunStore(lake.paths.runs).list()).filter(
    (run) => !run.outcome.startsWith("succeeded"),
  );
  return {
    pinned: runs.flatMap((run) =>
      run.cells.flatMap(({ name, version }) => (version === undefined ? [] : [{ dataset: name, version }])),
    ),
    pinnedInputs: runs.flatMap((run) => run.inputs.map((input) => input.sha256)),
  };
}
