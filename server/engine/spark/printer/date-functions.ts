import { type Call, type Rules } from "./call.js";
import { toRead, toWritten } from "./formats.js";
import { fixedLength, intervalOf } from "./intervals.js";
import { joined, sql, withPlainYear, type Piece } from "./piece.js";
import { quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { textOf, type TreeNode } from "./tree.js";
import { isSameType, isShortInteger, isTime, nameOf, sparkType, type SqlType } from "./types.js";

const parts =
  `year month day hour minute second quarter week weekofyear dayofyear dayofmonth isodow dayofweek weekday
  isoyear epoch`.split(/\s+/);

export const dateRules: Rules = {
  ...Object.fromEntries(parts.map((part) => [part, (call: Call) => datePart(call.takes(1), part, 0)])),
  date_part: (call) => datePart(call.takes(2), unitOf(call), 1),
  datepart: (call) => datePart(call.takes(2), unitOf(call), 1),
  date_trunc: truncate,
  datetrunc: truncate,
  date_diff: difference,
  datediff: difference,
  epoch_ms: epochMilliseconds,
  epoch_us: (call) => microseconds(call.takes(1).time(0)),
  make_timestamp: makeTimestamp,
  to_timestamp: (call) =>
    sql`timestamp_seconds(${call.takes(1).of(0, isShortInteger, "use a whole number")})`,
  make_date: makeDate,
  last_day: (call) => sql`last_day(${call.takes(1).time(0)})`,
  dayname: (call) => sql`date_format(${call.takes(1).time(0)}, 'EEEE')`,
  monthname: (call) => sql`date_format(${call.takes(1).time(0)}, 'MMMM')`,
  strftime: write,
  strptime: read,
  time_bucket: bucket,
  timezone: timeZone,
};

function unitOf(call: Call): string {
  const unit = call.textConstant(0, "a unit").toLowerCase();
  const names: Readonly<Record<string, string>> = {
    yr: "year",
    y: "year",
    mon: "month",
    d: "day",
    h: "hour",
    hr: "hour",
    m: "minute",
    min: "minute",
    s: "second",
    sec: "second",
    w: "week",
    dow: "dayofweek",
    doy: "dayofyear",
  };
  const single = unit.length > 1 ? unit.replace(/s$/, "") : unit;
  return (Object.hasOwn(names, single) ? names[single] : undefined) ?? single;
}

/** A time with a zone, as the session's zone shows it. */
function local(call: Call, index: number): Piece {
  const piece = call.time(index);
  return call.type(index).kind === "timestamptz" ? sql`CAST(${piece} AS TIMESTAMP_NTZ)` : piece;
}

function microseconds(piece: Piece): Piece {
  return sql`unix_micros(CAST(${piece} AS TIMESTAMP_LTZ))`;
}

const partFunctions: Readonly<Record<string, string>> = {
  year: "year",
  month: "month",
  day: "day",
  dayofmonth: "day",
  hour: "hour",
  minute: "minute",
  second: "second",
  quarter: "quarter",
  week: "weekofyear",
  weekofyear: "weekofyear",
  dayofyear: "dayofyear",
};

function datePart(call: Call, part: string, index: number): Piece {
  if (part === "epoch") return epoch(call, index);
  const piece = local(call, index);
  const isClock = part === "hour" || part === "minute" || part === "second";
  if (isClock && call.type(index).kind === "date")
    return sql`CASE WHEN ${piece} IS NULL THEN NULL ELSE 0L END`;
  if (part === "dayofweek" || part === "weekday") return sql`CAST(dayofweek(${piece}) - 1 AS BIGINT)`;
  if (part === "isodow") return sql`CAST(weekday(${piece}) + 1 AS BIGINT)`;
  if (part === "isoyear") return sql`CAST(extract(YEAROFWEEK FROM ${piece}) AS BIGINT)`;
  const name = Object.hasOwn(partFunctions, part) ? partFunctions[part] : undefined;
  return name === undefined ? refuse(`the date part ${part}`) : sql`CAST(${name}(${piece}) AS BIGINT)`;
}

function epoch(call: Call, index: number): Piece {
  const difference_ = differenceIn(call, call.nodeAt(index));
  if (difference_ !== undefined) {
    const [from, to] = difference_;
    return sql`(CAST(${microseconds(to)} - ${microseconds(from)} AS DOUBLE) / 1E6D)`;
  }
  return sql`(CAST(${microseconds(call.time(index))} AS DOUBLE) / 1E6D)`;
}

/** From and to of a difference of two times. */
function differenceIn(call: Call, node: TreeNode): readonly [Piece, Piece] | undefined {
  const [to, from] = childrenOf(node);
  if (
    node.class !== "FUNCTION" ||
    textOf(node.function_name) !== "-" ||
    to === undefined ||
    from === undefined
  )
    return undefined;
  const [a, b] = [call.printing.typeOf(to), call.printing.typeOf(from)];
  if (!isSameType(a, b) || (a.kind !== "timestamp" && a.kind !== "timestamptz")) return undefined;
  return [call.printing.expression(from), call.printing.expression(to)];
}

function truncate(call: Call): Piece {
  const unit = unitOf(call.takes(2));
  if (!/^(year|quarter|month|week|day|hour|minute|second)$/.test(unit))
    return refuse(`date_trunc('${unit}')`);
  return call.typed(sql`date_trunc('${unit}', ${asMoment(call, 1)})`);
}

function asMoment(call: Call, index: number): Piece {
  const piece = call.time(index);
  return call.type(index).kind === "date" ? sql`CAST(${piece} AS TIMESTAMP_NTZ)` : piece;
}

const lengths: Readonly<Record<string, number>> = {
  hour: 3_600_000_000,
  minute: 60_000_000,
  second: 1_000_000,
};

function difference(call: Call): Piece {
  const unit = unitOf(call.takes(3));
  if (!sameKind(call.type(1), call.type(2)))
    return refuse(`date_diff() of ${nameOf(call.type(1))} and ${nameOf(call.type(2))}`, "cast one of them");
  const [from, to] = [local(call, 1), local(call, 2)];
  const days = (piece: Piece): Piece => sql`CAST(${piece} AS DATE)`;
  const months = (piece: Piece): Piece => sql`(year(${piece}) * 12 + month(${piece}))`;
  const quarters = (piece: Piece): Piece => sql`(year(${piece}) * 4 + quarter(${piece}))`;
  switch (unit) {
    case "day":
      return sql`CAST(datediff(${days(to)}, ${days(from)}) AS BIGINT)`;
    case "week":
      // Whole weeks between the days, where other units count how often they begin.
      return sql`CAST(datediff(${days(to)}, ${days(from)}) DIV 7 AS BIGINT)`;
    case "month":
      return sql`CAST(${months(to)} - ${months(from)} AS BIGINT)`;
    case "quarter":
      return sql`CAST(${quarters(to)} - ${quarters(from)} AS BIGINT)`;
    case "year":
      return sql`CAST(year(${to}) - year(${from}) AS BIGINT)`;
    default:
      return fixedDifference(unit, from, to);
  }
}

function fixedDifference(unit: string, from: Piece, to: Piece): Piece {
  const length = Object.hasOwn(lengths, unit) ? lengths[unit] : undefined;
  if (length === undefined) return refuse(`date_diff('${unit}')`);
  const units = (piece: Piece): Piece => sql`floor(${microseconds(piece)} / ${String(length)}BD)`;
  return sql`CAST(${units(to)} - ${units(from)} AS BIGINT)`;
}

function sameKind(a: SqlType, b: SqlType): boolean {
  return isTime(a) && isTime(b) && (a.kind === "timestamptz") === (b.kind === "timestamptz");
}

function epochMilliseconds(call: Call): Piece {
  if (isShortInteger(call.takes(1).type(0)))
    return sql`CAST(timestamp_millis(${call.arg(0)}) AS TIMESTAMP_NTZ)`;
  // Cut off towards 1970.
  return sql`(${microseconds(call.time(0))} DIV 1000)`;
}

function makeTimestamp(call: Call): Piece {
  return sql`CAST(timestamp_micros(${call.takes(1).short(0)}) AS TIMESTAMP_NTZ)`;
}

function makeDate(call: Call): Piece {
  call.takes(3);
  return sql`make_date(${joined([0, 1, 2].map((index) => sql`CAST(${call.short(index)} AS INT)`))})`;
}

function write(call: Call): Piece {
  const isReversed = call.takes(2).type(0).kind === "text";
  const format = call.textConstant(isReversed ? 0 : 1, "a format");
  const moment = asMoment(call, isReversed ? 1 : 0);
  const text = sql`date_format(${moment}, ${quoteText(toWritten(format))})`;
  return /%y/i.test(format) ? withPlainYear(moment, text) : text;
}

function read(call: Call): Piece {
  const format = toRead(call.takes(2).textConstant(1, "a format"));
  return sql`to_timestamp_ntz(${call.text(0)}, ${quoteText(format)})`;
}

/** Monday, 3 January 2000: where DuckDB begins to count. */
const bucketOrigin = "946857600000000L";

function bucket(call: Call): Piece {
  const interval = intervalOf(call.takes(2).nodeAt(0));
  const length = interval === undefined ? undefined : fixedLength(interval);
  if (length === undefined || length <= 0) return refuse("time_bucket() of months", "use date_trunc");
  const moment = microseconds(call.time(1));
  const start = sql`timestamp_micros(${moment} - pmod(${moment} - ${bucketOrigin}, ${String(length)}L))`;
  return call.typed(start);
}

function timeZone(call: Call): Piece {
  const zone = call.takes(2).textConstant(0, "a zone");
  if (!/^(UTC|[A-Z][A-Za-z_]+\/[A-Za-z_/]+)$/.test(zone))
    return refuse(`the time zone '${zone}'`, "use a name such as Europe/Madrid");
  const piece = call.time(1);
  if (call.type(1).kind === "timestamptz") {
    if (zone === "UTC") return sql`CAST(${piece} AS TIMESTAMP_NTZ)`;
    return sql`convert_timezone('UTC', ${quoteText(zone)}, CAST(${piece} AS TIMESTAMP_NTZ))`;
  }
  const moment = asMoment(call, 1);
  if (zone === "UTC") return sql`CAST(${moment} AS ${sparkType({ kind: "timestamptz" }) ?? ""})`;
  // An hour that a zone has twice is another moment to each engine.
  return refuse(
    `a local time AT TIME ZONE '${zone}'`,
    "the engines differ when clocks are set back: keep times WITH TIME ZONE",
  );
}
