import { AppError } from "../base/errors.js";
import type { Span } from "../base/source.js";
import { isName, reservedNames, toName } from "./names.js";
import type { Cell, Notebook } from "./notebook.js";
import { applyEdits } from "./text-edit.js";

/**
 * Renames a cell where it is defined, in the options and charts of the notebook, and at the given places: its
 * references in SQL, as offsets in the file. Quotes and the `$` of a parameter stay. Fails with code usage for
 * a name that is malformed, reserved or taken.
 */
export function renameCell(
  notebook: Notebook,
  cell: Cell,
  newName: string,
  references: readonly Span[],
): string {
  checkNewName(notebook, cell, newName);
  const { text } = notebook.source;
  const places = new Map<number, Span>([[cell.nameSpan.start, cell.nameSpan]]);
  for (const span of [...ownReferences(notebook, cell.name), ...references]) {
    const exact = nameWithin(text, span, cell.name);
    if (exact !== undefined) places.set(exact.start, exact);
  }
  return applyEdits(
    text,
    [...places.values()].map((span) => ({ span, text: newName })),
  );
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

function ownReferences({ cells }: Notebook, name: string): Span[] {
  return cells.flatMap((cell) => {
    if (cell.kind === "chart") return cell.from === name ? [cell.fromSpan] : [];
    if (cell.kind === "input") return [];
    return cell.optionReferences
      .filter((reference) => reference.cell === name)
      .map((reference) => reference.span);
  });
}

/** SQL does not tell cases apart, and may write `"orders"`, `$orders` or `main.orders`: the name is what counts. */
function nameWithin(text: string, span: Span, name: string): Span | undefined {
  const at = text.slice(span.start, span.end).toLowerCase().lastIndexOf(name.toLowerCase());
  return at === -1 ? undefined : { start: span.start + at, end: span.start + at + name.length };
}
