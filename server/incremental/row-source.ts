import type { QueryForm } from "../graph/query-form.js";
import { leavesOf, relationKey, type Relations } from "./result-columns.js";

/** What a query maps row by row. */
export type RowSource =
  | { readonly type: "files"; readonly paths: readonly string[] }
  | { readonly type: "relation"; readonly name: string };

/** Undefined where a row of the result does not come from exactly one row of one file or relation. */
export function rowSource(form: QueryForm, relations: Relations): RowSource | undefined {
  if (form.type !== "select" || !form.isRowwise || form.loose.length > 0) return undefined;
  const [source, ...others] = leavesOf(form.from);
  if (source === undefined || others.length > 0) return undefined;
  if (source.type === "query") return rowSource(source.form, relations);
  if (source.type === "file") return { type: "files", paths: source.paths };
  if (source.type === "other") return undefined;
  const name = relationKey(source);
  const inner = relations.formOf(name);
  return inner === undefined ? { type: "relation", name } : rowSource(inner, relations);
}
