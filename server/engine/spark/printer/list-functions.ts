import { printAggregate } from "./aggregates.js";
import { Call, type Rules } from "./call.js";
import { coerced } from "./casts.js";
import { fixedLength, intervalOf, printInterval } from "./intervals.js";
import { joined, sql, type Piece } from "./piece.js";
import { quoteName, quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import {
  constantOf,
  nodeOf,
  nodesOf,
  textConstant,
  textOf,
  textsOf,
  wholeConstant,
  type TreeNode,
} from "./tree.js";
import {
  isExact,
  isInteger,
  isNested,
  isSameType,
  isShortInteger,
  nameOf,
  sparkType,
  type SqlType,
} from "./types.js";

export const listRules: Rules = {
  list_value: listOf,
  list_pack: listOf,
  struct_pack: structOf,
  struct_extract: (call) => field(call.takes(2).nodeAt(0), call.nodeAt(1), call),
  list_extract: (call) => element(call),
  array_extract: (call) => element(call),
  list_element: (call) => element(call),
  list_slice: (call) => slice(call),
  array_slice: (call) => slice(call),
  list_contains: (call) => contains(call),
  array_contains: (call) => contains(call),
  list_has: (call) => contains(call),
  array_has: (call) => contains(call),
  contains: (call) =>
    call.takes(2).type(0).kind === "list" ? contains(call) : sql`contains(${call.text(0)}, ${call.text(1)})`,
  list_position: indexOf,
  array_position: indexOf,
  list_indexof: indexOf,
  array_to_string: joinTexts,
  list_reverse: (call) => sql`reverse(${list(call.takes(1), 0)})`,
  array_reverse: (call) => sql`reverse(${list(call.takes(1), 0)})`,
  array_length: (call) => sql`CAST(array_size(${list(call.takes(1), 0)}) AS BIGINT)`,
  list_unique: (call) =>
    sql`CAST(array_size(array_distinct(filter(${list(call.takes(1), 0)}, x -> x IS NOT NULL))) AS BIGINT)`,
  list_min: (call) => sql`array_min(${simpleList(call)})`,
  list_max: (call) => sql`array_max(${simpleList(call)})`,
  list_sum: (call) => total(call),
  list_count: (call) =>
    sql`CAST(array_size(filter(${list(call.takes(1), 0)}, x -> x IS NOT NULL)) AS BIGINT)`,
  ...Object.fromEntries(
    ["list_transform", "list_apply", "array_transform", "array_apply", "list_filter", "array_filter"].map(
      (name) => [name, lambda],
    ),
  ),
  list_sort: (call) => sortedList(call, "ASC"),
  array_sort: (call) => sortedList(call, "ASC"),
  list_reverse_sort: (call) => sortedList(call, "DESC"),
  array_reverse_sort: (call) => sortedList(call, "DESC"),
  map: mapOf,
  map_keys: (call) => sql`map_keys(${map(call)})`,
  map_values: (call) => sql`map_values(${map(call)})`,
  cardinality: (call) => sql`CAST(size(${map(call)}) AS BIGINT)`,
  range: (call) => sequence(call, true),
  generate_series: (call) => sequence(call, false),
  unnest: (call) => sql`explode(${list(call.takes(1), 0)})`,
  row: () => refuse("a row without names here", "use {'a': x, 'b': y}"),
};

function list(call: Call, index: number): Piece {
  return call.of(index, (type) => type.kind === "list");
}

function map(call: Call): Piece {
  return call.takes(1).of(0, (type) => type.kind === "map");
}

function elementType(call: Call, index: number): SqlType {
  const type = call.type(index);
  return type.kind === "list" ? type.of : refuse(`${call.title} of ${nameOf(type)}`);
}

function isPlain(type: SqlType): boolean {
  return (
    type.kind === "text" ||
    type.kind === "boolean" ||
    type.kind === "date" ||
    type.kind === "timestamp" ||
    isExact(type)
  );
}

function simpleList(call: Call): Piece {
  const type = elementType(call.takes(1), 0);
  return isPlain(type) ? list(call, 0) : refuse(`${call.title} of ${nameOf(type)}`);
}

function listOf(call: Call): Piece {
  const type = call.result();
  if (type.kind !== "list" || call.count === 0) return refuse("an empty list", "cast it: []::VARCHAR[]");
  return sql`array(${joined(call.nodes.map((node) => coerced(node, type.of, call.printing)))})`;
}

function structOf(call: Call): Piece {
  const fields = call.nodes.map((node) => {
    const name = node.alias || refuse("a struct without names");
    return sql`${quoteText(name)}, ${call.printing.expression(node)}`;
  });
  return sql`named_struct(${joined(fields)})`;
}

export function field(holder: TreeNode, name: TreeNode, { printing }: Pick<Call, "printing">): Piece {
  const text = textConstant(name) ?? refuse("a field of a struct by its place", "name it");
  if (printing.typeOf(holder).kind !== "struct")
    return refuse(`a field of ${nameOf(printing.typeOf(holder))}`);
  return sql`${printing.expression(holder)}.${quoteName(text)}`;
}

/** `x[i]` of a list, a map or a struct. */
export function element(call: Call): Piece {
  const [type, index] = [call.takes(2).type(0), call.nodeAt(1)];
  if (type.kind === "struct") return field(call.nodeAt(0), index, call);
  if (type.kind === "map") {
    if (!isSameType(type.key, call.type(1)))
      return refuse(`a key of ${nameOf(call.type(1))}`, `cast it to ${nameOf(type.key)}`);
    return sql`try_element_at(${call.arg(0)}, ${call.arg(1)})`;
  }
  if (type.kind !== "list") return refuse(`x[...] of ${nameOf(type)}`, undefined, call.nodeAt(0));
  const place = wholeConstant(index);
  if (place === 0) return refuse("x[0]", "places begin at 1");
  if (place !== undefined) return sql`try_element_at(${call.arg(0)}, ${String(place)})`;
  return sql`try_element_at(${call.arg(0)}, nullif(CAST(${call.short(1)} AS INT), 0))`;
}

export function slice(call: Call): Piece {
  const [from, to] = [call.takes(3).whole(1, "a place", 1), call.whole(2, "a place", 1)];
  const length = String(Math.max(0, to - from + 1));
  const type = call.type(0);
  if (type.kind === "list") return sql`slice(${call.arg(0)}, ${String(from)}, ${length})`;
  if (type.kind === "text") return sql`substring(${call.arg(0)}, ${String(from)}, ${length})`;
  return call.refuseType(0);
}

function searched(call: Call): readonly [Piece, Piece] {
  const type = elementType(call.takes(2), 0);
  if (!isPlain(type)) return refuse(`${call.title} of ${nameOf(type)}`);
  if (call.type(1).kind === "null") return refuse(`${call.title} of NULL`);
  return [call.arg(0), coerced(call.nodeAt(1), type, call.printing)];
}

/** A NULL in the list hides nothing from DuckDB. */
function contains(call: Call): Piece {
  const [values, value] = searched(call);
  return sql`coalesce(array_contains(${values}, ${value}), CASE WHEN ${values} IS NULL OR ${value} IS NULL THEN NULL ELSE FALSE END)`;
}

function indexOf(call: Call): Piece {
  const [values, value] = searched(call);
  if (!call.isConstant(1)) return refuse(`${call.title} of what is not a constant`);
  return call.typed(sql`nullif(array_position(${values}, ${value}), 0)`);
}

function joinTexts(call: Call): Piece {
  const separator = call.takes(2).textConstant(1, "a separator");
  if (elementType(call, 0).kind !== "text")
    return refuse(`${call.title} of ${nameOf(elementType(call, 0))}`, "cast to VARCHAR[]");
  // Of NULLs alone there is no text.
  const values = call.arg(0);
  const hasText = sql`array_size(${values}) = 0 OR exists(${values}, x -> x IS NOT NULL)`;
  return sql`CASE WHEN ${hasText} THEN array_join(${values}, ${quoteText(separator)}) END`;
}

function total(call: Call): Piece {
  const type = elementType(call.takes(1), 0);
  if (!isInteger(type) && type.kind !== "double") return refuse(`list_sum() of ${nameOf(type)}`);
  const zero = type.kind === "double" ? "0D" : "CAST(0 AS DECIMAL(38,0))";
  const kind = type.kind === "double" ? "DOUBLE" : "DECIMAL(38,0)";
  const values = sql`filter(${call.arg(0)}, x -> x IS NOT NULL)`;
  return sql`CASE WHEN array_size(${values}) > 0 THEN aggregate(${values}, ${zero}, (a, x) -> CAST(a + x AS ${kind})) END`;
}

function lambda(call: Call): Piece {
  const values = list(call.takes(2), 0);
  const node = call.nodeAt(1);
  if (node.class !== "LAMBDA") return refuse(`${call.title} without a lambda`);
  const lhs = nodeOf(node.lhs);
  const names = lhs?.class === "COLUMN_REF" ? textsOf(lhs.column_names) : [];
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) return refuse("a lambda with several parameters");
  const body = nodeOf(node.expr) ?? {};
  const isFilter = call.name.endsWith("filter");
  if (isFilter && call.printing.typeOf(body).kind !== "boolean")
    return refuse("a filter that is not a condition");
  const printed = call.printing.within("lambda", [name], () => call.printing.expression(body));
  return sql`${isFilter ? "filter" : "transform"}(${values}, ${quoteName(name)} -> ${printed})`;
}

