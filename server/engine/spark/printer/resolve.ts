import { foldCase } from "../../../text/sql-names.js";
import { fileRead } from "./file-reads.js";
import { substituteAliases, type Problem } from "./aliases.js";
import {
  childrenOf,
  crossJoin,
  derivedTable,
  holdsAggregate,
  noFrom,
  scopeOf,
  selectNode,
  star,
  withoutAlias,
  type Scope,
} from "./scope.js";
import {
  constantOf,
  isNode,
  nodeOf,
  nodesOf,
  queryOf,
  rewrite,
  textOf,
  textsOf,
  toDescribed,
  walk,
  type TreeNode,
} from "./tree.js";
import { parseType, unknownType, type SqlType } from "./types.js";

export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * The columns of a query for DuckDB, where everything is there that the cell can read. Undefined where DuckDB does not bind
 * it; whatever else is wrong is thrown.
 */
export type Describe = (sql: string) => Promise<readonly DescribedColumn[] | undefined>;

/** A query in which every name is what it stands for, and what DuckDB says of its parts. */
export interface ResolvedQuery {
  readonly node: TreeNode;
  readonly types: ReadonlyMap<TreeNode, SqlType>;
  /** Of queries, and of relations where their columns matter. */
  readonly columns: ReadonlyMap<TreeNode, readonly DescribedColumn[]>;
  /** Queries that name what stands outside of them. */
  readonly correlated: ReadonlySet<TreeNode>;
  readonly problems: readonly Problem[];
}

/** More text than that is not asked about: each part of an expression is asked with all that is below it. */
const MAX_PROBE = 3_000_000;
const MAX_PROBES = 30_000_000;
/** Without a need of quotes: DuckDB writes `name.*` without them. */
const PROBE = "lakebook_probe";

interface Question {
  readonly node: TreeNode;
  readonly expression: TreeNode;
}

type Lambdas = ReadonlyMap<string, TreeNode>;

export async function resolveQuery(node: TreeNode, describe: Describe): Promise<ResolvedQuery> {
  return new Resolver(describe).run(node);
}

class Resolver {
  readonly #describe: Describe;
  readonly #types = new Map<TreeNode, SqlType>();
  readonly #columns = new Map<TreeNode, readonly DescribedColumn[]>();
  readonly #correlated = new Set<TreeNode>();
  #asked = 0;
  readonly #problems: Problem[] = [];

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  async run(node: TreeNode): Promise<ResolvedQuery> {
    const resolved = await this.#query(node, { outer: undefined, ctes: [] });
    return {
      node: resolved,
      types: this.#types,
      columns: this.#columns,
      correlated: this.#correlated,
      problems: this.#problems,
    };
  }

