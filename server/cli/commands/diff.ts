import type { RowDiff } from "../../engine/verbs.js";
import { diffPlaces } from "../../rows/diff-places.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { formatCount } from "../../text/format.js";
import { formatTable } from "../format.js";
import { openReadSession, requireLake } from "../session.js";

export const diff = defineCommand({
  summary: "compare a dataset of two run dates, publications or tags, or with its last draft",
  arguments: "<dataset> <from> <to>",
  positionals: { min: 3, max: 3 },
  options: {
    key: {
      type: "string",
      multiple: true,
      value: "COLUMN",
      help: "match rows by this column; repeat it for several (default: the dataset's key, or what is found to be one)",
    },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }) {
    const [dataset = "", from = "", to = ""] = positionals;
    const session = await openReadSession({ workspace: values.workspace ?? "." });
    try {
      const services = { lake: requireLake(session), engine: session.engine };
      const result = await diffPlaces(
        services,
        { dataset, from, to, key: values.key },
        { label: dataset, signal },
      );
      if (values.json === true) console.out(`${JSON.stringify(result, null, 2)}\n`);
      else print(console, result);
      return 0;
    } finally {
      await session.close();
    }
  },
});

/** Of rows that only one side has. */
const SHOWN_ROWS = 20;

const keyWords = {
  key: "",
  "group by": ", which the query groups by",
  unique: ", found to be unique on both sides",
} as const;

function print(console: Console, result: RowDiff): void {
  const by =
    result.key.length === 0
      ? "whole rows compared: no key"
      : `matched by ${result.key.join(", ")}${keyWords[result.keyFrom ?? "key"]}`;
  console.out(
    `${formatCount(result.rowsBefore, "row")} before, ${formatCount(result.rowsAfter, "row")} after (${by})\n`,
  );
  console.out(
    `${formatCount(result.changed, "row")} changed, ${String(result.added)} added, ${String(result.removed)} removed\n`,
  );
  const columns = result.columns.filter(
    (column) => column.changed > 0 || column.before !== undefined || column.after !== undefined,
  );
  if (columns.length > 0) {
    const rows = columns.map((column) => [
      column.name,
      column.changed,
      column.before ?? "",
      column.after ?? "",
    ]);
    console.out(`\n${formatTable(["column", "rows changed", "type before", "type after"], rows)}\n`);
  }
  const changes = result.examples.changed.flatMap((row) =>
    row.values.map((value) => [row.key.map(String).join(", "), value.column, value.before, value.after]),
  );
  if (changes.length > 0)
    console.out(
      `\n${formatTable([result.key.join(", "), "column", "before", "after"], changes.slice(0, 100))}\n`,
    );
  if (result.moves.length > 0) {
    const rows = result.moves.map(({ column, key, before, after, change }) => [
      column,
      key.map(String).join(", "),
      before,
      after,
      `${change > 0 ? "+" : ""}${String(change)}`,
    ]);
    console.out(
      `\n${formatTable(["moved farthest", result.key.join(", "), "before", "after", "by"], rows)}\n`,
    );
  }
  for (const [label, rows] of [
    ["added", result.examples.added],
    ["removed", result.examples.removed],
  ] as const) {
    if (rows.length === 0) continue;
    const header = result.examples.columns.map((column) => column.name);
    console.out(`\n${label}\n${formatTable(header, rows.slice(0, SHOWN_ROWS))}\n`);
  }
}
