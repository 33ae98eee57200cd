import { hasErrors, locate, formatDiagnostic } from "../../base/diagnostic.js";
import { AppError } from "../../base/errors.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { findProblems } from "../../workbench/find-problems.js";
import { parseWholeNumber } from "../arguments.js";
import { checkEquivalence, equivalenceLine } from "../check-equivalence.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { findSuggestions, printSuggestions } from "../suggest-checks.js";
import { openNotebookSession } from "../session.js";

export const check = defineCommand({
  summary: "parse and bind a notebook without running it",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: {
    equivalence: { type: "boolean", help: "compute incremental datasets as a whole, and compare" },
    sample: { type: "string", value: "N", help: "with --equivalence: compare about N rows of each dataset" },
    suggest: {
      type: "boolean",
      help: "checks that the newest rows of the cells pass, and that they do not have",
    },
    cell: { type: "string", value: "NAME", help: "with --suggest: of this cell" },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }) {
    const sample =
      values.sample === undefined ? undefined : parseWholeNumber(values.sample, "sample", 1, 1e9);
    if (values.suggest === true) {
      const notebook = toNotebookName(positionals[0] ?? "");
      const found = await findSuggestions(values.workspace ?? ".", { notebook, cell: values.cell }, signal);
      if (values.json === true) console.out(`${JSON.stringify({ cells: found }, null, 2)}\n`);
      else printSuggestions(console, found);
      return 0;
    }
    if (values.cell !== undefined) throw new AppError("usage", "--cell needs --suggest.");
    const session = await openNotebookSession({
      workspace: values.workspace ?? ".",
      notebook: positionals[0] ?? "",
    });
    try {
      const analyzed = await session.notebooks.analyze(session.file);
      const { diagnostics } = await findProblems(session, analyzed);
      const { source } = analyzed.notebook;
      const equivalence =
        values.equivalence === true && !hasErrors(diagnostics)
          ? await checkEquivalence(session, { folder: session.temporary, signal, sample })
          : undefined;
      if (values.json === true) {
        const shown = {
          diagnostics: diagnostics.map((item) => locate(item, source)),
          ...(equivalence === undefined ? {} : { equivalence }),
        };
        console.out(`${JSON.stringify(shown, null, 2)}\n`);
      } else {
        for (const item of diagnostics) console.out(`${formatDiagnostic(item, source)}\n\n`);
        const errors = diagnostics.filter((item) => item.severity === "error").length;
        const cells = String(analyzed.notebook.cells.length);
        console.out(
          `${session.file.name}: ${cells} cells, ${String(errors)} errors, ${String(diagnostics.length - errors)} warnings\n`,
        );
        console.out((equivalence ?? []).map(equivalenceLine).join(""));
      }
      if (hasErrors(diagnostics)) return 2;
      return equivalence?.some(({ outcome }) => outcome === "fail") === true ? 3 : 0;
    } finally {
      await session.close();
    }
  },
});
