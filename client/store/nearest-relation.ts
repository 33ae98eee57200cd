import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { CellFacts, NotebookDocument } from "./document.js";

/** The cell with rows that stands nearest above the place behind a block, else the first one below it. */
export function nearestRelation(
  { blocks }: NotebookDocument,
  after: string | undefined,
): CellFacts | undefined {
  const at = blocks.findIndex(({ id }) => id === after) + 1;
  const isRelation = (cell: CellFacts): boolean => cellKinds[cell.kind].isRelation;
  const relations = (part: typeof blocks): CellFacts[] =>
    part.flatMap(({ cell }) => (cell !== undefined && isRelation(cell) ? [cell] : []));
  return relations(blocks.slice(0, at)).at(-1) ?? relations(blocks.slice(at))[0];
}
