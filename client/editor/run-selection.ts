import { scopeAt } from "./cursor-context.js";
import type { CommonTable, ParsedSql, Span } from "./sql-scopes.js";
import { parseScopes } from "./sql-scopes.js";
import type { Token } from "../../server/text/sql-tokens.js";
import { codeTokens, isWord } from "../../server/text/sql-tokens.js";

/**
 * The query that previews a part of a cell: the selected text, else the WITH query that the cursor is in, else the
 * statement. The WITH queries that the part may read go along. Nothing where there is no SQL.
 */
export function queryToPreview(sql: string, selection: Span): string | undefined {
  const tokens = codeTokens(sql);
  const parsed = parseScopes(tokens);
  const selected = tokens.filter(({ start, end }) => start < selection.end && end > selection.start);
  const [first] = selected;
  if (first) {
    const text = sql.slice(Math.max(first.start, selection.start), selection.end).trim();
    if (isWord(first, "with")) return text;
    const { start } = first;
    const tables = scopeAt(parsed, start)?.commonTables.filter(({ span }) => span.end <= start);
    return withTables(sql, tokens, tables ?? [], text);
  }
  const table = tableAround(parsed, selection.start);
  if (!table?.query) return statementAt(sql, tokens, parsed, selection.start);
  const visible = table.query.commonTables.filter(({ span }) => span.end <= table.span.start);
  const name = sql.slice(table.nameSpan.start, table.nameSpan.end);
  return withTables(sql, tokens, [...visible, table], `SELECT * FROM ${name}`);
}

function statementAt(
  sql: string,
  tokens: readonly Token[],
  { statements }: ParsedSql,
  offset: number,
): string | undefined {
  const written = statements.flatMap(({ start, end }) => {
    const first = tokens.find((token) => token.start >= start && token.end <= end);
    return first ? [{ start: first.start, end }] : [];
  });
  const statement = written.find(({ end }) => offset <= end) ?? written.at(-1);
  return statement && sql.slice(statement.start, statement.end).trim();
}

function tableAround({ scopes }: ParsedSql, offset: number): CommonTable | undefined {
  return scopes
    .flatMap(({ commonTables }) => commonTables)
    .filter(({ span }) => span.start <= offset && offset <= span.end)
    .reduce<CommonTable | undefined>(
      (best, table) => (best && best.span.start >= table.span.start ? best : table),
      undefined,
    );
}

function withTables(
  sql: string,
  tokens: readonly Token[],
  tables: readonly CommonTable[],
  query: string,
): string {
  if (tables.length === 0) return query;
  const isRecursive = tokens.some((token) => isWord(token, "recursive"));
  const list = tables.map(({ span }) => sql.slice(span.start, span.end)).join(",\n");
  return `WITH ${isRecursive ? "RECURSIVE " : ""}${list}\n${query}`;
}
