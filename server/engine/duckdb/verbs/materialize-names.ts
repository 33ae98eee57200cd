import type { Column } from "../../engine.js";
import { foldCase } from "../../../text/sql-names.js";
import type { Span } from "../../../base/source.js";
import { bracketDepth, tokenize } from "../parse/lexer.js";
import { isSymbol, isWord } from "../../../text/sql-tokens.js";
import { looksLikePath } from "../parse/policy-paths.js";
import { TaskError } from "../tasks-error.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

/** DuckDB ends a text at its first NUL: no SQL can name such a column, which a file may well have. */
export function refuseNul(scoped: ScopedInstance, sql: string, columns: readonly Column[]): void {
  const column = columns.find(({ name }) => name.includes("\0"));
  if (column === undefined) return;
  const { text, segments } = scoped.embed(sql);
  const paths = segments.flatMap(({ span }) => pathsIn(text.slice(span.start, span.end)));
  const owner =
    paths.length === 0 ? "The result" : [...new Set(paths)].map((path) => `"${path}"`).join(" or ");
  throw new TaskError(
    "input",
    `${owner} has a column with a NUL byte in its name: "${column.name.replaceAll("\0", "\\0")}"`,
    "Correct the header of the file, or skip it and give the names: read_csv(..., skip = 1, names = [...])",
  );
}

function pathsIn(sql: string): string[] {
  const { tokens } = tokenize(sql);
  return tokens.flatMap(({ kind, value }) => (kind === "string" && looksLikePath(value) ? [value] : []));
}

/**
 * The query's own names for its columns. In brackets, which is how others read it, a second `id` comes out as `id_1`:
 * where a name looks like that, DuckDB is asked for the real ones.
 */
export async function shownNames(
  scoped: ScopedInstance,
  sql: string,
  columns: readonly Column[],
): Promise<readonly string[]> {
  const names = columns.map(({ name }) => name);
  if (!mayHaveTwins(names)) return names;
  const real = await describedNames(scoped, sql);
  return real.length === names.length ? real : names;
}

export function mayHaveTwins(names: readonly string[]): boolean {
  const known = new Set(names.map(foldCase));
  return names.some((name) => {
    const base = /^(.*)_\d+$/s.exec(name)?.[1];
    return base !== undefined && known.has(foldCase(base));
  });
}

async function describedNames(scoped: ScopedInstance, sql: string): Promise<readonly string[]> {
  try {
    const result = await scoped.run(scoped.embed(sql, "DESCRIBE"));
    return (await result.getRowsJson()).map(([name]) => name as string);
  } catch {
    // A SUMMARIZE or DESCRIBE, which has no two columns of one name.
    return [];
  }
}

/** A dataset's columns need names of their own. */
export function refuseTwins(sql: string, names: readonly string[]): void {
  const seen = new Set<string>();
  const twin = names.find((name) => seen.size === seen.add(foldCase(name)).size);
  if (twin === undefined) return;
  throw new TaskError(
    "query",
    `"${twin}" is the name of two columns`,
    'Give one of them another name with "AS", or leave one out: SELECT * EXCLUDE (...)',
    placeOfTwin(sql, twin),
  );
}

/** The second time that the outermost SELECT names the column, or else its star. */
function placeOfTwin(sql: string, name: string): Span | undefined {
  let depth = 0;
  let star: Span | undefined;
  const named: Span[] = [];
  for (const token of tokenize(sql).tokens) {
    depth += bracketDepth(token);
    if (depth > 0) continue;
    if (isWord(token, "from") && (star !== undefined || named.length > 0)) break;
    const { kind, value, start, end } = token;
    if (isSymbol(token, "*")) star = { start, end };
    const isName = (kind === "word" || kind === "quoted") && foldCase(value) === foldCase(name);
    if (isName) named.push({ start, end });
  }
  return named[1] ?? star;
}
