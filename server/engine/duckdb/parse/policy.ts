import type { Span } from "../../../base/source.js";
import { suggest } from "../../../text/suggest.js";
import type { SqlDiagnosticCode } from "../../../graph/sql-diagnostic-codes.js";
import type { FileReference, QueryProblem } from "../../../graph/query-analysis.js";
import {
  databaseFunctions,
  deniedFunctions,
  deniedReaderOptions,
  fileInspectors,
  fileReaders,
  functionSchemas,
  harmlessSettings,
  pureTableFunctions,
  tableReaders,
  type DenialReason,
} from "./functions.js";
import type { Places } from "./lexer-places.js";
import { readDatedName } from "../../../base/run-date.js";
import { checkPath, looksLikePath } from "./policy-paths.js";
import { readerArguments } from "./policy-readers.js";
import { foldCase } from "../../../text/sql-names.js";
import { exportHint } from "./policy-sources.js";
import { textOf, type TreeNode } from "./tree.js";
import type { FoundCall, FoundColumn, FoundTable, TreeFindings } from "./references.js";

/** What of a query's findings may be read, and what is wrong with the rest. */
export interface Admission {
  readonly tables: readonly AdmittedTable[];
  readonly files: readonly FileReference[];
  readonly ownSchemas: readonly Span[];
  readonly problems: readonly QueryProblem[];
}

export interface AdmittedTable {
  readonly schema?: string;
  readonly name: string;
  readonly span: Span;
}

/** Decides what a query may say. What it may read on the disk, and how long it may run, is decided elsewhere too. */
export function admit(findings: TreeFindings, places: Places): Admission {
  const admission = new Admitter(places);
  for (const table of findings.tables) admission.table(table);
  for (const column of findings.mainColumns) admission.column(column);
  for (const call of findings.tableFunctions) admission.tableFunction(call);
  for (const call of findings.functions) admission.function(call);
  for (const { name } of findings.parameters) admission.parameter(name);
  for (const { what, location } of findings.unknown) admission.unknown(what, location);
  return admission;
}

