import { foldCase } from "../../../text/sql-names.js";
import { isNode, locationOf, nodesOf, textOf, type TreeNode } from "./tree.js";

/** A relation that is read by name and is no CTE. */
export interface FoundTable {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
  readonly location: number | undefined;
  /** A CTE has this name too, which only the schema tells from it. */
  readonly isShadowed: boolean;
  readonly isAliased: boolean;
}

export interface FoundCall {
  /** In lower case. */
  readonly name: string;
  /** What stands before the name: a schema, or a column where the call is chained, as in `city.upper()`. */
  readonly schema: string;
  readonly arguments: readonly TreeNode[];
  readonly location: number | undefined;
  /** Of a call that gives rows: it has a name of its own behind it. */
  readonly isAliased?: boolean;
}

/** A column with a table and DuckDB's own schema before it, such as `main.orders.id`. */
export interface FoundColumn {
  readonly table: string;
  readonly location: number | undefined;
}

export interface FoundParameter {
  readonly name: string;
}

/** What a walk over a query's tree finds; places are UTF-8 bytes. */
export interface TreeFindings {
  readonly tables: readonly FoundTable[];
  readonly tableFunctions: readonly FoundCall[];
  /** Scalar and aggregate functions, window functions, operators. */
  readonly functions: readonly FoundCall[];
  /** Columns without a table before them: `current_date` is a call that looks like one. */
  readonly plainColumns: ReadonlyMap<string, number | undefined>;
  readonly mainColumns: readonly FoundColumn[];
  readonly parameters: readonly FoundParameter[];
  /** Things that are no part of any query that we know: a newer DuckDB, or `SHOW TABLES`. */
  readonly unknown: readonly { readonly what: string; readonly location: number | undefined }[];
  readonly hasSubquery: boolean;
  readonly hasWindow: boolean;
  /** A sample without a seed. */
  readonly hasRandomSample: boolean;
}

/** The CTEs of one WITH that can be seen from a place, and those of the queries around it. */
interface Scope {
  /** Names in lower case, numbered in their order. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Only CTEs with a lower number are visible. */
  readonly limit: number;
  /** Holds the CTE itself, for the second branch of a recursive one. */
  readonly isRecursive: boolean;
  readonly outer: Scope | undefined;
}

type Visit = readonly [value: unknown, scope: Scope | undefined];

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

const expressionClasses = new Set(
  `BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT DEFAULT FUNCTION LAMBDA
   OPERATOR PARAMETER POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW`.split(/\s+/),
);
const otherTypes = new Set(
  `SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE
   BASE_TABLE TABLE_FUNCTION JOIN SUBQUERY EMPTY EXPRESSION_LIST PIVOT SHOW_REF
   ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER
   ORDER_DEFAULT ASCENDING DESCENDING`.split(/\s+/),
);

/**
 * Walks a statement's tree. The walk keeps its own stack, since a chain of UNIONs is as deep as it is long.
 *
 * Scopes of CTEs are DuckDB's: a CTE sees those before it, in its own WITH and in the queries around it, but not
 * itself; only the second branch of a recursive one sees itself; everything else of the query sees all.
 */
export function findReferences(statement: TreeNode): TreeFindings {
  const walk = new Walk();
  walk.run(statement);
  return walk.found;
}

class Walk {
  readonly found: Mutable<Omit<TreeFindings, "plainColumns">> & {
    plainColumns: Map<string, number | undefined>;
  } = {
    tables: [],
    tableFunctions: [],
    functions: [],
    plainColumns: new Map(),
    mainColumns: [],
    parameters: [],
    unknown: [],
    hasSubquery: false,
    hasWindow: false,
    hasRandomSample: false,
  };
  readonly #stack: Visit[] = [];

  run(statement: TreeNode): void {
    this.#stack.push([statement, undefined]);
    for (let visit = this.#stack.pop(); visit !== undefined; visit = this.#stack.pop()) {
      const [value, scope] = visit;
      if (Array.isArray(value)) this.#pushAll(value, scope);
      else if (isNode(value)) this.#visit(value, scope);
    }
  }

