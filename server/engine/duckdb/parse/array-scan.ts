import type { Span } from "../../../base/source.js";
import { tokenize } from "./lexer.js";
import { literalText, optionName } from "./policy-readers.js";
import { findReferences, type FoundCall } from "./references.js";
import { isNode, parseTree } from "./tree.js";

/** The one JSON array that a query reads. */
export interface ArrayScan {
  readonly path: string;
  /** Of the path in the query, with its quotes. */
  readonly span: Span;
}

/** Such a file's content is all that these look at, and they look at it record by record. */
const plainOptions = new Set([
  "format",
  "columns",
  "dateformat",
  "date_format",
  "timestampformat",
  "timestamp_format",
]);

/** Columns that every file has, beside its own. */
const fileColumns = new Set(["filename", "file_index"]);

/** Patterns, what is unpacked, and folders from which columns are made. */
const otherPath = /[*?[=]|\.(gz|zst)$/i;

/**
 * Finds the array that a query reads by `read_json(path, format = 'array', columns = {...})`, where that is all that it
 * reads by a function, so that several files in its place, each a part of the array, give the same rows. Undefined in
 * all other cases, and where it may ask for the file's name. `tree` is what `json_serialize_sql` says of the query.
 */
export function findArrayScan(sql: string, tree: string): ArrayScan | undefined {
  const parsed = parseTree(tree);
  const [statement, ...others] = parsed.ok ? parsed.statements : [];
  if (statement === undefined || others.length > 0) return undefined;
  const [call, ...otherCalls] = findReferences(statement).tableFunctions;
  const path = call === undefined || otherCalls.length > 0 ? undefined : arrayPath(call);
  if (path === undefined || otherPath.test(path)) return undefined;
  const { tokens } = tokenize(sql);
  if (tokens.some(({ value }) => fileColumns.has(value.toLowerCase()))) return undefined;
  const [place, ...otherPlaces] = tokens.filter(({ kind, value }) => kind === "string" && value === path);
  if (place === undefined || otherPlaces.length > 0) return undefined;
  return { path, span: { start: place.start, end: place.end } };
}

function arrayPath({ name, schema, arguments: nodes }: FoundCall): string | undefined {
  if (name !== "read_json" || schema !== "") return undefined;
  const [first, ...rest] = nodes;
  const options = new Map(rest.map((node) => [optionName(node)?.toLowerCase() ?? "", node]));
  if (options.size !== rest.length || [...options.keys()].some((option) => !plainOptions.has(option)))
    return undefined;
  const format = options.get("format");
  const value = format?.type === "COMPARE_EQUAL" ? format["right"] : format;
  const isArray = isNode(value) && literalText(value)?.toLowerCase() === "array";
  if (!isArray || !options.has("columns") || first === undefined || optionName(first) !== undefined)
    return undefined;
  return literalText(first);
}
