import { nodesOf, textOf, walk, type TreeNode } from "./tree.js";

/** What an expression can see. */
export interface Scope {
  /** The relation whose columns it sees. */
  readonly from: TreeNode;
  /** Of the SELECT around it, for what is computed from groups. */
  readonly groups: readonly TreeNode[];
  readonly groupSets: unknown;
  /** Of the query around: what a correlated subquery may name too. */
  readonly outer: Scope | undefined;
  /** Entries of the CTE maps of all queries around. */
  readonly ctes: readonly TreeNode[];
}

export const noFrom: TreeNode = { type: "EMPTY", alias: "", sample: null };

export function scopeOf(from: TreeNode, around: Pick<Scope, "outer" | "ctes">): Scope {
  return { from, groups: [], groupSets: [], outer: around.outer, ctes: around.ctes };
}

export function selectNode(
  selectList: readonly unknown[],
  from: TreeNode,
  ctes: readonly TreeNode[],
): TreeNode {
  return {
    type: "SELECT_NODE",
    modifiers: [],
    cte_map: { map: ctes },
    select_list: selectList,
    from_table: from,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: "STANDARD_HANDLING",
    having: null,
    sample: null,
    qualify: null,
  };
}

export function star(relation = ""): TreeNode {
  return {
    class: "STAR",
    type: "STAR",
    alias: "",
    relation_name: relation,
    exclude_list: [],
    replace_list: [],
    columns: false,
    expr: null,
    qualified_exclude_list: [],
    rename_list: [],
  };
}

export function crossJoin(left: TreeNode, right: TreeNode): TreeNode {
  return {
    type: "JOIN",
    alias: "",
    sample: null,
    left,
    right,
    condition: null,
    join_type: "INNER",
    ref_type: "CROSS",
    using_columns: [],
    delim_flipped: false,
    duplicate_eliminated_columns: [],
  };
}

export function derivedTable(node: TreeNode, alias: string): TreeNode {
  return {
    type: "SUBQUERY",
    alias,
    sample: null,
    subquery: { node, named_param_map: [] },
    column_name_alias: [],
  };
}

export function withoutAlias(node: TreeNode): TreeNode {
  return { ...node, alias: "" };
}

const aggregateNames = new Set(
  `sum avg mean min max count count_star count_if countif arg_max arg_min max_by min_by argmax argmin arg_max_null
  arg_min_null string_agg group_concat listagg list array_agg bool_and bool_or first last any_value arbitrary median
  quantile_cont quantile_disc quantile stddev stddev_samp stddev_pop variance var_samp var_pop corr mode product
  histogram approx_count_distinct covar_pop covar_samp bit_and bit_or bit_xor favg fsum sumkahan kahan_sum mad skewness
  kurtosis regr_slope regr_intercept regr_r2 approx_quantile entropy reservoir_quantile approx_top_k`.split(
    /\s+/,
  ),
);

export function isAggregate(node: TreeNode): boolean {
  if (node.class === "FUNCTION") return aggregateNames.has(textOf(node.function_name));
  return node.class === "OPERATOR" && node.type === "GROUPING_FUNCTION";
}

/** Aggregates of this SELECT, not of a subquery in it. */
export function holdsAggregate(expression: unknown): boolean {
  return holds(expression, isAggregate);
}

export function holdsWindow(expression: unknown): boolean {
  return holds(expression, (node) => node.class === "WINDOW");
}

export function holdsUnnest(expression: unknown): boolean {
  return holds(expression, (node) => node.class === "FUNCTION" && textOf(node.function_name) === "unnest");
}

function holds(expression: unknown, matches: (node: TreeNode) => boolean): boolean {
  let found = false;
  walk(expression, (node) => {
    if (matches(node)) found = true;
    return !found && node.class !== "SUBQUERY";
  });
  return found;
}

/** Columns that stand outside of aggregates. */
export function holdsPlainColumn(expression: unknown): boolean {
  let found = false;
  walk(expression, (node) => {
    if (node.class === "COLUMN_REF") found = true;
    return !found && !isAggregate(node) && node.class !== "SUBQUERY";
  });
  return found;
}

export function childrenOf(node: TreeNode): readonly TreeNode[] {
  return nodesOf(node.children);
}
