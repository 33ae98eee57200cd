import { childrenOf } from "./scope.js";
import { isNode, nodeOf, nodesOf, textOf, type TreeNode } from "./tree.js";

/**
 * A place at which it would be told whether `x IN (SELECT …)` is FALSE or NULL: Spark says FALSE for both but where rows are
 * chosen by it. `isCondition`: rows, or a branch, are chosen.
 */
export function unknownInQuery(value: unknown, isCondition: boolean): TreeNode | undefined {
  if (Array.isArray(value)) return firstOf(value, isCondition);
  if (!isNode(value)) return undefined;
  if (value.class === "SUBQUERY") {
    // ANY and ALL with another comparison are refused wherever they stand.
    const isIn = value.subquery_type === "ANY" && value.comparison_type === "COMPARE_EQUAL";
    if (isIn && !isCondition) return value;
    return unknownInQuery(value.child, false);
  }
  if (value.class === "CONJUNCTION") return firstOf(childrenOf(value), isCondition);
  if (value.type === "OPERATOR_NOT") {
    const [child = {}] = childrenOf(value);
    return unknownInQuery(child, isCondition && child.class === "SUBQUERY");
  }
  if (value.class === "CASE") {
    const checks = nodesOf(value.case_checks);
    return (
      firstOf(
        checks.map(({ when_expr }) => when_expr),
        true,
      ) ?? firstOf([...checks.map(({ then_expr }) => then_expr), value.else_expr], isCondition)
    );
  }
  if (value.class === "FUNCTION") {
    const isChoice = textOf(value.function_name) === "if";
    const [first, ...others] = childrenOf(value);
    return (
      unknownInQuery(first, isChoice) ?? firstOf(others, false) ?? unknownInQuery(nodeOf(value.filter), true)
    );
  }
  const { filter_expr, ...rest } = value;
  return unknownInQuery(filter_expr, true) ?? firstOf(Object.values(rest), false);
}

function firstOf(values: readonly unknown[], isCondition: boolean): TreeNode | undefined {
  for (const value of values) {
    const found = unknownInQuery(value, isCondition);
    if (found !== undefined) return found;
  }
  return undefined;
}
