import type { Column, QueryScope, Relation } from "../engine.js";
import type { Span } from "../../base/source.js";
import { quoteIdentifier, quoteLiteral } from "./quote.js";

type QueryRelation = Extract<Relation, { type: "query" }>;
type FilesRelation = Extract<Relation, { type: "files" }>;
type RowsRelation = Extract<Relation, { type: "rows" }>;

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
  const body = withoutSemicolon(sql);
  const span = { start: ctes.text.length, end: ctes.text.length + body.length };
  return { text: `${ctes.text}${body}\n)`, segments: [...ctes.segments, { span }] };
}

/** Puts the query cells before a SELECT of our own. */
export function embedStatement(queries: readonly QueryRelation[], select: string): EmbeddedQuery {
  const segments: { cell: string; span: Span }[] = [];
  let text = "";
  for (const query of queries) {
    text += `${text === "" ? "WITH " : ",\n"}${quoteIdentifier(query.name)} AS (FROM (\n`;
    const body = withoutSemicolon(query.sql);
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
    statements.push(relation.type === "files" ? viewStatement(relation) : tableStatement(relation));
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

/** Exactly these files and columns: nothing is guessed from folder names. `fileColumn` adds each row's file. */
export function readFiles(files: readonly string[], columns: readonly Column[], fileColumn?: string): string {
  const list = files.map(quoteLiteral).join(", ");
  const filename = fileColumn === undefined ? "" : `, filename = ${quoteLiteral(fileColumn)}`;
  const names = [...columns.map((column) => column.name), ...(fileColumn === undefined ? [] : [fileColumn])];
  const from = `read_parquet([${list}], hive_partitioning = false, union_by_name = false${filename})`;
  return `SELECT ${names.map(quoteIdentifier).join(", ")} FROM ${from}`;
}

function viewStatement(relation: FilesRelation): string {
  return `CREATE VIEW ${qualifiedName(relation)} AS ${readFiles(relation.files, relation.columns)}`;
}

function tableStatement(relation: RowsRelation): string {
  const columns = relation.columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`);
  return `CREATE TABLE ${qualifiedName(relation)} (${columns.join(", ")})`;
}

/** Blanks out a semicolon that ends the query, so that it can stand in brackets; offsets stay as they are. */
export function withoutSemicolon(sql: string): string {
  let last = -1;
  for (const { index, text } of tokens(sql)) {
    if (text === ";") last = last === -1 ? index : last;
    else if (!isBlank(text)) last = -1;
  }
  if (last === -1) return sql;
  return sql.slice(0, last) + sql.slice(last).replaceAll(";", " ");
}

function isBlank(token: string): boolean {
  return /^\s/.test(token) || token.startsWith("--") || token.startsWith("/*");
}

/** White space, comments, quoted texts and single characters: just enough to know what a semicolon ends. */
function* tokens(sql: string): Iterable<{ readonly index: number; readonly text: string }> {
  const token =
    /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|\w+|[\s\S]/gu;
  for (const match of sql.matchAll(token)) yield { index: match.index, text: match[0] };
}
