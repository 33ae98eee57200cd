import type { BoundParameter } from "../engine/engine.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { isStep } from "../notebook/cell-kinds.js";
import { descriptionOf, isDisabled } from "../notebook/kinds/kinds.js";
import type { OutputFormat, ParameterScalar, ParameterType, SqlCell } from "../notebook/notebook.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { quoteName } from "../text/sql-keywords.js";
import { codeTokens, isSymbol, isWord, tokenizeSql } from "../text/sql-tokens.js";

export interface SqlExport {
  readonly analyzed: AnalyzedNotebook;
  /** Values of all parameters that cells name. */
  readonly parameters: readonly BoundParameter[];
  /** The format that a dataset of the lake was published in, as far as is known. */
  readonly formatOf: (schema: string, name: string) => OutputFormat | undefined;
}

/*
 * The notebook as a script for a plain DuckDB shell, started in the workspace's folder: every cell a table, parents
 * first. Names need no change, since a cell is a relation there too; `lake.orders` becomes a view of that name over the
 * public folder. `$name` would be a parameter of a prepared statement, so it becomes getvariable('name').
 */
export function exportSql(request: SqlExport): string {
  const { analyzed, parameters } = request;
  const { notebook, graph } = analyzed;
  const left = new Map<string, string>();
  const cells = graph.order.flatMap((name) => {
    const node = graph.nodes.get(name);
    return node === undefined ? [] : [cellToSql(node, left)];
  });
  const circular = [...graph.nodes.values()].filter(({ cell }) => !graph.order.includes(cell.name));
  const used = [...graph.nodes.values()].filter(({ cell }) => !left.has(cell.name));
  return [
    `-- ${oneLine(notebook.title)}\n-- Exported from Lakebook. Run it in the folder with input/ and data_lake/: duckdb < this file\n`,
    "SET TimeZone = 'UTC';\n",
    ...variables(used, parameters),
    ...lakeViews(used, request),
    ...cells.filter((text) => text !== ""),
    ...circular.map(({ cell }) => `-- Left out: ${cell.name} is part of a cycle, or reads one.\n`),
  ].join("\n");
}

function cellToSql(node: GraphNode, left: Map<string, string>): string {
  const { cell } = node;
  if (!isStep(cell)) return "";
  const reason = reasonToLeaveOut(node, left);
  if (reason !== undefined) {
    left.set(cell.name, reason);
    return `-- Left out: ${cell.name} ${reason}\n${asComment(cell.sql)}\n`;
  }
  const description = descriptionOf(cell);
  const sql = withVariables(trimQuery(cell.sql));
  if (cell.kind === "check") {
    const title = `-- Check ${cell.name} (${cell.severity})${description === undefined ? "" : `: ${oneLine(description)}`}`;
    return `${title}\nSELECT '${cell.name.replaceAll("'", "''")}' AS "check", count(*) AS failures FROM (\n${sql}\n);\n`;
  }
  const head = description === undefined ? "" : `-- ${oneLine(description)}\n`;
  return `${head}CREATE OR REPLACE TABLE ${quoteName(cell.name)} AS\n${isStatementOfItsOwn(sql) ? `FROM (\n${sql}\n)` : sql};\n${checkComments(cell)}`;
}

/** Undefined for a cell that runs outside of the product as it does inside. */
function reasonToLeaveOut(node: GraphNode, left: ReadonlyMap<string, string>): string | undefined {
  const { cell, facts, isBroken, parents } = node;
  if (isBroken || facts === undefined) return "has errors.";
  if (isDisabled(cell)) return "is disabled.";
  const system = facts.tables.find((table) => table.schema === "lakebook");
  if (system !== undefined) return `reads lakebook.${system.name}, which only Lakebook has.`;
  const parent = parents.find((name) => left.has(name));
  return parent === undefined ? undefined : `reads ${parent}, which is left out.`;
}

function variables(nodes: readonly GraphNode[], parameters: readonly BoundParameter[]): string[] {
  const steps = nodes.filter(({ cell }) => isStep(cell));
  const used = new Set(steps.flatMap((node) => node.parameters.map(({ name }) => name)));
  const statements = parameters
    .filter(({ definition }) => used.has(definition.name))
    .map((parameter) => `SET VARIABLE ${quoteName(parameter.definition.name)} = ${valueToSql(parameter)};`);
  return statements.length === 0 ? [] : [`${statements.join("\n")}\n`];
}

/** A view for each dataset of the lake that is read, under the name that the SQL has for it. */
function lakeViews(nodes: readonly GraphNode[], { formatOf }: SqlExport): string[] {
  const names = new Map<string, Set<string>>();
  for (const { schema, name } of nodes.flatMap((node) => node.facts?.tables ?? []))
    if (schema !== undefined) names.set(schema, (names.get(schema) ?? new Set()).add(name));
  return [...names].map(([schema, datasets]) => {
    const views = [...datasets].map((name) => {
      const folder = `data_lake/${schema === "lake" ? "latest" : schema}/${name}`;
      const from = readerOf(folder, formatOf(schema, name) ?? "parquet");
      return `CREATE OR REPLACE VIEW ${quoteName(schema)}.${quoteName(name)} AS FROM ${from};`;
    });
    return `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)};\n${views.join("\n")}\n`;
  });
}

/** Partition columns are in the files: nothing is to be guessed from the names of folders. */
function readerOf(path: string, format: OutputFormat): string {
  if (format === "parquet") return `read_parquet('${path}/**/*.parquet', hive_partitioning=false)`;
  return format === "csv" ? `read_csv('${path}.csv')` : `read_json('${path}.json')`;
}

const sqlTypes: Readonly<Record<ParameterType, string>> = {
  string: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

function valueToSql({ definition, value }: BoundParameter): string {
  const type = sqlTypes[definition.type];
  if (!definition.isList) return scalarToSql(firstOf(value), type);
  const items = Array.isArray(value)
    ? (value as readonly ParameterScalar[])
    : value === null
      ? []
      : [value as ParameterScalar];
  return `CAST([${items.map((item) => scalarToSql(item, type)).join(", ")}] AS ${type}[])`;
}

function firstOf(value: BoundParameter["value"]): ParameterScalar {
  return Array.isArray(value)
    ? ((value as readonly ParameterScalar[])[0] ?? null)
    : (value as ParameterScalar);
}

function scalarToSql(value: ParameterScalar, type: string): string {
  return value === null
    ? `CAST(NULL AS ${type})`
    : `CAST('${String(value).replaceAll("'", "''")}' AS ${type})`;
}

/** Without semicolons and comments at its end, so that something can follow. */
function trimQuery(sql: string): string {
  const last = codeTokens(sql).findLast((token) => !isSymbol(token, ";"));
  return sql.slice(0, last?.end ?? 0);
}

function withVariables(sql: string): string {
  let text = "";
  let at = 0;
  for (const { kind, value, start, end } of tokenizeSql(sql)) {
    if (kind !== "parameter" || value === "" || sql[start] !== "$") continue;
    text += `${sql.slice(at, start)}getvariable('${value.toLowerCase()}')`;
    at = end;
  }
  return text + sql.slice(at);
}

/** SUMMARIZE and DESCRIBE are no queries that a table can be made of, unless they stand in brackets. */
function isStatementOfItsOwn(sql: string): boolean {
  return isWord(codeTokens(sql)[0], "summarize", "describe", "desc", "show");
}

function checkComments({ options }: SqlCell): string {
  return options.checks.map((check) => `-- check: ${oneLine(check.name)} (${check.severity})\n`).join("");
}

function asComment(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => `-- ${line}`.trimEnd())
    .join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
