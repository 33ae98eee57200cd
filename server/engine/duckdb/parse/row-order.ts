import { foldCase } from "../../../text/sql-names.js";
import { aggregateFunctions } from "./functions.js";
import { isNode, nodesOf, queryNode, someNode, textOf, type TreeNode } from "./tree.js";

/**
 * Whether the rows of a query have an order: that of an ORDER BY, or of what it reads, as it only picks, computes and stacks rows.
 * After a join, a group, DISTINCT and the like threads give them as they are done. What is not known keeps one: to take
 * rows in another order for the same ones would be wrong, the other way round only costs time.
 */
export function keepsOrder(statement: TreeNode): boolean {
  const ctes = ctesOf(statement);
  const seen = new Set<TreeNode>();
  const sources: TreeNode[] = [statement];
  for (let node = sources.pop(); node !== undefined; node = sources.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (isSorted(node)) continue;
    if (isScrambled(node)) return false;
    sources.push(...sourcesOf(node, ctes));
  }
  return true;
}

/** By folded name, those of all levels; null where several have one name. */
function ctesOf(statement: TreeNode): ReadonlyMap<string, TreeNode | null> {
  const found = new Map<string, TreeNode | null>();
  someNode(statement, (node) => {
    const map = node["cte_map"];
    for (const entry of isNode(map) ? nodesOf(map["map"]) : []) {
      const name = foldCase(textOf(entry["key"]));
      const query = isNode(entry["value"]) ? queryNode(entry["value"]["query"]) : undefined;
      found.set(name, found.has(name) ? null : (query ?? null));
    }
    return false;
  });
  return found;
}

function isSorted(node: TreeNode): boolean {
  return nodesOf(node["modifiers"]).some(({ type }) => type === "ORDER_MODIFIER");
}

function isScrambled(node: TreeNode): boolean {
  if (nodesOf(node["modifiers"]).some(({ type }) => type === "DISTINCT_MODIFIER")) return true;
  switch (node.type) {
    case "SELECT_NODE":
      return isGrouped(node) || partsWindows(node);
    case "SET_OPERATION_NODE":
      return !textOf(node["setop_type"]).startsWith("UNION") || node["setop_all"] !== true;
    case "JOIN":
      // What is unnested beside each row comes in the order of the rows.
      return !(isNode(node["right"]) && node["right"].type === "TABLE_FUNCTION");
    case "PIVOT":
      return nodesOf(node["aggregates"]).length > 0;
    default:
      return false;
  }
}

function isGrouped(node: TreeNode): boolean {
  const sets = node["group_sets"];
  return (
    nodesOf(node["group_expressions"]).length > 0 ||
    (Array.isArray(sets) && sets.length > 0) ||
    node["aggregate_handling"] !== "STANDARD_HANDLING" ||
    hasExpression(
      node,
      (part) => part.class === "FUNCTION" && aggregateFunctions.has(foldCase(textOf(part["function_name"]))),
    )
  );
}

function partsWindows(node: TreeNode): boolean {
  return hasExpression(node, (part) => part.class === "WINDOW" && nodesOf(part["partitions"]).length > 0);
}

/** Subqueries have rows of their own. */
function hasExpression(node: TreeNode, isWanted: (part: TreeNode) => boolean): boolean {
  const parts = [...nodesOf(node["select_list"]), node["qualify"], node["having"]];
  return parts.some((part) => isNode(part) && someNode(part, isWanted, ({ class: of }) => of === "SUBQUERY"));
}

/** What the rows of a query, or of what stands behind its FROM, come from. */
function sourcesOf(node: TreeNode, ctes: ReadonlyMap<string, TreeNode | null>): readonly TreeNode[] {
  if (node.type === "BASE_TABLE") {
    const cte =
      textOf(node["schema_name"]) === "" ? ctes.get(foldCase(textOf(node["table_name"]))) : undefined;
    return cte ? [cte] : [];
  }
  const listed = [node["from_table"], node["source"], node["left"], node["right"]];
  const queries = [node["subquery"], ...nodesOf(node["children"])].map(queryNode);
  return [...listed, ...queries].flatMap((part) => (isNode(part) ? [queryNode(part) ?? part] : []));
}
