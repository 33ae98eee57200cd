import { foldCase } from "../../../text/sql-names.js";
import { tableReaders } from "./functions.js";
import type { TreeFindings } from "./references.js";
import { isNode, locationOf, nodesOf, textOf, type TreeNode } from "./tree.js";

/** Where a query says the name of a relation that it reads. */
export interface NameUses {
  /** One for each FROM that reads it. */
  readonly scopes: readonly ScopedUses[];
  /** The columns that the name stands before. */
  readonly columns: readonly string[];
  /** The places of `main.` before the name, where that may mean something else. */
  readonly unclearSchemas: readonly (number | undefined)[];
  /** The result is the same whatever the relation is called, as long as the qualifiers change with it. */
  readonly isFree: boolean;
}

/** What one FROM says of a relation; places are UTF-8 bytes. */
export interface ScopedUses {
  readonly tables: readonly { readonly location: number | undefined; readonly isAliased: boolean }[];
  /** The name before a dot, where that is certainly the relation's; without a place where the tree gives another one. */
  readonly qualifiers: readonly { readonly location: number | undefined; readonly isInMain: boolean }[];
  /** Something else may mean the relation: a whole row, a qualifier in a subquery, the text that names a column. */
  readonly isUnclear: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

interface Uses extends Mutable<Pick<NameUses, "columns" | "unclearSchemas">> {
  readonly scopes: Map<Scope, Mutable<ScopedUses>>;
  /** Something may mean a relation of that name, or something else. */
  isUnclear: boolean;
  /** Something may mean the relation of any scope. */
  isUnclearEverywhere: boolean;
  /** A column or an alias is called so too, which matters only where something could mean either. */
  hasHomonym: boolean;
  /** `main.orders.id`: the text of the tree keeps the name. */
  isInMain: boolean;
  /** A CTE, another schema's relation or something unknown is called so too. */
  hasRival: boolean;
}

/** A SELECT, with those whose relations its expressions may mean too. */
interface Scope {
  /** The names of its relations that are cells' own: only one relation there is called so. */
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

interface Context {
  /** Undefined outside of every SELECT: what is said there may mean a relation of any. */
  readonly scope: Scope | undefined;
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
  return new Map([...walk.uses].map(([name, uses]) => [name, summaryOf(uses, isPivoted)]));
}

function summaryOf(uses: Uses, isPivoted: boolean): NameUses {
  const { columns, unclearSchemas, hasHomonym, hasRival, isInMain } = uses;
  const isDoubtful = hasHomonym || hasRival || isPivoted;
  const scopes = [...uses.scopes.values()].map(({ tables, qualifiers, isUnclear }) => ({
    tables,
    qualifiers,
    isUnclear: uses.isUnclearEverywhere || isUnclear || (isDoubtful && qualifiers.length > 0),
  }));
  const isUnclear = uses.isUnclear || scopes.some((scope) => scope.isUnclear);
  return { scopes, columns, unclearSchemas, isFree: !isUnclear && !hasRival && !isInMain };
}

class Walk {
  readonly uses = new Map<string, Uses>();
  hasPivot = false;
  /** What is read by the value of an expression. */
  readonly #nowhere: Scope = { names: new Set(), outer: undefined };
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
      this.#usesIn(read, this.#nowhere).tables.push({ location: locationOf(table), isAliased: true });
      read.hasRival = true;
    }
  }

