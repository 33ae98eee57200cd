import { offsetOfCodePoint, type Span } from "../../../base/source.js";
import type { SqlDiagnosticCode } from "../../../graph/sql-diagnostic-codes.js";
import type {
  NamelessQuery,
  NamePlaces,
  QueryAnalysis,
  QueryProblem,
} from "../../../graph/query-analysis.js";
import { hasPivot, withStaticPivots, type StaticPivots } from "./pivot.js";
import { splitStatements, tokenize, type TokenizedSql } from "./lexer.js";
import { Places, utf8Offsets } from "./lexer-places.js";
import { admit } from "./policy.js";
import { notAQuery } from "./policy-statements.js";
import { factsOf } from "./analyze-facts.js";
import { factsOfTokens } from "./analyze-tokens.js";
import { findReferences } from "./references.js";
import { findTableNames, withoutTableNames, type NameUses } from "./table-names.js";
import { parseTree, withoutLocations, type ParseFailure, type TreeNode } from "./tree.js";

/** Answers the text of `select json_serialize_sql($1::varchar)` for a query, wherever DuckDB runs. */
export type Serialize = (sql: string) => Promise<string>;

/**
 * Says what a query is and reads, by DuckDB's own parser, and whether a cell may hold it. Nothing is bound or run:
 * whether names and functions exist is found out later. Fails only where `serialize` does.
 */
export async function analyzeQuery(sql: string, serialize: Serialize): Promise<QueryAnalysis> {
  const query = tokenize(sql);
  const nul = sql.indexOf("\0");
  // DuckDB ends a text at its first NUL: what is behind it would run unseen, or not at all.
  if (nul !== -1)
    return refuse(query, "syntax-error", "The query holds a NUL character.", { start: nul, end: nul + 1 });
  const raw = await serialize(sql);
  const parsed = parseTree(raw);
  if (!parsed.ok) return analyzeFailure(query, parsed.error, serialize);
  const [statement] = parsed.statements;
  if (statement === undefined) {
    return refuse(
      query,
      "empty-query",
      "There is no query.",
      { start: 0, end: sql.length },
      "Write a SELECT.",
    );
  }
  if (parsed.statements.length > 1) return severalStatements(query);
  const part = { statement, places: new Places(query) };
  return judge([part], { normalized: withoutLocations(raw), isInferred: false });
}

/** The query, or a subquery that was taken out of it. */
interface JudgedPart {
  readonly statement: TreeNode;
  readonly places: Places;
}

function judge(
  parts: readonly JudgedPart[],
  known: { readonly normalized: string; readonly isInferred: boolean },
): QueryAnalysis {
  const judged = parts.map(({ statement, places }) => {
    const found = findReferences(statement);
    return { statement, places, found, admission: admit(found, places) };
  });
  const naming = judged.map(({ statement, found }) => findTableNames(statement, found));
  const facts = {
    ...factsOf(judged),
    ...known,
    names: judged.flatMap(({ places }, index) => namePlaces(naming[index] ?? new Map(), places)),
    ...(known.isInferred ? {} : { nameless: namelessQuery(naming[0] ?? new Map(), known.normalized) }),
  };
  const problems = judged.flatMap(({ admission }) => admission.problems);
  return problems.length === 0
    ? { ok: true, facts }
    : { ok: false, problems: sorted(problems), partial: facts };
}

function namePlaces(naming: ReadonlyMap<string, NameUses>, places: Places): NamePlaces[] {
  const schemaAt = (location: number | undefined): Span => places.schemaOf(places.name(location, "main"));
  return [...naming].map(([name, { scopes, unclearSchemas }]) => ({
    name,
    scopes: scopes.map(({ tables, qualifiers, isUnclear }) => {
      const spans = qualifiers.map(({ location }) => places.wordAt(location, name));
      return {
        tables: tables.map(({ location, isAliased }) => ({ span: places.name(location, name), isAliased })),
        qualifiers: spans.flatMap((span) => span ?? []),
        schemas: qualifiers.filter(({ isInMain }) => isInMain).map(({ location }) => schemaAt(location)),
        needsAlias: isUnclear || spans.includes(undefined),
      };
    }),
    unclearSchemas: unclearSchemas.map(schemaAt),
  }));
}

function namelessQuery(naming: ReadonlyMap<string, NameUses>, normalized: string): NamelessQuery {
  const free = [...naming].filter(([, { isFree }]) => isFree);
  return {
    query: withoutTableNames(
      normalized,
      free.map(([name]) => name),
    ),
    tables: free.map(([name, { columns }]) => ({ name, columns: [...new Set(columns)] })),
  };
}

