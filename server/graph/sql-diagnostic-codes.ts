/** Every code that analyzing a query may report, with what it means. The reference lists them. */
export const sqlDiagnosticCodes = {
  "empty-query": "There is no query, or only comments.",
  "several-statements": "The text holds more than one statement.",
  "not-a-query": "The statement does something else than reading rows, or lists what the engine holds.",
  "syntax-error": "The engine's parser does not understand the text.",
  "too-deep": "Expressions or subqueries are nested more deeply than the engine reads.",
  "unsupported-syntax": "The engine understands the text, but it is nothing that a cell may hold.",
  "pivot-needs-values": "What a PIVOT reads cannot be told without an IN list.",
  "positional-parameter": "A parameter is written `?` or `$1` instead of `$name`.",
  "path-not-literal": "The path of a file is computed or a parameter, so it is not known before the run.",
  "lake-path": "A path leads into the lake, which is read by the names of its datasets.",
  "private-path": "A path leads to private state, to the system, or names no file at all.",
  "remote-path": "A path is a URL.",
  "unknown-file-type": "A file is read by its name alone, and its ending does not say how.",
  "database-source": "The query reads from another database.",
  "unknown-schema": "A name has a schema before it that does not exist here.",
  "qualified-name": "A name has more parts than a schema and a table.",
  "function-not-allowed": "A function reads, waits for, tells or changes more than its arguments.",
  "option-not-allowed": "An option of a file reader makes tables or uses keys.",
} as const;

export type SqlDiagnosticCode = keyof typeof sqlDiagnosticCodes;
