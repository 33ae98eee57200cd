import type { Column, QueryScope, Relation, StoredColumn } from "../engine.js";
import type { Span } from "../../base/source.js";
import { bracketDepth, tokenize } from "./parse/lexer.js";
import { isSymbol, type Token } from "../../text/sql-tokens.js";
import { quoteIdentifier, quoteLiteral } from "../../text/sql-names.js";
import { simpleTypes } from "../type-names.js";
import { rowsSql } from "./compile/given-sql.js";
import { hasKey } from "./key-sql.js";
import { TaskError } from "./tasks-error.js";

type QueryRelation = Extract<Relation, { type: "query" }>;
type FilesRelation = Extract<Relation, { type: "files" }>;
type RowsRelation = Extract<Relation, { type: "rows" }>;

/** Of files of DuckDB's own; all others are Parquet. */
export const TABLE_EXTENSION = ".duckdb";
/** The one table in such a file. */
export const TABLE_OF_ROWS = "stored_rows";

/** A statement around the user's SQL that knows where each of the user's queries lies in it. */
export interface EmbeddedQuery {
  readonly text: string;
  /** In the order of the text; `cell` names an inlined query cell and is absent for the task's own query. */
  readonly segments: readonly { readonly cell?: string; readonly span: Span }[];
}

/**
 * Puts the query, and the query cells that it is computed with, into one SELECT. The line breaks round each query
 * keep a comment at its end from swallowing the bracket.
 */
export function embedQuery(
  queries: readonly QueryRelation[],
  sql: string,
  verb: "SELECT" | "DESCRIBE" = "SELECT",
): EmbeddedQuery {
  const ctes = embedStatement(queries, verb === "SELECT" ? "SELECT * FROM (\n" : "FROM (DESCRIBE\n");
  const body = queryBody(sql);
  const span = { start: ctes.text.length, end: ctes.text.length + body.length };
  return { text: `${ctes.text}${body}\n)`, segments: [...ctes.segments, { span }] };
}

/** Puts the query cells before a SELECT of our own. */
export function embedStatement(queries: readonly QueryRelation[], select: string): EmbeddedQuery {
  const segments: { cell: string; span: Span }[] = [];
  let text = "";
  for (const query of queries) {
    text += `${text === "" ? "WITH " : ",\n"}${quoteIdentifier(query.name)} AS (FROM (\n`;
    const body = queryBody(query.sql);
    segments.push({ cell: query.name, span: { start: text.length, end: text.length + body.length } });
    text += `${body}\n))`;
  }
  return { text: text === "" ? select : `${text}\n${select}`, segments };
}

/** Puts text before and after an embedded query. */
export function wrapQuery(before: string, query: EmbeddedQuery, after: string): EmbeddedQuery {
  const move = before.length;
  return {
    text: before + query.text + after,
    segments: query.segments.map(({ span, ...rest }) => ({
      ...rest,
      span: { start: span.start + move, end: span.end + move },
    })),
  };
}

/** Puts other text in the place of some that lies within one of the user's queries. */
export function replaceInQuery(query: EmbeddedQuery, place: Span, text: string): EmbeddedQuery {
  const grown = text.length - (place.end - place.start);
  const move = (offset: number): number => (offset >= place.end ? offset + grown : offset);
  return {
    text: query.text.slice(0, place.start) + text + query.text.slice(place.end),
    segments: query.segments.map(({ span, ...rest }) => ({
      ...rest,
      span: { start: move(span.start), end: move(span.end) },
    })),
  };
}

export function queryRelations(scope: QueryScope): readonly QueryRelation[] {
  return scope.relations.filter((relation) => relation.type === "query");
}

