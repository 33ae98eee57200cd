import { foldCase } from "../../../text/sql-names.js";
import { aggregateFunctions } from "./functions.js";
import { isNode, nodesOf, textOf, type TreeNode } from "./tree.js";

/** The columns of the result that hold all that a query groups by; empty where it does not, or some are not shown. */
export function groupedBy(statement: TreeNode | undefined): readonly string[] {
  if (statement?.type !== "SELECT_NODE") return [];
  const items = nodesOf(statement["select_list"]);
  // How many columns a star stands for is not known here.
  if (items.some((item) => item.class === "STAR")) return [];
  const places = groupPlaces(statement, items);
  const names = items.map(nameOf);
  const found = (places ?? []).flatMap((place) => names[place] ?? []);
  const all = names.map((name) => foldCase(name ?? ""));
  const isClear = found.every((name) => all.filter((other) => other === foldCase(name)).length === 1);
  return isClear && found.length === places?.length ? [...new Set(found)] : [];
}

/** Undefined where something that is grouped by is not among the items. */
function groupPlaces(statement: TreeNode, items: readonly TreeNode[]): number[] | undefined {
  const groups = nodesOf(statement["group_expressions"]);
  const sets = statement["group_sets"];
  // ROLLUP and the like give a row for several groupings.
  if (Array.isArray(sets) && sets.length > 1) return undefined;
  if (groups.length === 0) {
    if (statement["aggregate_handling"] !== "FORCE_AGGREGATES") return undefined;
    return items.flatMap((item, index) => (hasAggregate(item) ? [] : [index]));
  }
  const places = groups.map((group) => placeOf(group, items));
  return places.includes(-1) ? undefined : places;
}

function placeOf(group: TreeNode, items: readonly TreeNode[]): number {
  const value = group.class === "CONSTANT" && isNode(group["value"]) ? group["value"]["value"] : undefined;
  if (typeof value === "number") return value >= 1 && value <= items.length ? value - 1 : -1;
  const text = plain(group);
  const same = items.findIndex((item) => plain(item) === text);
  if (same !== -1 || group.class !== "COLUMN_REF") return same;
  const names = columnNames(group);
  const last = foldCase(names.at(-1) ?? "");
  return items.findIndex((item) => {
    if (textOf(item.alias) !== "") return names.length === 1 && foldCase(textOf(item.alias)) === last;
    return item.class === "COLUMN_REF" && foldCase(columnNames(item).at(-1) ?? "") === last;
  });
}

function nameOf(item: TreeNode): string | undefined {
  const alias = textOf(item.alias);
  if (alias !== "") return alias;
  return item.class === "COLUMN_REF" ? columnNames(item).at(-1) : undefined;
}

function columnNames(node: TreeNode): readonly string[] {
  const names = node["column_names"];
  return Array.isArray(names) ? names.map(textOf) : [];
}

/** The tree as text, without its own alias and without places. */
function plain(node: TreeNode): string {
  return JSON.stringify({ ...node, alias: "" }, (key, value: unknown) =>
    key === "query_location" ? undefined : value,
  );
}

function hasAggregate(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasAggregate);
  if (!isNode(value)) return false;
  if (value.class === "FUNCTION" && aggregateFunctions.has(textOf(value["function_name"]))) return true;
  return Object.values(value).some(hasAggregate);
}