/** NULLs are last in both directions where nothing else is said. `list(x ORDER BY x)` comes as `list_sort(list(x))`. */
function sortedList(call: Call, usual: "ASC" | "DESC"): Piece {
  const inner = call.nodeAt(0);
  const name = textOf(inner.function_name);
  const isList = inner.class === "FUNCTION" && (name === "list" || name === "array_agg");
  const [direction = "", nulls = ""] = [1, 2].map((index) =>
    call.count > index ? call.textConstant(index, "an order").toUpperCase() : "",
  );
  if (!isList || nodesOf(nodeOf(inner.order_bys)?.orders).length > 0)
    return sortedValues(call, direction || usual, nulls);
  if (usual === "DESC") return refuse(call.title, "sort with list(x ORDER BY x DESC)");
  const [expression] = childrenOf(inner);
  const order = {
    type: direction.startsWith("DESC") ? "DESCENDING" : "ASCENDING",
    null_order: nulls.includes("FIRST") ? "NULLS FIRST" : "NULLS LAST",
    expression,
  };
  return printAggregate(new Call({ ...inner, order_bys: { orders: [order] } }, call.printing));
}

function sortedValues(call: Call, direction: string, nulls: string): Piece {
  const type = elementType(call.takes(1, 2, 3), 0);
  if (!isPlain(type)) return refuse(`${call.title} of ${nameOf(type)}`, "sort with list(x ORDER BY x)");
  if (!/^(ASC|DESC)$/.test(direction) || !/^(NULLS (FIRST|LAST))?$/.test(nulls))
    return refuse(`this order of ${call.title}`);
  const isAscending = direction === "ASC";
  const isFirst = nulls === "NULLS FIRST";
  const values = call.arg(0);
  // Spark's puts NULLs first where it ascends, and last where it descends.
  if (isAscending === isFirst) return sql`sort_array(${values}, ${String(isAscending)})`;
  return isAscending ? sql`array_sort(${values})` : sql`reverse(array_sort(${values}))`;
}

