import { foldCase } from "../../../text/sql-names.js";
import { locationOf, nodesOf, textOf, type TreeNode } from "./tree.js";

export interface ReaderArguments {
  readonly paths: readonly PathArgument[];
  /** In lower case. */
  readonly options: readonly string[];
}

export interface PathArgument {
  /** Absent where the path is not a literal or a list of them. */
  readonly literals?: readonly { readonly path: string; readonly location: number | undefined }[];
  readonly hint?: string;
}

/**
 * Splits what stands in the brackets of a file reader. `isQuoted` tells whether a name is written in double quotes: as
 * an argument, the engine takes it for a text.
 */
export function readerArguments(
  nodes: readonly TreeNode[],
  isQuoted: (location: number | undefined) => boolean = () => false,
): ReaderArguments {
  const paths: PathArgument[] = [];
  const options: string[] = [];
  for (const node of nodes) {
    const option = optionName(node);
    if (option !== undefined) options.push(foldCase(option));
    else paths.push(toPath(node, isQuoted));
  }
  return { paths, options };
}

/** `header := true` is an alias, `header = true` a comparison. */
export function optionName(node: TreeNode): string | undefined {
  const left = node.type === "COMPARE_EQUAL" ? (node["left"] as TreeNode) : undefined;
  const names = left?.class === "COLUMN_REF" ? left["column_names"] : undefined;
  // First the comparison, as DuckDB does: of `a := (b = 1)` it takes b for the option.
  if (Array.isArray(names) && names.length === 1) return textOf(names[0]);
  return node.alias === undefined || node.alias === "" ? undefined : node.alias;
}

function toPath(node: TreeNode, isQuoted: (location: number | undefined) => boolean): PathArgument {
  const quoted = node.class === "COLUMN_REF" ? quotedName(node) : undefined;
  if (quoted !== undefined && isQuoted(locationOf(node)))
    return { literals: [{ path: quoted, location: locationOf(node) }] };
  const isList = node["function_name"] === "list_value";
  const parts = isList ? nodesOf(node["children"]) : [node];
  const literals = parts.flatMap((part) => {
    const path = literalText(part);
    return path === undefined ? [] : [{ path, location: locationOf(part) }];
  });
  if (literals.length === parts.length && literals.length > 0) return { literals };
  return { hint: hintFor(parts.find((part) => literalText(part) === undefined) ?? node) };
}

function quotedName(node: TreeNode): string | undefined {
  const names = node["column_names"];
  return Array.isArray(names) && names.length === 1 ? textOf(names[0]) : undefined;
}

export function literalText(node: TreeNode): string | undefined {
  const value = node.class === "CONSTANT" ? (node["value"] as TreeNode)["value"] : undefined;
  return typeof value === "string" ? value : undefined;
}

function hintFor(node: TreeNode): string {
  if (node.class === "COLUMN_REF") return "Put the path in quotes: 'input/orders.csv'.";
  if (node.class === "PARAMETER") {
    return "Read all files by a pattern, with filename = true, and filter by the parameter.";
  }
  return "Write the path, a pattern or a list of them: ['input/a.csv', 'input/b.csv'].";
}
