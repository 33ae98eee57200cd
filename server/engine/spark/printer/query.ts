import { foldCase } from "../../../text/sql-names.js";
import { condition } from "./conditionals.js";
import { unknownInQuery } from "./in-queries.js";
import { limits, modifiersOf } from "./modifiers.js";
import { directionOf, orderOf, type Order } from "./order.js";
import { flatten, joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { quoteName } from "./quote.js";
import { refuse } from "./refusal.js";
import { holdsAggregate, holdsUnnest, holdsWindow, isAggregate } from "./scope.js";
import { setOperation, side } from "./set-operations.js";
import { printStar } from "./stars.js";
import {
  isFilled,
  isNode,
  nodeOf,
  nodesOf,
  queryOf,
  textOf,
  textsOf,
  walk,
  wholeConstant,
  type TreeNode,
} from "./tree.js";
import { isNested, nameOf } from "./types.js";

export function printQuery(node: TreeNode, printing: Printing): Piece {
  const entries = nodesOf(nodeOf(node.cte_map)?.map);
  if (entries.length === 0) return body(node, printing);
  const isRecursive = (entry: TreeNode): boolean =>
    queryOf(nodeOf(entry.value)?.query).type === "RECURSIVE_CTE_NODE";
  const names = entries.map((entry) => textOf(entry.key));
  // Its own name means what it meant before, but in a recursive one.
  const tables = entries.map((entry, index) =>
    printing.within("table", names.slice(0, isRecursive(entry) ? index + 1 : index), () =>
      commonTable(entry, printing),
    ),
  );
  const word = entries.some(isRecursive) ? "RECURSIVE " : "";
  return printing.within(
    "table",
    names,
    () => sql`WITH ${word}${joined(tables, ",\n")}\n${body(node, printing)}`,
  );
}

function commonTable(entry: TreeNode, printing: Printing): Piece {
  const value = nodeOf(entry.value) ?? {};
  if (isFilled(value.key_targets)) return refuse("USING KEY");
  const columns = textsOf(value.aliases);
  const names = columns.length === 0 ? "" : sql`(${joined(columns.map(quoteName))})`;
  return sql`${quoteName(textOf(entry.key))}${names} AS (\n${printing.query(queryOf(value.query))}\n)`;
}

function body(node: TreeNode, printing: Printing): Piece {
  switch (node.type) {
    case "SELECT_NODE":
      return printSelect(node, printing);
    case "SET_OPERATION_NODE":
      return setOperation(node, printing);
    case "RECURSIVE_CTE_NODE":
      if (node.union_all !== true) return refuse("a recursive UNION without ALL");
      if ([node.left, node.right].some((part) => isFilled(nodeOf(nodeOf(part)?.cte_map)?.map)))
        return refuse("WITH inside of a recursive query", "put it before");
      return sql`${side(nodeOf(node.left) ?? {}, node, printing)}\nUNION ALL\n${side(nodeOf(node.right) ?? {}, node, printing)}`;
    default:
      return refuse(
        textOf(node.type).toLowerCase().replaceAll("_", " ").replace(" node", "") || "this query",
      );
  }
}

function printSelect(node: TreeNode, printing: Printing): Piece {
  if (isFilled(node.sample)) return refuse("USING SAMPLE", "a sample is another one on every engine");
  refuseUnknowns(node);
  refuseGenerators(node);
  refuseDistincts(node);
  const { orders, distinct } = modifiersOf(node);
  const from = nodeOf(node.from_table) ?? {};
  const by = orders.map((order) => selectOrder(order, node, printing));
  const items = itemsOf(node, printing);
  const qualify = [
    ...(isNode(node.qualify) ? [condition(node.qualify, printing)] : []),
    ...distinctOn(node, distinct, by, printing),
  ];
  const clauses = [
    sql`SELECT ${distinct?.length === 0 ? "DISTINCT " : ""}${joined(items)}`,
    ...(from.type === "EMPTY" ? [] : [sql`FROM ${printing.table(from)}`]),
    ...(isNode(node.where_clause) ? [sql`WHERE ${condition(node.where_clause, printing)}`] : []),
    ...groupBy(node, printing),
    ...(isNode(node.having) ? [sql`HAVING ${condition(node.having, printing)}`] : []),
    ...(qualify.length > 0 ? [sql`QUALIFY ${joined(qualify, " AND ")}`] : []),
    ...(by.length > 0 ? [sql`ORDER BY ${joined(by.map((order) => order.text))}`] : []),
  ];
  const isOneRow =
    nodesOf(node.group_expressions).length === 0 && nodesOf(node.select_list).some(holdsAggregate);
  return sql`${joined(clauses, "\n")}${limits(node, by.length > 0 || isOneRow)}`;
}

function refuseUnknowns(node: TreeNode): void {
  const found =
    unknownInQuery([node.select_list, node.group_expressions, node.modifiers], false) ??
    unknownInQuery([node.where_clause, node.having, node.qualify], true);
  if (found !== undefined)
    refuse("IN (SELECT ...) as a value", "use it in WHERE or CASE WHEN, or use EXISTS", found);
}

/** Spark has one generator in a SELECT, and does other things before it. */
function refuseGenerators(node: TreeNode): void {
  const generators = nodesOf(node.select_list).filter(holdsUnnest);
  const isAlone =
    generators.length === 1 &&
    generators[0]?.class === "FUNCTION" &&
    generators[0].function_name === "unnest";
  if (generators.length === 0) return;
  if (!isAlone)
    refuse("unnest() inside of an expression, or twice", "unnest in a subquery, each in one of its own");
  const others = [node.select_list, node.group_expressions, node.qualify];
  if (
    nodesOf(node.group_expressions).length > 0 ||
    others.some((part) => holdsAggregate(part) || holdsWindow(part))
  )
    refuse("unnest() beside aggregates or windows", "unnest in a subquery");
}

/** Spark 4.3 fails at listagg(DISTINCT ...) beside another DISTINCT, and at listagg(...) beside two of them. */
function refuseDistincts(node: TreeNode): void {
  const texts = new Set(["string_agg", "group_concat", "listagg"]);
  const found: TreeNode[] = [];
  walk([node.select_list, node.having, node.modifiers], (inner) => {
    if (isAggregate(inner)) found.push(inner);
    return inner.class !== "SUBQUERY";
  });
  const isTexts = (inner: TreeNode): boolean => texts.has(textOf(inner.function_name));
  const distincts = found.filter(({ distinct }) => distinct === true);
  const others = distincts.filter((inner) => !isTexts(inner)).length;
  if (found.some(isTexts) && (others > 1 || (others > 0 && distincts.length > others)))
    refuse("string_agg(...) beside DISTINCT", "compute one of them in a subquery");
}

function itemsOf(node: TreeNode, printing: Printing): readonly Piece[] {
  const items = nodesOf(node.select_list);
  const columns = printing.columnsOf(node);
  const hasStar = items.some((item) => item.class === "STAR");
  return items.map((item, index) => {
    if (item.class === "STAR") return printStar(item, node, printing);
    const printed = printing.expression(item);
    if (isFilled(item.alias)) return sql`${printed} AS ${quoteName(item.alias ?? "")}`;
    const name = hasStar || items.length !== columns?.length ? undefined : columns[index]?.name;
    if (
      name === undefined ||
      (item.class === "COLUMN_REF" && foldCase(name) === foldCase(textsOf(item.column_names).at(-1) ?? ""))
    )
      return printed;
    return item.class === "COLUMN_REF" ? printed : sql`${printed} AS ${quoteName(name)}`;
  });
}

function groupBy(node: TreeNode, printing: Printing): readonly Piece[] {
  const groups = nodesOf(node.group_expressions).map((group) => {
    const type = printing.typeOf(group);
    if (isNested(type)) return refuse(`GROUP BY of ${nameOf(type)}`, "group by its parts");
    // A number would name a column.
    const printed = printing.expression(group);
    return isNumber(printed) ? refuse("GROUP BY of a constant") : printed;
  });
  const sets = Array.isArray(node.group_sets)
    ? node.group_sets.map((set) => (Array.isArray(set) ? set.map(Number) : []))
    : [];
  if (new Set(sets.map(String)).size < sets.length) return refuse("a grouping set that is there twice");
  if (groups.length === 0) return sets.length > 0 ? ["GROUP BY GROUPING SETS (())"] : [];

  const [first] = sets;
  const isPlain = sets.length === 0 || (sets.length === 1 && first?.length === groups.length);
  if (isPlain) return [sql`GROUP BY ${joined(groups)}`];
  const lists = sets.map(
    (set) => sql`(${joined(set.map((index) => groups[index] ?? refuse("these grouping sets")))})`,
  );
  return [sql`GROUP BY GROUPING SETS (${joined(lists)})`];
}

function isNumber(printed: Piece): boolean {
  return /^[\s()+\-\d]+L?$/.test(flatten(printed).text);
}

function distinctOn(
  node: TreeNode,
  targets: readonly TreeNode[] | undefined,
  by: readonly Order[],
  printing: Printing,
): readonly Piece[] {
  if (targets === undefined || targets.length === 0) return [];
  if (by.length === 0)
    return refuse("DISTINCT ON without ORDER BY", "which row is kept is not defined: add ORDER BY");
  if (
    nodesOf(node.group_expressions).length > 0 ||
    isNode(node.qualify) ||
    nodesOf(node.select_list).some(holdsAggregate)
  )
    return refuse("DISTINCT ON with GROUP BY or QUALIFY", "use a subquery");
  const isNamed = by.some(({ node: order }) => order.class === "CONSTANT" || order.class === "STAR");
  if (isNamed || targets.some((target) => target.class === "CONSTANT"))
    return refuse("DISTINCT ON by number", "name the columns");
  const parts = targets.map((target) => printing.expression(target));
  // An alias is not seen there.
  const orders = by.map(({ node: order, isDescending, nullsFirst }) => {
    const item = itemNamed(order, node);
    return sql`${printing.expression(item ?? order)} ${directionOf(isDescending, nullsFirst)}`;
  });
  return [sql`row_number() OVER (PARTITION BY ${joined(parts)} ORDER BY ${joined(orders)}) = 1`];
}

/** By an item of the select list, or by an expression. */
function selectOrder(order: TreeNode, select: TreeNode, printing: Printing): Order {
  const node = nodeOf(order.expression) ?? {};
  const isDescending = order.type === "DESCENDING";
  const nullsFirst = textOf(order.null_order).includes("FIRST");
  const direction = directionOf(isDescending, nullsFirst);
  if (node.class === "STAR" && node.columns === true && node.expr === null)
    return { node, piece: "ALL", isDescending, nullsFirst, text: `ALL ${direction}` };
  const item = itemNamed(node, select);
  const place = wholeConstant(node);
  const name = item === undefined ? undefined : quoteName(item.alias ?? "");
  const known = item ?? (place === undefined ? undefined : nodesOf(select.select_list)[place - 1]);
  if (
    place !== undefined &&
    (known === undefined || nodesOf(select.select_list).some(({ class: kind }) => kind === "STAR"))
  )
    return refuse(`ORDER BY ${String(place)}`, "name the column");
  if (known === undefined) {
    const printed = orderOf(order, printing);
    const text = flatten(printed.piece).text;
    const isDistinct = modifiersOf(select).distinct?.length === 0;
    const isItem = nodesOf(select.select_list).some(
      (item) => item.class === "STAR" || flatten(printing.expression(item)).text === text,
    );
    if (isDistinct && !isItem) return refuse("ORDER BY of what DISTINCT leaves out", "select it too");
    return isNumber(printed.piece) ? refuse("ORDER BY of a constant") : printed;
  }
  const type = printing.typeOf(known);
  if (isNested(type) || type.kind === "other" || type.kind === "interval")
    return refuse(`ORDER BY of ${nameOf(type)}`, "order by its parts");
  const piece = name ?? String(place);
  return { node, piece, isDescending, nullsFirst, text: sql`${piece} ${direction}` };
}

function itemNamed(node: TreeNode, select: TreeNode): TreeNode | undefined {
  const [name, ...others] = textsOf(node.column_names);
  if (node.class !== "COLUMN_REF" || name === undefined || others.length > 0) return undefined;
  return nodesOf(select.select_list).find(
    (item) => isFilled(item.alias) && foldCase(item.alias ?? "") === foldCase(name),
  );
}
