import { sqlFence } from "../notebook/template.js";
import { isComment, isSymbol, tokenizeSql, type Token } from "../text/sql-tokens.js";
import type { CellPart, Draft, Part } from "./draft.js";

interface Statement {
  /** As written, with the comments before it and without the semicolon. */
  readonly text: string;
  /** Without comments. */
  readonly tokens: readonly Token[];
  readonly start: number;
}

/** What a statement makes: a dataset where it has formats, a query cell otherwise. */
interface Made {
  readonly name: string;
  readonly query: string;
  readonly formats?: readonly string[];
  readonly partitionBy?: readonly string[];
}

/** A notebook of a SQL script. */
export function readSqlScript(title: string, sql: string): Draft {
  return { title, runsInOrder: true, parts: scriptParts(sql, tablesOf(sql)) };
}

/**
 * `CREATE TABLE x AS query` becomes the dataset x, and so do a sole `INSERT INTO x query` and `COPY (query) TO 'x.parquet'`; a view or
 * a temporary table the query cell x; a query on its own a cell without a name. What is none of these is left, with the reason.
 * `tables`: what all scripts of the notebook make or fill, once for each time.
 */
export function scriptParts(sql: string, tables: readonly string[]): Part[] {
  return splitStatements(sql).map((statement): Part => {
    const made = readCreate(sql, statement) ?? readCopy(sql, statement) ?? readInsert(sql, statement, tables);
    if (made !== undefined) return toCell(made);
    const { text, tokens } = statement;
    if (isQuery(sql, tokens)) return { kind: "cell", sql: text };
    // A comment alone.
    if (tokens.length === 0) return { kind: "prose", markdown: sqlFence(text) };
    return { kind: "left", why: whyNot(sql, tokens), language: "sql", text };
  });
}

/** The tables that the statements of a script make or change. */
export function tablesOf(sql: string): string[] {
  return splitStatements(sql).flatMap(({ tokens }) => tableOf(sql, tokens) ?? []);
}

/** Whether a text is SQL as far as its first word tells. */
export function looksLikeSql(text: string): boolean {
  const [first, second] = splitStatements(text)[0]?.tokens ?? [];
  return first?.kind === "word" && second !== undefined && STATEMENT.test(first.value);
}

const STATEMENT =
  /^(select|from|with|values|pivot|unpivot|summarize|describe|create|insert|update|delete|copy|drop|alter|attach|install|load|set|pragma|show)$/i;

function toCell({ name, query, formats = [], partitionBy = [] }: Made): CellPart {
  const options = {
    ...(formats[0] === undefined ? {} : { materialize: formats[0] }),
    ...(partitionBy.length === 0 ? {} : { partition_by: partitionBy }),
  };
  return { kind: "cell", wanted: name, sql: query, options };
}

function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  let tokens: Token[] = [];
  const finish = (end: number): void => {
    const text = sql.slice(start, end).trim();
    if (text !== "") statements.push({ text, tokens, start });
    tokens = [];
  };
  for (const token of tokenizeSql(sql)) {
    if (isSymbol(token, ";")) {
      finish(token.start);
      start = token.end;
    } else if (!isComment(token)) tokens.push(token);
  }
  finish(sql.length);
  return statements;
}

/** The query behind AS, with the comments that stand before the statement. */
function readCreate(sql: string, statement: Statement): Made | undefined {
  const { tokens } = statement;
  const lower = wordsOf(sql, tokens);
  if (lower[0] !== "create") return undefined;
  let at = 1;
  while (["or", "replace", "temp", "temporary"].includes(lower[at] ?? "")) at++;
  const isTable = lower[at] === "table" && !lower.slice(1, at).some((word) => word.startsWith("temp"));
  if (lower[at] !== "table" && lower[at] !== "view") return undefined;
  at++;
  if (lower[at] === "if" && lower[at + 1] === "not" && lower[at + 2] === "exists") at += 3;
  while (lower[at + 1] === ".") at += 2;
  const name = tokens[at];
  const query = tokens[at + 2];
  if (name === undefined || lower[at + 1] !== "as" || query === undefined) return undefined;
  if (!isQuery(sql, tokens.slice(at + 2))) return undefined;
  return {
    name: plainName(sql, name),
    query: withComments(sql, statement, query.start),
    ...(isTable ? { formats: ["parquet"] } : {}),
  };
}

/** `COPY (query) TO 'x.parquet' (options)`, or a table instead of the query. */
function readCopy(sql: string, statement: Statement): Made | undefined {
  const { tokens } = statement;
  const lower = wordsOf(sql, tokens);
  const to = lower[0] === "copy" ? topLevel(lower).find((at) => lower[at] === "to") : undefined;
  const target = to === undefined ? undefined : tokens[to + 1];
  const [, open] = tokens;
  const close = to === undefined ? undefined : tokens[to - 1];
  if (to === undefined || target?.kind !== "string" || open === undefined || close === undefined)
    return undefined;
  const path = sql.slice(target.start + 1, target.end - 1);
  const file = path.split("/").at(-1) ?? "";
  const options = lower.slice(to + 2);
  const format = copyFormat(file, options);
  if (format === undefined) return undefined;
  const isQueried = lower[1] === "(";
  if (isQueried && !isQuery(sql, tokens.slice(2, to - 1))) return undefined;
  const source = isQueried
    ? sql.slice(open.end, close.start).trim()
    : `FROM ${sql.slice(open.start, close.end)}`;
  const comments = commentsBefore(sql, statement);
  return {
    name: file.replace(/\..*$/, ""),
    query: comments === "" ? source : `${comments}\n${source}`,
    formats: [format],
    partitionBy: partitionsOf(sql, tokens.slice(to + 2), options),
  };
}

