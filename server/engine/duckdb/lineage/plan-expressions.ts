import { isNode, textOf, type TreeNode } from "../parse/tree.js";
import { NOTHING, unite, unknownTrace, type Trace } from "./origin.js";

/** What an expression may name. */
export interface Inputs {
  /** By place. */
  readonly columns: readonly Trace[];
  /** By the number of the operator that gives it, where the plan has no places yet. */
  readonly bound: (table: number, column: number) => Trace | undefined;
}

/** The fields of each class that hold expressions; what is in `function_data` are copies of the planner's own. */
const children: Readonly<Record<string, readonly string[]>> = {
  BOUND_REF: [],
  BOUND_COLUMN_REF: [],
  BOUND_CONSTANT: [],
  BOUND_PARAMETER: [],
  BOUND_DEFAULT: [],
  BOUND_AGGREGATE: ["children", "filter", "order_bys"],
  BOUND_BETWEEN: ["input", "lower", "upper"],
  BOUND_CASE: ["case_checks", "else_expr"],
  BOUND_CAST: ["child"],
  BOUND_COMPARISON: ["left", "right"],
  BOUND_CONJUNCTION: ["children"],
  BOUND_FUNCTION: ["children"],
  BOUND_OPERATOR: ["children"],
  BOUND_UNNEST: ["child"],
  BOUND_WINDOW: ["children", "filters", "filter", "offset_expr", "default_expr", "arg_orders"],
};

/** Of a window: what decides which rows it looks at. */
const windowRows = ["partitions", "orders", "start_expr", "end_expr"];

const notRead = new Set(["function_data", "return_type", "value", "parameter_data", "partitions_stats"]);

/** What its value is computed from. */
export function valueOf(expression: TreeNode, inputs: Inputs): Trace {
  const kind = textOf(expression["expression_class"]);
  const fields = children[kind];
  if (fields === undefined)
    return unknownTrace(`what ${kind || "a part"} of the plan stands for is not known`);
  if (kind === "BOUND_REF") {
    const place = expression["index"];
    const found = typeof place === "number" ? inputs.columns[place] : undefined;
    return found ?? unknownTrace("a column of the plan has no place");
  }
  if (kind === "BOUND_COLUMN_REF") return boundColumn(expression, inputs);
  const known = kind === "BOUND_WINDOW" ? [...fields, ...windowRows] : fields;
  if (hasOthers(expression, known)) return unknownTrace(`${kind} has a part that is not known`);
  return unite(
    fields.flatMap((field) => expressionsIn(expression[field]).map((each) => valueOf(each, inputs))),
  );
}

/** What decides which rows a window looks at; of all windows within. */
export function windowRowsOf(expression: TreeNode, inputs: Inputs): Trace {
  return unite(
    windowRows.flatMap((field) => expressionsIn(expression[field]).map((each) => valueOf(each, inputs))),
  );
}

function boundColumn({ binding, depth }: TreeNode, inputs: Inputs): Trace {
  if (!isNode(binding) || (typeof depth === "number" && depth > 0))
    return unknownTrace("a column of the plan has no place");
  const found = inputs.bound(Number(binding["table_index"]), Number(binding["column_index"]));
  return found ?? unknownTrace("a column of the plan has no place");
}

/** The outermost expressions in a field: it may be one, a list, or a detail that holds some. */
export function expressionsIn(value: unknown): TreeNode[] {
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  if (!isNode(value)) return [];
  if (typeof value["expression_class"] === "string") return [value];
  return Object.entries(value).flatMap(([field, inner]) => (notRead.has(field) ? [] : expressionsIn(inner)));
}

/** What a newer engine may have added. */
export function hasOthers(node: TreeNode, known: readonly string[]): boolean {
  return Object.entries(node).some(
    ([field, value]) => !notRead.has(field) && !known.includes(field) && expressionsIn(value).length > 0,
  );
}

export function allValues(expressions: unknown, inputs: Inputs): Trace {
  const found = expressionsIn(expressions);
  return found.length === 0 ? NOTHING : unite(found.map((each) => valueOf(each, inputs)));
}