async function analyzeFailure(
  query: TokenizedSql,
  error: ParseFailure,
  serialize: Serialize,
): Promise<QueryAnalysis> {
  if (isNoSelect(error)) {
    const statements = splitStatements(query.tokens);
    if (statements.length > 1) return severalStatements(query);
    const pivots = hasPivot(query.tokens) ? withStaticPivots(query) : undefined;
    if (pivots !== undefined) return analyzePivots(query, pivots, serialize);
    return {
      ok: false,
      problems: [notAQuery(statements[0] ?? [], query.text)],
      partial: factsOfTokens(query),
    };
  }
  return { ok: false, problems: [problemOf(query, error)], partial: factsOfTokens(query) };
}

/** Each is one more question to the parser. */
const mostPivotTexts = 20;

async function analyzePivots(
  query: TokenizedSql,
  pivots: StaticPivots,
  serialize: Serialize,
): Promise<QueryAnalysis> {
  if (pivots.texts.length > mostPivotTexts) return needsValues(query);
  const trees: string[] = [];
  const parts: JudgedPart[] = [];
  for (const { text, toOriginal } of pivots.texts) {
    const raw = await serialize(text);
    const parsed = parseTree(raw);
    if (!parsed.ok && isNoSelect(parsed.error) && parts.length === 0) {
      return { ok: false, problems: [notAQuery(query.tokens, query.text)], partial: factsOfTokens(query) };
    }
    const [statement] = parsed.ok && parsed.statements.length === 1 ? parsed.statements : [];
    if (statement === undefined) return needsValues(query);
    const toOffset = utf8Offsets(tokenize(text));
    parts.push({ statement, places: new Places(query, (byte) => toOriginal(toOffset(byte))) });
    trees.push(withoutLocations(raw));
  }
  if (!pivots.isProvedBy(trees)) return needsValues(query);
  const normalized = `pivot ${pivots.marks.join(" ")}\n${trees.join("\n")}`;
  return judge(parts, { normalized, isInferred: true });
}

function needsValues(query: TokenizedSql): QueryAnalysis {
  const message = "What this PIVOT reads cannot be told, since its values are not listed.";
  const hint = "List them: PIVOT t ON year IN (2025, 2026).";
  return refuse(query, "pivot-needs-values", message, new Places(query).whole, hint);
}

function isNoSelect(error: ParseFailure): boolean {
  return error.message.startsWith("Only SELECT statements can be serialized");
}

function severalStatements(query: TokenizedSql): QueryAnalysis {
  const second = splitStatements(query.tokens)[1];
  const span = { start: second?.[0]?.start ?? 0, end: second?.at(-1)?.end ?? query.text.length };
  return refuse(
    query,
    "several-statements",
    "A cell holds one query, and here a second statement begins.",
    span,
    "Put it into a cell of its own.",
  );
}

function problemOf(query: TokenizedSql, error: ParseFailure): QueryProblem {
  const places = new Places(query);
  if (error.message.startsWith("Mixing named and positional parameters")) {
    return problem(
      "positional-parameter",
      "Parameters have names here: `?` and `$1` have none.",
      places.parameter("1"),
      "Write $name.",
    );
  }
  if (error.message.startsWith("Max expression depth") || error.message.startsWith("memory exhausted")) {
    const message = "The query is nested more deeply than the engine reads.";
    return problem("too-deep", message, places.whole, "Compute parts of it in cells of their own.");
  }
  if (error.message.includes("in pivot list")) {
    return problem(
      "unsupported-syntax",
      "The IN list of a PIVOT takes constants only.",
      places.whole,
      "Write the values, or leave IN out.",
    );
  }
  if (error.message.startsWith("NameListToString")) {
    return problem("qualified-name", "A name has too many parts: a name has one or two.", places.whole);
  }
  const span = placeOf(query, places, error);
  return problem("syntax-error", sentence(error.message), span);
}

function placeOf(query: TokenizedSql, places: Places, { position, subtype }: ParseFailure): Span {
  if (position === undefined) return places.whole;
  const toOffset =
    subtype === "SYNTAX_ERROR" ? (count: number) => offsetOfCodePoint(query.text, count) : utf8Offsets(query);
  return places.tokenAt(toOffset(position));
}

/** `syntax error at or near "x"` becomes a sentence. */
function sentence(message: string): string {
  const text = message.trim().replace(/[!.]$/, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function refuse(
  query: TokenizedSql,
  code: SqlDiagnosticCode,
  message: string,
  span: Span,
  hint?: string,
): QueryAnalysis {
  return { ok: false, problems: [problem(code, message, span, hint)], partial: factsOfTokens(query) };
}

function problem(code: SqlDiagnosticCode, message: string, span: Span, hint?: string): QueryProblem {
  return { code, message, span, ...(hint === undefined ? {} : { hint }) };
}

function sorted(problems: readonly QueryProblem[]): readonly QueryProblem[] {
  return [...problems].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
