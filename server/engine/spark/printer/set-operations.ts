import { foldCase } from "../../../text/sql-names.js";
import { castTo } from "./casts.js";
import { limits, modifiersOf } from "./modifiers.js";
import { directionOf } from "./order.js";
import { joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { quoteName } from "./quote.js";
import { refuse } from "./refusal.js";
import { isNode, nodeOf, nodesOf, textOf, textsOf, wholeConstant, type TreeNode } from "./tree.js";
import { isInteger, isSameType, nameOf, parseType } from "./types.js";

const operations = new Set(["UNION", "EXCEPT", "INTERSECT"]);

export function setOperation(node: TreeNode, printing: Printing): Piece {
  const isByName = node.setop_type === "UNION_BY_NAME";
  const operation = isByName ? "UNION" : textOf(node.setop_type);
  if (!operations.has(operation))
    return refuse(
      operation.replaceAll("_", " "),
      "list the columns of both sides in the same order and use UNION ALL",
    );
  const sides = isNode(node.left) ? [node.left, nodeOf(node.right) ?? {}] : nodesOf(node.children);
  const word = `\n${operation}${node.setop_all === true ? " ALL" : ""}\n`;
  const { orders, distinct } = modifiersOf(node);
  if (distinct !== undefined) return refuse("DISTINCT here");
  const columns = new Set((printing.columnsOf(node) ?? []).map((column) => foldCase(column.name)));
  const by = orders.map((order) => {
    const expression = nodeOf(order.expression) ?? {};
    const names = textsOf(expression.column_names);
    const isName =
      expression.class === "COLUMN_REF" && names.length === 1 && columns.has(foldCase(names[0] ?? ""));
    if (!isName && wholeConstant(expression) === undefined)
      return refuse("ORDER BY of what is not a column here", "put the query into a subquery");
    const nullsFirst = textOf(order.null_order).includes("FIRST");
    const printed = isName ? quoteName(names[0] ?? "") : String(wholeConstant(expression));
    return `${printed} ${directionOf(order.type === "DESCENDING", nullsFirst)}`;
  });
  const printed = joined(
    sides.map(
      (child) => sql`(${isByName ? sideByName(child, node, printing) : side(child, node, printing)})`,
    ),
    word,
  );
  return sql`${printed}${by.length > 0 ? sql`\nORDER BY ${joined(by)}` : ""}${limits(node, by.length > 0)}`;
}

/** A side of a set operation, its columns of the types that the whole has. */
export function side(node: TreeNode, whole: TreeNode, printing: Printing): Piece {
  const [own, all] = [printing.columnsOf(node), printing.columnsOf(whole)];
  const printed = printing.query(node);
  if (own === undefined || all === undefined) return refuse("a set operation of an unknown type");
  const casts = own.map(({ type }, index) => {
    const [from, to] = [parseType(type), parseType(all[index]?.type ?? "")];
    if (isSameType(from, to) || (isInteger(from) && isInteger(to)) || isNullAt(node, index, printing))
      return undefined;
    if (from.kind === "text" || to.kind === "text")
      return refuse(
        `${textOf(whole.setop_type) || "UNION"} of ${nameOf(from)} and ${nameOf(to)}`,
        "cast one of them",
      );
    return castTo(`c${index}`, from, to);
  });
  if (casts.every((cast) => cast === undefined)) return printed;
  const names = own.map((_, index) => `c${index}`);
  const list = own.map((column, index) => sql`${casts[index] ?? `c${index}`} AS ${quoteName(column.name)}`);
  return sql`SELECT ${joined(list)} FROM (\n${printed}\n) AS q(${joined(names)})`;
}

/** With NULL for the columns that only others have. */
function sideByName(node: TreeNode, whole: TreeNode, printing: Printing): Piece {
  const [own, all] = [printing.columnsOf(node), printing.columnsOf(whole)];
  if (own === undefined || all === undefined) return refuse("a set operation of an unknown type");
  const list = all.map(({ name, type }) => {
    const index = own.findIndex((column) => foldCase(column.name) === foldCase(name));
    const [from, to] = [parseType(own[index]?.type ?? '"NULL"'), parseType(type)];
    if ((from.kind === "text") !== (to.kind === "text") && from.kind !== "null")
      return refuse(`UNION of ${nameOf(from)} and ${nameOf(to)}`, "cast one of them");
    return sql`${castTo(index === -1 ? "NULL" : `c${String(index)}`, from, to)} AS ${quoteName(name)}`;
  });
  const names = own.map((_, index) => `c${String(index)}`);
  return sql`SELECT ${joined(list)} FROM (\n${printing.query(node)}\n) AS q(${joined(names)})`;
}

/** DuckDB gives a NULL alone some type. */
function isNullAt(node: TreeNode, index: number, printing: Printing): boolean {
  const items = nodesOf(node.select_list);
  const isWritten = items.every((item) => item.class !== "STAR");
  return node.type === "SELECT_NODE" && isWritten && printing.typeOf(items[index]).kind === "null";
}
