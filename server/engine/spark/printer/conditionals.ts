import type { Call, Rules } from "./call.js";
import { coerced, comparable } from "./casts.js";
import { joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { isNode, nodeOf, nodesOf, type TreeNode } from "./tree.js";
import { nameOf } from "./types.js";

export const conditionalRules: Rules = {
  if: choice,
  ifelse: choice,
  ifnull: (call) => printCoalesce(call.takes(2).node, call.printing),
  nullif: (call) => printNullif(call.takes(2).node, call.printing),
};

function choice(call: Call): Piece {
  const type = call.takes(3).result();
  return sql`if(${condition(call.nodeAt(0), call.printing)}, ${call.coerced(1, type)}, ${call.coerced(2, type)})`;
}

/** DuckDB takes numbers for conditions, Spark does not. */
export function condition(node: TreeNode, printing: Printing): Piece {
  const type = printing.typeOf(node);
  if (type.kind === "null") return sql`CAST(${printing.expression(node)} AS BOOLEAN)`;
  if (type.kind === "boolean") return printing.expression(node);
  return refuse(`a condition of ${nameOf(type)}`, "compare it with something", node);
}

export function printCoalesce(node: TreeNode, printing: Printing): Piece {
  const type = printing.typeOf(node);
  return sql`coalesce(${joined(childrenOf(node).map((child) => coerced(child, type, printing)))})`;
}

export function printNullif(node: TreeNode, printing: Printing): Piece {
  const [value, other] = childrenOf(node);
  if (value === undefined || other === undefined) return refuse("nullif()");
  const [a, b] = comparable(value, other, true, printing);
  return sql`CASE WHEN ${a} = ${b} THEN NULL ELSE ${printing.expression(value)} END`;
}

export function printCase(node: TreeNode, printing: Printing): Piece {
  const type = printing.typeOf(node);
  const branches = nodesOf(node.case_checks).map((check) => {
    const [when, then] = [nodeOf(check.when_expr) ?? {}, nodeOf(check.then_expr) ?? {}];
    return sql`WHEN ${condition(when, printing)} THEN ${coerced(then, type, printing)}`;
  });
  const other = isNode(node.else_expr) ? sql` ELSE ${coerced(node.else_expr, type, printing)}` : "";
  return sql`CASE ${joined(branches, " ")}${other} END`;
}
