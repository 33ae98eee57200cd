import type {
  ColumnName,
  FormFrom,
  FormItem,
  FormJoin,
  QueryForm,
  SelectForm,
} from "../../../graph/query-form.js";
import { foldCase } from "../../../text/sql-names.js";
import { aggregateFunctions, fileReaders, unnestingFunctions } from "./functions.js";
import { groupedBy } from "./grouped-by.js";
import { looksLikePath } from "./policy-paths.js";
import { readerArguments } from "./policy-readers.js";
import { findReferences, type TreeFindings } from "./references.js";
import { isNode, nodesOf, queryNode, someNode, textOf, type TreeNode } from "./tree.js";

/** CTEs that can be seen, by folded name. */
type Ctes = ReadonlyMap<string, QueryForm>;

/** Deeper queries are of no known form: they are rare, and a form is kept for each cell. */
const MAX_DEPTH = 20;
const MAX_JOINS = 200;

/** A form that says more names than that says nothing that is worth its memory. */
const MAX_NAMES = 5_000;

/** How the rows of a query come about. */
export function formOf(statement: TreeNode): QueryForm {
  const reader = new FormReader(statement);
  const form = reader.read(statement, new Map(), 0);
  return reader.names > MAX_NAMES ? reader.unknown(statement) : form;
}

class FormReader {
  /** How many the form says so far. */
  names = 0;
  readonly #whole: TreeNode;
  #references: TreeFindings | undefined;
  #tables: ReadonlySet<string> | undefined;

  constructor(whole: TreeNode) {
    this.#whole = whole;
  }

  read(node: TreeNode, outer: Ctes, depth: number): QueryForm {
    if (depth > MAX_DEPTH) return this.unknown(node);
    const ctes = this.#openCtes(node, outer, depth);
    if (ctes === undefined) return this.unknown(node);
    if (node.type === "SELECT_NODE") return this.#select(node, ctes, depth);
    if (node.type === "SET_OPERATION_NODE") return this.#union(node, ctes, depth);
    return this.unknown(node);
  }

  unknown(node: TreeNode): QueryForm {
    return { type: "unknown", reads: this.#readsOf(node) };
  }

  /** A CTE that is read within counts with all that the query reads: which one it is does not matter then. */
  #readsOf(node: TreeNode): string[] {
    const { tables, tableFunctions } = findReferences(node);
    const whole = (this.#references ??= findReferences(this.#whole));
    this.#tables ??= new Set(whole.tables.map(({ schema, name }) => tableKey(schema, name)));
    const known = this.#tables;
    const isForeign = tables.some(({ schema, name }) => !known.has(tableKey(schema, name)));
    const found = isForeign ? whole : { tables, tableFunctions };
    this.names += found.tables.length;
    return [
      ...found.tables.map(({ schema, name }) => tableKey(schema, name)),
      ...found.tableFunctions.flatMap((call) => pathsOf(call.arguments)),
    ];
  }

  #openCtes(node: TreeNode, outer: Ctes, depth: number): Ctes | undefined {
    const map = node["cte_map"];
    const entries = isNode(map) ? nodesOf(map["map"]) : [];
    if (entries.length === 0) return outer;
    const ctes = new Map(outer);
    for (const entry of entries) {
      const value = entry["value"];
      const query = isNode(value) ? queryNode(value["query"]) : undefined;
      if (query === undefined) return undefined;
      const aliases = isNode(value) && Array.isArray(value["aliases"]) ? value["aliases"] : [];
      const form = aliases.length > 0 ? this.unknown(query) : this.read(query, ctes, depth + 1);
      ctes.set(foldCase(textOf(entry["key"])), form);
    }
    return ctes;
  }

