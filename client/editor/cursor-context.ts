import { endsOperand, isKeywordToken } from "./select-items.js";
import type { Clause, ParsedSql, QueryScope, Span } from "./sql-scopes.js";
import { parseScopes } from "./sql-scopes.js";
import type { Token } from "../../server/text/sql-tokens.js";
import { isName, isSymbol, isWord, tokenizeSql } from "../../server/text/sql-tokens.js";

/** What may stand at the cursor. `replace` is what is typed of it so far. */
export type CursorContext =
  | { readonly type: "nothing" }
  | { readonly type: "parameter"; readonly replace: Span }
  /** In a string that names a file: `replace` is what is between the quotes. */
  | { readonly type: "file"; readonly replace: Span }
  | { readonly type: "data-type"; readonly replace: Span }
  /** In a string that is compared with the column of that path. */
  | {
      readonly type: "value";
      readonly replace: Span;
      readonly path: readonly string[];
      readonly scope: QueryScope;
      /** There is no closing quote that is surely its own. */
      readonly isOpen: boolean;
    }
  /** After a dot. `isRelation` where the whole is the name of a relation, as in `FROM lake.|`. */
  | {
      readonly type: "member";
      readonly replace: Span;
      readonly path: readonly string[];
      readonly isRelation: boolean;
      readonly scope: QueryScope;
    }
  | { readonly type: "relation"; readonly replace: Span; readonly scope: QueryScope }
  /** In the bracket of `JOIN x USING (|)`. */
  | { readonly type: "shared-column"; readonly replace: Span; readonly scope: QueryScope }
  /** Where a value is expected, a column above all; `clause` is absent at the start of a query. */
  | ValueContext<"operand">
  /** After a complete value: only a keyword can follow. */
  | ValueContext<"operator">;

interface ValueContext<Type extends string> {
  readonly type: Type;
  readonly replace: Span;
  readonly scope: QueryScope;
  readonly clause: Clause | undefined;
}

export interface CursorReading {
  readonly context: CursorContext;
  readonly parsed: ParsedSql;
  /** Without comments. */
  readonly tokens: readonly Token[];
}

/** Words that a keyword must follow, no value. */
const unfinishedPhrases = [
  "left",
  "right",
  "full",
  "inner",
  "outer",
  "cross",
  "natural",
  "asof",
  "positional",
  "semi",
  "anti",
];
const fileFunctions = /^(read_|parquet_|sniff_csv$|glob$|st_read$)/;

export function readCursor(sql: string, offset: number): CursorReading {
  const all = tokenizeSql(sql);
  const touched = all.find((token) => token.start < offset && isInside(token, offset));
  const tokens = withPlaceholder(all.filter(isCode), offset);
  const parsed = parseScopes(tokens);
  const isPlain = touched?.kind !== "string" || sql.charAt(touched.start) === "'";
  const context: CursorContext =
    touched && (!isCode(touched) || !isPlain) ? { type: "nothing" } : contextAt(tokens, parsed, offset);
  return { context, parsed, tokens };
}

/** Words after which the items of a list begin. */
const listWords = [
  "select",
  "distinct",
  "from",
  "join",
  "where",
  "and",
  "or",
  "on",
  "by",
  "having",
  "qualify",
];

/** Whether a space that was typed before an offset asks for the first or the next item of a list. */
export function beginsItem({ tokens }: CursorReading, offset: number): boolean {
  const previous = tokens.findLast(({ start, end }) => start < end && end <= offset);
  // One space: more are there to move things.
  return previous?.end === offset - 1 && (isSymbol(previous, ",") || isWord(previous, ...listWords));
}

/** The innermost query at an offset. */
export function scopeAt(parsed: ParsedSql, offset: number): QueryScope | undefined {
  return parsed.scopes
    .filter(({ span }) => span.start <= offset && offset <= span.end)
    .reduce<QueryScope | undefined>(
      (best, scope) => (best && best.span.start > scope.span.start ? best : scope),
      undefined,
    );
}

function isCode(token: Token): boolean {
  return token.kind !== "comment" && token.kind !== "option";
}

/** A cursor at the end of an unclosed token, or of a line comment, is still in it. */
function isInside(token: Token, offset: number): boolean {
  if (offset < token.end) return true;
  if (offset > token.end) return false;
  if (token.kind === "string" || token.kind === "quoted") return !token.isClosed;
  return token.kind !== "symbol" && !(token.kind === "comment" && token.isClosed && isBlock(token));
}

