import type { Span } from "../base/source.js";
import type { Engine } from "../engine/engine.js";
import { queryOf } from "../graph/cell-query.js";
import { renameCell } from "../notebook/rename-cell.js";
import { AppError } from "../base/errors.js";
import { applySpans } from "./replace-spans.js";
import { parseNotebookText } from "../workspace/notebook-files.js";
import { analyzeNotebook, type AnalyzedNotebook } from "./analyzed-notebook.js";

/** More places of one name in one query than anybody writes. */
const MAX_PASSES = 100;

/**
 * The notebook's text with a cell renamed, its references in every query included. The analysis names the first place
 * of each reference, so passes are made until none is left.
 */
export async function renameEverywhere(
  engine: Engine,
  analyzed: AnalyzedNotebook,
  cellName: string,
  newName: string,
): Promise<string> {
  const cell = analyzed.graph.nodes.get(cellName)?.cell;
  if (cell === undefined) throw new AppError("usage", `Cell "${cellName}" does not exist.`);
  let text = renameCell(analyzed.notebook, cell, newName, referencesTo(analyzed, cell.name));
  for (let pass = 1; pass < MAX_PASSES; pass++) {
    const parsed = await parseNotebookText(analyzed.notebook.name, text);
    const next = await analyzeNotebook(engine, parsed);
    const left = referencesTo(next, cell.name);
    if (left.length === 0) return text;
    const changed = applySpans(text, left, cell.name, newName);
    if (changed === text) return text;
    text = changed;
  }
  return text;
}

function referencesTo({ graph }: AnalyzedNotebook, name: string): Span[] {
  return [...graph.nodes.values()].flatMap((node) => {
    const offset = queryOf(node.cell)?.span.start ?? 0;
    const found = [
      ...(node.facts?.tables ?? []).filter(
        (table) => table.schema === undefined && table.name.toLowerCase() === name,
      ),
      ...(node.facts?.parameters ?? []).filter(
        (parameter) => parameter.name === name && node.parameters.some(({ inputCell }) => inputCell === name),
      ),
    ];
    return found.map(({ span }) => ({ start: span.start + offset, end: span.end + offset }));
  });
}