function copyFormat(file: string, options: readonly string[]): string | undefined {
  const at = options.indexOf("format");
  const named = at === -1 ? undefined : options[at + 1]?.replace(/^'|'$/g, "");
  const format = named ?? /\.(\w+)(\.(gz|zst))?$/.exec(file)?.[1]?.toLowerCase() ?? "csv";
  if (/^(jsonl|ndjson)$/.test(format)) return "json";
  return ["parquet", "csv", "json"].includes(format) ? format : undefined;
}

function partitionsOf(sql: string, tokens: readonly Token[], options: readonly string[]): string[] {
  const at = options.indexOf("partition_by");
  if (at === -1) return [];
  const end = options[at + 1] === "(" ? options.indexOf(")", at) : at + 2;
  return tokens
    .slice(at + 1, end)
    .filter(({ kind }) => kind !== "symbol")
    .map((token) => plainName(sql, token));
}

/** Of a table that nothing else in the script makes or fills: then the query alone says what it holds. */
function readInsert(sql: string, statement: Statement, tables: readonly string[]): Made | undefined {
  const { tokens } = statement;
  const lower = wordsOf(sql, tokens);
  if (lower[0] !== "insert" || lower[1] !== "into") return undefined;
  const table = tableOf(sql, tokens);
  if (table === undefined || tables.filter((name) => name === table).length > 1) return undefined;
  let at = 2;
  while (lower[at + 1] === ".") at += 2;
  const name = tokens[at];
  const query = tokens[at + 1];
  if (name === undefined || query === undefined || lower[at + 1] === "(" || lower[at + 1] === "values")
    return undefined;
  if (!isQuery(sql, tokens.slice(at + 1))) return undefined;
  return {
    name: plainName(sql, name),
    query: withComments(sql, statement, query.start),
    formats: ["parquet"],
  };
}

/** The table that a statement makes or changes. */
function tableOf(sql: string, tokens: readonly Token[]): string | undefined {
  const lower = wordsOf(sql, tokens);
  if (!/^(create|insert|update|delete|merge|alter|drop|truncate)$/.test(lower[0] ?? "")) return undefined;
  const skipped = /^(or|replace|temp|temporary|table|view|into|from|if|not|exists)$/;
  let at = 1;
  while (skipped.test(lower[at] ?? "")) at++;
  while (lower[at + 1] === ".") at += 2;
  const name = tokens[at];
  return name === undefined ? undefined : plainName(sql, name).toLowerCase();
}

/** How a sentence goes on after "Not imported, ". */
function whyNot(sql: string, tokens: readonly Token[]): string {
  const [first = ""] = wordsOf(sql, tokens);
  if (/^(insert|update|delete|merge|truncate|alter|drop)$/.test(first))
    return "as it changes a table: write what the table is to hold as the query of a cell";
  if (first === "create")
    return "as it makes something that holds no rows yet: a cell is a query that gives them";
  if (first === "copy")
    return "as no cell reads or writes like this: `FROM 'input/file.csv'` reads a file, `materialize: parquet` writes one";
  if (/^(attach|install|load|set|reset|pragma|use|detach|call)$/.test(first))
    return "as it sets up a session: every cell runs in one of its own";
  return "as it is no query";
}

function wordsOf(sql: string, tokens: readonly Token[]): string[] {
  return tokens.map(({ start, end }) => sql.slice(start, end).toLowerCase());
}

/** Indexes of what stands in no brackets. */
function topLevel(words: readonly string[]): number[] {
  let depth = 0;
  return words.flatMap((word, at) => {
    if (word === "(") depth++;
    else if (word === ")") depth--;
    else if (depth === 0) return [at];
    return [];
  });
}

function plainName(sql: string, { start, end }: Token): string {
  const name = sql.slice(start, end);
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

function commentsBefore(sql: string, { tokens, start }: Statement): string {
  return sql.slice(start, tokens[0]?.start).trim();
}

/** From a place to the end of the statement, comments at its end too. */
function withComments(sql: string, statement: Statement, from: number): string {
  const { start, text } = statement;
  const comments = commentsBefore(sql, statement);
  const body = sql.slice(from, start + sql.slice(start).indexOf(text) + text.length);
  return comments === "" ? body : `${comments}\n${body}`;
}

const QUERY = /^(select|from|with|values|pivot|unpivot|summarize|describe|\()$/i;
const CHANGE = /^(insert|update|delete|merge)$/i;

/** A WITH may also stand before a statement that changes something. */
function isQuery(sql: string, tokens: readonly Token[]): boolean {
  const wordOf = (token: Token | undefined): string => sql.slice(token?.start ?? 0, token?.end ?? 0);
  if (!QUERY.test(wordOf(tokens[0]))) return false;
  let depth = 0;
  for (const token of tokens) {
    const word = wordOf(token);
    if (word === "(") depth++;
    else if (word === ")") depth--;
    else if (depth === 0 && token.kind === "word" && /^with$/i.test(wordOf(tokens[0])) && CHANGE.test(word))
      return false;
  }
  return true;
}
