import { bracketDepth, isSymbol, isWord, type Token, type TokenizedSql } from "./lexer.js";

/*
 * DuckDB runs a PIVOT whose values are not listed in two steps, so its parser has no tree for it. What it reads does
 * not depend on the values: with `IN (0)` put behind each such list, the parser has a tree with the same references,
 * functions and parameters. Nothing is taken away from the text but the subquery of `IN (SELECT ...)`; that one
 * becomes a statement of its own, since it does not see the CTEs around it in DuckDB either.
 */

export interface StaticPivots {
  readonly text: string;
  /** Statements of the text: the query, and one for each subquery of an IN. */
  readonly statementCount: number;
  /** Numbers of the tokens where something was put in: with them two queries differ that have the same tree. */
  readonly marks: readonly number[];
  /** The offset in the original text; for what was put in, the place behind which it stands. */
  toOriginal(offset: number): number;
}

interface Edit {
  readonly start: number;
  /** Beyond `start` for a subquery, which moves to the end. */
  readonly end: number;
  readonly text: string;
  readonly mark: number;
}

interface Piece {
  readonly text: string;
  readonly original: number;
  readonly isOriginal: boolean;
}

const pivotWords = ["pivot", "pivot_wider"];
const endOfList = ["using", "group", "order", "limit", "offset", "fetch", "union", "intersect", "except"];
const queryWords = [
  "select",
  "from",
  "with",
  "values",
  "table",
  "describe",
  "summarize",
  "show",
  ...pivotWords,
  "unpivot",
];

export function hasPivot(tokens: readonly Token[]): boolean {
  return tokens.some((token) => isWord(token, ...pivotWords));
}

/** The same query with values for every PIVOT; undefined where no PIVOT without values was found. */
export function withStaticPivots({ text, tokens }: TokenizedSql): StaticPivots | undefined {
  const edits = tokens
    .flatMap((token, index) => (isWord(token, ...pivotWords) ? editsOfPivot(tokens, index) : []))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  if (edits.length === 0) return undefined;
  const editsWithin = groupBySubquery(edits);
  const pieces: Piece[] = [];
  const moved: Edit[] = [];
  const add = (start: number, end: number, own: readonly Edit[]): void => {
    let at = start;
    for (const edit of own) {
      pieces.push({ text: text.slice(at, edit.start), original: at, isOriginal: true });
      pieces.push({ text: edit.text, original: edit.start, isOriginal: false });
      if (isMove(edit)) moved.push(edit);
      at = edit.end;
    }
    pieces.push({ text: text.slice(at, end), original: at, isOriginal: true });
  };
  add(0, endOfStatement(text, tokens), editsWithin.get(undefined) ?? []);
  // The list grows: a subquery that moves may hold further pivots.
  for (const subquery of moved) {
    pieces.push({ text: "\n;", original: subquery.start, isOriginal: false });
    add(subquery.start, subquery.end, editsWithin.get(subquery) ?? []);
  }
  return {
    text: pieces.map((piece) => piece.text).join(""),
    statementCount: 1 + moved.length,
    marks: edits.map((edit) => edit.mark),
    toOriginal: (offset) => originalOffset(pieces, offset),
  };
}

function editsOfPivot(tokens: readonly Token[], index: number): readonly Edit[] {
  const list = findList(tokens, index + 1);
  return list === undefined ? [] : editsOfList(tokens, list);
}

function isMove(edit: Edit): boolean {
  return edit.end > edit.start;
}

/** The edits of each subquery that moves, and under undefined those of the rest. */
function groupBySubquery(edits: readonly Edit[]): ReadonlyMap<Edit | undefined, readonly Edit[]> {
  const groups = new Map<Edit | undefined, Edit[]>();
  const open: Edit[] = [];
  for (const edit of edits) {
    while ((open.at(-1)?.end ?? Infinity) <= edit.start) open.pop();
    const group = groups.get(open.at(-1));
    if (group === undefined) groups.set(open.at(-1), [edit]);
    else group.push(edit);
    if (isMove(edit)) open.push(edit);
  }
  return groups;
}

function endOfStatement(text: string, tokens: readonly Token[]): number {
  let end = tokens.length;
  while (isSymbol(tokens[end - 1], ";")) end--;
  return end === tokens.length ? text.length : (tokens[end - 1]?.end ?? 0);
}

function originalOffset(pieces: readonly Piece[], offset: number): number {
  let left = offset;
  for (const piece of pieces) {
    if (left < piece.text.length) return piece.original + (piece.isOriginal ? left : 0);
    left -= piece.text.length;
  }
  const last = pieces.at(-1);
  return last === undefined ? 0 : last.original + last.text.length;
}

/** The index of the first token of the list that follows a PIVOT's ON. */
function findList(tokens: readonly Token[], from: number): number | undefined {
  // `FROM t PIVOT (sum(x) FOR year IN (...))` always has its values.
  if (isSymbol(tokens[from], "(") && hasForClause(tokens, from)) return undefined;
  let depth = 0;
  let openJoins = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    depth += bracketDepth(token);
    if (depth < 0 || isSymbol(token, ";")) return undefined;
    if (depth > 0) continue;
    if (isWord(token, "join")) {
      if (!isWord(tokens[at - 1], "cross", "natural", "positional")) openJoins++;
    } else if (isWord(token, "on", "using") && openJoins > 0) {
      openJoins--;
    } else if (isWord(token, "on")) {
      return at + 1;
    } else if (isWord(token, ...endOfList)) {
      return undefined;
    }
  }
  return undefined;
}

function hasForClause(tokens: readonly Token[], open: number): boolean {
  let depth = 0;
  for (const token of tokens.slice(open)) {
    depth += bracketDepth(token);
    if (depth === 0) return false;
    if (depth === 1 && isWord(token, "for")) return true;
  }
  return false;
}

function editsOfList(tokens: readonly Token[], from: number): Edit[] {
  const edits: Edit[] = [];
  let depth = 0;
  let inAt: number | undefined;
  let start = from;
  const close = (at: number): void => {
    const last = tokens[at - 1];
    if (inAt !== undefined) edits.push(...moveSubquery(tokens, inAt + 1));
    else if (at > start && last !== undefined)
      edits.push({ start: last.end, end: last.end, text: " IN (0)", mark: at });
  };
  for (let at = from; ; at++) {
    const token = tokens[at];
    const change = token === undefined ? 0 : bracketDepth(token);
    depth += change;
    const isEnd = token === undefined || depth < 0 || isSymbol(token, ";");
    if (isEnd || (depth === 0 && (isWord(token, ...endOfList) || isSymbol(token, ",")))) {
      close(at);
      if (!isSymbol(token, ",") || isEnd) return edits;
      [start, inAt] = [at + 1, undefined];
    } else if (depth === 0 && isWord(token, "in")) {
      inAt = at;
    }
  }
}

/** `IN (SELECT ...)` has its values from a query: `0` takes its place. */
function moveSubquery(tokens: readonly Token[], open: number): Edit[] {
  const [bracket, first] = [tokens[open], tokens[open + 1]];
  if (!isSymbol(bracket, "(") || bracket === undefined || !isWord(first, ...queryWords)) return [];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    depth += bracketDepth(token);
    if (depth === 0) return [{ start: bracket.end, end: token.start, text: "0", mark: open }];
  }
  return [];
}
