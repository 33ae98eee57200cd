import { foldCase } from "../../../text/sql-names.js";
import { holdsAggregate, holdsPlainColumn, holdsUnnest, holdsWindow, withoutAlias } from "./scope.js";
import { isNode, nodeOf, nodesOf, rewrite, textOf, textsOf, wholeConstant, type TreeNode } from "./tree.js";

/*
 * DuckDB lets almost every clause name what the select list computes, by alias or by number. Here each such name becomes the
 * expression itself, so that neither the probes nor Spark have to find out again what it names.
 */

/** A construct that is refused, at its node. */
export interface Problem {
  readonly node: TreeNode;
  readonly reason: string;
  readonly hint?: string;
}

export interface Substituted {
  readonly select: TreeNode;
  readonly problems: readonly Problem[];
}

/** `sources`: folded names of the columns of FROM, which go before aliases. */
export function substituteAliases(select: TreeNode, sources: ReadonlySet<string>): Substituted {
  return new Substitution(select, sources).run();
}

class Substitution {
  readonly #select: TreeNode;
  readonly #sources: ReadonlySet<string>;
  readonly #aliases = new Map<string, TreeNode>();
  readonly #problems: Problem[] = [];

  constructor(select: TreeNode, sources: ReadonlySet<string>) {
    this.#select = select;
    this.#sources = sources;
    for (const item of nodesOf(select.select_list)) {
      const alias = foldCase(item.alias ?? "");
      if (alias !== "" && item.class !== "STAR" && !this.#aliases.has(alias)) this.#aliases.set(alias, item);
    }
  }

  run(): Substituted {
    const items = nodesOf(this.#select.select_list).map((item) => this.#item(item));
    const grouped = this.#groups(items);
    const select = {
      ...this.#select,
      ...grouped,
      select_list: items,
      where_clause: this.#clause(this.#select.where_clause, false),
      having: this.#clause(this.#select.having, true),
      qualify: this.#clause(this.#select.qualify, true),
      modifiers: nodesOf(this.#select.modifiers).map((modifier) => this.#modifier(modifier)),
    };
    return { select, problems: this.#problems };
  }

  #item(item: TreeNode): TreeNode {
    const changed = this.#in(item, new Set([foldCase(item.alias ?? "")]), false);
    const isReplaced = item.class === "COLUMN_REF" && changed.class !== "COLUMN_REF";
    if (!isReplaced) return { ...changed, alias: item.alias ?? "" };
    return { ...changed, alias: item.alias || (textsOf(item.column_names).at(-1) ?? "") };
  }

  #clause(clause: unknown, mayNotShadow: boolean): unknown {
    return isNode(clause) ? this.#in(clause, new Set(), mayNotShadow) : clause;
  }

  #in(expression: TreeNode, seen: ReadonlySet<string>, mayNotShadow: boolean): TreeNode {
    const result = rewrite(expression, (node) => {
      // A subquery and a lambda have names of their own.
      if (node.class === "SUBQUERY")
        return { ...node, child: rewrite(node.child, (inner) => this.#named(inner, seen, mayNotShadow)) };
      if (node.class === "LAMBDA") {
        const own = textsOf(nodeOf(node.lhs)?.column_names).map(foldCase);
        return { ...node, expr: this.#in(nodeOf(node.expr) ?? {}, new Set([...seen, ...own]), mayNotShadow) };
      }
      return this.#named(node, seen, mayNotShadow);
    });
    return nodeOf(result) ?? expression;
  }

  #named(node: TreeNode, seen: ReadonlySet<string>, mayNotShadow: boolean): TreeNode | undefined {
    this.#refuseRow(node, seen);
    const alias = this.#aliasNamed(node);
    if (alias === undefined || seen.has(alias)) return undefined;
    const item = this.#aliases.get(alias);
    if (item === undefined) return undefined;
    if (this.#sources.has(alias)) {
      const isItself =
        item.class === "COLUMN_REF" && foldCase(textsOf(item.column_names).at(-1) ?? "") === alias;
      if (mayNotShadow && !isItself) this.#problems.push(shadow(node, textOf(item.alias)));
      return undefined;
    }
    if (holdsUnnest(item))
      this.#problems.push({
        node,
        reason: `a column made by unnest(), named again`,
        hint: "unnest in a subquery",
      });
    const inner = this.#in(withoutAlias(item), new Set([...seen, alias]), false);
    return {
      ...structuredClone<TreeNode>(inner),
      ...(node.query_location !== undefined && { query_location: node.query_location }),
      alias: node.alias ?? "",
    };
  }

  /** `SELECT t FROM t`: the row as a struct. */
  #refuseRow(node: TreeNode, seen: ReadonlySet<string>): void {
    const [name = "", ...others] = node.class === "COLUMN_REF" ? textsOf(node.column_names) : [];
    const last = foldCase(others.at(-1) ?? name);
    if (
      last === "rowid" &&
      ![seen, this.#sources].some((names) => names.has(last)) &&
      !this.#aliases.has(last)
    )
      this.#problems.push({ node, reason: "rowid", hint: "a row has no number on a cluster" });
    if (name === "" || others.length > 0) return;
    const folded = foldCase(name);
    if (seen.has(folded) || this.#sources.has(folded) || this.#aliases.has(folded)) return;
    if (relationNames(nodeOf(this.#select.from_table)).has(folded))
      this.#problems.push({
        node,
        reason: `"${name}", which is a relation, as a value`,
        hint: "name its columns",
      });
  }

  #aliasNamed(node: TreeNode): string | undefined {
    if (node.class !== "COLUMN_REF") return undefined;
    const [name, ...others] = textsOf(node.column_names);
    if (name === undefined || others.length > 0) return undefined;
    const alias = foldCase(name);
    return this.#aliases.has(alias) ? alias : undefined;
  }

  #groups(items: readonly TreeNode[]): Partial<TreeNode> {
    if (this.#select.aggregate_handling === "FORCE_AGGREGATES") return this.#groupByAll(items);
    const groups = nodesOf(this.#select.group_expressions).map((group) => this.#group(group, items));
    return { group_expressions: groups };
  }

  #group(group: TreeNode, items: readonly TreeNode[]): TreeNode {
    const place = wholeConstant(group);
    const item = place === undefined ? undefined : items[place - 1];
    if (item !== undefined) return structuredClone<TreeNode>(withoutAlias(item));
    return withoutAlias(this.#in(group, new Set(), false));
  }

  /** Groups by every item without an aggregate. */
  #groupByAll(items: readonly TreeNode[]): Partial<TreeNode> {
    const groups: TreeNode[] = [];
    for (const item of items) {
      if (item.class === "STAR")
        this.#problems.push({ node: item, reason: "GROUP BY ALL with *", hint: "name the columns" });
      else if (!holdsAggregate(item) && !holdsWindow(item)) groups.push(item);
      else if (holdsPlainColumn(item))
        this.#problems.push({
          node: item,
          reason: "GROUP BY ALL with an item that mixes columns and aggregates",
          hint: "name the groups",
        });
    }
    const group_expressions = groups.map((item) => structuredClone<TreeNode>(withoutAlias(item)));
    const group_sets = groups.length === 0 ? [] : [groups.map((_, index) => index)];
    return { group_expressions, group_sets, aggregate_handling: "STANDARD_HANDLING" };
  }

