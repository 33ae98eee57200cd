import { moveSpan, moveSpans, type Span } from "../../base/source.js";
import type { CheckSpec } from "../check-spec.js";
import { readCellName } from "./cell-name.js";
import { isOptionLine } from "../headers.js";
import { isBlank, splitLines } from "../lines.js";
import { checkDatasetName } from "../names.js";
import type { CheckCell, SqlCell } from "../notebook.js";
import { findColumnReferences, findOptionReferences } from "./option-references.js";
import type { Fence } from "../outline.js";
import { parseYaml } from "../parse-yaml.js";
import type { Report } from "../report.js";
import { readCheckOptions, readSqlOptions } from "./sql-options.js";
import { optionPart } from "../yaml-part.js";
import { toMap } from "../yaml-tree.js";
import type { Kind, NamedCell } from "./kind.js";

export const sqlKind: Kind<SqlCell> = {
  parse: (file, fence, report) => parseSqlCell(file, fence, "sql", report) as SqlCell,
  move: ({ columnReferences, options, ...cell }, by) => ({
    ...moveQuery(cell, by),
    columnReferences: moveSpans(columnReferences, by),
    options: { ...options, checks: options.checks.map((check) => moveCheck(check, by)) },
  }),
  options: ({ options }) => ({
    ...options,
    checks: options.checks.map(({ span: _span, ...check }) => check),
  }),
  description: ({ options }) => options.description,
  query: toQuery,
  parents: (cell) => cell.options.dependsOn.map((name) => ({ name, span: placeOf(name, cell) })),
  references,
  checks: ({ options }) => options.checks,
  isDisabled: ({ options }) => options.disabled,
  timeoutMs: ({ options }) => options.timeoutMs,
};

export const checkKind: Kind<CheckCell> = {
  parse: (file, fence, report) => parseSqlCell(file, fence, "check", report) as CheckCell,
  move: moveQuery,
  options: ({ severity, max, description, timeoutMs, dependsOn, disabled }) => ({
    severity,
    max,
    description,
    timeoutMs,
    dependsOn,
    disabled,
  }),
  description: ({ description }) => description,
  query: toQuery,
  parents: (cell) => cell.dependsOn.map((name) => ({ name, span: placeOf(name, cell) })),
  references,
  isDisabled: ({ disabled }) => disabled,
  timeoutMs: ({ timeoutMs }) => timeoutMs,
};

type QueryPart = Pick<SqlCell, "sql" | "sqlSpan" | "optionsSpan" | "optionReferences">;

function moveQuery<T extends QueryPart>(cell: T, by: number): T {
  return {
    ...cell,
    sqlSpan: moveSpan(cell.sqlSpan, by),
    optionsSpan: moveSpan(cell.optionsSpan, by),
    optionReferences: moveSpans(cell.optionReferences, by),
  };
}

function moveCheck(check: CheckSpec, by: number): CheckSpec {
  return { ...check, span: moveSpan(check.span, by), conditions: moveSpans(check.conditions, by) };
}

function toQuery({ sql, sqlSpan }: QueryPart): { sql: string; span: Span } {
  return { sql, span: sqlSpan };
}

function references({ optionReferences }: QueryPart, name: string): Span[] {
  return optionReferences.filter(({ cell }) => cell === name).map(({ span }) => span);
}

/** Where options name a cell, or else where they stand. */
function placeOf(name: string, cell: QueryPart): NamedCell["span"] {
  return references(cell, name)[0] ?? cell.optionsSpan;
}

/** Reads a fence whose first line is `--| cell: N` or `--| check: N`. */
function parseSqlCell(
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
