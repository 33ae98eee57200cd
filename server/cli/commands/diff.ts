import { AppError } from "../../base/errors.js";
import { isRunDate } from "../../base/run-date.js";
import type { Lake } from "../../lake/lake.js";
import type { DiffSide, RowDiff } from "../../engine/verbs.js";
import { SHOWN_CHARACTERS } from "../../rows/shown-values.js";
import { filesOf } from "../../runs/run-context.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { formatCount } from "../../text/format.js";
import { suggest } from "../../text/suggest.js";
import { formatTable } from "../format.js";
import { openReadSession, requireLake } from "../session.js";

export const diff = defineCommand({
  summary: "compare a dataset of two run dates, or with its last draft",
  arguments: "<dataset> <from> <to>",
  positionals: { min: 3, max: 3 },
  options: { ...jsonOption, ...workspaceOption },
  async run({ positionals, values, console, signal }) {
    const [dataset = "", from = "", to = ""] = positionals;
    const session = await openReadSession({ workspace: values.workspace ?? "." });
    try {
      const lake = requireLake(session);
      const [before, after] = [await sideOf(lake, dataset, from), await sideOf(lake, dataset, to)];
      const task = { before, after, key: after.key, maxCharacters: SHOWN_CHARACTERS };
      const result = await session.engine.diff(task, { label: dataset, signal });
      if (values.json === true) console.out(`${JSON.stringify({ dataset, from, to, ...result }, null, 2)}\n`);
      else print(console, result);
      return 0;
    } finally {
      await session.close();
    }
  },
});

/** A run date, `latest`, or `draft`: what was computed last, whether or not it was published. */
async function sideOf(
  lake: Lake,
  dataset: string,
  name: string,
): Promise<DiffSide & { readonly key: readonly string[] }> {
  if (name !== "latest" && name !== "draft" && !isRunDate(name)) {
    throw new AppError("usage", `"${name}" is neither a run date nor latest nor draft.`);
  }
  const found =
    name === "draft"
      ? lake.newestVersion(dataset)
      : lake.resolve(dataset, name === "latest" ? undefined : name);
  if (found === undefined) {
    const near = lake.datasetNames().includes(dataset) ? undefined : suggest(dataset, lake.datasetNames());
    throw new AppError("not-found", `Dataset "${dataset}" has no version for ${name}.`, {
      hint: near === undefined ? "List what there is with: lakebook lake" : `Did you mean "${near}"?`,
    });
  }
  const manifest = await lake.manifest(dataset, found.version);
  return { ...filesOf(lake, manifest), key: manifest.key };
}

function print(console: Console, result: RowDiff): void {
  const by = result.key.length === 0 ? "whole rows compared" : `matched by ${result.key.join(", ")}`;
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
}
