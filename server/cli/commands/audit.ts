import { AppError } from "../../base/errors.js";
import { readAudit, type AuditLine } from "../../people/audit-log.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatTable } from "../format.js";

const DEFAULT_LINES = 50;

export const audit = defineCommand({
  summary: "show who did what, when and from where",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    month: { type: "string", value: "YYYY-MM", help: "only of that month" },
    who: { type: "string", value: "NAME", help: "only of that user, and of agents that acted for that user" },
    what: { type: "string", value: "WORD", help: "only such acts, e.g. publish, save, refused" },
    notebook: { type: "string", value: "N", help: "only of that notebook" },
    limit: { type: "string", value: "N", help: `lines at most; default: ${String(DEFAULT_LINES)}` },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ values, console }) {
    const { month, who, what, notebook } = values;
    if (month !== undefined && !/^\d{4}-\d{2}$/.test(month))
      throw new AppError("usage", `"${month}" is no month of the form YYYY-MM.`);
    const limit = parseWholeNumber(values.limit ?? String(DEFAULT_LINES), "limit", 1, 1_000_000);
    const { state } = await openWorkspace(values.workspace ?? ".");
    const entries = await readAudit(state, { month, who, what, notebook, limit });
    if (values.json === true) console.out(`${JSON.stringify({ entries }, null, 2)}\n`);
    else if (entries.length === 0) console.out("Nothing was written down.\n");
    else console.out(formatTable(["when", "who", "from", "what", ""], entries.map(toRow)));
    return 0;
  },
});

function toRow({ at, who, from, what, ...details }: AuditLine): string[] {
  const rest = Object.entries(details).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [at.slice(0, 19).replace("T", " "), who, from, what, rest.join(" ")];
}
