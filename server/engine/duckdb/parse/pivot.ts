import { bracketDepth, type TokenizedSql } from "./lexer.js";
import { isSymbol, isWord, type Token } from "../../../text/sql-tokens.js";

/*
 * DuckDB runs a PIVOT whose values are not listed in two steps, so its parser has no tree for it. What it reads does
 * not depend on the values: with a list of one made-up value behind each such PIVOT, the parser has a tree with the
 * same references, functions and parameters. The subquery of `IN (SELECT ...)` becomes a text of its own, since in
 * DuckDB too it does not see the CTEs around it.
 *
 * Where to put the lists is found by tokens. That the parser sees the same places is proved afterwards: it must show
 * the made-up value as often as it was put in, and nowhere but as a whole constant. So what we take for code is code
 * for DuckDB, and the query that runs is the query that was judged.
 */

export interface StaticPivots {
  /** The query, then each subquery in brackets. Each must be one statement. */
  readonly texts: readonly StaticText[];
  /** Numbers of the tokens where something was put in: with them two queries differ that have the same trees. */
  readonly marks: readonly number[];
  /** Do the trees of the texts show all that was put in, and only where it was meant to be? */
  readonly isProvedBy: (trees: readonly string[]) => boolean;
}

export interface StaticText {
  readonly text: string;
  /** The offset in the original text; for what was put in, the place behind which it stands. */
  readonly toOriginal: (offset: number) => number;
}

interface Edit {
  readonly start: number;
  /** Beyond `start` for a subquery, which moves into a text of its own. */
  readonly end: number;
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
  const value = newValue(text);
  const editsWithin = groupBySubquery(edits);
  const cut = (start: number, end: number, own: readonly Edit[] = []): Piece[] => {
    let at = start;
    const pieces = own.flatMap((edit): Piece[] => {
      const before = { text: text.slice(at, edit.start), original: at, isOriginal: true };
      at = edit.end;
      const list = isMove(edit) ? `'${value}'` : ` IN ('${value}')`;
      return [before, { text: list, original: edit.start, isOriginal: false }];
    });
    return [...pieces, { text: text.slice(at, end), original: at, isOriginal: true }];
  };
  const subqueries = edits
    .filter(isMove)
    .map((edit) => [
      { text: "(", original: edit.start, isOriginal: false },
      ...cut(edit.start, edit.end, editsWithin.get(edit)),
      { text: ")", original: edit.end, isOriginal: false },
    ]);
  const texts = [cut(0, text.length, editsWithin.get(undefined)), ...subqueries];
  return {
    texts: texts.map(toStaticText),
    marks: edits.map((edit) => edit.mark),
    isProvedBy: (trees) => {
      const all = trees.join("\n");
      return count(all, value) === edits.length && count(all, `"value":"${value}"`) === edits.length;
    },
  };
}

/** A word that does not occur in the text. */
function newValue(text: string): string {
  let number = 0;
  while (text.includes(`pivot_value_${number}`)) number++;
  return `pivot_value_${number}`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function toStaticText(pieces: readonly Piece[]): StaticText {
  return {
    text: pieces.map((piece) => piece.text).join(""),
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
    else if (at > start && last !== undefined) edits.push({ start: last.end, end: last.end, mark: at });
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

/** `IN (SELECT ...)` has its values from a query. */
function moveSubquery(tokens: readonly Token[], open: number): Edit[] {
  const [bracket, first] = [tokens[open], tokens[open + 1]];
  if (!isSymbol(bracket, "(") || bracket === undefined || !isWord(first, ...queryWords)) return [];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    depth += bracketDepth(token);
    if (depth === 0) return [{ start: bracket.end, end: token.start, mark: open }];
  }
  return [];
}