class Admitter implements Admission {
  readonly tables: AdmittedTable[] = [];
  readonly files: FileReference[] = [];
  readonly ownSchemas: Span[] = [];
  readonly problems: QueryProblem[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  table({ catalog, schema, name, location, isShadowed, isAliased }: FoundTable): void {
    const span = this.#places.name(location, name);
    if (catalog === "" && foldCase(schema) === "main" && !isShadowed && /^[a-z_][a-z0-9_]*$/i.test(name)) {
      this.tables.push({ name: foldCase(name), span });
      this.ownSchemas.push(this.#places.schemaOf(span));
      return;
    }
    if (catalog === "" && schema === "" && looksLikePath(name)) {
      this.#file({ path: name, reader: "", span, call: span, isAliased });
      return;
    }
    const problem = catalog === "" ? checkSchema(schema, name) : tooManyParts(catalog, schema, name);
    if (problem !== undefined) this.#add(problem.code, problem.message, span, problem.hint);
    else {
      const table = { name: foldCase(name), span };
      this.tables.push(schema === "" ? table : { schema: foldCase(schema), ...table });
    }
  }

  /** The cell stands there without its schema too. */
  column({ table, location }: FoundColumn): void {
    const isCell = this.tables.some(({ schema, name }) => schema === undefined && name === foldCase(table));
    if (isCell) this.ownSchemas.push(this.#places.schemaOf(this.#places.name(location, "main")));
  }

  tableFunction(call: FoundCall): void {
    const span = this.#places.name(call.location, call.name);
    if (fileReaders.has(call.name) || fileInspectors.has(call.name)) this.#reader(call, span);
    else if (tableReaders.has(call.name)) this.#tableReader(call, span);
    else if (!pureTableFunctions.has(call.name)) {
      const database = databaseFunctions.get(call.name);
      if (database === undefined) this.#add("function-not-allowed", ...tableFunctionDenial(call.name, span));
      else {
        const message = `"${call.name}" reads from another database: a cell reads files only.`;
        this.#add("database-source", message, span, exportHint(database));
      }
    }
  }

  function(call: FoundCall): void {
    const { name, location } = call;
    const reason = deniedFunctions.get(name);
    if (reason === undefined || readsHarmlessSetting(call)) return;
    const { message, hint } = denials[reason];
    this.#add("function-not-allowed", `"${name}" ${message}`, this.#places.name(location, name), hint);
  }

  parameter(name: string): void {
    if (!/^\d+$/.test(name)) return;
    this.positionalParameter(this.#places.parameter(name));
  }

  positionalParameter(span: Span): void {
    const message = "Parameters have names here: `?` and `$1` have none.";
    this.#add(
      "positional-parameter",
      message,
      span,
      "Write $name, and define it below `parameters:` in the front matter.",
    );
  }

  unknown(what: string, location: number | undefined): void {
    const span = location === undefined ? this.#places.whole : this.#places.name(location, "");
    if (what.startsWith("SHOW ")) {
      const message = `${what} lists what the engine holds, which is not what the notebook holds.`;
      this.#add(
        "not-a-query",
        message,
        span,
        "Write DESCRIBE <cell>, or read lakebook.datasets or lakebook.columns.",
      );
    } else {
      this.#add("unsupported-syntax", `"${what}" is nothing that a cell may hold.`, span);
    }
  }

  /** Only a name that stands there as one: the engine would read a file, or several tables, of another text. */
  #tableReader(call: FoundCall, span: Span): void {
    const [table] = call.arguments;
    const names = table?.class === "COLUMN_REF" ? table["column_names"] : undefined;
    const name = Array.isArray(names) && names.length === 1 ? textOf(names[0]) : "";
    if (/^[a-z_][a-z0-9_]*$/i.test(name)) this.tables.push({ name: foldCase(name), span });
    else
      this.#add(
        "function-not-allowed",
        `The first argument of "${call.name}" is not the name of a cell.`,
        span,
        `Name a cell and one of its columns: FROM ${call.name}(orders, amount).`,
      );
  }

  #reader(call: FoundCall, span: Span): void {
    const { paths, options } = readerArguments(call.arguments, (location) => this.#places.isQuoted(location));
    const whole = this.#places.call(span);
    const { name: reader, isAliased = false } = call;
    const known = { reader, options, isAliased, ...(whole === undefined ? {} : { call: whole }) };
    for (const argument of paths) {
      if (argument.literals === undefined) {
        const message = `The path of "${call.name}" is not a literal, so its files are not known before the run.`;
        this.#add("path-not-literal", message, span, argument.hint);
      }
      for (const { path, location } of argument.literals ?? []) {
        this.#file({ path, ...known, span: this.#places.literal(location) });
      }
    }
    for (const name of options.filter((option) => deniedReaderOptions.has(option))) {
      const hint = name.includes("reject")
        ? "Use ignore_errors, or read the lines with all_varchar and filter them."
        : undefined;
      this.#add(
        "option-not-allowed",
        `Option "${name}" of "${call.name}" does more than reading a file.`,
        span,
        hint,
      );
    }
  }

  #file(file: FileReference): void {
    const problem = checkPath(file.path, file.reader);
    if (problem === undefined) this.files.push(file);
    else this.problems.push({ ...problem, span: file.span });
  }

  #add(code: SqlDiagnosticCode, message: string, span: Span, hint?: string): void {
    this.problems.push({ code, message, span, ...(hint === undefined ? {} : { hint }) });
  }
}

/** `current_setting('TimeZone')` */
function readsHarmlessSetting(call: FoundCall): boolean {
  if (call.name !== "current_setting" || !functionSchemas.has(call.schema)) return false;
  const [setting, ...others] = call.arguments;
  const value = setting?.class === "CONSTANT" ? (setting["value"] as TreeNode)["value"] : undefined;
  return others.length === 0 && typeof value === "string" && harmlessSettings.has(value.toLowerCase());
}

