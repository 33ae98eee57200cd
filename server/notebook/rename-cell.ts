import type { Span } from "../base/source.js";
import { AppError } from "../base/errors.js";
import { referencesTo } from "./kinds/kinds.js";
import { isName, reservedNames, toName } from "./names.js";
import type { Cell, Notebook } from "./notebook.js";
import { applyEdits, type TextEdit } from "./text-edit.js";

/**
 * Renames a cell where it is defined, in the options and charts of the notebook, and by the given edits, which are those
 * of its references in SQL. Fails with code usage for a name that is malformed, reserved or taken.
 */
export function renameCell(
  notebook: Notebook,
  cell: Cell,
  newName: string,
  references: readonly TextEdit[],
): string {
  checkNewName(notebook, cell, newName);
  const { text } = notebook.source;
  const named = notebook.cells.flatMap((other) => referencesTo(other, cell.name));
  const own = [cell.nameSpan, ...named].flatMap((span) => replaceName(text, span, cell.name, newName));
  // A place may be an option's and the definition's, but is renamed once.
  const edits = [...own, ...references].map((edit) => [`${edit.span.start}-${edit.span.end}`, edit] as const);
  return applyEdits(text, [...new Map(edits).values()]);
}

/**
 * SQL does not tell cases apart, and may write `"orders"`, `$orders` or `main.orders`: the name is what counts. `bare` is
 * what takes its place where it has no quotes, if that differs. Nothing where the name is not there.
 */
export function replaceName(
  text: string,
  span: Span,
  name: string,
  newName: string,
  bare = newName,
): TextEdit[] {
  const at = text.slice(span.start, span.end).toLowerCase().lastIndexOf(name.toLowerCase());
  if (at === -1) return [];
  const start = span.start + at;
  const isQuoted = text[start - 1] === '"' && start > span.start;
  return [{ span: { start, end: start + name.length }, text: isQuoted ? newName : bare }];
}

function checkNewName({ cells }: Notebook, cell: Cell, newName: string): void {
  if (!isName(newName)) {
    throw new AppError("usage", `"${newName}" is not a name of a cell.`, {
      hint: `Write "${toName(newName)}".`,
    });
  }
  const isTaken = cells.some((other) => other !== cell && other.name === newName);
  if (!isTaken && !reservedNames.includes(newName)) return;
  throw new AppError("usage", `"${newName}" is ${isTaken ? "already a cell of this notebook" : "reserved"}.`);
}
