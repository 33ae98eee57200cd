import type { Diagnostic } from "../base/diagnostic.js";

/** Every code that joining, binding and checking cells may report beyond those of the text and of single queries. The reference lists them. */
export const graphDiagnosticCodes = {
  "unknown-table": "A name is no cell of the notebook, or of a cell without rows.",
  "unknown-parameter": "A `$name` is no parameter of the front matter or of an input cell.",
  cycle: "Cells or schedules depend on each other in a circle, or a cell reads itself.",
  "unknown-notebook": "The schedule waits for a notebook that does not exist.",
  "input-in-dataset": "A dataset depends on an input cell.",
  "input-file": "A file that the SQL names is missing, empty, no regular file, or where SQL must not read.",
  "virtual-column": "A cell with `incremental` reads a column that only single files have, like `filename`.",
  "unread-input": "A check counts the rows of a file that the cell does not read.",
  "not-testable": "A test is about a cell that is neither a query nor a check.",
  "unread-relation": "A test gives rows to something that its cell does not read.",
  "unknown-cte": "A test is about a CTE that its cell does not have.",
  "unknown-rule": "A test is about a check that its cell does not have, or does not say about which.",
  "invalid-value": "The value that a test gives to a parameter does not fit its type.",
  "unknown-dataset": "A dataset of the lake has not been published, or a system relation does not exist.",
  "dataset-taken": "Another notebook has a cell of that name and publishes it.",
  "unknown-column": "An option, a check or a test names a column that the cell does not have.",
  contract: "The cell's columns are not those of its `columns:`.",
  "not-a-condition": "The condition of a check is not one expression with one value for each row.",
  "check-reads-table": "The condition of a check reads something else than its cell.",
  "check-reads-parameter": "The condition of a check uses a parameter.",
  "engine-crashed": "DuckDB ended unexpectedly while it bound the query; a file may be nested too deeply.",
  timeout: "Binding the query took too long.",
} as const;

export type GraphDiagnostic = Diagnostic & { readonly code: keyof typeof graphDiagnosticCodes };
