import type { QueryFacts, TableReference } from "../../../graph/query-analysis.js";
import { bracketDepth, type TokenizedSql } from "./lexer.js";
import { isSymbol, isWord, type Token } from "../../../text/sql-tokens.js";
import { foldCase } from "../../../text/sql-names.js";
import { readDatedName } from "../../../base/run-date.js";
import { looksLikePath } from "./policy-paths.js";

const relationWords = ["from", "join", "pivot", "pivot_wider", "unpivot", "describe", "summarize"];
const queryWords = ["select", "with", "values", "table", ...relationWords];
const notNames = [...queryWords, "lateral", "where", "on", "using", "group", "order"];

/**
 * What can be guessed of a text that has no tree: the names behind FROM, JOIN and the like. It only keeps the edges
 * of the graph while a query is being written; no query is admitted by it.
 */
export function factsOfTokens({ tokens }: TokenizedSql): QueryFacts {
  const ctes = new Set(
    tokens.filter((_, index) => definesCte(tokens, index)).map((token) => foldCase(token.value)),
  );
  const tables = new Map<string, TableReference>();
  const isInCall = callBrackets(tokens);
  tokens.forEach((token, index) => {
    if (!isWord(token, ...relationWords) || isInCall[index] === true) return;
    const table = tableAt(tokens, index + 1);
    if (table === undefined || (table.schema === undefined && ctes.has(table.name))) return;
    const key = `${table.schema ?? ""}.${table.name}`;
    tables.set(key, tables.get(key) ?? table);
  });
  return {
    tables: [...tables.values()],
    files: [],
    parameters: [],
    volatileFunctions: [],
    normalized: "",
    groupedBy: [],
    isProjection: false,
    keepsEveryRow: false,
    keepsOrder: true,
    isOrdered: false,
    isInferred: true,
  };
}

/** For each token: does it stand right in the brackets of a call, as FROM does in `extract(year FROM day)`? */
function callBrackets(tokens: readonly Token[]): readonly boolean[] {
  const open: boolean[] = [];
  return tokens.map((token, index) => {
    const isInside = open.at(-1) ?? false;
    const depth = bracketDepth(token);
    if (depth > 0) open.push(isCall(tokens, index));
    else if (depth < 0) open.pop();
    return isInside;
  });
}

function isCall(tokens: readonly Token[], open: number): boolean {
  return isName(tokens[open - 1]) && !isWord(tokens[open + 1], ...queryWords);
}

/** `name AS (`, `name(columns) AS (`, and `AS MATERIALIZED (`. */
function definesCte(tokens: readonly Token[], index: number): boolean {
  const isFirst = isWord(tokens[index - 1], "with", "recursive") || isSymbol(tokens[index - 1], ",");
  if (!isFirst || !isName(tokens[index])) return false;
  return isSymbol(tokens[index + 1], "(") || isWord(tokens[index + 1], "as");
}

function tableAt(tokens: readonly Token[], index: number): TableReference | undefined {
  const [first, dot, second] = tokens.slice(index, index + 3);
  if (first === undefined || !isName(first)) return undefined;
  if (isSymbol(dot, ".") && second !== undefined && isName(second)) {
    const schema = foldCase(first.value);
    if (schema !== "lake" && schema !== "lakebook" && readDatedName(schema) === undefined) return undefined;
    return {
      schema,
      name: foldCase(second.value),
      count: 1,
      span: { start: first.start, end: second.end },
    };
  }
  if (isSymbol(dot, "(") || isSymbol(dot, ".") || looksLikePath(first.value)) return undefined;
  return { name: foldCase(first.value), count: 1, span: { start: first.start, end: first.end } };
}

function isName(token: Token | undefined): boolean {
  return token?.kind === "quoted" || (token?.kind === "word" && !notNames.includes(token.value));
}