  #union(node: TreeNode, ctes: Ctes, depth: number): QueryForm {
    const isPlain = textOf(node["setop_type"]) === "UNION" && nodesOf(node["modifiers"]).length === 0;
    const listed = nodesOf(node["children"]);
    const sides: readonly unknown[] = listed.length > 0 ? listed : [node["left"], node["right"]];
    const branches = sides.flatMap((branch): TreeNode[] => {
      const query = queryNode(branch);
      return query === undefined ? [] : [query];
    });
    if (!isPlain || branches.length < 2) return this.unknown(node);
    return { type: "union", branches: branches.map((branch) => this.read(branch, ctes, depth + 1)) };
  }

  #select(node: TreeNode, ctes: Ctes, depth: number): SelectForm | QueryForm {
    const from = isNode(node["from_table"]) ? this.#from(node["from_table"], ctes, depth) : undefined;
    if (from === undefined) return this.unknown(node);
    const rest = expressionsOf(node);
    const found = findReferences(rest);
    const modifiers = nodesOf(node["modifiers"]);
    const isDistinct = modifiers.some(({ type }) => type === "DISTINCT_MODIFIER");
    const isDistinctOn = modifiers.some(
      (modifier) =>
        modifier.type === "DISTINCT_MODIFIER" && nodesOf(modifier["distinct_on_targets"]).length > 0,
    );
    const isOrdered = modifiers.some(({ type }) => type === "ORDER_MODIFIER");
    const isCut =
      node["sample"] !== null ||
      isDistinctOn ||
      modifiers.some(({ type }) => textOf(type).startsWith("LIMIT"));
    const isGrouped =
      nodesOf(node["group_expressions"]).length > 0 ||
      node["aggregate_handling"] !== "STANDARD_HANDLING" ||
      (Array.isArray(node["group_sets"]) && node["group_sets"].length > 0) ||
      aggregates(rest);
    const unnests = found.functions.some((call) => unnestingFunctions.has(call.name));
    return {
      type: "select",
      items: nodesOf(node["select_list"]).map(itemOf),
      from,
      equal: isNode(node["where_clause"]) ? equalities(node["where_clause"]) : [],
      isRowwise:
        !isGrouped &&
        !unnests &&
        !found.hasWindow &&
        !found.hasSubquery &&
        !isDistinct &&
        !isOrdered &&
        !isCut &&
        node["qualify"] === null &&
        node["having"] === null,
      ...(isGrouped ? { groupedBy: groupedBy(node) } : {}),
      windows: found.hasWindow ? windowsOf(rest) : [],
      isCut,
      isOrdered,
      loose: found.hasSubquery ? this.#readsOf(rest) : [],
    };
  }

  #from(node: TreeNode, ctes: Ctes, depth: number): FormFrom {
    const alias = textOf(node.alias);
    if (depth > MAX_JOINS) return { type: "query", form: this.unknown(node), alias };
    const hasOddities =
      node["sample"] !== null ||
      (Array.isArray(node["column_name_alias"]) && node["column_name_alias"].length > 0);
    if (node.type === "JOIN") return this.#join(node, ctes, depth);
    if (node.type === "BASE_TABLE") return this.#table(node, ctes, hasOddities);
    if (node.type === "SUBQUERY") {
      const query = queryNode(node["subquery"]);
      if (query === undefined) return { type: "other", alias };
      const form: QueryForm = hasOddities ? this.unknown(query) : this.read(query, ctes, depth + 1);
      return { type: "query", form, alias };
    }
    if (node.type === "TABLE_FUNCTION" && isNode(node["function"])) {
      const call = node["function"];
      const name = foldCase(textOf(call["function_name"]));
      if (!fileReaders.has(name)) return { type: "other", alias };
      const paths = pathsOf(nodesOf(call["children"]));
      if (hasOddities || node["with_ordinality"] !== "WITHOUT_ORDINALITY")
        return { type: "query", form: { type: "unknown", reads: paths }, alias: alias || name };
      return { type: "file", paths, alias: alias || name };
    }
    if (node.type === "EMPTY" || node.type === "EXPRESSION_LIST") return { type: "other", alias };
    return { type: "query", form: this.unknown(node), alias };
  }

  #table(node: TreeNode, ctes: Ctes, hasOddities: boolean): FormFrom {
    const [schema, name] = [textOf(node["schema_name"]), textOf(node["table_name"])];
    const alias = textOf(node.alias) || name;
    const cte = schema === "" ? ctes.get(foldCase(name)) : undefined;
    if (cte !== undefined)
      return { type: "query", form: hasOddities ? { type: "unknown", reads: readsOfForm(cte) } : cte, alias };
    const key = tableKey(schema, name);
    if (hasOddities || node["at_clause"] !== null)
      return { type: "query", form: { type: "unknown", reads: [key] }, alias };
    if (schema === "" && looksLikePath(name)) return { type: "file", paths: [name], alias };
    const own = foldCase(schema) === "main" || schema === "";
    return { type: "table", ...(own ? {} : { schema: foldCase(schema) }), name: foldCase(name), alias };
  }

  #join(node: TreeNode, ctes: Ctes, depth: number): FormJoin {
    const [left, right] = [node["left"], node["right"]].map((side) =>
      isNode(side) ? this.#from(side, ctes, depth + 1) : ({ type: "other", alias: "" } as const),
    );
    const using = Array.isArray(node["using_columns"]) ? node["using_columns"].map(textOf) : [];
    const condition = isNode(node["condition"]) ? node["condition"] : undefined;
    // A subquery in the condition may look at rows of other keys.
    const isOdd = condition !== undefined && findReferences(condition).hasSubquery;
    return {
      type: "join",
      kind: isOdd ? "other" : joinKind(node),
      using,
      equal: condition === undefined ? [] : equalities(condition),
      left: left ?? { type: "other", alias: "" },
      right: right ?? { type: "other", alias: "" },
    };
  }
}

