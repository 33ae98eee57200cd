import { type Call, type Rules } from "./call.js";
import { comparable, digitsOf } from "./casts.js";
import { intervalOf, printInterval } from "./intervals.js";
import { sql, type Piece } from "./piece.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { constantOf, textOf, type TreeNode } from "./tree.js";
import {
  isExact,
  isInteger,
  isNumber,
  isSameType,
  isShortInteger,
  isTime,
  nameOf,
  type SqlType,
} from "./types.js";

/** Arithmetic, as both engines do it where the types are alike. */
export const operatorRules: Rules = {
  "+": (call) => (call.count === 1 ? call.number(0) : plus(call)),
  "-": (call) => (call.count === 1 ? sql`(- ${call.number(0)})` : minus(call)),
  "*": times,
  multiply: times,
  "/": divide,
  divide: wholeQuotient,
  "//": wholeQuotient,
  "%": remainder,
  mod: remainder,
  "**": power,
  "^": power,
  pow: power,
  power,
  "&": (call) => bits(call, "&"),
  "|": (call) => bits(call, "|"),
  xor: (call) => bits(call, "^"),
  "||": concatenate,
};

function plus(call: Call): Piece {
  const [first, second] = [call.nodeAt(0), call.nodeAt(1)];
  if (call.type(1).kind === "interval") return shifted(call, first, second, "+");
  if (call.type(0).kind === "interval") return shifted(call, second, first, "+");
  const [a, b] = [call.type(0), call.type(1)];
  if (a.kind === "date" && isShortInteger(b))
    return sql`date_add(${call.arg(0)}, CAST(${call.arg(1)} AS INT))`;
  if (b.kind === "date" && isShortInteger(a))
    return sql`date_add(${call.arg(1)}, CAST(${call.arg(0)} AS INT))`;
  return arithmetic(call, "+");
}

function minus(call: Call): Piece {
  if (call.type(1).kind === "interval") return shifted(call, call.nodeAt(0), call.nodeAt(1), "-");
  const [a, b] = [call.type(0), call.type(1)];
  if (a.kind === "date" && isShortInteger(b))
    return sql`date_sub(${call.arg(0)}, CAST(${call.arg(1)} AS INT))`;
  if (a.kind === "date" && b.kind === "date")
    return sql`CAST(datediff(${call.arg(0)}, ${call.arg(1)}) AS BIGINT)`;
  return isTime(a) || isTime(b) ? duration(call) : arithmetic(call, "-");
}

/** The time between two times: an interval of days and less. */
function duration(call: Call): Piece {
  const [a, b] = [call.type(0), call.type(1)];
  if (isSameType(a, b)) return sql`(${call.arg(0)} - ${call.arg(1)})`;
  return refuse(`${nameOf(a)} - ${nameOf(b)}`, "cast one of them");
}

function shifted(call: Call, time: TreeNode, addend: TreeNode, operator: string): Piece {
  const type = call.printing.typeOf(time);
  const interval = intervalOf(addend);
  if (interval === undefined) return refuse("this INTERVAL", "write INTERVAL 15 MINUTE");
  if (!isTime(type)) return refuse(`${nameOf(type)} ${operator} INTERVAL`);
  const piece = call.printing.expression(time);
  // A date with an interval is a time of day for DuckDB, and a date for Spark.
  const moment = type.kind === "date" ? sql`CAST(${piece} AS TIMESTAMP_NTZ)` : piece;
  return sql`(${moment} ${operator} ${printInterval(interval, call.printing)})`;
}

function times(call: Call): Piece {
  return arithmetic(call.takes(2), "*");
}

function arithmetic(call: Call, operator: "+" | "-" | "*"): Piece {
  const [a, b] = [call.type(0), call.type(1)];
  if (a.kind === "null" || b.kind === "null") return call.typed("NULL");
  if (!isNumber(a) || !isNumber(b))
    return refuse(`${nameOf(a)} ${operator} ${nameOf(b)}`, "cast to numbers first");
  const result = call.result();
  if (result.kind === "double") return sql`(${call.double(0)} ${operator} ${call.double(1)})`;
  if (a.kind === "float" || b.kind === "float") {
    if (a.kind !== b.kind) return refuse(`${nameOf(a)} ${operator} ${nameOf(b)}`, "cast to DOUBLE");
  } else if (!isExact(result)) return refuse(`${nameOf(a)} ${operator} ${nameOf(b)}`);
  const [left, right] = narrowed(call, operator);
  return sql`(${left} ${operator} ${right})`;
}

