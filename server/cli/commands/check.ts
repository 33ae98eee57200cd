import { hasErrors, locate, formatDiagnostic } from "../../base/diagnostic.js";
import type { Column } from "../../engine/engine.js";
import { contractOf } from "../../notebook/edit-options.js";
import { isDataset, type Notebook } from "../../notebook/notebook.js";
import { AppError } from "../../base/errors.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { findProblems } from "../../workbench/find-problems.js";
import { parseWholeNumber } from "../arguments.js";
import { checkEquivalence, equivalenceLine } from "../check-equivalence.js";
import { findParity, parityLine } from "../check-parity.js";
import { defineCommand, jsonOption, sparkOptions, workspaceOption } from "../command.js";
import { findSuggestions, printSuggestions } from "../suggest-checks.js";
import { openNotebookSession } from "../session.js";

interface Contract {
  readonly cell: string;
  readonly columns: readonly Pick<Column, "name" | "type">[];
  readonly yaml: string;
}

/** Of the datasets that could be bound. Fails with code not-found for a cell that is none of them. */
function contractsOf(
  { name, cells }: Notebook,
  bound: ReadonlyMap<string, readonly Column[]>,
  only: string | undefined,
): Contract[] {
  const found = cells.flatMap((cell): Contract[] => {
    const columns = isDataset(cell) ? bound.get(cell.name) : undefined;
    if (columns === undefined || (only !== undefined && cell.name !== only)) return [];
    const named = columns.map((column) => ({ name: column.name, type: column.type }));
    return [{ cell: cell.name, columns: named, yaml: contractOf(named) }];
  });
  if (only !== undefined && found.length === 0)
    throw new AppError("not-found", `Notebook "${name}" has no dataset "${only}" whose columns are known.`);
  return found;
}

function toOptionLines(yaml: string): string {
  return `${yaml.replace(/^/gm, "--| ")}\n`;
}

export const check = defineCommand({
  summary: "look for problems in a notebook without running it",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: {
    equivalence: { type: "boolean", help: "compute incremental datasets as a whole, and compare" },
    parity: { type: "boolean", help: "compute cells that ask for Spark on both engines, and compare" },
    rows: { type: "string", value: "N", help: "with --parity: so many rows of each input; default: 50000" },
    sample: { type: "string", value: "N", help: "with --equivalence: compare about N rows of each dataset" },
    suggest: {
      type: "boolean",
      help: "suggest checks that the newest rows of the cells pass and that are not there yet",
    },
    contract: {
      type: "boolean",
      help: "print a contract for each dataset, the columns and types that it promises: the option columns: with what is there now",
    },
    cell: { type: "string", value: "NAME", help: "with --suggest or --contract: of this cell" },
    ...sparkOptions,
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
    if (values.cell !== undefined && values.contract !== true)
      throw new AppError("usage", "--cell needs --suggest or --contract.");
    const session = await openNotebookSession({
      workspace: values.workspace ?? ".",
      notebook: positionals[0] ?? "",
      ...(values.parity === true && { spark: { url: values.spark, lake: values["spark-lake"] } }),
    });
    try {
      const analyzed = await session.notebooks.analyze(session.file);
      const { diagnostics, columns } = await findProblems(session, analyzed);
      if (values.contract === true) {
        const contracts = contractsOf(analyzed.notebook, columns, values.cell);
        if (values.json === true) console.out(`${JSON.stringify({ cells: contracts }, null, 2)}\n`);
        else console.out(contracts.map(({ cell, yaml }) => `${cell}\n\n${toOptionLines(yaml)}\n`).join(""));
        return 0;
      }
      const { source } = analyzed.notebook;
      const equivalence =
        values.equivalence === true && !hasErrors(diagnostics)
          ? await checkEquivalence(session, { folder: session.temporary, signal, sample })
          : undefined;
      const rows = parseWholeNumber(values.rows ?? "50000", "rows", 1, 1e9);
      const parity =
        values.parity === true && !hasErrors(diagnostics)
          ? await findParity(session, analyzed, { rows, signal })
          : undefined;
      if (values.json === true) {
        const shown = {
          diagnostics: diagnostics.map((item) => locate(item, source)),
          ...(equivalence === undefined ? {} : { equivalence }),
          ...(parity === undefined ? {} : { parity }),
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
        console.out((parity ?? []).map(parityLine).join(""));
      }
      if (hasErrors(diagnostics)) return 2;
      const compared = [...(equivalence ?? []), ...(parity ?? [])];
      return compared.some(({ outcome }) => outcome === "fail") ? 3 : 0;
    } finally {
      await session.close();
    }
  },
});
