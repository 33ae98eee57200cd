import type { Span } from "../../../base/source.js";
import { EditedText } from "../../../text/edited-text.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { DeliveredFiles, ReaderCall } from "../../verbs.js";
import { listOf, readerFor } from "./reader-sql.js";

/**
 * A query in which paths stand for what several deliveries brought: rows of all files together, by the names of their
 * columns, or those of some of the files with the columns and types that all have together.
 */
export function nameDelivered(sql: string, files: readonly DeliveredFiles[]): EditedText {
  const calls = new Map<string, DeliveredFiles[]>();
  for (const file of files) {
    const { start, end } = file.reference.call ?? file.reference.span;
    const key = `${String(start)}-${String(end)}`;
    calls.set(key, [...(calls.get(key) ?? []), file]);
  }
  return new EditedText(
    sql,
    [...calls.values()].flatMap((group) => deliveredCall(sql, group)),
  );
}

function deliveredCall(sql: string, group: readonly DeliveredFiles[]): { span: Span; text: string }[] {
  const [first] = group;
  const call = first?.reference.call;
  if (first === undefined) return [];
  const isFiltered = group.some(({ all, only }) => only.length < all.length) && !isFixed(first);
  const shown = (file: DeliveredFiles): readonly string[] => (isFiltered ? file.all : file.only);
  const paths = [...new Set(group.flatMap(shown))];
  const span = { start: first.reference.span.start, end: Math.max(...group.map(spanEnd)) };
  if (!isFiltered && paths.length <= 1 && first.reference.reader !== "")
    return [{ span, text: paths.map(quoteLiteral).join(", ") }];
  if (call === undefined)
    throw new Error(`unreachable: no place of the call that reads "${first.reference.path}"`);
  const unites = !isFixed(first) && first.reference.options?.includes("union_by_name") !== true;
  if (first.reference.reader === "") {
    const reader = `${readerFor(paths[0] ?? "")}([${paths.map(quoteLiteral).join(", ")}], union_by_name = true)`;
    const alias =
      first.reference.isAliased === true ? "" : ` AS ${quoteIdentifier(stemOf(first.reference.path))}`;
    return [{ span: call, text: `${isFiltered ? filtered(reader, group) : reader}${alias}` }];
  }
  // The paths of a list stand side by side, of whichever a delivery brought one.
  const list = listOf(paths, first.reference, sql.slice(0, span.start));
  const inside = `${sql.slice(call.start, span.start)}${list}${sql.slice(span.end, call.end - 1)}`;
  const text = `${inside}${unites ? ", union_by_name = true" : ""})`;
  if (!isFiltered) return [{ span: call, text }];
  // Columns may be named by the reader's own name.
  const alias = first.reference.isAliased === true ? "" : ` AS ${first.reference.reader}`;
  return [{ span: call, text: `${filtered(text, group)}${alias}` }];
}

function spanEnd({ reference }: DeliveredFiles): number {
  return reference.span.end;
}

/** A column of the files may be called `filename`: rows are told apart by one of our own. */
function filtered(reader: string, group: readonly DeliveredFiles[]): string {
  const files = [...new Set(group.flatMap(({ only }) => only))].map(quoteLiteral);
  if (group.some(({ reference }) => reference.options?.includes("filename") === true))
    return `(FROM ${reader} WHERE filename IN (${files.join(", ")}))`;
  const own = '"lakebook file"';
  const named = `${reader.slice(0, reader.lastIndexOf(")"))}, filename = 'lakebook file')`;
  return `(SELECT * EXCLUDE (${own}) FROM ${named} WHERE ${own} IN (${files.join(", ")}))`;
}

/** Names and types do not depend on what lies in the files, or they are the same in all of them. */
function isFixed({ reference, isUniform }: DeliveredFiles): boolean {
  return isUniform || reference.options?.includes("columns") === true;
}

function stemOf(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\..*$/, "");
}

/** What each reader gives alone, of all its files or of those that are wanted, to be bound. */
export function readerCalls(sql: string, files: readonly DeliveredFiles[]): readonly ReaderCall[] {
  const calls = new Set(
    files.map(({ reference }) => `${String(reference.call?.start)}-${String(reference.call?.end)}`),
  );
  return [...calls].flatMap((key) => {
    const group = files.filter(
      ({ reference: { call } }) => `${String(call?.start)}-${String(call?.end)}` === key,
    );
    const [first] = group;
    const edited = first === undefined ? [] : deliveredCall(sql, group);
    const call = first?.reference.call;
    if (call === undefined) return [];
    const text = new EditedText(sql, edited).text;
    const reader = `FROM ${text.slice(call.start, call.end + text.length - sql.length)}`;
    return [{ sql: reader, paths: group.map(({ reference }) => reference.path) }];
  });
}
