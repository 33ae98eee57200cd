import { planRollback, rollBack, type Rollback } from "../../lake/rollback.js";
import { formatCount } from "../../text/format.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { owner } from "../../people/person.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { formatTable } from "../format.js";
import { workOnLake } from "../lake-writer.js";
import { callServer } from "../run-client.js";
import { noWaitOption, turnOf } from "../take-turn.js";

export const rollback = defineCommand({
  summary: "publish an earlier publication of a notebook and date again",
  arguments: "<notebook> <date>",
  positionals: { min: 2, max: 2 },
  options: {
    to: {
      type: "string",
      value: "N",
      help: "number of the publication; default: the one before the current one",
    },
    "dry-run": { type: "boolean", help: "only say what would happen" },
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }) {
    const [notebook = "", date = ""] = positionals;
    const isDryRun = values["dry-run"] === true;
    const request = {
      notebook: toNotebookName(notebook),
      date,
      ...(values.to === undefined ? {} : { to: parseWholeNumber(values.to, "to", 1, 1_000_000_000) }),
    };
    const result = await workOnLake<Rollback>({
      workspace: values.workspace ?? ".",
      turn: turnOf(values, console, signal),
      audit: { what: "roll back", ...request },
      mode: isDryRun ? "read" : "write",
      byServer: (server) =>
        callServer(server, "POST /api/lake/rollback", { body: { ...request, dryRun: isDryRun } }),
      here: (lake) =>
        isDryRun ? planRollback(lake, request) : rollBack(lake, { ...request, by: owner.name }),
    });
    if (values.json === true) console.out(`${JSON.stringify(result, null, 2)}\n`);
    else print(console, result, isDryRun);
    return 0;
  },
});

function print(console: Console, result: Rollback, isDryRun: boolean): void {
  const { notebook, date, from, to, number, isNoop, published, removed } = result;
  if (isNoop) {
    console.out(`${notebook} shows publication ${String(to)} for ${date} already: nothing is done.\n`);
    return;
  }
  const verb = isDryRun ? "would show" : "shows";
  const before = from === null ? "" : ` instead of ${String(from)}`;
  console.out(
    `${notebook} ${verb} publication ${String(to)} for ${date} again${before}, as number ${String(number)}.\n`,
  );
  const rows = [
    ...published.map(({ dataset, path, rows, rowsBefore, isChanged }) => [
      dataset,
      isChanged ? (rowsBefore === null ? "back" : "replaced") : "the same",
      formatCount(rows, "row"),
      rowsBefore === null || !isChanged ? "" : `was ${formatCount(rowsBefore, "row")}`,
      path,
    ]),
    ...removed.map(({ dataset, path, rows }) => [
      dataset,
      "gone",
      "",
      `was ${formatCount(rows, "row")}`,
      path,
    ]),
  ];
  console.out(`\n${formatTable(["dataset", "", "rows", "before", "folder"], rows)}\n`);
}
