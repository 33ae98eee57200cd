import { isNode, nodesOf, textOf, type TreeNode } from "../parse/tree.js";
import { isSameTrace, NOTHING, traceOf, unite, unknownTrace, type Trace } from "./origin.js";
import {
  allValues,
  expressionsIn,
  hasOthers,
  valueOf,
  windowRowsOf,
  type Inputs,
} from "./plan-expressions.js";

/*
 * The plan as `json_serialize_plan` prints it before it is optimized: DuckDB's binder has said which column each name
 * means, has made columns of stars, aliases, COLUMNS, USING, PIVOT and macros, and joins of correlated subqueries. What is
 * left is how operators hand columns on, by their places.
 */

/** What an operator gives. */
interface Output {
  readonly columns: readonly Trace[];
  /** What decides which rows there are, below too. */
  readonly rows: Trace;
  /** What decides only the order of the rows. */
  readonly order: Trace;
  /** Of all tables below. */
  readonly tables: ReadonlySet<string>;
}

export interface PlanLineage extends Output {
  readonly columns: readonly Trace[];
}

export interface PlanTable {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

/** What the plan calls a table, as a key of the caller's; undefined where it does not know it. */
export type TableKey = (table: PlanTable) => string | undefined;

/** Nothing can be told of the whole query. */
export class UnknownPlan extends Error {}

/** Joins a table's key and a column's name in the keys of traces; neither can hold it. */
export const SEPARATOR = "\u0000";

export function planLineage(plan: TreeNode, keyOf: TableKey): PlanLineage {
  return new PlanWalk(keyOf).read(plan);
}

/** Functions that give rows of what they are told alone. */
const generators = new Set(["range", "generate_series", "repeat", "repeat_row", "dummy_scan", "unnest"]);

/** Rows of a kind that no input decides. */
const constantRows = new Set([
  "LOGICAL_DUMMY_SCAN",
  "LOGICAL_EMPTY_RESULT",
  "LOGICAL_CHUNK_GET",
  "LOGICAL_COLUMN_DATA_GET",
]);

const joins = new Set([
  "LOGICAL_COMPARISON_JOIN",
  "LOGICAL_DELIM_JOIN",
  "LOGICAL_ASOF_JOIN",
  "LOGICAL_ANY_JOIN",
  "LOGICAL_CROSS_PRODUCT",
  "LOGICAL_POSITIONAL_JOIN",
]);

class PlanWalk {
  readonly #keyOf: TableKey;
  /** What each operator gives, by the number that columns name it by. */
  readonly #bound = new Map<number, readonly Trace[]>();
  /** Of each CTE. */
  readonly #ctes = new Map<number, Output>();
  /** What the joins around give to those who look at each of their values once, from the outermost. */
  readonly #delim: { readonly types: string; readonly columns: readonly Trace[] }[] = [];

  constructor(keyOf: TableKey) {
    this.#keyOf = keyOf;
  }

  read(node: TreeNode): Output {
    const type = textOf(node.type);
    if (constantRows.has(type)) return this.#constants(node);
    if (joins.has(type)) return this.#join(node, type);
    switch (type) {
      case "LOGICAL_GET":
        return this.#get(node);
      case "LOGICAL_PROJECTION":
        return this.#project(node);
      case "LOGICAL_FILTER":
        return this.#filter(node);
      case "LOGICAL_AGGREGATE_AND_GROUP_BY":
        return this.#aggregate(node);
      case "LOGICAL_WINDOW":
        return this.#window(node);
      case "LOGICAL_UNNEST":
        return this.#unnest(node);
      case "LOGICAL_ORDER_BY":
        return this.#orderBy(node);
      case "LOGICAL_LIMIT":
        return this.#limit(node);
      case "LOGICAL_DISTINCT":
        return this.#distinct(node);
      case "LOGICAL_SAMPLE":
        return this.#pass(node, []);
      case "LOGICAL_UNION":
      case "LOGICAL_EXCEPT":
      case "LOGICAL_INTERSECT":
        return this.#setOperation(node, type);
      case "LOGICAL_MATERIALIZED_CTE":
        return this.#materialized(node);
      case "LOGICAL_RECURSIVE_CTE":
        return this.#recursive(node);
      case "LOGICAL_CTE_REF":
        return this.#cteRef(node);
      case "LOGICAL_DELIM_GET":
        return this.#delimGet(node);
      case "LOGICAL_EXPRESSION_GET":
        return this.#values(node);
      case "LOGICAL_PIVOT":
        return this.#pivot(node);
      default:
        throw new UnknownPlan(`what ${type || "a part"} of the plan does is not known`);
    }
  }

