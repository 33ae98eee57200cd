import { isText, type Call, type Rule, type Rules } from "./call.js";
import { failWhen, joined, sql, type Piece } from "./piece.js";
import { refuse } from "./refusal.js";
import { isExact, isInteger, isNumber, isTime, nameOf } from "./types.js";

export const numberRules: Rules = {
  abs: (call) => sql`abs(${call.takes(1).number(0)})`,
  round,
  floor: (call) => rounded(call, "floor"),
  ceil: (call) => rounded(call, "ceil"),
  ceiling: (call) => rounded(call, "ceil"),
  trunc,
  sign,
  sqrt: (call) => {
    const x = call.takes(1).double(0);
    return failWhen(sql`${x} < 0D`, "the square root of a negative number", sql`sqrt(${x})`);
  },
  cbrt: (call) => sql`cbrt(${call.takes(1).double(0)})`,
  exp: (call) => sql`exp(${call.takes(1).double(0)})`,
  ln: (call) => logarithm(call, "ln"),
  log2: (call) => logarithm(call, "log2"),
  log10: (call) => logarithm(call, "log10"),
  log: (call) => logarithm(call, "log10"),
  pi: (call) => (call.takes(0), "pi()"),
  degrees: (call) => sql`degrees(${call.takes(1).double(0)})`,
  radians: (call) => sql`radians(${call.takes(1).double(0)})`,
  atan: (call) => sql`atan(${call.takes(1).double(0)})`,
  atan2: angle,
  sin: (call) => trigonometric(call),
  cos: (call) => trigonometric(call),
  tan: (call) => trigonometric(call),
  isnan: (call) => withNull(call, (x) => sql`isnan(${x})`),
  isinf: (call) => withNull(call, (x) => sql`abs(${x}) = DOUBLE('Infinity')`),
  isfinite: (call) => withNull(call, (x) => sql`NOT isnan(${x}) AND abs(${x}) <> DOUBLE('Infinity')`),
  greatest: (call) => extreme(call),
  least: (call) => extreme(call),
};

function sign(call: Call): Piece {
  const x = call.takes(1).number(0);
  if (isExact(call.type(0))) return sql`CAST(sign(${x}) AS TINYINT)`;
  return sql`CAST(CASE WHEN isnan(${x}) THEN 0 ELSE sign(${x}) END AS TINYINT)`;
}

function round(call: Call): Piece {
  const digits = call.takes(1, 2).count === 2 ? call.whole(1, "a number of digits", 0) : 0;
  const type = call.type(0);
  if (isInteger(type)) return call.arg(0);
  if (type.kind === "decimal") return call.typed(sql`round(${call.arg(0)}, ${String(digits)})`);
  if (type.kind !== "double") return call.refuseType(0, "cast it to DOUBLE");
  if (digits === 0) return sql`round(${call.arg(0)}, 0)`;
  const [x, factor] = [call.arg(0), `1E${String(digits)}D`];
  // What the factor would make infinite has no such digits.
  return sql`if(abs(${x}) < 1E${String(300 - digits)}D, round(${x} * ${factor}, 0) / ${factor}, ${x})`;
}

function rounded(call: Call, name: "floor" | "ceil"): Piece {
  const type = call.takes(1).type(0);
  if (isInteger(type)) return call.arg(0);
  if (type.kind === "decimal") return call.typed(sql`${name}(${call.arg(0)})`);
  if (type.kind !== "double") return call.refuseType(0, "cast it to DOUBLE");
  return wholeDouble(call, sql`${name}(${call.arg(0)})`);
}

/** Spark's floor gives a BIGINT, where a double may be greater, or no number. */
function wholeDouble(call: Call, piece: Piece): Piece {
  const x = call.arg(0);
  return sql`(CASE WHEN abs(${x}) < 9E15D THEN CAST(${piece} AS DOUBLE) ELSE ${x} END)`;
}

function trunc(call: Call): Piece {
  const type = call.takes(1).type(0);
  if (isInteger(type)) return call.arg(0);
  if (type.kind !== "double") return call.refuseType(0, "cast it to DOUBLE");
  const x = call.arg(0);
  return wholeDouble(call, sql`CASE WHEN ${x} < 0D THEN ceil(${x}) ELSE floor(${x}) END`);
}

/** Spark's forgets the sign of zero. */
function angle(call: Call): Piece {
  const [y, x] = [call.takes(2).double(0), call.double(1)];
  return sql`CASE WHEN ${y} = 0D AND power(${x}, -1D) < 0D THEN pi() * sign(power(${y}, -1D)) ELSE atan2(${y}, ${x}) END`;
}

function logarithm(call: Call, name: string): Piece {
  const x = call.takes(1).double(0);
  return failWhen(sql`${x} <= 0D`, "the logarithm of zero or less", sql`${name}(${x})`);
}

function trigonometric(call: Call): Piece {
  const x = call.takes(1).double(0);
  return failWhen(sql`abs(${x}) = DOUBLE('Infinity')`, `${call.name}() of infinity`, sql`${call.name}(${x})`);
}

function withNull(call: Call, test: (x: Piece) => Piece): Piece {
  const x = call.takes(1).of(0, (type) => type.kind === "double" || type.kind === "float");
  return sql`(CASE WHEN ${x} IS NULL THEN NULL ELSE ${test(x)} END)`;
}

const extreme: Rule = (call) => {
  const type = call.result();
  if (!isNumber(type) && !isTime(type) && !isText(type)) return refuse(`${call.title} of ${nameOf(type)}`);
  if (call.count < 2) return refuse(`${call.title} with ${call.count} arguments`);
  const pieces = call.nodes.map((_, index) => call.coerced(index, type));
  return sql`${call.name}(${joined(pieces)})`;
};
