import { ownName, session } from "../session.js";
import type { NotebookView } from "../../server/api/protocol.js";
import { blockAt, offsetOf, textOf, toDocument, type NotebookDocument } from "./document.js";
import { filed, isWithheld, readBlock, type Conflict, type Edited } from "./merging.js";
import { readView } from "./read-view.js";

/** What was typed and is not in the file, or waits for a decision, as the browser keeps it. */
interface Draft {
  /** What was in the file when it was typed. */
  readonly base: string;
  readonly text: string;
  readonly waiting: readonly Waiting[];
}

interface Waiting {
  readonly conflict: Conflict;
  /** Where its block begins in the text. */
  readonly at?: number;
  /** Of a cell for which the text has theirs. */
  readonly mine?: string;
}

/** Of this page, until it is loaded again. */
const here = crypto.getRandomValues(new Uint32Array(2)).join("");
const lockOf = (page: string): string => `lakebook page ${page}`;
let isLocked = false;

/** Others of the same browser have other notebooks' drafts, other people's, and those of other servers at this address. */
const prefixOf = (notebook: string): string =>
  `lakebook draft ${JSON.stringify([session.me?.workspace, ownName(), notebook])} `;
const keyOf = (notebook: string): string => prefixOf(notebook) + here;

/** Absent where a page came neither by TLS nor from this machine. */
function lockManager(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
}

/** There may be no room, or the browser keeps nothing: the page asks before it is left. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}

/** Until the notebook is opened again: here, or in another tab once this one is closed. */
export function keepDraft(notebook: string, base: string, edited: Edited): void {
  const file = filed(edited);
  const waiting = edited.conflicts.map((conflict): Waiting => {
    const block = edited.document.blocks.find(({ id }) => id === conflict.block);
    if (block === undefined) return { conflict };
    return {
      conflict,
      at: offsetOf(file, block.id),
      ...(isWithheld(conflict) ? { mine: block.source } : {}),
    };
  });
  const draft: Draft = { base, text: textOf(file), waiting };
  if (!isLocked) void lockManager()?.request(lockOf(here), () => new Promise(() => undefined));
  isLocked = true;
  withStorage((storage) => {
    storage.setItem(keyOf(notebook), JSON.stringify(draft));
  });
}

export function dropDraft(notebook: string): void {
  withStorage((storage) => {
    storage.removeItem(keyOf(notebook));
  });
}

/** Whose drafts are their own: pages of this browser that are open. Where no browser tells, none but this one. */
export async function openPages(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await lockManager()?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => name ?? []));
}

export interface KeptDraft extends Edited {
  readonly base: string;
  /** Where the browser has it. */
  readonly key: string;
}

/** What was typed before the notebook was left, and what it was typed on top of: by this page, or else by one that is closed. */
export function readDraft(
  notebook: string,
  view: NotebookView,
  open: ReadonlySet<string>,
): KeptDraft | undefined {
  const prefix = prefixOf(notebook);
  return withStorage((storage) => {
    const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? "");
    const free = keys.filter(
      (key) =>
        key.startsWith(prefix) && (key === prefix + here || !open.has(lockOf(key.slice(prefix.length)))),
    );
    const key = free.find((own) => own === prefix + here) ?? free[0];
    const kept = key === undefined ? null : storage.getItem(key);
    return key === undefined || kept === null
      ? undefined
      : { key, ...toEdited(JSON.parse(kept) as Draft, view) };
  });
}

/** Another page has taken it over. */
export function dropKept({ key }: KeptDraft): void {
  withStorage((storage) => {
    storage.removeItem(key);
  });
}

function toEdited({ base, text, waiting }: Draft, view: NotebookView): Edited & { readonly base: string } {
  const file = toDocument(readView(text, view));
  let document: NotebookDocument = file;
  const conflicts = waiting.flatMap(({ conflict, at, mine }): Conflict[] => {
    if (at === undefined) return [conflict];
    const block = blockAt(file, at);
    if (block === undefined) return [];
    if (mine === undefined) return [{ ...conflict, block: block.id }];
    const own = { ...readBlock(mine, block), id: block.id };
    document = { ...document, blocks: document.blocks.map((item) => (item.id === block.id ? own : item)) };
    return [{ ...conflict, block: block.id, theirs: block.source }];
  });
  return { base, document, conflicts };
}
