import type { Piece } from "./piece.js";
import { refuse } from "./refusal.js";
import { isNode, nodeOf, nodesOf, textOf, wholeConstant, type TreeNode } from "./tree.js";

export interface Modifiers {
  readonly orders: readonly TreeNode[];
  readonly distinct: readonly TreeNode[] | undefined;
}

export function modifiersOf(node: TreeNode): Modifiers {
  let orders: readonly TreeNode[] = [];
  let distinct: readonly TreeNode[] | undefined;
  for (const modifier of nodesOf(node.modifiers)) {
    if (modifier.type === "ORDER_MODIFIER") orders = nodesOf(modifier.orders);
    else if (modifier.type === "DISTINCT_MODIFIER") distinct = nodesOf(modifier.distinct_on_targets);
    else if (modifier.type !== "LIMIT_MODIFIER")
      return refuse(textOf(modifier.type).toLowerCase().replaceAll("_", " "));
  }
  return { orders, distinct };
}

export function limits(node: TreeNode, isOrdered: boolean): Piece {
  const limit = nodesOf(node.modifiers).find(({ type }) => type === "LIMIT_MODIFIER");
  if (limit === undefined) return "";
  const number = (value: unknown, word: string): string => {
    if (!isNode(value)) return "";
    const whole = wholeConstant(value);
    return whole === undefined || whole < 0
      ? refuse(`${word} of what is not a number`)
      : `\n${word} ${String(whole)}`;
  };
  if (!isOrdered && wholeConstant(nodeOf(limit.limit)) !== 0)
    return refuse("LIMIT without ORDER BY", "which rows are left is not defined on a cluster: add ORDER BY");
  return number(limit.limit, "LIMIT") + number(limit.offset, "OFFSET");
}
