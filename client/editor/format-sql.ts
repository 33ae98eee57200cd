import type { Token } from "../../server/text/sql-tokens.js";
import { tokenizeSql } from "../../server/text/sql-tokens.js";
import { loadCode } from "../connection.js";

export interface FormatResult {
  readonly text: string;
  /** Why the text is unchanged, if it could not be formatted. */
  readonly message?: string;
}

const expressionWidth = 90;
const loneClause = /^ *(select|from|where|group by|order by|having|qualify|limit|offset|using|on)$/i;

/**
 * Lays SQL out anew; keywords, names and the `--|` lines at the head stay as they are. The formatter is not DuckDB:
 * where it fails, or would change more than white space, the text comes back as it was, with a message.
 */
export async function formatSql(text: string): Promise<FormatResult> {
  const head = /^(?:[ \t]*--\|[^\n]*(?:\n|$))*/.exec(text)?.[0] ?? "";
  const body = text.slice(head.length);
  if (body.trim() === "") return { text };
  const { duckdb, formatDialect } = await loadCode(() => import("sql-formatter"));
  let formatted: string;
  try {
    formatted = formatDialect(body, {
      dialect: duckdb,
      paramTypes: { positional: true, named: ["$"], numbered: ["$"] },
      tabWidth: 2,
      expressionWidth,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { text, message: `This SQL cannot be formatted: ${firstLine(error.message)}` };
  }
  const layout = [joinShortClauses(formatted), formatted].find((candidate) => isSameSql(body, candidate));
  if (layout === undefined) {
    return { text, message: "This SQL is left as it is: the formatter would change its meaning." };
  }
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const trailing = /\s*$/.exec(body)?.[0] ?? "";
  return { text: head + layout.trim().replaceAll("\n", lineBreak) + trailing };
}

/** `FROM` and the one line below it become one line. */
function joinShortClauses(sql: string): string {
  const lines = sql.split("\n");
  const joined: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [line = "", next = "", afterNext = ""] = lines.slice(at, at + 3);
    const isOneLine = indentOf(next) > indentOf(line) && indentOf(afterNext) <= indentOf(line);
    const together = `${line} ${next.trim()}`;
    const isJoined = loneClause.test(line) && isOneLine && together.length <= expressionWidth;
    joined.push(isJoined ? together : line);
    if (isJoined) at++;
  }
  return joined.join("\n");
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function isSameSql(before: string, after: string): boolean {
  const [one, other] = [meaningful(before), meaningful(after)];
  return one.length === other.length && one.every((text, at) => text === other[at]);
}

/** Comments count too, but for the white space in them. */
function meaningful(sql: string): readonly string[] {
  return tokenizeSql(sql).map((token) => textOf(token, sql));
}

function textOf({ kind, start, end }: Token, sql: string): string {
  const text = sql.slice(start, end);
  return kind === "comment" || kind === "option" ? text.replace(/\s+/g, " ").trim() : text;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