interface NameProblem {
  readonly code: SqlDiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

function checkSchema(schema: string, name: string): NameProblem | undefined {
  const wanted = foldCase(schema);
  if (schema === "") return undefined;
  if (wanted === "lake" || wanted === "lakebook" || readDatedName(schema) !== undefined) {
    if (!looksLikePath(name)) return undefined;
    return {
      code: "qualified-name",
      message: `"${name}" is not the name of a dataset.`,
      hint: "A file is named alone, in quotes: 'input/orders.csv'.",
    };
  }
  const code = "unknown-schema";
  const message = `Schema "${schema}" does not exist.`;
  if (isFileEnding(name)) return { code, message, hint: `Put the path in quotes: '${schema}.${name}'.` };
  if (["main", "memory", "temp", "system", "pg_catalog"].includes(wanted)) {
    return { code, message: `Schema "${schema}" is the engine's own.`, hint: `Write ${name} alone.` };
  }
  if (wanted === "information_schema") {
    return {
      code,
      message: `Schema "${schema}" is the engine's own.`,
      hint: "Read lakebook.datasets or lakebook.columns.",
    };
  }
  if (/^\d{4}-?\d{2}-?\d{2}(@|$)/.test(schema)) {
    return {
      code,
      message: `"${schema}" is not a run date.`,
      hint: `Write a date, e.g. "2026-10-01".${name}, or "2026-10-01@3".${name} for its third publication.`,
    };
  }
  const near = suggest(wanted, ["lake", "lakebook"]);
  const hint =
    near === undefined
      ? `Name a cell alone, a published dataset as lake.${name}, one of a run date as "2026-10-01".${name}.`
      : `Did you mean "${near}"?`;
  return { code, message, hint };
}

function tooManyParts(catalog: string, schema: string, name: string): NameProblem {
  const full = [catalog, schema, name].filter((part) => part !== "").join(".");
  const hint = isFileEnding(name)
    ? `Put the path in quotes: '${full.replace(".", "/")}'.`
    : readDatedName(schema) !== undefined
      ? `Write "${schema}".${name}.`
      : foldCase(catalog) === "lake"
        ? `Write lake.${name}.`
        : `Write ${name} alone for a cell, lake.${name} for a published dataset.`;
  return { code: "qualified-name", message: `"${full}" has too many parts: a name has one or two.`, hint };
}

function isFileEnding(name: string): boolean {
  return /^(csv|tsv|txt|json|jsonl|ndjson|parquet|gz|zst)$/i.test(name);
}

function tableFunctionDenial(name: string, span: Span): [message: string, span: Span, hint?: string] {
  const message = `"${name}" is not a table function that a cell may call.`;
  const hint = tableFunctionHint(name) ?? nearReader(name);
  return hint === undefined ? [message, span] : [message, span, hint];
}

function tableFunctionHint(name: string): string | undefined {
  if (name === "query" || name === "query_table" || name.startsWith("histogram"))
    return "Name the table itself after FROM.";
  if (name === "summary") return "Write SUMMARIZE <table>.";
  if (name.startsWith("parquet_")) return "Write DESCRIBE FROM read_parquet('input/orders.parquet').";
  if (name.startsWith("duckdb_") || name.startsWith("pragma_"))
    return "Read lakebook.datasets or lakebook.columns.";
  if (/_scan$|^read_|^st_read/.test(name))
    return nearReader(name) ?? "Convert the file to CSV, JSON or Parquet first.";
  return undefined;
}

function nearReader(name: string): string | undefined {
  const near = suggest(name, [...fileReaders, ...pureTableFunctions]);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

const denials: Readonly<Record<DenialReason, { readonly message: string; readonly hint?: string }>> = {
  state: {
    message: "reads or changes the state of the engine, which a query must not depend on.",
    hint: "Pass a value as a parameter, $name.",
  },
  waits: { message: "only waits.", hint: "Leave it out." },
  catalog: {
    message: "reads the engine's own tables, or SQL from text.",
    hint: "Read lakebook.datasets or lakebook.columns.",
  },
  internal: { message: "is for the engine itself." },
  "table-function": { message: "is a table function: it stands after FROM, if anywhere." },
};
