import { visibleBlocks, type NotebookDocument } from "./document.js";

/** The blocks that say another thing than before, or are new. */
export function changedBlocks(before: NotebookDocument, now: NotebookDocument): readonly string[] {
  const texts = new Map(before.blocks.map(({ id, source }) => [id, source.trim()]));
  return visibleBlocks(now).flatMap(({ id, source }) => (texts.get(id) === source.trim() ? [] : [id]));
}

/** What somebody else did, for a line that tells it: by the names of the cells that they changed, added or deleted. */
export function changeWords(before: NotebookDocument, now: NotebookDocument, by: string | undefined): string {
  const [old, fresh] = [textsOf(before), textsOf(now)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (name) => old.get(name) !== fresh.get(name),
  );
  const what =
    names.length === 0 ? "the text" : names.length > 3 ? `${String(names.length)} cells` : names.join(", ");
  return `${by ?? "Somebody"} changed ${what}`;
}

function textsOf({ blocks }: NotebookDocument): ReadonlyMap<string, string> {
  return new Map(
    blocks.flatMap(({ cell, source }) => (cell === undefined ? [] : [[cell.name, source.trim()] as const])),
  );
}
