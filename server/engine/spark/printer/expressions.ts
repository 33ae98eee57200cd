import { Call } from "./call.js";
import { comparable, printCast } from "./casts.js";
import { condition, printCase, printCoalesce, printNullif } from "./conditionals.js";
import { printFunction } from "./functions.js";
import { element, field, slice } from "./list-functions.js";
import { printConstant } from "./literals.js";
import { compare } from "./operators.js";
import { joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { quoteName } from "./quote.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { constantOf, nodeOf, queryOf, textOf, textsOf, type TreeNode } from "./tree.js";
import { isInteger, isSameType, nameOf, parseType } from "./types.js";
import { printWindow } from "./windows.js";

/** An expression by the kind that DuckDB's tree gives it. */
export function printExpression(node: TreeNode, printing: Printing): Piece {
  switch (node.class) {
    case "CONSTANT":
      return printConstant(constantOf(node) ?? refuse("this constant"));
    case "COLUMN_REF":
      return joined(textsOf(node.column_names).map(quoteName), ".");
    case "COMPARISON":
      return compare(nodeOf(node.left) ?? {}, nodeOf(node.right) ?? {}, node.type, { printing });
    case "CONJUNCTION": {
      const parts = childrenOf(node).map((child) => condition(child, printing));
      return sql`(${joined(parts, node.type === "CONJUNCTION_AND" ? " AND " : " OR ")})`;
    }
    case "BETWEEN":
      return between(node, printing);
    case "CASE":
      return printCase(node, printing);
    case "CAST":
      return printCast(node, printing);
    case "OPERATOR":
      return printOperator(node, printing);
    case "FUNCTION":
      return printFunction(new Call(node, printing));
    case "WINDOW":
      return printWindow(node, printing);
    case "SUBQUERY":
      return subquery(node, printing);
    case "POSITIONAL_REFERENCE":
      return refuse(`#${String(node.index)}`, "name the column");
    case "COLLATE":
      return refuse("COLLATE", "use lower(x)");
    case "STAR":
      return node.columns === true
        ? refuse("COLUMNS(...)", "name the columns")
        : refuse("* here", "name the columns");
    default:
      return refuse(textOf(node.class).toLowerCase().replaceAll("_", " ") || "this expression");
  }
}

function between(node: TreeNode, printing: Printing): Piece {
  const [input, lower, upper] = [node.input, node.lower, node.upper].map((part) => nodeOf(part) ?? {});
  const least = comparable(input ?? {}, lower ?? {}, false, printing);
  const most = comparable(input ?? {}, upper ?? {}, false, printing);
  return sql`(${least[0]} >= ${least[1]} AND ${most[0]} <= ${most[1]})`;
}

function printOperator(node: TreeNode, printing: Printing): Piece {
  const children = childrenOf(node);
  const [first = {}] = children;
  switch (node.type) {
    case "OPERATOR_NOT":
      return sql`(NOT ${condition(first, printing)})`;
    case "OPERATOR_IS_NULL":
      return sql`(${printing.expression(first)} IS NULL)`;
    case "OPERATOR_IS_NOT_NULL":
      return sql`(${printing.expression(first)} IS NOT NULL)`;
    case "OPERATOR_COALESCE":
      return printCoalesce(node, printing);
    case "OPERATOR_NULLIF":
      return printNullif(node, printing);
    case "COMPARE_IN":
    case "COMPARE_NOT_IN":
      return isIn(node, printing);
    case "ARRAY_EXTRACT":
      return element(new Call(node, printing));
    case "ARRAY_SLICE":
      return slice(new Call(node, printing));
    case "STRUCT_EXTRACT":
      return field(first, children[1] ?? {}, { printing });
    case "ARRAY_CONSTRUCTOR":
      return printFunction(new Call({ ...node, class: "FUNCTION", function_name: "list_value" }, printing));
    case "GROUPING_FUNCTION": {
      const bits = children.map(
        (child, index) =>
          sql`CAST(grouping(${printing.expression(child)}) AS BIGINT) * ${String(2 ** (children.length - 1 - index))}L`,
      );
      return children.length === 1
        ? sql`CAST(grouping(${printing.expression(first)}) AS BIGINT)`
        : sql`(${joined(bits, " + ")})`;
    }
    default:
      return refuse(textOf(node.type).replace("OPERATOR_", "").replaceAll("_", " "));
  }
}

/** Each value is compared as it would be with `=`. */
function isIn(node: TreeNode, printing: Printing): Piece {
  const [value = {}, ...others] = childrenOf(node);
  const not = node.type === "COMPARE_NOT_IN" ? "NOT " : "";
  const pairs = others.map((other) => comparable(value, other, true, printing));
  const isPlain = others.every(
    (other) => isSameType(printing.typeOf(value), printing.typeOf(other)) || constantOf(other) !== undefined,
  );
  const [first] = pairs;
  if (first !== undefined && isPlain)
    return sql`(${first[0]} ${not}IN (${joined(pairs.map(([, other]) => other))}))`;
  return sql`(${not}(${joined(
    pairs.map(([a, b]) => sql`${a} = ${b}`),
    " OR ",
  )}))`;
}

function subquery(node: TreeNode, printing: Printing): Piece {
  const query = queryOf(node.subquery);
  switch (node.subquery_type) {
    case "SCALAR":
      return sql`(${printing.query(query)})`;
    case "EXISTS":
      return sql`EXISTS (${printing.query(query)})`;
    case "NOT_EXISTS":
      return sql`NOT EXISTS (${printing.query(query)})`;
    case "ANY":
      if (node.comparison_type === "COMPARE_EQUAL") return inQuery(nodeOf(node.child) ?? {}, query, printing);
      break;
    default:
  }
  return refuse("ANY or ALL with a subquery", "compare with max() or min() of the subquery");
}

function inQuery(value: TreeNode, query: TreeNode, printing: Printing): Piece {
  const column = printing.columnsOf(query)?.[0];
  const [a, b] = [printing.typeOf(value), parseType(column?.type ?? "")];
  if (!isSameType(a, b) && !(isInteger(a) && isInteger(b)))
    return refuse(`${nameOf(a)} IN a query of ${nameOf(b)}`, "cast one of them");
  return sql`(${printing.expression(value)} IN (${printing.query(query)}))`;
}
