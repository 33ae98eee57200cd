import { foldCase } from "../../../text/sql-names.js";
import type { BoundParameter } from "../../scope.js";
import { nodeOf, nodesOf, rewrite, textOf, type TreeNode } from "./tree.js";

type Scalar = string | number | boolean | null;

const typeIds: Readonly<Record<BoundParameter["definition"]["type"], string>> = {
  string: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

/** `x.f(y)` is `f(x, y)`, where x comes as the schema of f. */
export function unfoldMethods(node: TreeNode): TreeNode {
  const unfolded = rewrite(node, (inner) => {
    const owner = textOf(inner.schema);
    if (inner.class !== "FUNCTION" || owner === "" || owner === "main" || textOf(inner.catalog) !== "")
      return undefined;
    const place = inner.query_location === undefined ? {} : { query_location: inner.query_location };
    const first = { class: "COLUMN_REF", type: "COLUMN_REF", alias: "", ...place, column_names: [owner] };
    const children = nodesOf(inner.children).map(unfoldMethods);
    return { ...inner, schema: "", children: [first, ...children] };
  });
  return nodeOf(unfolded) ?? node;
}

/** The tree with each parameter's value in its place, of the type that the parameter has. Others stay. */
export function bindParameters(node: TreeNode, parameters: readonly BoundParameter[]): TreeNode {
  const known = new Map(parameters.map((parameter) => [foldCase(parameter.definition.name), parameter]));
  const bound = rewrite(node, (inner) => {
    if (inner.class !== "PARAMETER") return undefined;
    const parameter = known.get(foldCase(textOf(inner.identifier)));
    return parameter === undefined ? undefined : { ...valueNode(parameter), alias: inner.alias ?? "" };
  });
  return nodeOf(bound) ?? node;
}

function valueNode({ definition, value }: BoundParameter): TreeNode {
  const id = typeIds[definition.type];
  if (!definition.isList)
    return scalarNode(id, (Array.isArray(value) ? (value as readonly Scalar[])[0] : value) as Scalar);
  const items = value === null ? [] : Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
  const list = {
    class: "FUNCTION",
    type: "FUNCTION",
    alias: "",
    function_name: "list_value",
    schema: "",
    children: items.map((item) => scalarNode(id, item)),
    filter: null,
    order_bys: { type: "ORDER_MODIFIER", orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: "",
  };
  const child_type = { id, type_info: null };
  const type_info = { type: "LIST_TYPE_INFO", alias: "", extension_info: null, child_type };
  return items.length > 0 ? list : cast(list, { id: "LIST", type_info });
}

function scalarNode(id: string, value: Scalar): TreeNode {
  if (value === null) return cast(constant("NULL", null), { id, type_info: null });
  switch (id) {
    case "BIGINT":
      return { ...constant(id, 0), exact: BigInt(value).toString() };
    case "DOUBLE":
      return constant(id, Number(value));
    case "BOOLEAN":
      return constant(id, value === true || value === "true");
    case "VARCHAR":
      return constant(id, String(value));
    default:
      return cast(constant("VARCHAR", String(value).replace("T", " ").replace(/Z$/, "")), {
        id,
        type_info: null,
      });
  }
}

function constant(id: string, value: Scalar): TreeNode {
  const type = { id, type_info: null };
  const content = value === null ? { type, is_null: true } : { type, is_null: false, value };
  return { class: "CONSTANT", type: "VALUE_CONSTANT", alias: "", value: content };
}

function cast(child: TreeNode, cast_type: unknown): TreeNode {
  return { class: "CAST", type: "OPERATOR_CAST", alias: "", child, cast_type, try_cast: false };
}
