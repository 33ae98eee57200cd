import type { Span } from "../base/source.js";
import { readCellName } from "./cell-name.js";
import { isOptionLine } from "./headers.js";
import { isBlank, splitLines } from "./lines.js";
import { checkDatasetName } from "./names.js";
import type { CheckCell, SqlCell } from "./notebook.js";
import { findColumnReferences, findOptionReferences } from "./option-references.js";
import type { Fence } from "./outline.js";
import { parseYaml } from "./parse-yaml.js";
import type { Report } from "./report.js";
import { readCheckOptions, readSqlOptions } from "./sql-options.js";
import { optionPart } from "./yaml-part.js";
import { toMap } from "./yaml-tree.js";

/** Reads a fence whose first line is `--| cell: N` or `--| check: N`. */
export function parseSqlCell(
  file: string,
  fence: Fence,
  kind: "sql" | "check",
  report: Report,
): SqlCell | CheckCell {
  const { optionsSpan, sqlSpan } = splitBody(file, fence.bodySpan);
  const sql = file.slice(sqlSpan.start, sqlSpan.end);
  const { tree, following } = parseYaml(optionPart(file, optionsSpan), report);
  const options = toMap(tree, optionsSpan);
  const { name, nameSpan } = readCellName(file, options, kind === "sql" ? "cell" : "check", report);
  warnLateOptions(file, sqlSpan, report);
  if (isBlank(sql)) {
    const hint =
      kind === "sql" ? "Write a query below the options." : "Write a query that finds the wrong rows.";
    report.error("empty-cell", nameSpan, `Cell "${name}" has no query`, hint);
  }
  const optionReferences = findOptionReferences(options, file);
  const { span, bodySpan } = fence;
  const common = {
    name,
    nameSpan,
    span,
    bodySpan,
    hasErrors: false,
    sql,
    sqlSpan,
    optionsSpan,
    optionReferences,
  };
  if (kind === "check") return { ...common, kind, ...readCheckOptions(options, following) };
  const sqlOptions = readSqlOptions(options, name, following);
  if (sqlOptions.materialize.length > 0) checkDatasetName(name, nameSpan, following);
  return { ...common, kind, options: sqlOptions, columnReferences: findColumnReferences(options, file) };
}

function splitBody(file: string, body: Span): { optionsSpan: Span; sqlSpan: Span } {
  const lines = splitLines(file, body);
  const firstSql = lines.find((line) => !isOptionLine(file.slice(line.start, line.end)));
  const middle = firstSql?.start ?? body.end;
  const end = Math.max(middle, lines.at(-1)?.end ?? body.end);
  return { optionsSpan: { start: body.start, end: middle }, sqlSpan: { start: middle, end } };
}

function warnLateOptions(file: string, sqlSpan: Span, report: Report): void {
  for (const line of splitLines(file, sqlSpan)) {
    if (!isOptionLine(file.slice(line.start, line.end))) continue;
    const message = "An option line below the first line of SQL is only a comment";
    report.warn(
      "late-option",
      { start: line.start, end: line.end },
      message,
      "Move it up to the other options.",
    );
  }
}
