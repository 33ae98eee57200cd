import { foldCase } from "../../base/sql-names.js";
import { tableReaders } from "./functions.js";
import type { TreeFindings } from "./references.js";
import { isNode, locationOf, nodesOf, textOf, type TreeNode } from "./tree.js";

/** Where a query says the name of a relation that it reads; places are UTF-8 bytes. */
export interface NameUses {
  readonly tables: readonly { readonly location: number | undefined; readonly isAliased: boolean }[];
  /** The name before a dot, where that is certainly the relation's; without a place where the tree gives another one. */
  readonly qualifiers: readonly {
    readonly location: number | undefined;
    readonly column: string | undefined;
  }[];
  /** Something else may mean the relation: a whole row, a qualifier in a subquery, the text that names a column. */
  readonly isUnclear: boolean;
  /** The result is the same whatever the relation is called, as long as the qualifiers change with it. */
  readonly isFree: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

interface Uses extends Mutable<Omit<NameUses, "isFree">> {
  /** A column or an alias is called so too, which matters only where something could mean either. */
  hasHomonym: boolean;
  /** `main.orders.id`: the text of the tree keeps the name. */
  isInMain: boolean;
  /** A CTE, another schema's relation or something unknown is called so too. */
  hasRival: boolean;
}

interface Context {
  /** What the nearest SELECT reads without an alias. */
  readonly relations: readonly string[];
  /** Within an expression whose text becomes the name of a column. */
  readonly isColumnName: boolean;
}

/** Fields that name columns, functions and parameters. */
const columnFields = new Set(
  "alias column_name_alias using_columns function_name exclude_list identifier".split(" "),
);

/** For each unqualified relation of a query, in lower case, where and how its name is said. */
export function findTableNames(statement: TreeNode, found: TreeFindings): ReadonlyMap<string, NameUses> {
  const walk = new Walk(found);
  walk.run(statement);
  const isPivoted = walk.hasPivot || found.functions.some(({ name }) => name === "alias");
  return new Map(
    [...walk.uses].map(([name, { hasHomonym, hasRival, isInMain, ...uses }]) => {
      const isSaid = uses.qualifiers.length > 0 || uses.isUnclear;
      const isUnclear = uses.isUnclear || (isSaid && (hasHomonym || hasRival || isPivoted));
      return [name, { ...uses, isUnclear, isFree: !isUnclear && !hasRival && !isInMain }];
    }),
  );
}

class Walk {
  readonly uses = new Map<string, Uses>();
  hasPivot = false;
  /** Names of the cells' relations by their places. */
  readonly #places = new Map<number | undefined, string>();
  readonly #stack: [value: unknown, field: string, context: Context][] = [];

  constructor({ tables, tableFunctions }: TreeFindings) {
    for (const { catalog, schema, name, location, isShadowed } of tables) {
      if (catalog !== "" || (schema !== "" && (foldCase(schema) !== "main" || isShadowed))) continue;
      this.#use(foldCase(name));
      if (location !== undefined) this.#places.set(location, foldCase(name));
    }
    for (const {
      name,
      arguments: [table],
    } of tableFunctions) {
      if (!tableReaders.has(name) || table === undefined) continue;
      const read = this.#use(foldCase(partsOf(table)[0] ?? ""));
      read.tables.push({ location: locationOf(table), isAliased: true });
      read.hasRival = true;
    }
  }

  run(statement: TreeNode): void {
    if (this.uses.size === 0) return;
    this.#stack.push([statement, "", { relations: [], isColumnName: false }]);
    for (let next = this.#stack.pop(); next !== undefined; next = this.#stack.pop()) {
      const [value, field, context] = next;
      if (typeof value === "string") this.#text(value, field);
      else if (Array.isArray(value)) for (const item of value) this.#stack.push([item, field, context]);
      else if (isNode(value)) this.#node(value, context);
    }
  }

  #use(name: string): Uses {
    const known = this.uses.get(name);
    if (known !== undefined) return known;
    const uses = {
      tables: [],
      qualifiers: [],
      isUnclear: false,
      hasHomonym: false,
      hasRival: false,
      isInMain: false,
    };
    this.uses.set(name, uses);
    return uses;
  }

