import { blockAt, offsetOf, visibleBlocks, type Block, type NotebookDocument } from "./document.js";

/** The id of what was selected once another document is there: where it has made one block of two, of that in its place. */
export function keptSelection(
  before: NotebookDocument | undefined,
  now: NotebookDocument | undefined,
  id: string | undefined,
): string | undefined {
  const block = before?.blocks.find((candidate) => candidate.id === id);
  if (before === undefined || now === undefined || block === undefined) return id;
  if (now.blocks.some((candidate) => candidate.id === id)) return id;
  const lead = block.source.length - block.source.trimStart().length;
  return blockAt(now, offsetOf(before, block.id) + lead)?.id;
}

/** So many blocks further down, or up, as far as there are some; of none that is selected: the first. */
export function neighbour(document: NotebookDocument, id: string | undefined, by: number): Block | undefined {
  const blocks = visibleBlocks(document);
  const at = blocks.findIndex((block) => block.id === id) + by;
  return blocks[Math.max(0, Math.min(blocks.length - 1, at))];
}