  async #query(node: TreeNode, around: Pick<Scope, "outer" | "ctes">): Promise<TreeNode> {
    const { ctes, entries } = await this.#ctes(node, around);
    const inside = { outer: around.outer, ctes };
    const withCtes = { ...node, cte_map: { map: entries } };
    const resolved = await this.#body(withCtes, inside);
    await this.#askColumns(resolved, inside);
    return resolved;
  }

  async #body(node: TreeNode, inside: Pick<Scope, "outer" | "ctes">): Promise<TreeNode> {
    if (node.type === "SELECT_NODE") return this.#select(node, inside);
    if (node.type === "SET_OPERATION_NODE" || node.type === "RECURSIVE_CTE_NODE") {
      const sides = isNode(node.left) ? [nodeOf(node.left), nodeOf(node.right)] : nodesOf(node.children);
      const children: TreeNode[] = [];
      for (const side of sides) children.push(await this.#query(side ?? {}, inside));
      return isNode(node.left) ? { ...node, left: children[0], right: children[1] } : { ...node, children };
    }
    return node;
  }

  async #ctes(
    node: TreeNode,
    around: Pick<Scope, "outer" | "ctes">,
  ): Promise<{ readonly ctes: readonly TreeNode[]; readonly entries: readonly TreeNode[] }> {
    const known = new Set(around.ctes.map((entry) => foldCase(textOf(entry.key))));
    const ctes = [...around.ctes];
    const entries: TreeNode[] = [];
    for (const entry of nodesOf(nodeOf(node.cte_map)?.map)) {
      const value = nodeOf(entry.value) ?? {};
      const query = queryOf(value.query);
      const name = textOf(entry.key);
      // Below, one of them would be asked for in the place of the other.
      if (known.has(foldCase(name)))
        this.#problems.push({
          node: query,
          reason: `two common tables called ${name}`,
          hint: "give one of them another name",
        });
      known.add(foldCase(name));
      const isRecursive = query.type === "RECURSIVE_CTE_NODE";
      const seen = isRecursive ? [...ctes, entry] : [...ctes];
      const resolved = await this.#query(query, { outer: around.outer, ctes: seen });
      entries.push({ ...entry, value: { ...value, query: { ...nodeOf(value.query), node: resolved } } });
      ctes.push(entry);
    }
    return { ctes, entries };
  }

  async #select(node: TreeNode, inside: Pick<Scope, "outer" | "ctes">): Promise<TreeNode> {
    const from = await this.#table(nodeOf(node.from_table) ?? noFrom, inside, undefined);
    const sources = from.type === "EMPTY" ? [] : await this.#askFrom(from, inside);
    const names = new Set(sources.map((column) => foldCase(column.name)));
    const { select, problems } = substituteAliases({ ...node, from_table: from }, names);
    this.#problems.push(...problems);
    const scope = scopeOf(from, inside);
    const whole = await this.#subqueries(select, scope);
    const grouped: Scope = {
      ...scope,
      groups: nodesOf(whole.group_expressions),
      groupSets: whole.group_sets,
    };
    await this.#askTypes(selectExpressions(whole), grouped);
    return whole;
  }

  /** Resolves the subqueries in expressions of a SELECT, where they see its FROM. */
  async #subqueries(select: TreeNode, scope: Scope): Promise<TreeNode> {
    const { from_table, cte_map, ...expressions } = select;
    return { ...((await this.#inExpressions(expressions, scope)) as TreeNode), from_table, cte_map };
  }

  async #inExpressions(expressions: unknown, scope: Scope): Promise<unknown> {
    const found: TreeNode[] = [];
    walk(expressions, (node) => {
      if (node.class === "SUBQUERY") found.push(node);
      return node.class !== "SUBQUERY";
    });
    if (found.length === 0) return expressions;
    const resolved = new Map<TreeNode, TreeNode>();
    for (const node of found) {
      const query = await this.#query(queryOf(node.subquery), { outer: scope, ctes: scope.ctes });
      resolved.set(node, { ...node, subquery: { ...nodeOf(node.subquery), node: query } });
    }
    return rewrite(expressions, (node) => resolved.get(node));
  }

  /** `left`: what stands before it in FROM, which a derived table and the argument of unnest may name. */
  async #table(
    table: TreeNode,
    inside: Pick<Scope, "outer" | "ctes">,
    left: TreeNode | undefined,
  ): Promise<TreeNode> {
    const seen = left === undefined ? inside.outer : scopeOf(left, inside);
    switch (table.type) {
      case "SUBQUERY": {
        const node = await this.#query(queryOf(table.subquery), { outer: seen, ctes: inside.ctes });
        return { ...table, subquery: { ...nodeOf(table.subquery), node } };
      }
      case "JOIN":
        return this.#join(table, inside, left);
      case "TABLE_FUNCTION": {
        if (fileRead(table) !== undefined) return table;
        const scope = scopeOf(left ?? noFrom, inside);
        const call = nodeOf(await this.#inExpressions(nodeOf(table.function), scope)) ?? {};
        await this.#askTypes(childrenOf(call), scope);
        return { ...table, function: call };
      }
      case "EXPRESSION_LIST": {
        const rows = (Array.isArray(table.values) ? table.values : []).flatMap((row) => nodesOf(row));
        await this.#askTypes(rows, { ...scopeOf(noFrom, inside), outer: seen });
        await this.#askTable(table, inside);
        return table;
      }
      case "PIVOT": {
        const source = await this.#table(nodeOf(table.source) ?? {}, inside, left);
        const pivot = { ...table, source };
        const expressions = nodesOf(table.pivots).flatMap((part) => nodesOf(part.pivot_expressions));
        await this.#askTypes([...nodesOf(table.aggregates), ...expressions], scopeOf(source, inside));
        await this.#askTable(source, inside);
        await this.#askTable(pivot, inside);
        return pivot;
      }
      default:
        return table;
    }
  }

  async #join(
    join: TreeNode,
    inside: Pick<Scope, "outer" | "ctes">,
    before: TreeNode | undefined,
  ): Promise<TreeNode> {
    const left = await this.#table(nodeOf(join.left) ?? {}, inside, before);
    const seen = before === undefined ? left : crossJoin(before, left);
    const right = await this.#table(nodeOf(join.right) ?? {}, inside, seen);
    if (isNode(join.condition)) {
      const scope = scopeOf(crossJoin(left, right), inside);
      const condition = nodeOf(await this.#inExpressions(join.condition, scope)) ?? {};
      await this.#askTypes([condition], scope);
      return { ...join, left, right, condition };
    }
    if (textsOf(join.using_columns).length > 0 || join.ref_type === "NATURAL") {
      await this.#askTable(left, inside);
      await this.#askTable(right, inside);
    }
    return { ...join, left, right };
  }

  async #askFrom(from: TreeNode, inside: Pick<Scope, "outer" | "ctes">): Promise<readonly DescribedColumn[]> {
    return (await this.#probe([star()], scopeOf(from, inside))) ?? [];
  }

  async #askTable(table: TreeNode, inside: Pick<Scope, "outer" | "ctes">): Promise<void> {
    this.#columns.set(table, await this.#askFrom(table, inside));
  }

  async #askColumns(query: TreeNode, { outer, ctes }: Pick<Scope, "outer" | "ctes">): Promise<void> {
    const own = nodesOf(nodeOf(query.cte_map)?.map);
    const others = ctes.filter((entry) => !own.some((mine) => mine.key === entry.key));
    const node = { ...query, cte_map: { map: [...others, ...own] } };
    const alone = await this.#describe(toDescribed(node));
    const columns = alone ?? (await this.#inOuter(withoutCtes(query, own), outer, ctes));
    if (alone === undefined && columns !== undefined) this.#correlated.add(query);
    if (columns !== undefined) this.#columns.set(query, columns);
  }

  async #askTypes(expressions: readonly TreeNode[], scope: Scope): Promise<void> {
    const questions: Question[] = [];
    const stars: TreeNode[] = [];
    for (const expression of expressions) this.#collect(expression, new Map(), questions, stars);
    const isGrouped = ({ expression }: Question): boolean => holdsAggregate(expression);
    await this.#ask(
      questions.filter((question) => !isGrouped(question)),
      { ...scope, groups: [], groupSets: [] },
    );
    await this.#ask(questions.filter(isGrouped), scope);
    for (const node of stars) {
      const columns = await this.#probe([star(textOf(node.relation_name))], {
        ...scope,
        groups: [],
        groupSets: [],
      });
      if (columns !== undefined) this.#columns.set(node, columns);
    }
  }

  /** All that has a type which is not known from its looks. */
  #collect(node: unknown, lambdas: Lambdas, questions: Question[], stars: TreeNode[]): void {
    if (Array.isArray(node)) {
      for (const item of node) this.#collect(item, lambdas, questions, stars);
      return;
    }
    if (!isNode(node)) return;
    const below = (field: unknown, inner = lambdas): void => this.#collect(field, inner, questions, stars);
    if (node.class === "CONSTANT") this.#types.set(node, typeOfConstant(node));
    else if (node.class === "STAR") stars.push(node);
    else if (isBoolean(node)) this.#types.set(node, { kind: "boolean" });
    else if (node.class !== undefined && node.class !== "LAMBDA")
      questions.push({ node, expression: withoutAlias(bindLambdas(node, lambdas)) });
    if (node.class === "SUBQUERY") below(node.child);
    else if (node.class === "FUNCTION") {
      const [list] = childrenOf(node);
      for (const child of childrenOf(node))
        if (child.class === "LAMBDA" && list !== undefined)
          below(child.expr, withParameter(child, list, lambdas));
        else below(child);
      below(node.filter);
      below(node.order_bys);
    } else if (node.class !== "CONSTANT")
      for (const [name, field] of Object.entries(node)) if (name !== "cast_type") below(field);
  }

  async #ask(questions: readonly Question[], scope: Scope): Promise<void> {
    if (questions.length === 0) return;
    const columns = await this.#probe(
      questions.map(({ expression }) => expression),
      scope,
    );
    if (columns !== undefined && columns.length === questions.length)
      questions.forEach(({ node }, index) => this.#types.set(node, parseType(columns[index]?.type ?? "")));
    else if (questions.length === 1) for (const { node } of questions) this.#types.set(node, unknownType);
    else {
      const middle = Math.floor(questions.length / 2);
      await this.#ask(questions.slice(0, middle), scope);
      await this.#ask(questions.slice(middle), scope);
    }
  }

  async #probe(items: readonly TreeNode[], scope: Scope): Promise<readonly DescribedColumn[] | undefined> {
    const node = {
      ...selectNode(items, scope.from, scope.ctes),
      group_expressions: scope.groups,
      group_sets: scope.groupSets,
    };
    if (this.#asked > MAX_PROBES) return undefined;
    const text = toDescribed(node);
    this.#asked += text.length;
    if (text.length > MAX_PROBE) return undefined;
    return (
      (await this.#describe(text)) ??
      this.#inOuter({ ...node, cte_map: { map: [] } }, scope.outer, scope.ctes)
    );
  }

  /** The query as a correlated one sees it: beside the relation of the query around. */
  async #inOuter(
    node: TreeNode,
    outer: Scope | undefined,
    ctes: readonly TreeNode[],
  ): Promise<readonly DescribedColumn[] | undefined> {
    if (outer === undefined) return undefined;
    const beside = selectNode([star(PROBE)], crossJoin(outer.from, derivedTable(node, PROBE)), ctes);
    return (
      (await this.#describe(toDescribed(beside))) ??
      this.#inOuter({ ...beside, cte_map: { map: [] } }, outer.outer, ctes)
    );
  }
}

