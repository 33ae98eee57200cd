import { sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { refuse } from "./refusal.js";
import { nodeOf, textOf, type TreeNode } from "./tree.js";
import { isNested, nameOf } from "./types.js";

export interface Order {
  readonly node: TreeNode;
  readonly piece: Piece;
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
  /** Written whole. */
  readonly text: Piece;
}

/** Both directions put NULLs last where nothing else is said. */
export function orderOf(order: TreeNode, printing: Printing, print?: (node: TreeNode) => Piece): Order {
  const node = nodeOf(order.expression) ?? {};
  if (node.class === "COLLATE") return refuse("COLLATE", "use lower(x)");
  const type = printing.typeOf(node);
  if (isNested(type) || type.kind === "interval" || type.kind === "other")
    return refuse(`ORDER BY of ${nameOf(type)}`, "order by its parts");
  const piece = (print ?? ((inner) => printing.expression(inner)))(node);
  const isDescending = order.type === "DESCENDING";
  const nullsFirst = textOf(order.null_order).includes("FIRST");
  return {
    node,
    piece,
    isDescending,
    nullsFirst,
    text: sql`${piece} ${directionOf(isDescending, nullsFirst)}`,
  };
}

export function directionOf(isDescending: boolean, nullsFirst: boolean): string {
  return `${isDescending ? "DESC" : "ASC"} NULLS ${nullsFirst ? "FIRST" : "LAST"}`;
}
