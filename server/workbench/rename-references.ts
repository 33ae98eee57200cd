import { AppError } from "../base/errors.js";
import type { Span } from "../base/source.js";
import type { Engine } from "../engine/engine.js";
import { checksOf, queryOf } from "../notebook/kinds/kinds.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Cell, Notebook } from "../notebook/notebook.js";
import { renameCell, replaceName } from "../notebook/rename-cell.js";
import { applyEdits, insertion, type TextEdit } from "../notebook/text-edit.js";
import type { QueryFacts, ScopedPlaces } from "../graph/query-analysis.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import { placeInCondition, type AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { vocabularyOf } from "./vocabulary.js";

/** More places of one name in one query than anybody writes. */
const MAX_PASSES = 100;

/**
 * The notebook's text with a cell renamed, its references in every query included. Where the old name means the cell for
 * sure (`orders.id`) it is renamed too; where it might be more (a row, a column's name) it stays as an alias, so that each
 * query gives what it gave. Fails with code usage where a query already calls something else so.
 */
export async function renameEverywhere(
  { engine, notebooks }: { readonly engine: Engine; readonly notebooks: Pick<NotebookCache, "analyzeText"> },
  analyzed: AnalyzedNotebook,
  cellName: string,
  newName: string,
): Promise<string> {
  const cell = analyzed.graph.nodes.get(cellName)?.cell;
  if (cell === undefined) throw new AppError("usage", `Cell "${cellName}" does not exist.`);
  const { keywords } = await vocabularyOf(engine);
  const quoted = (name: string): string => (keywords.includes(name.toUpperCase()) ? `"${name}"` : name);
  const names: Names = { from: cell.name, to: newName, quoted };
  const edits = [...editsFor(analyzed, names), ...conditionEdits(analyzed.notebook, cell, names)];
  let text = renameCell(analyzed.notebook, cell, newName, edits);
  for (let pass = 1; pass < MAX_PASSES; pass++) {
    const next = await notebooks.analyzeText(analyzed.notebook.name, text);
    if (pass === 1) requireSameReaders(analyzed, next, names);
    // Of a parameter, and of a query that is no SQL yet, the analysis names the first place only.
    const left = editsFor(next, names);
    const changed = applyEdits(text, left);
    if (changed === text) return text;
    text = changed;
  }
  return text;
}

interface Names {
  /** In lower case. */
  readonly from: string;
  readonly to: string;
  readonly quoted: (name: string) => string;
}

function editsFor(analyzed: AnalyzedNotebook, names: Names): TextEdit[] {
  const { text } = analyzed.notebook.source;
  return [...analyzed.graph.nodes.values()].flatMap((node) => {
    const query = queryOf(node.cell);
    if (query === undefined || node.facts === undefined) return [];
    const offset = query.span.start;
    if (!text.startsWith(query.sql, offset)) return [];
    const move = ({ start, end }: Span): Span => ({ start: start + offset, end: end + offset });
    const parameters = node.facts.parameters
      .filter(
        ({ name }) => name === names.from && node.parameters.some(({ inputCell }) => inputCell === name),
      )
      .flatMap(({ span }) => replaceName(text, move(span), names.from, names.to));
    return [...parameters, ...tableEdits(text, node.facts, query.sql, move, names)];
  });
}

function tableEdits(
  text: string,
  facts: QueryFacts,
  sql: string,
  move: (span: Span) => Span,
  { from, to, quoted }: Names,
): TextEdit[] {
  const rename = (span: Span): TextEdit[] => replaceName(text, move(span), from, to, quoted(to));
  if (facts.names === undefined) {
    const guessed = facts.tables.filter(({ schema, name }) => schema === undefined && name === from);
    return guessed.flatMap(({ span }) => rename(span));
  }
  const drop = (span: Span): TextEdit => ({ span: move(span), text: "" });
  const scopeEdits = ({ tables, qualifiers, schemas, needsAlias }: ScopedPlaces): TextEdit[] => {
    const renamed = tables.flatMap(({ span }) => rename(span));
    if (!needsAlias && !says(sql, to)) return [...renamed, ...qualifiers.flatMap(rename)];
    const aliases = tables
      .filter(({ isAliased }) => !isAliased)
      .map(({ span }) => insertion(move(span).end, ` AS ${quoted(from)}`));
    // An alias is in no schema.
    return [...renamed, ...aliases, ...schemas.map(drop)];
  };
  return facts.names
    .filter(({ name }) => name === from)
    .flatMap(({ scopes, unclearSchemas }) => [...scopes.flatMap(scopeEdits), ...unclearSchemas.map(drop)]);
}

/** A condition of the cell's own checks may say the cell's name: before a column, or in a subquery. */
function conditionEdits({ source }: Notebook, cell: Cell, { from, to, quoted }: Names): TextEdit[] {
  const uses = new RegExp(
    `'(?:[^']|'')*'|(?<![\\w."])"?${from}"?(?=\\s*\\.)|\\b(?:from|join)\\s+"?${from}\\b"?`,
    "gi",
  );
  return checksOf(cell).flatMap(({ conditions }) =>
    conditions.flatMap((condition) =>
      [...condition.sql.matchAll(uses)]
        .filter(([use]) => !use.startsWith("'"))
        .flatMap(({ 0: use, index }) => {
          const place = placeInCondition(source, condition, { start: index, end: index + use.length });
          return replaceName(source.text, place, from, to, quoted(to));
        }),
    ),
  );
}

/** Is there already something of that name, whatever it is? */
function says(sql: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`, "i").test(sql);
}

/** A CTE of the new name would be read in place of the cell. */
function requireSameReaders(before: AnalyzedNotebook, after: AnalyzedNotebook, { from, to }: Names): void {
  for (const [name, node] of before.graph.nodes) {
    const reader = after.graph.nodes.get(name === from ? to : name);
    if (readsOf(node, from) <= (reader === undefined ? 0 : readsOf(reader, to))) continue;
    throw new AppError("usage", `Cell "${name}" would not read the cell under the name "${to}".`, {
      hint: "It calls something else so, or writes its query with escapes: choose another name, or change it first.",
    });
  }
}

function readsOf({ facts }: GraphNode, name: string): number {
  const table = facts?.tables.find((read) => read.schema === undefined && read.name === name);
  return table?.count ?? 0;
}
