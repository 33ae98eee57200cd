import { printTimeText } from "./literals.js";
import { failWhen, sql, withPlainYear, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { textConstant, textOf, type TreeNode } from "./tree.js";
import {
  isExact,
  isHuge,
  isInteger,
  isNumber,
  isSameType,
  isShortInteger,
  isTime,
  nameOf,
  sparkType,
  type SqlType,
} from "./types.js";

interface Cast {
  readonly piece: Piece;
  readonly from: SqlType;
  readonly to: SqlType;
  readonly isTry: boolean;
  /** Spark's name of the type. */
  readonly name: string;
}

export function printCast(node: TreeNode, printing: Printing): Piece {
  const child = node.child as TreeNode;
  const to = printing.typeOf(node);
  const from = printing.typeOf(child);
  const text = textConstant(child);
  if (to.kind === "unknown") return refuse("a cast to an unknown type");
  if (to.kind === "list" && textOf(child.function_name) === "list_value" && childrenOf(child).length === 0)
    return castTo("array()", { kind: "null" }, to);
  if (text !== undefined && node.try_cast !== true) return castText(text, to);
  return castTo(printing.expression(child), from, to, node.try_cast === true);
}

/** A text that is written there. */
function castText(text: string, to: SqlType): Piece {
  if (isTime(to)) return printTimeText(text, to);
  if (to.kind === "text") return quoteText(text);
  if (to.kind === "boolean" && /^(t|f|true|false)$/i.test(text)) return /^t/i.test(text) ? "TRUE" : "FALSE";
  if (to.kind === "double" && /^[+-]?(inf|infinity|nan)$/i.test(text)) return sql`DOUBLE(${quoteText(text)})`;
  if (to.kind === "double" && /^[+-]?\d+(\.\d+)?[eE][+-]?\d{1,3}$/.test(text))
    return sql`CAST(${quoteText(text)} AS DOUBLE)`;
  if (isNumber(to) && /^[+-]?\d+(\.\d+)?$/.test(text) && (!isInteger(to) || !text.includes(".")))
    return sql`CAST(${quoteText(text)} AS ${sparkType(to) ?? ""})`;
  if (to.kind === "interval") return refuse("this INTERVAL", "write INTERVAL 15 MINUTE");
  return refuse(`the text '${text}' as ${nameOf(to)}`);
}

export function castTo(piece: Piece, from: SqlType, to: SqlType, isTry = false): Piece {
  const name = sparkType(to);
  if (name === undefined)
    return refuse(`the type ${nameOf(to)}`, /^U\w*INT/.test(nameOf(to)) ? "use BIGINT" : undefined);
  if (from.kind === "unknown") return refuse(`a cast from an unknown type to ${nameOf(to)}`);
  const cast = { piece, from, to, isTry, name };
  if (from.kind === "null" || isSameType(from, to)) return plain(cast);
  if (isTry && from.kind === "text")
    return (
      tryText(cast) ??
      refuse(`TRY_CAST of a text to ${nameOf(to)}`, "test the text with regexp_full_match first, then CAST")
    );
  return castByKind(cast) ?? refuse(`a cast from ${nameOf(from)} to ${nameOf(to)}`);
}

function castByKind(cast: Cast): Piece | undefined {
  const { from, to } = cast;
  switch (to.kind) {
    case "integer":
      return toInteger(cast);
    case "decimal":
      return toDecimal(cast);
    case "double":
    case "float":
      if (from.kind === "text" && to.kind === "double") return guarded(cast, numberText);
      if (to.kind === "float" && from.kind === "double") return toFloat(cast);
      return isNumber(from) ? plain(cast) : undefined;
    case "text":
      return toText(cast);
    case "boolean":
      return isShortInteger(from) ? plain(cast) : undefined;
    case "date":
      return from.kind === "text" ? guarded(cast, datePattern) : isTime(from) ? plain(cast) : undefined;
    case "timestamp":
      return from.kind === "text" ? guarded(cast, timePattern) : isTime(from) ? plain(cast) : undefined;
    case "timestamptz":
      return isTime(from) ? plain(cast) : undefined;
    case "list":
      return from.kind === "list" && widens(from.of, to.of) ? plain(cast) : undefined;
    default:
      return undefined;
  }
}

function plain({ piece, name, isTry }: Cast): Piece {
  return sql`${isTry ? "try_cast" : "CAST"}(${piece} AS ${name})`;
}

/*
 * Which texts are dates or numbers, the engines see differently: these are what both read alike. Another text is an error when
 * it is met, never another value.
 */
const datePattern = "\\A[0-9]{4}-[0-9]{2}-[0-9]{2}\\z";
const timePattern = "\\A[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?\\z";
const numberText = "\\A ?[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\z";
const wholeText = "\\A[+-]?[0-9]+\\z";

/** What DuckDB reads as a number or a time lies among these, found by asking it for many. */
const blank = "[ \\t\\n\\x0B\\f\\r]";
const maybeNumber = `\\A${blank}*([+-]{0,2}[.]?[0-9](?!.*[0-9_.]${blank}*-)[0-9a-fA-FxXoO_.+ \\t\\n\\x0B\\f\\r-]*|[+-]${blank}+|(?i)[+-]{0,2}(inf|nan).*)\\z`;
const maybeTime = `(?i)\\A${blank}*([+-]?[0-9]+${blank}*[-/\\\\ ]${blank}*[0-9]|[+-]?(epoch|inf))`;

/** NULL where neither reads it; an error where only one might. */
function tryText(cast: Cast): Piece | undefined {
  const { piece, to, name } = cast;
  const isWhole = isShortInteger(to);
  const isDecimal = to.kind === "double" || to.kind === "decimal";
  if (!isWhole && !isDecimal && to.kind !== "date" && to.kind !== "timestamp") return undefined;
  const times = to.kind === "date" ? datePattern : timePattern;
  const [alike, maybe] = isTime(to) ? [times, maybeTime] : [isWhole ? wholeText : numberText, maybeNumber];
  const message = sql`concat('Lakebook: not a ${name} that both engines read alike: ', ${piece})`;
  return sql`CASE WHEN ${piece} RLIKE ${quoteText(alike)} THEN ${plain(cast)} WHEN ${piece} RLIKE ${quoteText(maybe)} THEN raise_error(${message}) END`;
}

function guarded({ piece, name }: Cast, pattern: string): Piece {
  const message = sql`concat('Lakebook: not a ${name} that both engines read alike: ', ${piece})`;
  return sql`CAST(CASE WHEN ${piece} IS NULL OR ${piece} RLIKE ${quoteText(pattern)} THEN ${piece} ELSE raise_error(${message}) END AS ${name})`;
}

function toInteger(cast: Cast): Piece | undefined {
  const { piece, from, to } = cast;
  if (isInteger(from)) return isHuge(to) && isHuge(from) ? piece : plain(cast);
  if (from.kind === "boolean") return isHuge(to) ? undefined : plain(cast);
  if (from.kind === "text") return isHuge(to) ? undefined : guarded(cast, wholeText);
  // DuckDB rounds a double to the even neighbour, and a decimal away from zero.
  if (from.kind === "double") return plain({ ...cast, piece: sql`rint(${piece})` });
  if (from.kind === "decimal") return plain({ ...cast, piece: sql`round(${piece}, 0)` });
  return undefined;
}

function toDecimal(cast: Cast): Piece | undefined {
  const { piece, from, to, isTry, name } = cast;
  if (isExact(from)) return plain(cast);
  if (from.kind === "text") return guarded(cast, numberText);
  if (from.kind !== "double" || to.kind !== "decimal" || isTry) return undefined;
  // By its binary value, not by the shortest digits that stand for it.
  const digits = `CAST('1${"0".repeat(to.scale)}' AS DECIMAL(${to.scale + 1},0))`;
  return sql`CAST(CAST(round(${piece} * 1E${String(to.scale)}D) AS DECIMAL(38,0)) / ${digits} AS ${name})`;
}

function toFloat(cast: Cast): Piece | undefined {
  if (cast.isTry) return undefined;
  const size = sql`abs(${cast.piece})`;
  const isTooLarge = sql`${size} > 3.4028235677973362E38D AND ${size} < DOUBLE('Infinity')`;
  return failWhen(isTooLarge, "a number that no FLOAT can hold", plain(cast));
}

function toText(cast: Cast): Piece | undefined {
  const { from, piece } = cast;
  if (isExact(from) || from.kind === "boolean") return plain(cast);
  if (from.kind === "date" || from.kind === "timestamp") return withPlainYear(piece, plain(cast));
  if (from.kind === "double" || from.kind === "float")
    return refuse(`a text made from ${nameOf(from)}`, "round it to a DECIMAL first");
  return undefined;
}

/** Elements that stay what they are. */
function widens(from: SqlType, to: SqlType): boolean {
  if (from.kind === "null" || isSameType(from, to)) return true;
  return isInteger(from) && isNumber(to) && to.kind !== "float";
}

/** The expression as a value of the type that DuckDB gives the whole, e.g. a branch of CASE. */
export function coerced(node: TreeNode, to: SqlType, printing: Printing): Piece {
  const from = printing.typeOf(node);
  if (from.kind === "null") return printing.expression(node);
  if (to.kind === "unknown" || from.kind === "unknown")
    return refuse("an expression of an unknown type here");
  if (isSameType(from, to)) return printing.expression(node);
  const text = textConstant(node);
  if (text !== undefined && to.kind === "other")
    return refuse(`VARCHAR where ${nameOf(to)} is meant`, "cast it", node);
  if (text !== undefined) return castText(text, to);
  if (isInteger(from) && isInteger(to)) return printing.expression(node);
  const isImplicit = (isNumber(from) && isNumber(to)) || (isTime(from) && isTime(to)) || from.kind === "list";
  if (!isImplicit) return refuse(`${nameOf(from)} where ${nameOf(to)} is meant`, "cast it", node);
  return castTo(printing.expression(node), from, to);
}

/** Two sides of a comparison, made alike. */
export function comparable(
  left: TreeNode,
  right: TreeNode,
  isEquality: boolean,
  printing: Printing,
): readonly [Piece, Piece] {
  const [a, b] = [printing.typeOf(left), printing.typeOf(right)];
  const pieces = (): readonly [Piece, Piece] => [printing.expression(left), printing.expression(right)];
  if (a.kind === "null" || b.kind === "null") return pieces();
  if (a.kind === "unknown" || b.kind === "unknown") return refuse("a comparison of an unknown type");
  if (
    a.kind === "struct" ||
    a.kind === "map" ||
    b.kind === "struct" ||
    b.kind === "map" ||
    a.kind === "other" ||
    b.kind === "other"
  )
    return refuse(`a comparison of ${nameOf(a)} with ${nameOf(b)}`, "compare its fields");
  if (a.kind === "list" || b.kind === "list") {
    if (isEquality && isSameType(a, b) && a.kind === "list" && isSimple(a.of)) return pieces();
    return refuse("a comparison of lists", "compare their elements");
  }
  if (isSameType(a, b) || (isInteger(a) && isInteger(b))) return pieces();
  return (
    comparableNumbers(a, b, pieces) ??
    comparableTimes(left, right, printing) ??
    refuse(`a comparison of ${nameOf(a)} with ${nameOf(b)}`, "cast one of them")
  );
}

function isSimple(type: SqlType): boolean {
  return type.kind === "text" || type.kind === "boolean" || type.kind === "date" || isExact(type);
}

function comparableNumbers(
  a: SqlType,
  b: SqlType,
  pieces: () => readonly [Piece, Piece],
): readonly [Piece, Piece] | undefined {
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const isBinary = (type: SqlType): boolean => type.kind === "double" || type.kind === "float";
  if (isBinary(a) && isBinary(b)) return pieces();
  if (a.kind === "float" || b.kind === "float") return undefined;
  if (isBinary(a) || isBinary(b)) {
    const [left, right] = pieces();
    return [
      isBinary(a) ? left : sql`CAST(${left} AS DOUBLE)`,
      isBinary(b) ? right : sql`CAST(${right} AS DOUBLE)`,
    ];
  }
  const [first, second] = [digitsOf(a), digitsOf(b)];
  const scale = Math.max(first.scale, second.scale);
  const whole = Math.max(first.width - first.scale, second.width - second.scale);
  if (whole + scale <= 38) return pieces();
  // Spark would round; like this it is exact, or an error.
  const name = `DECIMAL(38,${scale})`;
  const [left, right] = pieces();
  return [sql`CAST(${left} AS ${name})`, sql`CAST(${right} AS ${name})`];
}

/** As Spark sees a whole number beside a decimal. */
export function digitsOf(type: SqlType): { readonly width: number; readonly scale: number } {
  if (type.kind === "decimal") return type;
  const widths: Readonly<Record<string, number>> = { TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 20 };
  return { width: (type.kind === "integer" ? widths[type.name] : undefined) ?? 38, scale: 0 };
}

const timeOrder = ["date", "timestamp", "timestamptz"];

function comparableTimes(
  left: TreeNode,
  right: TreeNode,
  printing: Printing,
): readonly [Piece, Piece] | undefined {
  const [a, b] = [printing.typeOf(left), printing.typeOf(right)];
  const [textLeft, textRight] = [textConstant(left), textConstant(right)];
  if (textRight !== undefined && isTime(a)) return [printing.expression(left), printTimeText(textRight, a)];
  if (textLeft !== undefined && isTime(b)) return [printTimeText(textLeft, b), printing.expression(right)];
  if (!isTime(a) || !isTime(b)) return undefined;
  const to = timeOrder.indexOf(a.kind) > timeOrder.indexOf(b.kind) ? a : b;
  return [coerced(left, to, printing), coerced(right, to, printing)];
}
