import { AppError } from "../../base/errors.js";
import { queryNotebook } from "../../workbench/ad-hoc-query.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { parsePairs, parseWholeNumber, type Options } from "../arguments.js";
import { defineCommand, workspaceOption } from "../command.js";
import { formatCsv } from "../csv.js";
import { formatCount } from "../../text/format.js";
import { formatTable } from "../format.js";
import { openReadSession } from "../session.js";

const options = {
  format: { type: "string", value: "table|csv|json", help: "default: table" },
  json: { type: "boolean", help: "the same as --format json" },
  notebook: {
    type: "string",
    value: "NAME",
    help: "the SQL may name this notebook's cells, as they were last run",
  },
  param: {
    type: "string",
    multiple: true,
    value: "NAME=VALUE",
    help: "value of a parameter or a control of the notebook",
  },
  limit: { type: "string", value: "N", help: "rows at most; default: 10000" },
  ...workspaceOption,
} as const satisfies Options;

const FORMATS = ["table", "csv", "json"];

export const query = defineCommand({
  summary: "query the lake, input files or the cells of a notebook",
  arguments: '"<sql>"',
  positionals: { min: 1, max: 1 },
  options,
  async run({ positionals, values, console, signal }) {
    const format = values.json === true ? "json" : (values.format ?? "table");
    if (!FORMATS.includes(format))
      throw new AppError("usage", `"--format ${format}" is none of ${FORMATS.join(", ")}.`);
    const limit = parseWholeNumber(values.limit ?? "10000", "limit", 1, 1_000_000);
    const session = await openReadSession({ workspace: values.workspace ?? "." });
    try {
      const name = values.notebook === undefined ? undefined : toNotebookName(values.notebook);
      const notebook =
        name === undefined ? undefined : await session.notebooks.analyze(await session.notebooks.read(name));
      const result = await queryNotebook(session, {
        sql: positionals[0] ?? "",
        notebook,
        parameters: parsePairs(values.param ?? []),
        limit,
        signal,
        timeoutMs: session.workspace.settings.queryTimeoutMs,
      });
      const header = result.columns.map((column) => column.name);
      if (format === "json") console.out(`${JSON.stringify(result)}\n`);
      else if (format === "csv") console.out(formatCsv(header, result.rows));
      else console.out(`${formatTable(header, result.rows)}\n${formatCount(result.rows.length, "row")}\n`);
      if (result.truncated)
        console.err(`Only the first ${formatCount(limit, "row")} are shown; --limit N shows more.\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
});