  #modifier(modifier: TreeNode): TreeNode {
    if (modifier.type === "ORDER_MODIFIER") {
      const orders = nodesOf(modifier.orders).map((order) => ({
        ...order,
        expression: this.#order(order.expression),
      }));
      return { ...modifier, orders };
    }
    if (modifier.type !== "DISTINCT_MODIFIER") return modifier;
    return {
      ...modifier,
      distinct_on_targets: nodesOf(modifier.distinct_on_targets).map((target) =>
        this.#in(target, new Set(), true),
      ),
    };
  }

  /** A whole alias goes before columns, as with Spark: it stays. */
  #order(expression: unknown): unknown {
    if (!isNode(expression) || this.#aliasNamed(expression) !== undefined) return expression;
    return this.#in(expression, new Set(), true);
  }
}

function relationNames(table: TreeNode | undefined): ReadonlySet<string> {
  if (table === undefined) return new Set();
  if (table.type === "JOIN")
    return new Set([...relationNames(nodeOf(table.left)), ...relationNames(nodeOf(table.right))]);
  return new Set([foldCase(table.alias || textOf(table.table_name))]);
}

function shadow(node: TreeNode, alias: string): Problem {
  return {
    node,
    reason: `"${alias}", which is a column and what the query computes`,
    hint: "give what is computed another name",
  };
}