function joinKind(node: TreeNode): FormJoin["kind"] {
  const [type, reference] = [textOf(node["join_type"]), textOf(node["ref_type"])];
  if (reference !== "REGULAR" && reference !== "CROSS") return "other";
  if (type === "INNER") return "inner";
  if (type === "LEFT") return "left";
  if (type === "RIGHT") return "right";
  if (type === "OUTER" || type === "FULL") return "full";
  if (type === "SEMI") return "semi";
  return type === "ANTI" ? "anti" : "other";
}

function equalities(condition: TreeNode): (readonly [ColumnName, ColumnName])[] {
  if (condition.type === "CONJUNCTION_AND") return nodesOf(condition["children"]).flatMap(equalities);
  if (condition.type !== "COMPARE_EQUAL") return [];
  const [left, right] = [columnOf(condition["left"]), columnOf(condition["right"])];
  return left === undefined || right === undefined ? [] : [[left, right]];
}

function itemOf(item: TreeNode): FormItem {
  if (item.class === "STAR") return starOf(item);
  const alias = textOf(item.alias);
  const from = columnOf(item);
  if (from !== undefined) return { type: "column", name: alias || from.column, from };
  if (givesMany(item)) return { type: "other", isMany: true };
  // A field of a STRUCT, or a column with its schema.
  const names = item.class === "COLUMN_REF" ? item["column_names"] : undefined;
  const name = alias || (Array.isArray(names) ? textOf(names.at(-1)) : "");
  return name === "" ? { type: "other" } : { type: "other", name };
}

/** COLUMNS within an expression, and the fields of a STRUCT. */
function givesMany(item: TreeNode): boolean {
  return someNode(
    item,
    (node) => node.class === "STAR" || unnestingFunctions.has(foldCase(textOf(node["function_name"]))),
    (node) => node.class === "SUBQUERY",
  );
}

function starOf(item: TreeNode): FormItem {
  if (item["columns"] === true || item["expr"] !== null) return { type: "other", isMany: true };
  const table = textOf(item["relation_name"]);
  const excluded = Array.isArray(item["exclude_list"]) ? item["exclude_list"].map(textOf) : [];
  const others = [item["replace_list"], item["rename_list"], item["qualified_exclude_list"]].flatMap(nodesOf);
  const except = [
    ...excluded,
    ...others.flatMap((entry) => [entry["key"], entry["value"], entry].map(columnText)),
  ].filter((name) => name !== "");
  return { type: "star", ...(table === "" ? {} : { table }), except };
}

/** A name, or a column with what stands before it. */
function columnText(value: unknown): string {
  return isNode(value) ? textOf(value["column"]) : textOf(value);
}

function columnOf(value: unknown): ColumnName | undefined {
  if (!isNode(value) || value.class !== "COLUMN_REF") return undefined;
  const names = value["column_names"];
  if (!Array.isArray(names) || names.length === 0 || names.length > 2) return undefined;
  const [first, second] = names.map(textOf);
  if (first === undefined) return undefined;
  return second === undefined ? { column: first } : { table: first, column: second };
}

/** The parts of a SELECT beside what it reads, as a node. */
function expressionsOf(node: TreeNode): TreeNode {
  const { from_table: _from, cte_map: _ctes, ...rest } = node;
  return rest;
}

function windowsOf(root: TreeNode): (ColumnName | null)[][] {
  const windows: (ColumnName | null)[][] = [];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) for (const item of value) stack.push(item);
    else if (isNode(value)) {
      if (value.class === "WINDOW")
        windows.push(nodesOf(value["partitions"]).map((part) => columnOf(part) ?? null));
      for (const field of Object.values(value)) if (typeof field === "object") stack.push(field);
    }
  }
  return windows;
}

/** Whether an aggregate is called that is not one over a window. */
function aggregates(root: TreeNode): boolean {
  return someNode(
    root,
    (node) => node.class === "FUNCTION" && aggregateFunctions.has(foldCase(textOf(node["function_name"]))),
  );
}

function pathsOf(nodes: readonly TreeNode[]): string[] {
  return readerArguments(nodes).paths.flatMap(({ literals }) => (literals ?? []).map(({ path }) => path));
}

function tableKey(schema: string, name: string): string {
  const folded = foldCase(schema);
  return folded === "" || folded === "main" ? foldCase(name) : `${folded}.${foldCase(name)}`;
}

function readsOfForm(form: QueryForm): string[] {
  if (form.type === "unknown") return [...form.reads];
  if (form.type === "union") return form.branches.flatMap(readsOfForm);
  return [...form.loose, ...readsOfFrom(form.from)];
}

function readsOfFrom(from: FormFrom): string[] {
  if (from.type === "join") return [...readsOfFrom(from.left), ...readsOfFrom(from.right)];
  if (from.type === "query") return readsOfForm(from.form);
  if (from.type === "file") return [...from.paths];
  return from.type === "table" ? [from.schema === undefined ? from.name : `${from.schema}.${from.name}`] : [];
}
