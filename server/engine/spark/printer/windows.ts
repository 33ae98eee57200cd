import { isAggregateName, printAggregate } from "./aggregates.js";
import { Call } from "./call.js";
import { coerced } from "./casts.js";
import { fixedLength, intervalOf, isMonths } from "./intervals.js";
import { orderOf } from "./order.js";
import { joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { refuse } from "./refusal.js";
import { isFilled, isNode, nodesOf, textOf, wholeConstant, type TreeNode } from "./tree.js";
import { isNested, isShortInteger, isTime, nameOf } from "./types.js";

/** Their result needs an order of the rows. */
const ordered = new Set(
  "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value first last_value last nth_value".split(
    " ",
  ),
);
/** They look at the whole partition, whatever the frame. */
const frameless = new Set("row_number rank dense_rank percent_rank cume_dist ntile lag lead".split(" "));
const aggregates = new Set(
  `sum avg mean min max count count_star bool_and bool_or stddev stddev_samp stddev_pop variance var_samp var_pop count_if
  median bit_and bit_or`.split(/\s+/),
);

export function printWindow(node: TreeNode, printing: Printing): Piece {
  const name = textOf(node.function_name);
  if (node.exclude_clause !== "NO_OTHER") return refuse("EXCLUDE in a window");
  if (isFilled(node.arg_orders)) return refuse("ORDER BY inside of a window function");
  if (node.distinct === true) return refuse(`${name}(DISTINCT ...) as a window function`);
  const orders = nodesOf(node.orders);
  if (ordered.has(name) && orders.length === 0)
    return refuse(
      `${name}() without ORDER BY`,
      "the order of the rows is not defined on a cluster: add ORDER BY to the window",
    );
  const frame = frameless.has(name) ? "" : frameOf(node, printing);
  const partitions = nodesOf(node.partitions).map((partition) => {
    if (isNested(printing.typeOf(partition)))
      return refuse(`PARTITION BY of ${nameOf(printing.typeOf(partition))}`);
    return printing.expression(partition);
  });
  const parts = [
    ...(partitions.length > 0 ? [sql`PARTITION BY ${joined(partitions)}`] : []),
    ...(orders.length > 0
      ? [sql`ORDER BY ${joined(orders.map((order) => orderOf(order, printing).text))}`]
      : []),
    ...(frame === "" ? [] : [frame]),
  ];
  const over = sql` OVER (${joined(parts, " ")})`;
  const call = new Call(node, printing);
  if (aggregates.has(name)) {
    if (node.ignore_nulls === true) return refuse(`${name}() IGNORE NULLS`);
    return printAggregate(call, over);
  }
  if (isNode(node.filter_expr)) return refuse(`FILTER with ${name}()`);
  return sql`${windowCall(call)}${over}`;
}

function windowCall(call: Call): Piece {
  const nulls = call.node.ignore_nulls === true ? " IGNORE NULLS" : "";
  switch (call.name) {
    case "row_number":
    case "rank":
    case "dense_rank":
    case "percent_rank":
    case "cume_dist":
      return nulls === "" ? `${call.takes(0).name}()` : refuse(`${call.title} IGNORE NULLS`);
    case "ntile":
      return `ntile(${String(call.takes(1).whole(0, "a number", 1))})`;
    case "lag":
    case "lead":
      return sql`${shifted(call)}${nulls}`;
    case "first_value":
    case "first":
      return sql`first_value(${call.takes(1).arg(0)})${nulls}`;
    case "last_value":
    case "last":
      return sql`last_value(${call.takes(1).arg(0)})${nulls}`;
    case "nth_value":
      return sql`nth_value(${call.arg(0)}, ${String(call.takes(2).whole(1, "a place", 1))})${nulls}`;
    default:
      return refuse(
        `${call.title} as a window function`,
        isAggregateName(call.name) ? "join with a GROUP BY" : undefined,
      );
  }
}

function shifted(call: Call): Piece {
  const { offset_expr, default_expr } = call.node;
  const offset = isNode(offset_expr) ? wholeConstant(offset_expr) : 1;
  if (offset === undefined || offset < 0) return refuse(`${call.title} by what is not a number from 0`);
  const value = sql`${call.takes(1).arg(0)}, ${String(offset)}`;
  if (!isNode(default_expr)) return sql`${call.name}(${value})`;
  return sql`${call.name}(${value}, ${coerced(default_expr, call.type(0), call.printing)})`;
}

function frameOf(node: TreeNode, printing: Printing): Piece {
  const [start, end] = [textOf(node.start), textOf(node.end)];
  if (start === "UNBOUNDED_PRECEDING" && end === "CURRENT_ROW_RANGE") return "";
  const words = `${start} ${end}`;
  if (words.includes("GROUPS")) return refuse("GROUPS in a window", "use ROWS or RANGE");
  const unit = words.includes("RANGE") ? "RANGE" : "ROWS";
  const bound = (kind: string, expression: unknown): Piece => boundOf(kind, expression, unit, node, printing);
  return sql`${unit} BETWEEN ${bound(start, node.start_expr)} AND ${bound(end, node.end_expr)}`;
}

function boundOf(kind: string, expression: unknown, unit: string, node: TreeNode, printing: Printing): Piece {
  if (kind === "UNBOUNDED_PRECEDING" || kind === "UNBOUNDED_FOLLOWING") return kind.replace("_", " ");
  if (kind.startsWith("CURRENT_ROW")) return "CURRENT ROW";
  const direction = kind.includes("PRECEDING")
    ? "PRECEDING"
    : kind.includes("FOLLOWING")
      ? "FOLLOWING"
      : refuse(`${kind} in a window`);
  if (!isNode(expression)) return refuse("this frame of a window");
  const whole = wholeConstant(expression);
  if (unit === "ROWS")
    return whole === undefined || whole < 0
      ? refuse("a frame that is not a number from 0")
      : `${String(whole)} ${direction}`;
  return sql`${distance(expression, node, printing)} ${direction}`;
}

/** Both ends of a frame must be of one type of Spark's. */
function wholeInterval(microseconds: number): Piece {
  const seconds = Math.floor(microseconds / 1_000_000);
  const parts = [seconds / 3600, seconds / 60, seconds].map(Math.floor);
  const [hours = 0, minutes = 0] = parts;
  const clock = [hours % 24, minutes % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  return `INTERVAL '${String(Math.floor(hours / 24))} ${clock.join(":")}' DAY TO SECOND`;
}

/** How far a RANGE reaches from the value by which is ordered. */
function distance(expression: TreeNode, node: TreeNode, printing: Printing): Piece {
  const order = nodesOf(node.orders)[0]?.expression;
  const type = printing.typeOf(isNode(order) ? order : undefined);
  const interval = intervalOf(expression);
  const whole = wholeConstant(expression);
  if (interval !== undefined && typeof interval.count === "number" && interval.count >= 0) {
    if (type.kind !== "timestamp" && type.kind !== "timestamptz")
      return refuse(`RANGE with an INTERVAL over ${nameOf(type)}`, "cast it to TIMESTAMP");
    if (isMonths(interval)) return refuse("RANGE with months", "use days");
    return wholeInterval(fixedLength(interval) ?? refuse("this RANGE"));
  }
  if (whole !== undefined && whole >= 0 && isShortInteger(type)) return String(whole);
  return refuse(
    `this RANGE over ${nameOf(type)}`,
    isTime(type) ? "use an INTERVAL" : "order by a whole number",
  );
}