function mapOf(call: Call): Piece {
  const [keys, values] = [call.takes(2).nodeAt(0), call.nodeAt(1)];
  const isWritten = [keys, values].every(
    (node) => textOf(node.function_name) === "list_value" || node.type === "ARRAY_CONSTRUCTOR",
  );
  const type = call.result();
  if (type.kind !== "map" || isNested(type.key)) return refuse(`a map of ${nameOf(type)}`);
  if (!isWritten) return sql`map_from_arrays(${call.arg(0)}, ${call.arg(1)})`;
  const entries = childrenOf(keys).flatMap((key, index) => [
    coerced(key, type.key, call.printing),
    coerced(childrenOf(values)[index] ?? {}, type.value, call.printing),
  ]);
  return sql`map(${joined(entries)})`;
}

/** `range` and `generate_series`: the latter with its end. */
export function sequence(call: Call, isExclusive: boolean): Piece {
  const step = call.count === 3 ? intervalOf(call.nodeAt(2)) : undefined;
  if (step !== undefined) return times(call, isExclusive);
  if (call.count === 3 && wholeConstant(call.nodeAt(2)) === undefined)
    return refuse(`${call.title} with a step that is not a number`);
  const [first, last] =
    call.takes(1, 2, 3).count === 1 ? ["0L", bigint(call, 0)] : [bigint(call, 0), bigint(call, 1)];
  const by = call.count === 3 ? call.whole(2, "a step", 1) : 1;
  const end = isExclusive ? sql`${last} - 1` : last;
  return sql`CASE WHEN ${first} ${isExclusive ? ">=" : ">"} ${last} THEN CAST(array() AS ARRAY<BIGINT>) ELSE sequence(${first}, ${end}, ${String(by)}L) END`;
}

function bigint(call: Call, index: number): Piece {
  const constant = constantOf(call.nodeAt(index));
  if (constant !== undefined && constant.exact === undefined && constant.type === "INTEGER")
    return `${String(constant.value)}L`;
  return sql`CAST(${call.of(index, isShortInteger)} AS BIGINT)`;
}

function times(call: Call, isExclusive: boolean): Piece {
  const interval = intervalOf(call.nodeAt(2)) ?? refuse("a step");
  const length = fixedLength(interval);
  if (
    (length === undefined && (typeof interval.count !== "number" || interval.count <= 0)) ||
    (length !== undefined && length <= 0)
  )
    return refuse(`${call.title} with a step that is not a number from 1`);
  // Months are added one by one by one engine, and counted from the start by the other.
  if (length === undefined) return refuse(`${call.title} by months`, "generate days and use date_trunc");
  const moment = (index: number): Piece =>
    sql`CAST(${call.of(index, (type) => type.kind === "date" || type.kind === "timestamp")} AS TIMESTAMP_NTZ)`;
  const [first, last] = [moment(0), moment(1)];
  const kind = sparkType({ kind: "timestamp" }) ?? "";
  const all = sql`CASE WHEN ${first} > ${last} THEN CAST(array() AS ARRAY<${kind}>) ELSE sequence(${first}, ${last}, ${printInterval(interval, call.printing)}) END`;
  return isExclusive ? sql`filter(${all}, x -> x < ${last})` : all;
}
