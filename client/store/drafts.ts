import { toDocument, textOf, type NotebookDocument } from "./document.js";
import { filed, readBlock, type Conflict, type Edited } from "./merging.js";
import { readView } from "./read-view.js";
import type { NotebookView } from "../../server/api/protocol.js";

/** What was typed and is not in the file, as the browser keeps it for a page that is loaded again. */
interface Draft {
  /** What was in the file when it was typed. */
  readonly base: string;
  readonly text: string;
  readonly waiting: readonly { readonly conflict: Conflict; readonly mine: string }[];
}

const keyOf = (notebook: string): string => `lakebook draft ${notebook}`;

/** There may be no room, or the browser keeps nothing: the page asks before it is left. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

/** Of this tab only: another one has its own. */
export function keepDraft(notebook: string, base: string, edited: Edited): void {
  const waiting = edited.conflicts.flatMap((conflict) => {
    const block = edited.document.blocks.find(({ id }) => id === conflict.block);
    return block?.cell === undefined
      ? []
      : [{ conflict: { ...conflict, name: block.cell.name }, mine: block.source }];
  });
  const draft: Draft = { base, text: textOf(filed(edited)), waiting };
  withStorage((storage) => {
    storage.setItem(keyOf(notebook), JSON.stringify(draft));
  });
}

export function dropDraft(notebook: string): void {
  withStorage((storage) => {
    storage.removeItem(keyOf(notebook));
  });
}

/** What was typed before the page was loaded again, and what it was typed on top of. */
export function readDraft(
  notebook: string,
  view: NotebookView,
): (Edited & { readonly base: string }) | undefined {
  const kept = withStorage((storage) => storage.getItem(keyOf(notebook))) ?? undefined;
  if (kept === undefined) return undefined;
  const { base, text, waiting } = JSON.parse(kept) as Draft;
  let document: NotebookDocument = toDocument(readView(text, view));
  const conflicts = waiting.flatMap(({ conflict, mine }): Conflict[] => {
    const block = document.blocks.find(({ cell }) => cell !== undefined && cell.name === conflict.name);
    if (block === undefined) return [];
    const own = { ...readBlock(mine, block), id: block.id };
    document = { ...document, blocks: document.blocks.map((item) => (item === block ? own : item)) };
    return [{ ...conflict, block: block.id, theirs: block.source }];
  });
  return { base, document, conflicts };
}