  #pushAll(values: readonly unknown[], scope: Scope | undefined): void {
    for (const value of values)
      if (typeof value === "object" && value !== null) this.#stack.push([value, scope]);
  }

  #visit(node: TreeNode, outer: Scope | undefined): void {
    if (!this.#isKnown(node)) {
      this.found.unknown.push({ what: textOf(node.class ?? node.type), location: locationOf(node) });
    }
    // A constant holds a value, which looks like a node.
    if (node.class === "CONSTANT") return;
    const scope = this.#openScope(node, outer);
    if (isNode(node["sample"])) this.#addSample(node["sample"]);
    if (node.class !== undefined) this.#addExpression(node);
    else if (node.type === "BASE_TABLE") this.#addTable(node, scope);
    else if (node.type === "SHOW_REF" && node["query"] === null) this.#addListing(node);
    if (node.type === "TABLE_FUNCTION" && isNode(node["function"])) {
      const call = node["function"];
      this.found.tableFunctions.push({ ...toCall(call), isAliased: textOf(node.alias) !== "" });
      this.#pushAll(nodesOf(call["children"]), scope);
    } else if (node.type === "RECURSIVE_CTE_NODE") {
      this.#pushRecursive(node, scope);
    } else {
      for (const [field, value] of Object.entries(node))
        if (field !== "cte_map") this.#pushAll([value], scope);
    }
  }

  /** What we do not know could read what we do not see. */
  #isKnown(node: TreeNode): boolean {
    if (node.class !== undefined) return expressionClasses.has(node.class);
    if (typeof node.type !== "string") return true;
    return otherTypes.has(node.type) || node.type.endsWith("_TYPE_INFO");
  }

  #openScope(node: TreeNode, outer: Scope | undefined): Scope | undefined {
    const map = node["cte_map"];
    if (!isNode(map)) return outer;
    const entries = nodesOf(map["map"]);
    if (entries.length === 0) return outer;
    const numbers = new Map(entries.map((entry, number) => [foldCase(textOf(entry["key"])), number]));
    const scopeOf = (limit: number): Scope => ({ numbers, limit, isRecursive: false, outer });
    entries.forEach((entry, number) => {
      this.#pushAll([entry["value"]], scopeOf(number));
    });
    return scopeOf(entries.length);
  }

  #pushRecursive(node: TreeNode, scope: Scope | undefined): void {
    const numbers = new Map([[foldCase(textOf(node["cte_name"])), 0]]);
    const inner: Scope = { numbers, limit: 1, isRecursive: true, outer: scope };
    for (const [field, value] of Object.entries(node)) {
      if (field !== "cte_map") this.#pushAll([value], field === "right" ? inner : scope);
    }
  }

  #addTable(node: TreeNode, scope: Scope | undefined): void {
    const [catalog, schema] = [textOf(node["catalog_name"]), textOf(node["schema_name"])];
    const name = textOf(node["table_name"]);
    if (catalog === "" && isCte(foldCase(schema), foldCase(name), scope)) return;
    const isShadowed = isCte("", foldCase(name), scope);
    const isAliased = textOf(node.alias) !== "";
    this.found.tables.push({ catalog, schema, name, location: locationOf(node), isShadowed, isAliased });
  }

  #addListing(node: TreeNode): void {
    const what = textOf(node["table_name"]).replaceAll('"', "");
    this.found.unknown.push({
      what: `SHOW ${what.startsWith("__") ? "ALL TABLES" : what.toUpperCase()}`,
      location: 0,
    });
  }

  #addSample(sample: TreeNode): void {
    const seed = sample["seed"];
    if (typeof seed !== "number" || seed < 0) this.found.hasRandomSample = true;
  }

  #addExpression(node: TreeNode): void {
    if (typeof node["function_name"] === "string") this.found.functions.push(toCall(node));
    if (node["export_state"] === true) {
      this.found.unknown.push({ what: "EXPORT_STATE", location: locationOf(node) });
    }
    if (node.class === "SUBQUERY") this.found.hasSubquery = true;
    else if (node.class === "WINDOW") this.found.hasWindow = true;
    else if (node.class === "PARAMETER") this.found.parameters.push({ name: textOf(node["identifier"]) });
    else if (node.class === "COLUMN_REF") this.#addColumn(node);
  }

  #addColumn(node: TreeNode): void {
    const parts = node["column_names"];
    if (!Array.isArray(parts)) return;
    if (parts.length > 2 && foldCase(textOf(parts[0])) === "main")
      this.found.mainColumns.push({ table: textOf(parts[1]), location: locationOf(node) });
    if (parts.length !== 1) return;
    const name = foldCase(textOf(parts[0]));
    if (!this.found.plainColumns.has(name)) this.found.plainColumns.set(name, locationOf(node));
  }
}

/** `recurring.x` is all that a recursive CTE with a key has found so far. */
function isCte(schema: string, name: string, scope: Scope | undefined): boolean {
  if (schema !== "" && schema !== "recurring") return false;
  for (let visible = scope; visible !== undefined; visible = visible.outer) {
    const number = visible.numbers.get(name);
    if (number !== undefined && number < visible.limit) return schema === "" || visible.isRecursive;
  }
  return false;
}

function toCall(node: TreeNode): FoundCall {
  return {
    name: foldCase(textOf(node["function_name"])),
    schema: foldCase(textOf(node["schema"])),
    arguments: nodesOf(node["children"]),
    location: locationOf(node),
  };
}