/** Statements that make the schemas, the views over stored files and the empty tables of system relations. */
export function relationStatements(scope: QueryScope): readonly string[] {
  const schemas = new Set<string>();
  const statements: string[] = [];
  for (const relation of scope.relations) {
    if (relation.type === "query") continue;
    if (relation.schema !== undefined && !schemas.has(relation.schema)) {
      schemas.add(relation.schema);
      statements.push(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(relation.schema)}`);
    }
    if (relation.type === "rows") statements.push(tableStatement(relation));
    else if (relation.type === "given")
      statements.push(`CREATE VIEW ${qualifiedName(relation)} AS ${rowsSql(relation.table)}`);
    else statements.push(...viewStatements(relation, `lakebook rows ${statements.length}`));
  }
  return statements;
}

export function rowsRelations(scope: QueryScope): readonly RowsRelation[] {
  return scope.relations.filter((relation) => relation.type === "rows");
}

export function qualifiedName(relation: { readonly schema?: string; readonly name: string }): string {
  const name = quoteIdentifier(relation.name);
  return relation.schema === undefined ? name : `${quoteIdentifier(relation.schema)}.${name}`;
}

/**
 * Exactly these files and columns: nothing is guessed from folder names. The rows come in the order of the files.
 * `fileColumn` adds each row's file.
 */
export function readFiles(
  files: readonly string[],
  columns: readonly Pick<Column, "name">[],
  fileColumn?: string,
): string {
  const filename = fileColumn === undefined ? "" : `, filename = ${quoteLiteral(fileColumn)}`;
  const names = [...columns.map((column) => column.name), ...(fileColumn === undefined ? [] : [fileColumn])];
  return `SELECT ${names.map(quoteIdentifier).join(", ")} FROM ${parquetSource(files, filename)}`;
}

function parquetSource(files: readonly string[], options = ""): string {
  const list = files.map(quoteLiteral).join(", ");
  return `read_parquet([${list}], hive_partitioning = false, union_by_name = false${options})`;
}

/** `database` is the name under which a file of DuckDB's own is opened. */
function viewStatements(
  { files, columns, position, only, first, ...relation }: FilesRelation,
  database: string,
): readonly string[] {
  const table = files.find((file) => file.endsWith(TABLE_EXTENSION));
  const rowPosition = table === undefined ? positionExpression(files, columns) : "rowid";
  const selected = columns.map(readColumn);
  if (position !== undefined) selected.push(`${rowPosition} AS ${quoteIdentifier(position)}`);
  const source =
    table === undefined ? parquetSource(files) : `${quoteIdentifier(database)}.main.${TABLE_OF_ROWS}`;
  const where = only === undefined ? "" : ` WHERE ${hasKey(only)}`;
  const limit = first === undefined ? "" : ` LIMIT ${first}`;
  const view = `CREATE VIEW ${qualifiedName(relation)} AS SELECT ${selected.join(", ")} FROM ${source}${where}${limit}`;
  if (table === undefined) return [view];
  return [`ATTACH ${quoteLiteral(table)} AS ${quoteIdentifier(database)} (READ_ONLY)`, view];
}

/** A column in a SELECT, as its readers see it. */
export function readColumn({ name, read }: StoredColumn): string {
  const column = quoteIdentifier(name);
  return read === undefined ? column : `${read} AS ${column}`;
}

/** DuckDB tells each row's place by itself, which threads can share, unless a column of the file has that name. */
function positionExpression(files: readonly string[], columns: readonly Pick<Column, "name">[]): string {
  const isTaken = columns.some(({ name }) => /^file_(index|row_number)$/i.test(name));
  if (isTaken) return "row_number() OVER ()";
  return files.length === 1 ? "file_row_number" : "(CAST(file_index AS BIGINT) << 40) + file_row_number";
}

function tableStatement(relation: RowsRelation): string {
  const columns = relation.columns.map(
    (column) => `${quoteIdentifier(column.name)} ${simpleTypes[column.kind]}`,
  );
  return `CREATE TABLE ${qualifiedName(relation)} (${columns.join(", ")})`;
}

/**
 * The query as it can stand in brackets: semicolons at its end are blanked out, so that offsets stay. A query that
 * has another statement behind it, or that closes a bracket which it did not open, would leave the brackets.
 */
export function queryBody(sql: string): string {
  const { tokens } = tokenize(sql);
  const last = tokens.findLastIndex((token) => !isSymbol(token, ";"));
  if (tokens.slice(0, last + 1).some((token) => isSymbol(token, ";")) || !isBalanced(tokens)) {
    throw new TaskError("query", "The query is not one statement with balanced brackets");
  }
  return tokens
    .slice(last + 1)
    .reduce((text, { start, end }) => `${text.slice(0, start)} ${text.slice(end)}`, sql);
}

function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    depth += bracketDepth(token);
    if (depth < 0) return false;
  }
  return depth === 0;
}
