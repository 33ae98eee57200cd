export type SqlTokenKind = "comment" | "string" | "name" | "number" | "word" | "parameter" | "symbol";

export interface SqlToken {
  readonly kind: SqlTokenKind;
  readonly start: number;
  readonly end: number;
}

const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const PARAMETER = /\$[A-Za-z_0-9\u0080-\uffff][\w\u0080-\uffff]*/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const LINE_COMMENT = /--[^\r\n]*/y;
const SPACE = /\s+/y;

/** The parts of a SQL text, as far as colouring and cutting it need them; white space is left out. Never fails. */
export function tokenizeSql(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length;) {
    const space = matchAt(SPACE, sql, at);
    if (space > at) {
      at = space;
      continue;
    }
    const [kind, end] = readToken(sql, at);
    tokens.push({ kind, start: at, end });
    at = end;
  }
  return tokens;
}

function readToken(sql: string, at: number): [SqlTokenKind, number] {
  const first = sql[at] ?? "";
  const pair = sql.slice(at, at + 2);
  if (pair === "--") return ["comment", matchAt(LINE_COMMENT, sql, at)];
  if (pair === "/*") return ["comment", endOfBlockComment(sql, at)];
  if (first === "'") return ["string", endOfQuoted(sql, at, "'", false)];
  if (first === '"') return ["name", endOfQuoted(sql, at, '"', false)];
  if (/[eE]/.test(first) && sql[at + 1] === "'") return ["string", endOfQuoted(sql, at + 1, "'", true)];
  if (/[xXbB]/.test(first) && sql[at + 1] === "'") return ["string", endOfQuoted(sql, at + 1, "'", false)];
  if (first === "$") return readDollar(sql, at);
  const word = matchAt(WORD, sql, at);
  if (word > at) return ["word", word];
  const number = matchAt(NUMBER, sql, at);
  if (number > at) return ["number", number];
  return ["symbol", at + ((sql.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)];
}

function readDollar(sql: string, at: number): [SqlTokenKind, number] {
  const opening = matchAt(DOLLAR_QUOTE, sql, at);
  if (opening > at) {
    const tag = sql.slice(at, opening);
    const closing = sql.indexOf(tag, opening);
    return ["string", closing < 0 ? sql.length : closing + tag.length];
  }
  const parameter = matchAt(PARAMETER, sql, at);
  return parameter > at ? ["parameter", parameter] : ["symbol", at + 1];
}

/** `quote` doubled stands for itself; a backslash escapes only in E'...'. */
function endOfQuoted(sql: string, start: number, quote: string, hasEscapes: boolean): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (hasEscapes && sql[at] === "\\") at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return sql.length;
}

/** They nest. */
function endOfBlockComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    const pair = sql.slice(at, at + 2);
    if (pair === "/*") {
      depth++;
      at++;
    } else if (pair === "*/") {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? at : at + match[0].length;
}
