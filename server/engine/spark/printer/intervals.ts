import { sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { nodeOf, nodesOf, textConstant, textOf, wholeConstant, type TreeNode } from "./tree.js";
import { isShortInteger, nameOf } from "./types.js";

type Unit = "SECOND" | "MINUTE" | "HOUR" | "DAY" | "MONTH" | "YEAR";

/** An interval of a number of one unit. */
export interface Interval {
  readonly unit: Unit;
  /** How many, as a node or a number. */
  readonly count: number | TreeNode;
  /** Weeks are 7 days, quarters 3 months. */
  readonly times: number;
}

const functions: Readonly<Record<string, readonly [Unit, number]>> = {
  to_seconds: ["SECOND", 1],
  to_minutes: ["MINUTE", 1],
  to_hours: ["HOUR", 1],
  to_days: ["DAY", 1],
  to_weeks: ["DAY", 7],
  to_months: ["MONTH", 1],
  to_quarters: ["MONTH", 3],
  to_years: ["YEAR", 1],
};

const words: Readonly<Record<string, readonly [Unit, number]>> = {
  second: ["SECOND", 1],
  minute: ["MINUTE", 1],
  hour: ["HOUR", 1],
  day: ["DAY", 1],
  week: ["DAY", 7],
  month: ["MONTH", 1],
  quarter: ["MONTH", 3],
  year: ["YEAR", 1],
};

/** Undefined for what is no interval that is written there. */
export function intervalOf(node: TreeNode): Interval | undefined {
  if (node.class === "CAST" && textOf(nodeOf(node.cast_type)?.id) === "INTERVAL")
    return writtenInterval(node);
  const name = textOf(node.function_name);
  const known = node.class === "FUNCTION" && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined) return undefined;
  const [unit, times] = known;
  const counted = withoutRounding(childrenOf(node)[0] ?? {});
  return { unit, times, count: wholeConstant(counted) ?? counted };
}

function writtenInterval(node: TreeNode): Interval | undefined {
  const [, digits, word = ""] =
    /^\s*(-?\d{1,9})\s*([a-z]+?)s?\s*$/i.exec(textConstant(nodeOf(node.child)) ?? "") ?? [];
  const known = Object.hasOwn(words, word.toLowerCase()) ? words[word.toLowerCase()] : undefined;
  if (digits === undefined || known === undefined) return undefined;
  return { unit: known[0], times: known[1], count: Number(digits) };
}

/** `INTERVAL (x) DAY` rounds x in its tree, which changes nothing of a whole number. */
function withoutRounding(node: TreeNode): TreeNode {
  if (node.class === "CAST" && node.try_cast !== true) {
    const to = textOf(nodeOf(node.cast_type)?.id);
    const child = nodeOf(node.child) ?? {};
    if (to === "DOUBLE" || (to === "INTEGER" && isTrunc(child)) || (to === "BIGINT" && isTrunc(child)))
      return withoutRounding(child);
  }
  return isTrunc(node) ? withoutRounding(childrenOf(node)[0] ?? {}) : node;
}

function isTrunc(node: TreeNode): boolean {
  return node.class === "FUNCTION" && node.function_name === "trunc" && nodesOf(node.children).length === 1;
}

export function isMonths({ unit }: Interval): boolean {
  return unit === "MONTH" || unit === "YEAR";
}

const microseconds: Readonly<Partial<Record<Unit, number>>> = {
  SECOND: 1_000_000,
  MINUTE: 60_000_000,
  HOUR: 3_600_000_000,
  DAY: 86_400_000_000,
};

/** Undefined where that is not a constant, or has months. */
export function fixedLength(interval: Interval): number | undefined {
  const length = microseconds[interval.unit];
  return typeof interval.count === "number" && length !== undefined
    ? interval.count * interval.times * length
    : undefined;
}

export function printInterval({ unit, count, times }: Interval, printing: Printing): Piece {
  if (typeof count === "number") return `INTERVAL '${count * times}' ${unit}`;
  const type = printing.typeOf(count);
  if (!isShortInteger(type)) return refuse(`an INTERVAL of ${nameOf(type)}`, "use a whole number");
  const whole = sql`CAST(${printing.expression(count)} AS INT)`;
  const number = times === 1 ? whole : sql`${String(times)} * ${whole}`;
  switch (unit) {
    case "SECOND":
      return sql`make_dt_interval(0, 0, 0, ${number})`;
    case "MINUTE":
      return sql`make_dt_interval(0, 0, ${number}, 0)`;
    case "HOUR":
      return sql`make_dt_interval(0, ${number}, 0, 0)`;
    case "DAY":
      return sql`make_dt_interval(${number}, 0, 0, 0)`;
    case "MONTH":
      return sql`make_ym_interval(0, ${number})`;
    case "YEAR":
      return sql`make_ym_interval(${number}, 0)`;
  }
}
