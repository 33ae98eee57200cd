import { stringify } from "yaml";
import { reservedNames, toName } from "../notebook/names.js";
import { sqlFence } from "../notebook/template.js";
import { tokenizeSql, type SqlToken } from "./sql-tokens.js";

interface Statement {
  /** As written, with the comments before it and without the semicolon. */
  readonly text: string;
  /** Without comments. */
  readonly tokens: readonly SqlToken[];
  readonly start: number;
}

/**
 * A notebook of a SQL script: `CREATE TABLE x AS query` and its like become the cell x, a query on its own the cell
 * cell_1 and so on. What is neither is kept as prose, in a fence that never runs: nothing is lost.
 */
export function sqlToNotebook(title: string, sql: string): string {
  const taken = new Set(reservedNames);
  let count = 0;
  const blocks = splitStatements(sql).map((statement) => {
    const created = readCreate(sql, statement);
    if (created !== undefined) return cellBlock(takeName(toName(created.name), taken), created.query);
    if (!isQuery(sql, statement.tokens)) return sqlFence(withoutOptions(statement.text));
    return cellBlock(takeName(`cell_${String(++count)}`, taken), statement.text);
  });
  return `---\n${stringify({ title }, { lineWidth: 0 })}---\n\n# ${title.replace(/\s+/g, " ")}\n\n${blocks.join("\n\n")}\n`;
}

function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  let tokens: SqlToken[] = [];
  const finish = (end: number): void => {
    const text = sql.slice(start, end).trim();
    if (text !== "") statements.push({ text, tokens, start });
    tokens = [];
  };
  for (const token of tokenizeSql(sql)) {
    if (token.kind === "symbol" && sql[token.start] === ";") {
      finish(token.start);
      start = token.end;
    } else if (token.kind !== "comment") tokens.push(token);
  }
  finish(sql.length);
  return statements;
}

/** The name that is created and the query behind AS, with the comments that stand before the statement. */
function readCreate(
  sql: string,
  { tokens, start, text }: Statement,
): { readonly name: string; readonly query: string } | undefined {
  const words = tokens.map((token) => sql.slice(token.start, token.end));
  const lower = words.map((word) => word.toLowerCase());
  if (lower[0] !== "create") return undefined;
  let at = 1;
  while (["or", "replace", "temp", "temporary"].includes(lower[at] ?? "")) at++;
  if (lower[at] !== "table" && lower[at] !== "view") return undefined;
  at++;
  if (lower[at] === "if" && lower[at + 1] === "not" && lower[at + 2] === "exists") at += 3;
  while (lower[at + 1] === ".") at += 2;
  const name = words[at];
  const query = tokens[at + 2];
  const first = tokens[0];
  if (name === undefined || lower[at + 1] !== "as" || query === undefined || first === undefined)
    return undefined;
  if (!isQuery(sql, tokens.slice(at + 2))) return undefined;
  const comments = sql.slice(start, first.start).trim();
  const body = sql.slice(query.start, start + sql.slice(start).indexOf(text) + text.length);
  return {
    name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
    query: comments === "" ? body : `${comments}\n${body}`,
  };
}

const QUERY = /^(select|from|with|values|pivot|unpivot|summarize|describe|\()$/i;
const CHANGE = /^(insert|update|delete|merge)$/i;

/** A WITH may also stand before a statement that changes something. */
function isQuery(sql: string, tokens: readonly SqlToken[]): boolean {
  const wordOf = (token: SqlToken | undefined): string => sql.slice(token?.start ?? 0, token?.end ?? 0);
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

function cellBlock(name: string, query: string): string {
  return sqlFence(withoutOptions(query), `--| cell: ${name}\n`);
}

/** A comment at its head that looks like an option line would be read as one. */
function withoutOptions(sql: string): string {
  return sql.replace(/^(?:[ \t]*(?:--[^\n]*)?(?:\n|$))+/, (head) =>
    head.replace(/^([ \t]*)--\|/gm, "$1-- |"),
  );
}

function takeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${String(n)}`;
  taken.add(name);
  return name;
}
