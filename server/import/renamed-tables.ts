import { codeTokens, isName, isSymbol, isWord, type Token } from "../text/sql-tokens.js";
import { foldCase } from "../text/sql-names.js";

/** What may follow a table and is not another name for it. */
const AFTER_TABLE =
  /^(where|join|inner|left|right|full|cross|natural|on|using|group|order|having|limit|offset|union|except|intersect|qualify|window|tablesample|sample|pivot|unpivot|positional|asof|anti|semi|select|lateral|fetch|by|set|returning|values)$/i;
const ENDS_TABLES = /^(where|group|order|having|limit|offset|union|except|intersect|qualify|window|select)$/i;

/**
 * A query that reads tables under their new names and calls them as before: `FROM df` becomes `FROM df_2 AS df`. A query that
 * defines such a name itself stays.
 */
export function readRenamed(sql: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return sql;
  const tokens = codeTokens(sql);
  const own = new Set(
    tokens.flatMap((token, at) => (isDefinition(tokens, at) ? [foldCase(token.value)] : [])),
  );
  let result = "";
  let done = 0;
  for (const [at, token] of tokens.entries()) {
    const name = foldCase(token.value);
    const renamed = names.get(name);
    if (renamed === undefined || own.has(name) || !isName(token) || !isTable(tokens, at)) continue;
    const next = tokens[at + 1];
    const isCalled = isName(next) && !(next?.kind === "word" && AFTER_TABLE.test(next.value));
    result +=
      sql.slice(done, token.start) + renamed + (isCalled ? "" : ` AS ${sql.slice(token.start, token.end)}`);
    done = token.end;
  }
  return result + sql.slice(done);
}

/** `name AS (` of a WITH, its columns named or not. */
function isDefinition(tokens: readonly Token[], at: number): boolean {
  if (!isName(tokens[at]) || !(isWord(tokens[at - 1], "with", "recursive") || isSymbol(tokens[at - 1], ",")))
    return false;
  let next = at + 1;
  if (isSymbol(tokens[next], "(")) next = closing(tokens, next) + 1;
  if (!isWord(tokens[next], "as")) return false;
  next++;
  while (isWord(tokens[next], "not", "materialized")) next++;
  return isSymbol(tokens[next], "(");
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSymbol(tokens[at], "(")) depth++;
    else if (isSymbol(tokens[at], ")") && --depth === 0) return at;
  }
  return tokens.length;
}

/** Behind FROM or JOIN, or behind a comma of the tables there. */
function isTable(tokens: readonly Token[], at: number): boolean {
  if (isSymbol(tokens[at + 1], "(", ".")) return false;
  const before = tokens[at - 1];
  if (isWord(before, "from")) return isClause(tokens, at - 1);
  if (isWord(before, "join", "pivot", "unpivot", "summarize", "describe")) return true;
  if (!isSymbol(before, ",")) return false;
  let depth = 0;
  for (let back = at - 1; back >= 0; back--) {
    const token = tokens[back];
    if (isSymbol(token, ")", "]")) depth++;
    else if (isSymbol(token, "(", "[") && depth-- === 0) return false;
    else if (depth === 0 && isWord(token, "from", "join")) return isClause(tokens, back);
    else if (depth === 0 && token?.kind === "word" && ENDS_TABLES.test(token.value)) return false;
  }
  return false;
}

/** Not that of `IS DISTINCT FROM` or `extract(year FROM x)`. */
function isClause(tokens: readonly Token[], from: number): boolean {
  if (isWord(tokens[from], "join")) return true;
  if (isWord(tokens[from - 1], "distinct")) return false;
  let depth = 0;
  for (let back = from - 1; back >= 0; back--) {
    const token = tokens[back];
    if (isSymbol(token, ")")) depth++;
    else if (isSymbol(token, "(") && depth-- === 0) return back === from - 1;
    else if (depth === 0 && isWord(token, "select")) return true;
  }
  return true;
}
