import type { Call } from "./call.js";
import { failWhen, joined, sql, type Piece } from "./piece.js";
import { quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { constantOf, nodeOf, nodesOf, textOf, type TreeNode } from "./tree.js";
import { isExact, isInteger, isNested, isNumber, nameOf } from "./types.js";
import { orderOf, type Order } from "./order.js";

const unordered = "the order of the rows is not defined on a cluster";

/** An aggregate, with what stands around its arguments. */
interface Aggregate {
  readonly call: Call;
  /** ` FILTER (WHERE …)` and ` OVER (…)`, written after each of Spark's aggregates in it. */
  readonly after: (condition?: Piece) => Piece;
  readonly orders: readonly Order[];
  readonly distinct: "DISTINCT " | "";
}

/** `over`: a window, after its FILTER. `condition`: a further one. */
export function printAggregate(call: Call, over: Piece = "", condition?: Piece): Piece {
  const { node, printing } = call;
  const rule = Object.hasOwn(rules, call.name) ? rules[call.name] : undefined;
  if (rule === undefined) return refuse(call.title, hints[call.name]);
  const filter = nodeOf(node.filter) ?? nodeOf(node.filter_expr);
  const conditions = [
    ...(filter === undefined ? [] : [printing.expression(filter)]),
    ...(condition === undefined ? [] : [condition]),
  ];
  const orders = nodesOf(nodeOf(node.order_bys)?.orders).map((order) => orderOf(order, printing));
  const after = (further?: Piece): Piece => {
    const all = further === undefined ? conditions : [...conditions, further];
    return all.length === 0 ? over : sql` FILTER (WHERE ${joined(all, " AND ")})${over}`;
  };
  return rule({ call, after, orders, distinct: node.distinct === true ? "DISTINCT " : "" });
}

export function isAggregateName(name: string): boolean {
  return Object.hasOwn(rules, name) || Object.hasOwn(hints, name);
}

const hints: Readonly<Record<string, string | undefined>> = {
  mode: "which of several is the most frequent differs: count and rank",
  approx_count_distinct: "use count(DISTINCT x)",
  histogram: "use GROUP BY and count(*)",
  approx_quantile: "use quantile_cont",
  reservoir_quantile: "use quantile_cont",
  quantile: "use quantile_cont",
};

type AggregateRule = (aggregate: Aggregate) => Piece;

const rules: Readonly<Record<string, AggregateRule>> = {
  count_star: ({ after }) => sql`count(*)${after()}`,
  count: counted,
  count_if: countIf,
  countif: countIf,
  sum,
  avg: average,
  mean: average,
  min: extreme,
  max: extreme,
  bool_and: (aggregate) => sql`bool_and(${boolean(aggregate.call)})${aggregate.after()}`,
  bool_or: (aggregate) => sql`bool_or(${boolean(aggregate.call)})${aggregate.after()}`,
  bit_and: bits,
  bit_or: bits,
  bit_xor: bits,
  arg_max: (aggregate) => argument(aggregate, "max_by", false),
  argmax: (aggregate) => argument(aggregate, "max_by", false),
  max_by: (aggregate) => argument(aggregate, "max_by", false),
  arg_min: (aggregate) => argument(aggregate, "min_by", false),
  argmin: (aggregate) => argument(aggregate, "min_by", false),
  min_by: (aggregate) => argument(aggregate, "min_by", false),
  arg_max_null: (aggregate) => argument(aggregate, "max_by", true),
  arg_min_null: (aggregate) => argument(aggregate, "min_by", true),
  first: (aggregate) => end(aggregate, true),
  last: (aggregate) => end(aggregate, false),
  any_value: (aggregate) => end(aggregate, true),
  arbitrary: (aggregate) => end(aggregate, true),
  string_agg: texts,
  group_concat: texts,
  listagg: texts,
  list,
  array_agg: list,
  median: (aggregate) => percentile(aggregate, "0.5D"),
  quantile_cont: (aggregate) => percentile(aggregate, undefined),
  quantile_disc: discrete,
  stddev: (aggregate) => ofDoubles(aggregate, "stddev_samp"),
  stddev_samp: (aggregate) => ofDoubles(aggregate, "stddev_samp"),
  stddev_pop: (aggregate) => ofDoubles(aggregate, "stddev_pop"),
  variance: (aggregate) => ofDoubles(aggregate, "var_samp"),
  var_samp: (aggregate) => ofDoubles(aggregate, "var_samp"),
  var_pop: (aggregate) => ofDoubles(aggregate, "var_pop"),
  covar_pop: (aggregate) => ofPairs(aggregate, "covar_pop"),
  covar_samp: (aggregate) => ofPairs(aggregate, "covar_samp"),
  corr: correlation,
};

function boolean(call: Call): Piece {
  return call.takes(1).of(0, (type) => type.kind === "boolean", "compare it with something");
}

function plain(aggregate: Aggregate): Aggregate {
  if (aggregate.distinct !== "") return refuse(`${aggregate.call.name}(DISTINCT ...)`);
  return aggregate;
}

function counted({ call, after, distinct }: Aggregate): Piece {
  if (call.takes(0, 1).count === 0) return sql`count(*)${after()}`;
  if (call.type(0).kind === "map") return call.refuseType(0);
  return sql`count(${distinct}${call.arg(0)})${after()}`;
}

/** A sum, which is NULL of none. */
function countIf({ call, after }: Aggregate): Piece {
  return sql`sum(CAST(${boolean(call)} AS INT))${after()}`;
}

function sum({ call, after, distinct }: Aggregate): Piece {
  const type = call.takes(1).type(0);
  if (type.kind === "boolean") return sql`sum(${distinct}CAST(${call.arg(0)} AS INT))${after()}`;
  if (!isNumber(type) || type.kind === "float") return call.refuseType(0, "cast it to DOUBLE");
  const total = sql`sum(${distinct}${call.arg(0)})${after()}`;
  // DuckDB adds sums up as doubles.
  return call.result().kind === "double" && isInteger(type) ? sql`CAST(${total} AS DOUBLE)` : total;
}

function average({ call, after, distinct }: Aggregate): Piece {
  const type = call.takes(1).type(0);
  if (type.kind === "double") return sql`avg(${distinct}${call.arg(0)})${after()}`;
  if (type.kind === "boolean") return refuse("avg() of BOOLEAN", "cast it to INTEGER");
  if (!isExact(type)) return call.refuseType(0, "cast it to DOUBLE");
  // A sum of BIGINTs may be longer than one.
  const isLong = type.kind === "integer" && type.name === "BIGINT";
  const value = isLong ? sql`CAST(${call.arg(0)} AS DECIMAL(38,0))` : call.arg(0);
  const total = sql`sum(${distinct}${value})${after()}`;
  return sql`(CAST(${total} AS DOUBLE) / nullif(count(${distinct}${call.arg(0)})${after()}, 0))`;
}

function extreme(aggregate: Aggregate): Piece {
  const { call, after } = aggregate;
  if (call.count !== 1) return refuse(`${call.title} of the n best`);
  const type = call.type(0);
  if (isNested(type) || type.kind === "other" || type.kind === "unknown") return call.refuseType(0);
  return sql`${call.name}(${call.arg(0)})${after()}`;
}

function bits(aggregate: Aggregate): Piece {
  const { call, after } = plain(aggregate);
  return sql`${call.name}(${call.takes(1).short(0)})${after()}`;
}

function argument(aggregate: Aggregate, name: string, withNulls: boolean): Piece {
  const { call, after, orders } = plain(aggregate);
  if (call.count !== 2) return refuse(`${call.title} of the n best`);
  if (orders.length > 0) return refuse(`${call.title} with ORDER BY`, "give several keys as a row: (a, b)");
  const [value, by] = [call.arg(0), call.nodeAt(1)];
  const isRow = textOf(by.function_name) === "row";
  if (!isRow && isNested(call.type(1))) return refuse(`${call.title} by ${nameOf(call.type(1))}`);
  const key = isRow ? rowKey(by, call) : call.arg(1);
  return sql`${name}(${value}, ${key})${after(withNulls ? undefined : sql`${value} IS NOT NULL`)}`;
}

/** Rows are compared from left to right, and a NULL is the greatest. */
function rowKey(row: TreeNode, call: Call): Piece {
  const parts = childrenOf(row).map((part) => {
    const type = call.printing.typeOf(part);
    if (isNested(type) || type.kind === "unknown") return refuse(`a row with ${nameOf(type)} as a key`);
    const piece = call.printing.expression(part);
    return sql`${piece} IS NULL, ${piece}`;
  });
  return sql`struct(${joined(parts)})`;
}

/** The first or the last of an order. */
function end(aggregate: Aggregate, isFirst: boolean): Piece {
  const { call, after, orders } = plain(aggregate);
  const [order] = orders;
  if (order === undefined)
    return refuse(
      `${call.title} without ORDER BY`,
      `${unordered}: write ${call.name}(x ORDER BY ...), or min(x)`,
    );
  if (
    orders.some((other) => other.isDescending !== order.isDescending || other.nullsFirst !== order.nullsFirst)
  )
    return refuse(`${call.title} by several directions`);
  const areNullsGreatest = order.isDescending === order.nullsFirst;
  const keys = orders.map(({ piece }) => sql`${piece} IS ${areNullsGreatest ? "" : "NOT "}NULL, ${piece}`);
  const value = call.takes(1).arg(0);
  const name = isFirst === order.isDescending ? "max_by" : "min_by";
  const skipsNulls = call.name === "any_value" || call.name === "arbitrary";
  return sql`${name}(${value}, struct(${joined(keys)}))${after(skipsNulls ? sql`${value} IS NOT NULL` : undefined)}`;
}

function texts({ call, after, orders, distinct }: Aggregate): Piece {
  if (orders.length === 0)
    return refuse(`${call.title} without ORDER BY`, `${unordered}: write ${call.name}(x, ',' ORDER BY ...)`);
  const separator = call.takes(1, 2).count === 2 ? call.textConstant(1, "a separator") : ",";
  if (distinct !== "" && orders.length > 1) return refuse(`${call.name}(DISTINCT ...) by several keys`);
  const by = joined(orders.map((order) => order.text));
  return sql`listagg(${distinct}${call.text(0)}, ${quoteText(separator)}) WITHIN GROUP (ORDER BY ${by})${after()}`;
}

function list(aggregate: Aggregate): Piece {
  const { call, after, orders, distinct } = aggregate;
  if (orders.length === 0)
    return refuse(`${call.title} without ORDER BY`, `${unordered}: write ${call.name}(x ORDER BY ...)`);
  const value = call.takes(1).arg(0);
  const isByItself = orders.length === 1 && orders.every(({ node }) => isSameNode(node, call.nodeAt(0)));
  if (distinct !== "" && !isByItself)
    return refuse(`${call.name}(DISTINCT ...) in another order than its own`);
  if (distinct !== "" && isNested(call.type(0)))
    return refuse(`${call.name}(DISTINCT ...) of ${nameOf(call.type(0))}`);
  const keys = orders.map(({ piece }, index) => sql`, 'k${String(index)}', ${piece}`);
  const entry = sql`named_struct('v', ${value}${joined(keys, "")})`;
  const all = sql`${distinct === "" ? "collect_list" : "collect_set"}(${entry})${after()}`;
  const sorted = sql`array_sort(${all}, (a, b) -> CASE ${joined(orders.map(comparison), " ")} ELSE 0 END)`;
  return sql`(CASE WHEN count(*)${after()} = 0 THEN NULL ELSE transform(${sorted}, e -> e.v) END)`;
}

function isSameNode(a: TreeNode, b: TreeNode): boolean {
  const text = (node: TreeNode): string =>
    JSON.stringify(node, (key, value: unknown) =>
      key === "query_location" || key === "alias" ? undefined : value,
    );
  return text(a) === text(b);
}

/** How two entries are ordered by their key of that number. */
function comparison({ isDescending, nullsFirst }: Order, index: number): Piece {
  const [a, b] = [`a.k${String(index)}`, `b.k${String(index)}`];
  const [less, more] = isDescending ? [">", "<"] : ["<", ">"];
  const [before, behind] = nullsFirst ? ["-1", "1"] : ["1", "-1"];
  return `WHEN ${a} IS NULL AND ${b} IS NOT NULL THEN ${before} WHEN ${b} IS NULL AND ${a} IS NOT NULL THEN ${behind} WHEN ${a} ${less} ${b} THEN -1 WHEN ${a} ${more} ${b} THEN 1`;
}

function percentile(aggregate: Aggregate, fixed: string | undefined): Piece {
  const { call, after, orders } = plain(aggregate);
  const [order] = orders;
  // percentile_cont(q) WITHIN GROUP (ORDER BY x) comes as quantile_cont(q ORDER BY x).
  const isWithin = fixed === undefined && call.count === 1 && order !== undefined;
  if (!isWithin && orders.length > 0) return refuse(`${call.title} with ORDER BY`);
  if (order?.isDescending === true) return refuse(`${call.title} of a descending order`);
  const node = isWithin ? order.node : call.nodeAt(0);
  const type = call.printing.typeOf(node);
  if ((!isInteger(type) && type.kind !== "double") || call.result().kind !== "double")
    return refuse(`${call.title} of ${nameOf(type)}`, "cast it to DOUBLE");
  const share = fixed ?? shareOf(call, isWithin ? 0 : 1);
  return sql`percentile(CAST(${call.printing.expression(node)} AS DOUBLE), ${share})${after()}`;
}

/** A value that is there. */
function discrete(aggregate: Aggregate): Piece {
  const { call, after, orders } = plain(aggregate);
  if (call.count !== 2 || orders.length > 0)
    return refuse(`${call.title} with ORDER BY`, "use quantile_cont");
  const type = call.type(0);
  if (!isInteger(type) && type.kind !== "double") return call.refuseType(0);
  return call.typed(
    sql`percentile_disc(${shareOf(call, 1)}) WITHIN GROUP (ORDER BY ${call.arg(0)})${after()}`,
  );
}

function shareOf(call: Call, index: number): Piece {
  const constant = constantOf(call.nodes[index]);
  const isShare =
    constant !== undefined && !constant.isNull && ["DECIMAL", "DOUBLE", "INTEGER"].includes(constant.type);
  if (!isShare) return refuse(`${call.title} of what is not one number`);
  return sql`CAST(${call.arg(index)} AS DOUBLE)`;
}

function ofDoubles(aggregate: Aggregate, name: string): Piece {
  const { call, after } = plain(aggregate);
  const piece = sql`${name}(${call.takes(1).double(0)})${after()}`;
  if (isExact(call.type(0))) return piece;
  return failWhen(sql`isnan(${piece})`, `${call.name}() is out of range`, piece);
}

/** Of what does not vary DuckDB says NaN. */
function correlation(aggregate: Aggregate): Piece {
  const { call, after } = aggregate;
  const pairs = sql`regr_count(${call.takes(2).double(0)}, ${call.double(1)})${after()}`;
  return sql`CASE WHEN ${pairs} > 0 THEN coalesce(${ofPairs(aggregate, "corr")}, DOUBLE('NaN')) END`;
}

function ofPairs(aggregate: Aggregate, name: string): Piece {
  const { call, after } = plain(aggregate);
  return sql`${name}(${call.takes(2).double(0)}, ${call.double(1)})${after()}`;
}
