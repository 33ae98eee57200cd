import { hasErrors, locate, formatDiagnostic } from "../../base/diagnostic.js";
import { findProblems } from "../../workbench/find-problems.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { openNotebookSession } from "../session.js";

export const check = defineCommand({
  summary: "parse and bind a notebook without running it",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: { ...jsonOption, ...workspaceOption },
  async run({ positionals, values, console }) {
    const session = await openNotebookSession({
      workspace: values.workspace ?? ".",
      notebook: positionals[0] ?? "",
    });
    try {
      const analyzed = await session.notebooks.analyze(session.file);
      const { diagnostics } = await findProblems(session, analyzed);
      const { source } = analyzed.notebook;
      if (values.json === true) {
        console.out(
          `${JSON.stringify({ diagnostics: diagnostics.map((item) => locate(item, source)) }, null, 2)}\n`,
        );
      } else {
        for (const item of diagnostics) console.out(`${formatDiagnostic(item, source)}\n\n`);
        const errors = diagnostics.filter((item) => item.severity === "error").length;
        const cells = String(analyzed.notebook.cells.length);
        console.out(
          `${session.file.name}: ${cells} cells, ${String(errors)} errors, ${String(diagnostics.length - errors)} warnings\n`,
        );
      }
      return hasErrors(diagnostics) ? 2 : 0;
    } finally {
      await session.close();
    }
  },
});