  #inputs(columns: readonly Trace[]): Inputs {
    return { columns, bound: (table, column) => this.#bound.get(table)?.[column] };
  }

  #bind(number: unknown, columns: readonly Trace[]): void {
    if (typeof number === "number") this.#bound.set(number, columns);
  }

  /** The one operator below. */
  #child(node: TreeNode): Output {
    const [child, ...others] = nodesOf(node["children"]);
    if (child === undefined || others.length > 0)
      throw new UnknownPlan(`${textOf(node.type)} has another number of parts`);
    return this.read(child);
  }

  #constants(node: TreeNode): Output {
    const types = node["chunk_types"] ?? node["return_types"];
    const columns = Array.isArray(types) ? types.map(() => NOTHING) : [NOTHING];
    this.#bind(node["table_index"], columns);
    return { columns, rows: NOTHING, order: NOTHING, tables: new Set() };
  }

  #get(node: TreeNode): Output {
    const below = nodesOf(node["children"]);
    const places = indexesOf(node);
    const child = below.length === 0 ? undefined : this.#child(node);
    const found = child === undefined ? this.#scan(node, places) : this.#call(node, child, places);
    this.#bind(node["table_index"], found.columns);
    const shown = projected(node["projection_ids"], found.columns);
    const passed = Array.isArray(node["projected_input"])
      ? node["projected_input"].map((place) => child?.columns[Number(place)] ?? missing())
      : [];
    return { ...found, columns: [...shown, ...passed] };
  }

  #scan(node: TreeNode, places: readonly number[]): Output {
    const data = node["function_data"];
    const names = Array.isArray(node["names"]) ? node["names"].map(textOf) : [];
    const name = textOf(node["name"]);
    const none = { rows: NOTHING, order: NOTHING };
    if (name === "seq_scan" && isNode(data)) {
      const table = {
        catalog: textOf(data["catalog"]),
        schema: textOf(data["schema"]),
        table: textOf(data["table"]),
      };
      const key = this.#keyOf(table);
      if (key === undefined) throw new UnknownPlan(`it reads "${table.table}", which is not known`);
      const columns = places.map((place) => {
        const column = names[place];
        return column === undefined
          ? unknownTrace("it uses the place of a row")
          : traceOf(`${key}${SEPARATOR}${column}`);
      });
      return { columns, ...none, tables: new Set([key]) };
    }
    if (!generators.has(name)) throw new UnknownPlan(`what ${name}() reads is not known`);
    return { columns: places.map(() => NOTHING), ...none, tables: new Set() };
  }

  /** A function that gives rows for each row below. */
  #call(node: TreeNode, child: Output, places: readonly number[]): Output {
    const passed = new Set(Array.isArray(node["projected_input"]) ? node["projected_input"].map(Number) : []);
    const given = unite(child.columns.filter((_, place) => !passed.has(place)));
    return {
      columns: places.map(() => given),
      rows: unite([child.rows, given]),
      order: child.order,
      tables: child.tables,
    };
  }

  #project(node: TreeNode): Output {
    requireOnly(node, ["expressions"]);
    const child = this.#child(node);
    const inputs = this.#inputs(child.columns);
    const columns = nodesOf(node["expressions"]).map((each) => valueOf(each, inputs));
    this.#bind(node["table_index"], columns);
    return { ...child, columns };
  }

  #filter(node: TreeNode): Output {
    requireOnly(node, ["expressions"]);
    const child = this.#child(node);
    const rows = unite([child.rows, allValues(node["expressions"], this.#inputs(child.columns))]);
    return { ...child, rows, columns: projected(node["projection_map"], child.columns) };
  }

  #aggregate(node: TreeNode): Output {
    requireOnly(node, ["expressions", "groups"]);
    const child = inner(this.#child(node));
    const inputs = this.#inputs(child.columns);
    const groups = nodesOf(node["groups"]).map((each) => valueOf(each, inputs));
    const aggregates = nodesOf(node["expressions"]).map((each) => valueOf(each, inputs));
    const calls = node["grouping_functions"];
    const groupings = Array.isArray(calls) ? calls.map(() => NOTHING) : [];
    this.#bind(node["group_index"], groups);
    this.#bind(node["aggregate_index"], aggregates);
    this.#bind(node["groupings_index"], groupings);
    return {
      ...child,
      columns: [...groups, ...aggregates, ...groupings],
      rows: unite([child.rows, ...groups]),
    };
  }

  #window(node: TreeNode): Output {
    requireOnly(node, ["expressions"]);
    const child = inner(this.#child(node));
    const inputs = this.#inputs(child.columns);
    const windows = nodesOf(node["expressions"]);
    const found = windows.map((each) => valueOf(each, inputs));
    this.#bind(node["window_index"], found);
    const rows = unite([child.rows, ...windows.map((each) => windowRowsOf(each, inputs))]);
    return { ...child, columns: [...child.columns, ...found], rows };
  }

  #unnest(node: TreeNode): Output {
    requireOnly(node, ["expressions"]);
    const child = this.#child(node);
    const inputs = this.#inputs(child.columns);
    const lists = nodesOf(node["expressions"]).map((each) => valueOf(each, inputs));
    this.#bind(node["unnest_index"], lists);
    return { ...child, columns: [...child.columns, ...lists], rows: unite([child.rows, ...lists]) };
  }

  #orderBy(node: TreeNode): Output {
    requireOnly(node, ["orders"]);
    const child = inner(this.#child(node));
    const order = allValues(node["orders"], this.#inputs(child.columns));
    return { ...child, order, columns: projected(node["projection_map"], child.columns) };
  }

  #limit(node: TreeNode): Output {
    return this.#pass(node, ["limit_val", "offset_val"]);
  }

  #distinct(node: TreeNode): Output {
    return this.#pass(node, ["distinct_targets", "order_by"]);
  }

  /** Hands on columns of some of the rows; which ones the order decides too. */
  #pass(node: TreeNode, fields: readonly string[]): Output {
    requireOnly(node, fields);
    const child = this.#child(node);
    const inputs = this.#inputs(child.columns);
    const chosen = fields.map((field) => allValues(node[field], inputs));
    return { ...child, rows: unite([child.rows, child.order, ...chosen]) };
  }

  #setOperation(node: TreeNode, type: string): Output {
    requireOnly(node, []);
    const parts = nodesOf(node["children"]).map((child) => this.read(child));
    const isAll = node["setop_all"] === true;
    const width = Math.max(...parts.map(({ columns }) => columns.length));
    if (parts.length < 2 || parts.some(({ columns }) => columns.length !== width))
      throw new UnknownPlan(`${type} has parts of several widths`);
    const valued = type === "LOGICAL_UNION" ? parts : parts.slice(0, 1);
    const columns = Array.from({ length: width }, (_, place) =>
      unite(valued.map((part) => part.columns[place] ?? missing())),
    );
    this.#bind(node["table_index"], columns);
    const compared = type === "LOGICAL_UNION" && isAll ? [] : parts.flatMap((part) => part.columns);
    return {
      columns,
      rows: unite([...parts.map(({ rows }) => rows), ...compared]),
      order: unite(parts.map(({ order }) => order)),
      tables: new Set(parts.flatMap(({ tables }) => [...tables])),
    };
  }

  #materialized(node: TreeNode): Output {
    requireOnly(node, []);
    const [definition, query] = nodesOf(node["children"]);
    if (definition === undefined || query === undefined) throw new UnknownPlan("a CTE has no query");
    this.#ctes.set(Number(node["table_index"]), this.read(definition));
    return this.read(query);
  }

  /** What the rows before give is what all rows give: it grows until nothing is added. */
  #recursive(node: TreeNode): Output {
    requireOnly(node, ["key_targets", "payload_aggregates"]);
    const [start, step] = nodesOf(node["children"]);
    if (start === undefined || step === undefined) throw new UnknownPlan("a recursive CTE has no step");
    const number = Number(node["table_index"]);
    const begin = inner(this.read(start));
    const isKeyed = expressionsIn([node["key_targets"], node["payload_aggregates"]]).length > 0;
    const isAll = node["union_all"] === true && !isKeyed;
    for (let known = begin; ;) {
      this.#ctes.set(number, known);
      const next = inner(this.read(step));
      const columns = known.columns.map((column, place) =>
        unite([column, next.columns[place] ?? missing(), ...(isKeyed ? next.columns : [])]),
      );
      const grown: Output = {
        columns,
        rows: unite([known.rows, next.rows, ...(isAll ? [] : columns)]),
        order: NOTHING,
        tables: new Set([...known.tables, ...next.tables]),
      };
      const isSame =
        isSameTrace(grown.rows, known.rows) &&
        grown.tables.size === known.tables.size &&
        columns.every((column, place) => isSameTrace(column, known.columns[place] ?? NOTHING));
      if (isSame) {
        this.#bind(number, columns);
        return grown;
      }
      known = grown;
    }
  }

  #cteRef(node: TreeNode): Output {
    const found = this.#ctes.get(Number(node["cte_index"]));
    if (found === undefined) throw new UnknownPlan("a CTE is not known where it is read");
    this.#bind(node["table_index"], found.columns);
    return found;
  }

  #join(node: TreeNode, type: string): Output {
    requireOnly(node, ["conditions", "condition", "predicate", "duplicate_eliminated_columns"]);
    const [first, second] = nodesOf(node["children"]);
    if (first === undefined || second === undefined) throw new UnknownPlan("a join has one side");
    const [left, right] = this.#sides(node, first, second);
    const conditions = this.#conditions(node, left, right);
    const joined = textOf(node["join_type"]);
    const [leftColumns, rightColumns] = [
      projected(node["left_projection_map"], left.columns),
      projected(node["right_projection_map"], right.columns),
    ];
    const both = {
      order: unite([left.order, right.order]),
      tables: new Set([...left.tables, ...right.tables]),
      rows: unite([left.rows, right.rows, conditions]),
    };
    if (type === "LOGICAL_CROSS_PRODUCT" || type === "LOGICAL_POSITIONAL_JOIN")
      return { ...both, columns: [...leftColumns, ...rightColumns] };
    switch (joined) {
      case "INNER":
      case "LEFT":
      case "RIGHT":
      case "FULL":
      case "SINGLE":
        return { ...both, columns: [...leftColumns, ...rightColumns] };
      case "SEMI":
      case "ANTI":
        return { ...both, columns: leftColumns };
      case "RIGHT_SEMI":
      case "RIGHT_ANTI":
        return { ...both, columns: rightColumns };
      // Whether there is a match is a value, which may be used to choose rows.
      case "MARK": {
        const mark = [conditions];
        this.#bind(node["mark_index"], mark);
        return { ...both, rows: unite([left.rows, right.rows]), columns: [...leftColumns, ...mark] };
      }
      default:
        throw new UnknownPlan(`what a join of the kind ${joined} gives is not known`);
    }
  }

  #sides(node: TreeNode, first: TreeNode, second: TreeNode): readonly [Output, Output] {
    const seen = node["duplicate_eliminated_columns"];
    if (textOf(node.type) !== "LOGICAL_DELIM_JOIN" || !Array.isArray(seen))
      return [this.read(first), this.read(second)];
    const isFlipped = node["delim_flipped"] === true;
    const outer = this.read(isFlipped ? second : first);
    const inputs = this.#inputs(outer.columns);
    const columns = nodesOf(seen).map((each) => valueOf(each, inputs));
    this.#delim.push({ types: typesOf(nodesOf(seen).map((each) => each["return_type"])), columns });
    const subquery = this.read(isFlipped ? first : second);
    this.#delim.pop();
    return isFlipped ? [subquery, outer] : [outer, subquery];
  }

  #conditions(node: TreeNode, left: Output, right: Output): Trace {
    const sided = nodesOf(node["conditions"]).flatMap((condition) => {
      if (
        !isNode(condition["left"]) ||
        !isNode(condition["right"]) ||
        hasOthers(condition, ["left", "right"])
      )
        throw new UnknownPlan("a join has a condition that is not known");
      return [
        valueOf(condition["left"], this.#inputs(left.columns)),
        valueOf(condition["right"], this.#inputs(right.columns)),
      ];
    });
    const whole = this.#inputs([...left.columns, ...right.columns]);
    return unite([...sided, allValues(node["condition"], whole), allValues(node["predicate"], whole)]);
  }

  /** Where several joins around may be meant, all of them are. */
  #delimGet(node: TreeNode): Output {
    const types = typesOf(node["chunk_types"]);
    const meant = this.#delim.filter((each) => each.types === types);
    const [first] = meant;
    if (first === undefined) throw new UnknownPlan("what a subquery looks at is not known");
    const columns = first.columns.map((_, place) =>
      unite(meant.map((each) => each.columns[place] ?? missing())),
    );
    this.#bind(node["table_index"], columns);
    return { columns, rows: NOTHING, order: NOTHING, tables: new Set() };
  }

  #values(node: TreeNode): Output {
    requireOnly(node, ["expressions"]);
    const child = inner(this.#child(node));
    const inputs = this.#inputs(child.columns);
    const lines = Array.isArray(node["expressions"]) ? node["expressions"].map(nodesOf) : [];
    const columns = (lines[0] ?? []).map((_, place) =>
      unite(lines.map((line) => (line[place] === undefined ? missing() : valueOf(line[place], inputs)))),
    );
    this.#bind(node["table_index"], columns);
    return { ...child, columns };
  }

  #pivot(node: TreeNode): Output {
    const pivot = node["bound_pivot"];
    if (!isNode(pivot) || !Array.isArray(pivot["types"])) throw new UnknownPlan("a PIVOT has no columns");
    const child = inner(this.#child(node));
    const groups = Number(pivot["group_count"]);
    const pivoted = unite(child.columns.slice(groups));
    const columns = pivot["types"].map((_, place) =>
      place < groups ? (child.columns[place] ?? missing()) : pivoted,
    );
    this.#bind(node["pivot_index"], columns);
    return { ...child, columns, rows: child.rows };
  }
}

/** Where an operator sees the order of the rows, what it gives may depend on it. */
function inner(output: Output): Output {
  return { ...output, rows: unite([output.rows, output.order]), order: NOTHING };
}

function requireOnly(node: TreeNode, fields: readonly string[]): void {
  if (hasOthers(node, [...fields, "children"]))
    throw new UnknownPlan(`${textOf(node.type)} has a part that is not known`);
}

function missing(): Trace {
  return unknownTrace("a column of the plan has no place");
}

function indexesOf(node: TreeNode): number[] {
  const list = node["column_indexes"];
  return Array.isArray(list) ? nodesOf(list).map(({ index }) => Number(index)) : [];
}

function projected(map: unknown, columns: readonly Trace[]): readonly Trace[] {
  if (!Array.isArray(map) || map.length === 0) return columns;
  return map.map((place) => columns[Number(place)] ?? missing());
}

function typesOf(types: unknown): string {
  return JSON.stringify(types);
}
