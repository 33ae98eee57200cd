import { traceColumn } from "../../workbench/lineage/column-lineage.js";
import { toColumnView, toLineageView } from "../../workbench/lineage/lineage-view.js";
import { workspaceLineage } from "../../workbench/lineage/workspace-lineage.js";
import { defineCommand } from "../command.js";
import type { ExitCode } from "../exit-code.js";
import { columnLines, lineageLines } from "../lineage-lines.js";
import { notebookHead, notebookOptions, withNotebook } from "../with-notebook.js";

export const lineage = defineCommand({
  summary: "print from which columns those of a notebook are computed",
  ...notebookHead,
  options: {
    column: {
      type: "string",
      value: "CELL.COLUMN",
      help: "the whole way of one column: back to files, forward to datasets, charts and checks; of a file it is PATH.COLUMN",
    },
    ...notebookOptions,
  },
  run: ({ positionals, values, console }) =>
    withNotebook({ positionals, values }, async (session, analyzed): Promise<ExitCode> => {
      const print = <T>(view: T, lines: (view: T) => string): void => {
        console.out(values.json === true ? `${JSON.stringify(view, null, 2)}\n` : lines(view));
      };
      if (values.column === undefined) {
        const graph = await workspaceLineage(session, analyzed);
        print(toLineageView(graph, analyzed.notebook.name), lineageLines);
      } else {
        const traced = await traceColumn(session, analyzed, values.column);
        print(toColumnView(traced.graph, traced), (view) => columnLines(view, analyzed.notebook.name));
      }
      return 0;
    }),
});