  run(statement: TreeNode): void {
    if (this.uses.size === 0) return;
    this.#stack.push([statement, "", { scope: undefined, isColumnName: false }]);
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
      scopes: new Map(),
      columns: [],
      unclearSchemas: [],
      isUnclear: false,
      isUnclearEverywhere: false,
      hasHomonym: false,
      hasRival: false,
      isInMain: false,
    };
    this.uses.set(name, uses);
    return uses;
  }

  #usesIn({ scopes }: Uses, scope: Scope): Mutable<ScopedUses> {
    const known = scopes.get(scope);
    if (known !== undefined) return known;
    const uses = { tables: [], qualifiers: [], isUnclear: false };
    scopes.set(scope, uses);
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
      this.#qualifier({ name: textOf(node["relation_name"]), isInMain: false }, node, context);
      for (const { table } of nodesOf(node["qualified_exclude_list"])) this.#unclear(textOf(table), context);
      skipped.add("relation_name");
    } else if (node.type === "BASE_TABLE" && this.#table(node, context)) {
      skipped.add("table_name").add("schema_name");
    } else if (node.class === "FUNCTION") {
      // `orders.city.upper()`
      this.#unclear(textOf(node["schema"]), context);
      this.#unclear(textOf(node["catalog"]), context);
    }
    const isSet = node.type === "SET_OPERATION_NODE";
    for (const [field, value] of Object.entries(node)) {
      const inner = isSet && field === "modifiers" ? { ...context, scope: undefined } : context;
      if (!skipped.has(field)) this.#stack.push([value, field, inner]);
    }
  }

  #select(node: TreeNode, context: Context): void {
    const scope = { names: this.#cellsOf(node["from_table"]), outer: context.scope };
    const inner = { ...context, scope };
    for (const [field, value] of Object.entries(node)) {
      // A CTE does not see what the query behind it reads.
      if (field !== "select_list") this.#stack.push([value, field, field === "cte_map" ? context : inner]);
    }
    for (const item of nodesOf(node["select_list"])) {
      const isPlain = textOf(item.alias) !== "" || item.class === "COLUMN_REF" || item.class === "STAR";
      this.#stack.push([item, "", isPlain ? inner : { ...inner, isColumnName: true }]);
    }
  }

  /** The names that mean a cell's relation in one FROM, subqueries left out. */
  #cellsOf(from: unknown): ReadonlySet<string> {
    const cells = new Set<string>();
    const others = new Set<string>();
    for (const { name, location } of relationsOf(from)) {
      const isCell = this.#places.get(location) === name && !cells.has(name);
      (isCell ? cells : others).add(name);
    }
    return new Set([...cells].filter((name) => !others.has(name)));
  }

  #table(node: TreeNode, { scope = this.#nowhere }: Context): boolean {
    const location = locationOf(node);
    const name = foldCase(textOf(node["table_name"]));
    if (location === undefined || this.#places.get(location) !== name) return false;
    this.#usesIn(this.#use(name), scope).tables.push({ location, isAliased: textOf(node.alias) !== "" });
    return true;
  }

  #column(node: TreeNode, context: Context): void {
    const parts = partsOf(node);
    const isInMain = parts.length > 2 && foldCase(parts[0] ?? "") === "main";
    const [first = "", second, ...rest] = isInMain ? parts.slice(1) : parts;
    if (second === undefined) this.#unclear(first, context);
    else this.#qualifier({ name: first, column: second, isInMain }, node, context);
    const meant = this.uses.get(foldCase(first));
    if (meant !== undefined && isInMain) meant.isInMain = true;
    // A name alone may be a column.
    for (const part of [second ?? first, ...rest]) {
      const uses = this.uses.get(foldCase(part));
      if (uses !== undefined) uses.hasHomonym = true;
    }
  }

  #qualifier({ name, column, isInMain }: Qualifier, node: TreeNode, context: Context): void {
    const uses = this.uses.get(foldCase(name));
    if (uses === undefined) return;
    const { scope, isColumnName } = context;
    const location = locationOf(node);
    if (scope?.names.has(foldCase(name)) === true && !isColumnName) {
      this.#usesIn(uses, scope).qualifiers.push({ location, isInMain });
      if (column !== undefined) uses.columns.push(column);
    } else {
      this.#unclear(name, context);
      if (isInMain) uses.unclearSchemas.push(location);
    }
  }

  /** A name alone is a column, or the whole row where there is none. */
  #unclear(name: string, { scope }: Context): void {
    const uses = this.uses.get(foldCase(name));
    if (uses === undefined) return;
    uses.isUnclear = true;
    if (scope === undefined) uses.isUnclearEverywhere = true;
    for (let seen = scope; seen !== undefined; seen = seen.outer) this.#usesIn(uses, seen).isUnclear = true;
  }
}

/** A name before a dot; of a star there is no column. */
interface Qualifier {
  readonly name: string;
  readonly column?: string;
  readonly isInMain: boolean;
}

/** What the relations of one FROM are called, in lower case. */
function relationsOf(from: unknown): { readonly name: string; readonly location: number | undefined }[] {
  const names: { name: string; location: number | undefined }[] = [];
  const waiting = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!isNode(next)) continue;
    const alias = textOf(next.alias);
    if (next.type === "JOIN") waiting.push(next["left"], next["right"]);
    if (alias !== "") names.push({ name: foldCase(alias), location: undefined });
    else if (next.type === "BASE_TABLE")
      names.push({ name: foldCase(textOf(next["table_name"])), location: locationOf(next) });
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