  #text(value: string, field: string): void {
    const uses = this.uses.get(foldCase(value));
    if (uses === undefined || field === "class" || field === "type") return;
    if (columnFields.has(field)) uses.hasHomonym = true;
    else uses.hasRival = true;
  }

  #node(node: TreeNode, context: Context): void {
    if (node.class === "CONSTANT") return;
    if (node.type === "PIVOT") this.hasPivot = true;
    if (node.type === "SELECT_NODE") {
      this.#select(node, context);
      return;
    }
    const skipped = new Set<string>();
    if (node.class === "COLUMN_REF") {
      this.#column(node, context);
      skipped.add("column_names");
    } else if (node.class === "STAR") {
      this.#qualifier(textOf(node["relation_name"]), undefined, node, context);
      for (const { table } of nodesOf(node["qualified_exclude_list"])) this.#unclear(textOf(table));
      skipped.add("relation_name");
    } else if (node.type === "BASE_TABLE" && this.#table(node)) {
      skipped.add("table_name").add("schema_name");
    } else if (node.class === "FUNCTION") this.#unclear(textOf(node["schema"]));
    const inner = node.type === "SET_OPERATION_NODE" ? { ...context, relations: [] } : context;
    for (const [field, value] of Object.entries(node))
      if (!skipped.has(field)) this.#stack.push([value, field, inner]);
  }

  #select(node: TreeNode, { isColumnName }: Context): void {
    const inner = { relations: relationsOf(node["from_table"]), isColumnName };
    for (const [field, value] of Object.entries(node)) {
      if (field !== "select_list") this.#stack.push([value, field, inner]);
    }
    for (const item of nodesOf(node["select_list"])) {
      const isPlain = textOf(item.alias) !== "" || item.class === "COLUMN_REF" || item.class === "STAR";
      this.#stack.push([item, "", isPlain ? inner : { ...inner, isColumnName: true }]);
    }
  }

  #table(node: TreeNode): boolean {
    const location = locationOf(node);
    const name = foldCase(textOf(node["table_name"]));
    if (location === undefined || this.#places.get(location) !== name) return false;
    this.#use(name).tables.push({ location, isAliased: textOf(node.alias) !== "" });
    return true;
  }

  #column(node: TreeNode, context: Context): void {
    const parts = partsOf(node);
    const isInMain = parts.length > 2 && foldCase(parts[0] ?? "") === "main";
    const [first = "", second, ...rest] = isInMain ? parts.slice(1) : parts;
    if (second === undefined) this.#unclear(first);
    else this.#qualifier(first, second, node, context);
    const meant = this.uses.get(foldCase(first));
    if (meant !== undefined && isInMain) meant.isInMain = true;
    for (const part of [second ?? "", ...rest]) {
      const uses = this.uses.get(foldCase(part));
      if (uses !== undefined) uses.hasHomonym = true;
    }
  }

  #qualifier(name: string, column: string | undefined, node: TreeNode, context: Context): void {
    const uses = this.uses.get(foldCase(name));
    if (uses === undefined) return;
    const isCertain = context.relations.filter((relation) => relation === foldCase(name)).length === 1;
    if (isCertain && !context.isColumnName) uses.qualifiers.push({ location: locationOf(node), column });
    else uses.isUnclear = true;
  }

  /** A name alone is a column, or the whole row where there is none. */
  #unclear(name: string): void {
    const uses = this.uses.get(foldCase(name));
    if (uses !== undefined) uses.isUnclear = true;
  }
}

/** Names in lower case, without those of subqueries. */
function relationsOf(from: unknown): string[] {
  const names: string[] = [];
  const waiting = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!isNode(next)) continue;
    if (next.type === "JOIN") waiting.push(next["left"], next["right"]);
    else if (next.type === "BASE_TABLE" && textOf(next.alias) === "")
      names.push(foldCase(textOf(next["table_name"])));
  }
  return names;
}

function partsOf(node: TreeNode): string[] {
  const parts = node["column_names"];
  return Array.isArray(parts) ? parts.map(textOf) : [];
}

/**
 * The text of a tree in which the names are numbers. No other tree has that text: a name is a string everywhere else, and
 * what stands within a string has its quotes escaped.
 */
export function withoutTableNames(normalized: string, names: readonly string[]): string {
  const numbers = new Map(names.map((name, index) => [name, String(index + 1)]));
  return normalized.replace(
    /("table_name":|"relation_name":|"column_names":\[)"([A-Za-z_][A-Za-z0-9_]*)"(?!\])/g,
    (all, field: string, name: string) => {
      const number = numbers.get(foldCase(name));
      return number === undefined ? all : field + number;
    },
  );
}