function withoutCtes(query: TreeNode, own: readonly TreeNode[]): TreeNode {
  return { ...query, cte_map: { map: own } };
}

function selectExpressions(select: TreeNode): readonly TreeNode[] {
  const clauses = [select.where_clause, select.having, select.qualify].filter(isNode);
  const items = nodesOf(select.select_list);
  const aliases = new Set(items.map((item) => foldCase(item.alias ?? "")));
  const orders = nodesOf(select.modifiers).flatMap((modifier) => [
    ...nodesOf(modifier.orders)
      .map(({ expression }) => nodeOf(expression))
      .filter(isNode),
    ...nodesOf(modifier.distinct_on_targets),
  ]);
  const asked = orders.filter((order) => order.class !== "STAR" && !isNamed(order, aliases));
  return [...items, ...clauses, ...nodesOf(select.group_expressions), ...asked];
}

/** Names an item of the select list, so that its type is the item's. */
function isNamed(node: TreeNode, aliases: ReadonlySet<string>): boolean {
  const names = textsOf(node.column_names);
  return names.length === 1 && aliases.has(foldCase(names[0] ?? ""));
}

function isBoolean(node: TreeNode): boolean {
  if (node.class === "SUBQUERY") return node.subquery_type !== "SCALAR";
  return node.class === "COMPARISON" || node.class === "CONJUNCTION" || node.class === "BETWEEN";
}

