import { AppError } from "../../base/errors.js";
import { traceColumn } from "../../workbench/lineage/column-lineage.js";
import { toColumnView, toLineageView } from "../../workbench/lineage/lineage-view.js";
import { workspaceLineage } from "../../workbench/lineage/workspace-lineage.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { columnLines, lineageLines } from "../lineage-lines.js";
import { openNotebookSession } from "../session.js";

export const lineage = defineCommand({
  summary: "print from which columns those of a notebook are computed",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: {
    column: {
      type: "string",
      value: "CELL.COLUMN",
      help: "all the way of one column: back to files, forward to datasets, charts and checks",
    },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console }) {
    const session = await openNotebookSession({
      workspace: values.workspace ?? ".",
      notebook: positionals[0] ?? "",
    });
    try {
      const analyzed = await session.notebooks.analyze(session.file);
      const print = <T>(view: T, lines: (view: T) => string): void => {
        console.out(values.json === true ? `${JSON.stringify(view, null, 2)}\n` : lines(view));
      };
      if (values.column === undefined) {
        const graph = await workspaceLineage(session, analyzed);
        print(toLineageView(graph, analyzed.notebook.name), lineageLines);
      } else {
        const [cell, column] = cellAndColumn(values.column);
        const traced = await traceColumn(session, analyzed, cell, column);
        print(toColumnView(traced.graph, traced), columnLines);
      }
      return 0;
    } finally {
      await session.close();
    }
  },
});

/** A cell's name has no dot. */
function cellAndColumn(text: string): readonly [cell: string, column: string] {
  const dot = text.indexOf(".");
  if (dot <= 0 || dot === text.length - 1)
    throw new AppError("usage", `"${text}" is no column of a cell.`, { hint: "Write it as cell.column." });
  return [text.slice(0, dot), text.slice(dot + 1)];
}