function isBlock(token: Token): boolean {
  return token.value.endsWith("*/");
}

/** After `o.` comes a name that isn't typed yet: without it, `SELECT o.| FROM orders o` would have no FROM. */
function withPlaceholder(tokens: readonly Token[], offset: number): readonly Token[] {
  const at = indexAfter(tokens, offset);
  const next = tokens[at];
  const isTyped = next && (next.start < offset || (next.start === offset && isName(next)));
  if (isTyped || !isSymbol(tokens[at - 1], ".")) return tokens;
  const placeholder: Token = { kind: "word", start: offset, end: offset, value: "", isClosed: true };
  return [...tokens.slice(0, at), placeholder, ...tokens.slice(at)];
}

/** The index of the first token that isn't wholly before an offset. */
function indexAfter(tokens: readonly Token[], offset: number): number {
  const next = tokens.findIndex((token) => token.end > offset || token.start >= offset);
  return next === -1 ? tokens.length : next;
}

function contextAt(tokens: readonly Token[], parsed: ParsedSql, offset: number): CursorContext {
  const current = tokens.findIndex(
    (token) => token.start < offset && token.kind !== "symbol" && isInside(token, offset),
  );
  const token = tokens[current];
  const start = token?.start ?? offset;
  const at = token ? current : indexAfter(tokens, offset);
  const replace = { start, end: offset };
  const scope = scopeAt(parsed, start);
  if (!scope || token?.kind === "number") return { type: "nothing" };
  if (token?.kind === "parameter") return { type: "parameter", replace };
  if (token?.kind === "string") return stringContext(tokens, parsed, at, offset);
  const previous = tokens[at - 1];
  if (isSymbol(previous, ".")) return memberContext(tokens, parsed, at, scope, replace);
  if (parsed.relationSlots.some((slot) => slot.start <= start && start <= slot.end)) {
    return { type: "relation", replace, scope };
  }
  if (isSymbol(previous, "::")) return { type: "data-type", replace };
  const call = enclosingCall(tokens, at);
  if (isWord(previous, "as")) {
    return isWord(call, "cast", "try_cast") ? { type: "data-type", replace } : { type: "nothing" };
  }
  const clause = scope.clauses.findLast((entry) => entry.start < start)?.clause;
  if (isWord(call, "using") && clause === "using") return { type: "shared-column", replace, scope };
  if (clause === "with" && !isSymbol(previous, ")")) return { type: "nothing" };
  const isOperator = isCompleteBefore(tokens, at) || clause === "with";
  return { type: isOperator ? "operator" : "operand", replace, scope, clause };
}

/** A string names a file in a FROM, and as an argument of a function that reads files; beside a column it is a value. */
function stringContext(
  tokens: readonly Token[],
  parsed: ParsedSql,
  at: number,
  offset: number,
): CursorContext {
  const token = tokens[at];
  if (!token) return { type: "nothing" };
  const { start, end, isClosed } = token;
  const isRelation = parsed.relationSlots.some((slot) => slot.end === start);
  const call = enclosingCall(tokens, at);
  // `format = 'csv'` is an option of the call, not a file.
  const isArgument = !isSymbol(tokens[at - 1], "=", ":=", "=>", ":");
  const isFile =
    isRelation || (isArgument && call !== undefined && fileFunctions.test(call.value.toLowerCase()));
  if (isFile) return { type: "file", replace: { start: start + 1, end: isClosed ? end - 1 : end } };
  const path = pathBefore(tokens, comparedEnd(tokens, at));
  const scope = scopeAt(parsed, start);
  if (path.length === 0 || !scope) return { type: "nothing" };
  // Where quotes do not add up, those behind the cursor may belong to anything.
  const isOpen = tokens.some((other) => other.kind === "string" && !other.isClosed);
  return {
    type: "value",
    path,
    scope,
    isOpen,
    replace: { start: start + 1, end: isOpen ? offset : end - 1 },
  };
}

/** What a parameter is compared with. */
export interface Compared {
  readonly path: readonly string[];
  readonly scope: QueryScope;
  /** It is one of the values, not a bound of them. */
  readonly isEqual: boolean;
  /** Where the parameter stands. */
  readonly span: Span;
}

