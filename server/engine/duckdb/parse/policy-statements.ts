import { ownValue } from "../../../base/own-value.js";
import type { QueryProblem } from "../../../graph/query-analysis.js";
import { bracketDepth } from "./lexer.js";
import { isSymbol, isWord, type Token } from "../../../text/sql-tokens.js";
import { exportHint } from "./policy-sources.js";

/*
 * The words for a statement that is no query. That it is none was DuckDB's word; the first tokens only tell which
 * advice fits.
 */

const changesData =
  "A dataset is never changed in place: write a query that selects the rows as they should be.";
const advice: Readonly<Record<string, string>> = {
  insert: changesData,
  update: changesData,
  delete: changesData,
  merge: changesData,
  truncate: changesData,
  alter: changesData,
  drop: "Remove the cell instead; versions that nothing names are removed by lakebook vacuum.",
  install: "Extensions cannot be installed; CSV, JSON and Parquet need none.",
  load: "Extensions cannot be loaded; CSV, JSON and Parquet need none.",
  force: "Extensions cannot be installed; CSV, JSON and Parquet need none.",
  set: "Settings belong to the workspace, not to a cell; a value that changes is a parameter, read as $name.",
  reset: "Settings belong to the workspace, not to a cell.",
  pragma:
    "Settings belong to the workspace, not to a cell; to see a table's columns, write DESCRIBE <table>.",
  use: "Datasets of the lake are named lake.<dataset>.",
  detach: "A cell reads files and datasets only.",
  explain: "Leave EXPLAIN out: a cell's plan is shown beside its rows, and lakebook query explains a query.",
  analyze: "Leave it out: it changes no result.",
  vacuum: "Versions that nothing names are removed by lakebook vacuum.",
  checkpoint: "Leave it out: what a cell makes is saved by materializing it.",
  call: "Write FROM and the function: SELECT * FROM range(10).",
  prepare: "Write the query itself, with parameters as $name.",
  execute: "Write the query itself, with parameters as $name.",
  deallocate: "Write the query itself, with parameters as $name.",
  begin: "Leave it out: a cell is one query, and what it makes is published as a whole.",
  start: "Leave it out: a cell is one query, and what it makes is published as a whole.",
  commit: "Leave it out: a cell is one query, and what it makes is published as a whole.",
  rollback: "Leave it out: a cell is one query, and what it makes is published as a whole.",
  abort: "Leave it out: a cell is one query, and what it makes is published as a whole.",
  export: "Datasets are written by --| materialize: parquet, csv or json.",
  import: "Read the files: FROM 'input/orders.csv'.",
  comment: "Describe the cell with --| description: ...",
};

/** The problem of a statement of which DuckDB says that it is no SELECT. */
export function notAQuery(statement: readonly Token[], text: string): QueryProblem {
  const verb = verbOf(statement);
  const span = { start: verb?.start ?? 0, end: verb?.end ?? text.length };
  const name = verb?.value ?? "";
  if (name === "attach") {
    return {
      code: "database-source",
      message: "ATTACH opens another database: a cell reads files only.",
      span,
      hint: exportHint(kindOfDatabase(statement)),
    };
  }
  const title = titleOf(name, statement);
  const hint = hintOf(name, statement);
  return {
    code: "not-a-query",
    message: `${title} is not a query: a cell holds one query, which only reads.`,
    span,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The word that says what a statement does; for `WITH x AS (...) INSERT ...` that is INSERT. */
function verbOf(statement: readonly Token[]): Token | undefined {
  const first = statement.find((token) => !isSymbol(token, "("));
  if (!isWord(first, "with")) return first;
  let depth = 0;
  for (const token of statement) {
    depth += bracketDepth(token);
    if (depth === 0 && isWord(token, "insert", "update", "delete", "merge")) return token;
  }
  return first;
}

function titleOf(verb: string, statement: readonly Token[]): string {
  if (verb !== "create") return verb.toUpperCase() === "" ? "This" : verb.toUpperCase();
  return `CREATE ${createdThing(statement)?.value.toUpperCase() ?? ""}`.trimEnd();
}

function createdThing(statement: readonly Token[]): Token | undefined {
  return statement
    .slice(1)
    .find((token) => !isWord(token, "or", "replace", "temp", "temporary", "local", "persistent", "unique"));
}

function hintOf(verb: string, statement: readonly Token[]): string | undefined {
  if (verb === "create") return hintForCreate(statement);
  if (verb === "copy") {
    return hasWord(statement, "from") && !hasWord(statement, "to")
      ? "Read the file: FROM read_csv('input/orders.csv')."
      : "Write only the query, and --| materialize: parquet (or csv, json) above it.";
  }
  return ownValue(advice, verb);
}

function hintForCreate(statement: readonly Token[]): string | undefined {
  const thing = createdThing(statement);
  if (!isWord(thing, "table", "view", "macro", "function")) return undefined;
  if (isWord(thing, "macro", "function"))
    return "Write the expression where it is needed, or make it a cell of its own.";
  const name = createdName(statement.slice(thing === undefined ? 0 : statement.indexOf(thing) + 1));
  if (!hasWord(statement, "as")) return "A cell's table is made by its query: read a file, or use VALUES.";
  const keep = isWord(thing, "table") ? ", with --| materialize: parquet to keep its rows" : "";
  return `Make this cell ${name}: put the query in a cell named ${name}${keep}.`;
}

/** The last part of a name that may have a schema before it. */
function createdName(tokens: readonly Token[]): string {
  const named = tokens.filter((token) => !isWord(token, "if", "not", "exists"));
  let at = 0;
  while (isSymbol(named[at + 1], ".")) at += 2;
  return named[at]?.value ?? "x";
}

function hasWord(statement: readonly Token[], word: string): boolean {
  let depth = 0;
  for (const token of statement) {
    depth += bracketDepth(token);
    if (depth === 0 && isWord(token, word)) return true;
  }
  return false;
}

function kindOfDatabase(statement: readonly Token[]): Parameters<typeof exportHint>[0] {
  const text = statement.map((token) => token.value.toLowerCase()).join(" ");
  if (/postgres|dbname=/.test(text)) return "postgres";
  if (/mysql/.test(text)) return "mysql";
  if (/sqlite/.test(text)) return "sqlite";
  return /\.(db|ddb|duckdb)\b/.test(text) ? "duckdb" : "other";
}