function typeOfConstant(node: TreeNode): SqlType {
  const constant = constantOf(node);
  if (constant === undefined || constant.isNull) return { kind: "null" };
  return parseType(
    constant.type === "DECIMAL" ? `DECIMAL(${constant.width},${constant.scale})` : constant.type,
  );
}

/** A lambda's parameter has the type of an element. */
function withParameter(lambda: TreeNode, list: TreeNode, around: Lambdas): Lambdas {
  const name = textsOf(nodeOf(lambda.lhs)?.column_names)[0];
  if (name === undefined) return around;
  const first = { type: { id: "INTEGER", type_info: null }, is_null: false, value: 1 };
  const index = { class: "CONSTANT", type: "VALUE_CONSTANT", alias: "", value: first };
  const element = {
    class: "OPERATOR",
    type: "ARRAY_EXTRACT",
    alias: "",
    children: [withoutAlias(bindLambdas(list, around)), index],
  };
  return new Map([...around, [foldCase(name), element]]);
}

function bindLambdas(node: TreeNode, lambdas: Lambdas): TreeNode {
  if (lambdas.size === 0) return node;
  const bound = rewrite(node, (inner) => {
    if (inner.class !== "COLUMN_REF") return undefined;
    const [name = "", ...fields] = textsOf(inner.column_names);
    const element = lambdas.get(foldCase(name));
    return element === undefined ? undefined : fields.reduce(fieldOf, element);
  });
  return nodeOf(bound) ?? node;
}

function fieldOf(holder: TreeNode, name: string): TreeNode {
  const value = { type: { id: "VARCHAR", type_info: null }, is_null: false, value: name };
  const field = { class: "CONSTANT", type: "VALUE_CONSTANT", alias: "", value };
  return { class: "OPERATOR", type: "STRUCT_EXTRACT", alias: "", children: [holder, field] };
}
