import type { TextRange } from "../../server/api/protocol.js";
import { textOf, type Block, type NotebookDocument } from "./document.js";

/** Characters of a text, and what stands in their place afterwards. */
interface Change extends TextRange {
  readonly text: string;
}

/**
 * `now` with what led from `goal` to `done` taken back: the blocks and their order are those of `goal`, and what was
 * written into them since `done` stays. Where both changed the same part of a block, what was written since stays.
 * Blocks that came since stay behind the one before them.
 */
export function takeBack(
  goal: NotebookDocument,
  done: NotebookDocument,
  now: NotebookDocument,
): NotebookDocument {
  if (textOf(done) === textOf(now)) return goal;
  const current = asInDone(done, now);
  const [goalById, doneById, nowById] = [byId(goal.blocks), byId(done.blocks), byId(current)];
  const blocks = goal.blocks.flatMap((block) => {
    const [before, edited] = [doneById.get(block.id), nowById.get(block.id)];
    // Blank lines between cells are other blocks after each answer; a block that was removed since stays so.
    if (edited === undefined) return before === undefined || isBlank(block) ? [block] : [];
    return [before === undefined ? block : withEdits(block, before, edited)];
  });
  current.forEach((block, index) => {
    if (goalById.has(block.id) || doneById.has(block.id) || isBlank(block)) return;
    const before = current.slice(0, index).findLast(({ id }) => blocks.some((other) => other.id === id));
    blocks.splice(blocks.findIndex(({ id }) => id === before?.id) + 1, 0, apart(block));
  });
  return { head: now.head === done.head ? goal.head : now.head, blocks };
}

/** The server reads two pieces of prose as one once nothing stands between them: here they are two again. */
function asInDone(done: NotebookDocument, now: NotebookDocument): readonly Block[] {
  const [doneById, nowById] = [byId(done.blocks), byId(now.blocks)];
  return now.blocks.flatMap((block, index) => {
    if (block.type !== "prose" || doneById.has(block.id)) return [block];
    const before = now.blocks[index - 1]?.id;
    const rest = done.blocks.slice(done.blocks.findIndex(({ id }) => id === before) + 1);
    const end = rest.findIndex(({ id, type }) => type !== "prose" || nowById.has(id));
    return splitAs(end === -1 ? rest : rest.slice(0, end), block);
  });
}

/** The pieces with what was written into one of them; the whole where that is not within one. */
function splitAs(pieces: readonly Block[], whole: Block): readonly Block[] {
  const change = changeOf(pieces.map(({ source }) => source).join(""), whole.source);
  let offset = 0;
  for (const [index, piece] of pieces.entries()) {
    const [start, end] = [change.start - offset, change.end - offset];
    offset += piece.source.length;
    if (start < 0 || end > piece.source.length) continue;
    return pieces.with(index, replaced(piece, { ...change, start, end }));
  }
  return [whole];
}

/** Blank lines around a block belong to `goal`: they may have become blocks of their own since. */
function withEdits(goal: Block, done: Block, now: Block): Block {
  const [wanted, before, current] = [goal.source.trim(), done.source.trim(), now.source.trim()];
  if (current === before || current === wanted) return goal;
  const edited = withMargins(now, goal);
  if (wanted === before) return edited;
  const [step, typed] = [changeOf(before, wanted), changeOf(before, current)];
  const isBefore = step.end <= typed.start;
  if (!isBefore && typed.end > step.start) return edited;
  const shift = leadOf(goal) + (isBefore ? 0 : growthOf(typed));
  const taken = replaced(edited, { ...step, start: step.start + shift, end: step.end + shift });
  return goal.cell === undefined ? taken : { ...taken, cell: goal.cell };
}

/** The block between the blank space that another one has around it. */
function withMargins(block: Block, other: Block): Block {
  const { source } = other;
  const from = block.source.trimEnd().length;
  const closed = replaced(block, {
    start: from,
    end: block.source.length,
    text: source.slice(source.trimEnd().length),
  });
  return replaced(closed, { start: 0, end: leadOf(block), text: source.slice(0, leadOf(other)) });
}

/** The block with a change of its text; where its parts lie moves along. */
function replaced(block: Block, change: Change): Block {
  const { start, end, text } = change;
  const place = (offset: number): number => (offset < end ? offset : offset + growthOf(change));
  const placed = (range: TextRange): TextRange => ({ start: place(range.start), end: place(range.end) });
  return {
    ...block,
    source: block.source.slice(0, start) + text + block.source.slice(end),
    ...(block.body === undefined ? {} : { body: placed(block.body) }),
    ...(block.sql === undefined ? {} : { sql: placed(block.sql) }),
  };
}

function growthOf({ start, end, text }: Change): number {
  return text.length - (end - start);
}

/** Between the longest common beginning and end. */
function changeOf(from: string, to: string): Change {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let tail = 0;
  while (tail < shorter - start && from.at(-1 - tail) === to.at(-1 - tail)) tail++;
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) };
}

function apart(block: Block): Block {
  return /\n\s*\n$/.test(block.source) ? block : { ...block, source: `${block.source.trimEnd()}\n\n` };
}

function leadOf({ source }: Block): number {
  return source.length - source.trimStart().length;
}

function isBlank({ source }: Block): boolean {
  return source.trim() === "";
}

type ById = ReadonlyMap<string, Block>;

function byId(blocks: readonly Block[]): ById {
  return new Map(blocks.map((block) => [block.id, block]));
}