/** The first column that a parameter is compared with. */
export function comparedWith(sql: string, parameter: string): Compared | undefined {
  const tokens = tokenizeSql(sql).filter(isCode);
  const parsed = parseScopes(tokens);
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "parameter" || token.value !== parameter) continue;
    const before = pathBefore(tokens, comparedEnd(tokens, at) || betweenEnd(tokens, at));
    const path = before.length > 0 ? before : pathBehind(tokens, at + 1);
    const scope = scopeAt(parsed, token.start);
    if (path.length === 0 || scope === undefined) continue;
    const sign = before.length > 0 ? tokens[at - 1] : tokens[at + 1];
    const isEqual = isSymbol(sign, "=", "==", "<>", "!=", "(", ",");
    return { path, scope, isEqual, span: { start: token.start, end: token.end } };
  }
  return undefined;
}

/** Of `x BETWEEN low AND value`: the index behind `x`; 0: it is none. */
function betweenEnd(tokens: readonly Token[], at: number): number {
  if (!isWord(tokens[at - 1], "and")) return 0;
  const found = tokens
    .slice(0, at - 1)
    .findLastIndex((token) => isWord(token, "between", "and", "or", "where"));
  return isWord(tokens[found], "between") ? found : 0;
}

/** The dotted name behind a comparison. */
function pathBehind(tokens: readonly Token[], sign: number): readonly string[] {
  if (!isSymbol(tokens[sign], "=", "<>", "!=", "<", ">", "<=", ">=")) return [];
  let end = sign + 2;
  while (isSymbol(tokens[end], ".")) end += 2;
  return isSymbol(tokens[end], "(") ? [] : pathBefore(tokens, end);
}

/** The index behind what the value at an index is compared with; 0: with nothing. */
function comparedEnd(tokens: readonly Token[], at: number): number {
  const previous = tokens[at - 1];
  if (isSymbol(previous, "=")) return isSymbol(tokens[at - 2], "=") ? at - 2 : at - 1;
  if (isSymbol(previous, "<>", "!=", "<", ">", "<=", ">=") || isWord(previous, "between")) return at - 1;
  const call = enclosingCall(tokens, at);
  if (!call || !isWord(call, "in") || !isSymbol(previous, "(", ",")) return 0;
  const list = tokens.indexOf(call);
  return isWord(tokens[list - 1], "not") ? list - 1 : list;
}

/** The dotted name that ends before an index. */
function pathBefore(tokens: readonly Token[], end: number): readonly string[] {
  const path: string[] = [];
  for (let at = end - 1; ; at -= 2) {
    const token = tokens[at];
    // No comparison follows the word of AT TIME ZONE.
    if (!token || !isName(token) || (isKeywordToken(token) && !isWord(token, "at"))) return [];
    path.unshift(token.value);
    if (!isSymbol(tokens[at - 1], ".")) return path;
  }
}

function memberContext(
  tokens: readonly Token[],
  parsed: ParsedSql,
  at: number,
  scope: QueryScope,
  replace: Span,
): CursorContext {
  const path: string[] = [];
  let first = at;
  while (isSymbol(tokens[first - 1], ".") && isName(tokens[first - 2])) {
    first -= 2;
    path.unshift(tokens[first]?.value ?? "");
  }
  const pathStart = tokens[first]?.start ?? replace.start;
  const isRelation = parsed.relationSlots.some((slot) => slot.end === pathStart);
  return path.length === 0
    ? { type: "nothing" }
    : { type: "member", replace, path, isRelation, scope: scopeAt(parsed, pathStart) ?? scope };
}

/** The word before the bracket that the token at an index is in. */
function enclosingCall(tokens: readonly Token[], index: number): Token | undefined {
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    const token = tokens[at];
    if (isSymbol(token, ")", "]", "}")) depth++;
    else if (isSymbol(token, "[", "{")) depth = Math.max(0, depth - 1);
    else if (isSymbol(token, "(") && depth-- === 0) return tokens[at - 1];
    else if (isSymbol(token, ";")) return undefined;
  }
  return undefined;
}

/** Whether an expression or a relation ends before the token at an index, so that a value can't follow. */
function isCompleteBefore(tokens: readonly Token[], at: number): boolean {
  const previous = tokens[at - 1];
  if (isWord(previous, "group", "order", ...unfinishedPhrases)) return true;
  if (!isSymbol(previous, "*")) return endsOperand(previous);
  // A star that stands for all columns, not a product.
  const before = tokens[at - 2];
  return !before || isSymbol(before, ",", ".", "(") || isKeywordToken(before);
}