/** Beyond 38 digits Spark rounds away all but six decimals: then the operands are made narrower, which is exact or an error. */
function narrowed(call: Call, operator: string): readonly [Piece, Piece] {
  const [a, b] = [call.type(0), call.type(1)];
  const [left, right] = [call.arg(0), call.arg(1)];
  if (a.kind === "float" || b.kind === "float") return [left, right];
  const [first, second] = [digitsOf(a), digitsOf(b)];
  const isProduct = operator === "*";
  const scale = isProduct ? first.scale + second.scale : Math.max(first.scale, second.scale);
  const whole = Math.max(first.width - first.scale, second.width - second.scale);
  const width = isProduct ? first.width + second.width + 1 : whole + scale + 1;
  if (scale <= 6 || width <= 38) return [left, right];
  const fits = (type: SqlType, piece: Piece, to: number, digits: number): Piece => {
    if (to - digits < 12)
      return refuse(
        `${nameOf(a)} ${operator} ${nameOf(b)}, which has more than 38 digits`,
        "cast to narrower DECIMALs",
      );
    return digitsOf(type).width <= to
      ? piece
      : sql`CAST(${piece} AS DECIMAL(${String(to)},${String(digits)}))`;
  };
  if (!isProduct)
    return [
      fits(a, left, 37 - scale + first.scale, first.scale),
      fits(b, right, 37 - scale + second.scale, second.scale),
    ];
  if (first.width >= second.width) return [fits(a, left, 37 - second.width, first.scale), right];
  return [left, fits(b, right, 37 - first.width, second.scale)];
}

/** Always of doubles; DuckDB divides by zero. */
function divide(call: Call): Piece {
  call.takes(2);
  const [a, b] = [call.double(0), call.double(1)];
  if (isNeverZero(call.nodeAt(1))) return sql`(${a} / ${b})`;
  // Zero has a sign, which decides that of infinity.
  return sql`(CASE WHEN ${b} <> 0D THEN ${a} / ${b} ELSE ${a} * power(${b}, -1D) END)`;
}

function isNeverZero(node: TreeNode): boolean {
  const constant = constantOf(node);
  if (constant !== undefined)
    return !constant.isNull && (constant.exact !== undefined || Number(constant.value) !== 0);
  const isNullif = textOf(node.function_name) === "nullif" || node.type === "OPERATOR_NULLIF";
  const other = constantOf(childrenOf(node)[1]);
  return isNullif && other !== undefined && other.exact === undefined && Number(other.value) === 0;
}

function wholeQuotient(call: Call): Piece {
  call.takes(2);
  const [a, b] = [call.type(0), call.type(1)];
  if (!isInteger(a) || !isInteger(b)) return refuse(`${nameOf(a)} // ${nameOf(b)}`, "use floor(a / b)");
  return call.typed(sql`${call.arg(0)} DIV ${divisor(call)}`);
}

function divisor(call: Call): Piece {
  return isNeverZero(call.nodeAt(1)) ? call.arg(1) : sql`nullif(${call.arg(1)}, 0)`;
}

function remainder(call: Call): Piece {
  call.takes(2);
  const [a, b] = [call.type(0), call.type(1)];
  if (!isExact(a) || !isExact(b)) return refuse(`${nameOf(a)} % ${nameOf(b)}`, "cast to BIGINT");
  return sql`(${call.arg(0)} % ${divisor(call)})`;
}

function power(call: Call): Piece {
  const [base, exponent] = [call.takes(2).double(0), call.double(1)];
  return sql`power(${base}, ${exponent})`;
}

function bits(call: Call, operator: string): Piece {
  call.takes(2);
  return call.typed(sql`${call.short(0)} ${operator} ${call.short(1)}`);
}

function concatenate(call: Call): Piece {
  for (const index of [0, 1]) {
    const type = call.type(index);
    if (type.kind === "list")
      return refuse("|| of lists", "use list_transform, or unnest and list(x ORDER BY ...)");
  }
  return sql`(${call.asText(0)} || ${call.asText(1)})`;
}

const comparisons: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: "=",
  COMPARE_NOTEQUAL: "<>",
  COMPARE_LESSTHAN: "<",
  COMPARE_GREATERTHAN: ">",
  COMPARE_LESSTHANOREQUALTO: "<=",
  COMPARE_GREATERTHANOREQUALTO: ">=",
  COMPARE_DISTINCT_FROM: "IS DISTINCT FROM",
  COMPARE_NOT_DISTINCT_FROM: "IS NOT DISTINCT FROM",
};

export function comparisonOperator(type: unknown): string {
  const name = textOf(type);
  return (
    (Object.hasOwn(comparisons, name) ? comparisons[name] : undefined) ??
    refuse(name.toLowerCase().replaceAll("_", " "))
  );
}

export const compare = (
  left: TreeNode,
  right: TreeNode,
  type: unknown,
  call: Pick<Call, "printing">,
): Piece => {
  const operator = comparisonOperator(type);
  const isEquality = operator === "=" || operator === "<>";
  const { printing } = call;
  if (printing.typeOf(left).kind === "interval" || printing.typeOf(right).kind === "interval") {
    const sides = [left, right].map((side) => durationPiece(side, call));
    return sql`(${sides[0] ?? ""} ${operator} ${sides[1] ?? ""})`;
  }
  const [a, b] = comparable(left, right, isEquality, printing);
  return sql`(${a} ${operator} ${b})`;
};

/** An interval that has no months, which both engines compare by its length. */
function durationPiece(node: TreeNode, { printing }: Pick<Call, "printing">): Piece {
  const interval = intervalOf(node);
  if (interval !== undefined) {
    if (interval.unit === "MONTH" || interval.unit === "YEAR") return refuse("a comparison with months");
    return printInterval(interval, printing);
  }
  if (printing.typeOf(node).kind !== "interval")
    return refuse("a comparison of an INTERVAL with another type");
  return printing.expression(node);
}
