import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { freeName } from "../../server/text/free-name.js";
import type { NotebookView } from "../../server/api/protocol.js";
import { mergeNotebooks, type MergeConflict } from "../../server/notebook/merge/merge.js";
import {
  blockAt,
  bodyOf,
  namesOf,
  textOf,
  toDocument,
  type Block,
  type NotebookDocument,
} from "./document.js";
import {
  insertBlock,
  removeBlock,
  replaceBlock,
  replaceProse,
  withNewName,
  type NewBlock,
} from "./edit-document.js";
import { readView } from "./read-view.js";

/** A place that somebody else changed too, until it is decided. Of a cell that both edited the document has mine and the file theirs. */
export interface Conflict {
  readonly kind: MergeConflict["kind"];
  readonly type: MergeConflict["type"];
  /** The id of the block; absent for the front matter. */
  readonly block?: string;
  readonly name?: string;
  /** Of prose and of keys. */
  readonly mine?: string;
  readonly theirs?: string;
  /** Who the other is, where that is known. */
  readonly by?: string;
}

/** What is edited: the document, and what of it is not in the file before somebody has decided. */
export interface Edited {
  readonly document: NotebookDocument;
  readonly conflicts: readonly Conflict[];
}

/** The document as it is saved: with theirs where mine waits for a decision. */
export function filed({ document, conflicts }: Edited): NotebookDocument {
  const theirs = new Map(
    conflicts.flatMap((item) => (isWithheld(item) ? [[item.block, item.theirs] as const] : [])),
  );
  if (theirs.size === 0) return document;
  const blocks = document.blocks.map((block) => ({ ...block, source: theirs.get(block.id) ?? block.source }));
  return { ...document, blocks };
}

/** The file has theirs, and only the page mine. */
export function isWithheld(conflict: Conflict): boolean {
  return conflict.kind === "edited" && conflict.type === "cell";
}

/** Takes the server's answer; where something waits for a decision, mine stays. */
export function takeView(view: NotebookView, edited: Edited): Edited {
  return keepMine(toDocument(view, filed(edited)), edited);
}

function keepMine(file: NotebookDocument, before: Edited): Edited {
  let document = file;
  const conflicts = before.conflicts.flatMap((conflict): Conflict[] => {
    const mine = before.document.blocks.find(({ id }) => id === conflict.block);
    const now = document.blocks.find(({ id }) => id === conflict.block);
    if (conflict.block === undefined) return [conflict];
    if (!isWithheld(conflict)) return now === undefined ? findAgain(conflict, document) : [conflict];
    if (mine === undefined) return [];
    if (now === undefined) {
      document = putBack(document, mine, before.document);
      return [{ ...conflict, kind: "deleted-by-them" }];
    }
    document = replaceBlock(document, { ...mine, ...(now.cell === undefined ? {} : { cell: now.cell }) });
    return now.source === mine.source ? [] : [{ ...conflict, theirs: now.source }];
  });
  return { document, conflicts };
}

/** Prose of which something else was changed is another block: both paragraphs are still there. */
function findAgain({ type, mine, theirs, ...conflict }: Conflict, { blocks }: NotebookDocument): Conflict[] {
  if (type !== "prose" || mine === undefined || theirs === undefined) return [];
  const block = blocks.find(({ source }) => source.includes(mine) && source.includes(theirs));
  return block === undefined ? [] : [{ ...conflict, type, mine, theirs, block: block.id }];
}

/** Behind the block that was before it. */
function putBack(document: NotebookDocument, block: Block, before: NotebookDocument): NotebookDocument {
  const at = before.blocks.findIndex(({ id }) => id === block.id);
  const known = new Set(document.blocks.map(({ id }) => id));
  const last = before.blocks.slice(0, at).findLast(({ id }) => known.has(id))?.id;
  const place = document.blocks.findIndex(({ id }) => id === last) + 1;
  const source = `\n${block.source.trimEnd()}\n\n`;
  return { ...document, blocks: document.blocks.toSpliced(place, 0, { ...shifted(block, 1), source }) };
}

function shifted(block: Block, by: number): Block {
  const move = ({ start, end }: { start: number; end: number }) => ({ start: start + by, end: end + by });
  return {
    ...block,
    ...(block.body === undefined ? {} : { body: move(block.body) }),
    ...(block.sql === undefined ? {} : { sql: move(block.sql) }),
  };
}

export interface Merged extends Edited {
  /** False where what is edited is what is in the file. */
  readonly isDirty: boolean;
}

export interface Told {
  /** What was sent to be saved and of which no answer came. */
  readonly sent?: readonly string[];
  /** Who saved, where that is known. */
  readonly by?: string | undefined;
}

/** What is edited here on top of `base`, merged with what is in the file now. The cells that were here keep their ids. */
export function mergeInto(
  base: string,
  edited: Edited,
  theirs: NotebookView,
  { sent, by }: Told = {},
): Merged {
  const file = filed(edited);
  const merged = mergeNotebooks({ base, mine: textOf(file), theirs: theirs.text, sent });
  const named = merged.renamed.reduce((now, { from, to }) => withNewName(now, from, to), file);
  const facts = edited.document.blocks.flatMap(({ cell }) => cell ?? []);
  const now = toDocument(readView(merged.text, theirs, facts), named);
  const { document, conflicts } = merged.conflicts.reduce<Edited>(
    (sofar, conflict) => withConflict(sofar, conflict, { now, before: named, by }),
    keepMine(now, edited),
  );
  return { document, conflicts, isDirty: textOf(filed({ document, conflicts })) !== theirs.text };
}

interface Places {
  /** As the merged text has it, and as it was here before. */
  readonly now: NotebookDocument;
  readonly before: NotebookDocument;
  readonly by: string | undefined;
}

function withConflict(
  { document, conflicts }: Edited,
  { span, kind, type, name, mine, theirs }: MergeConflict,
  { now, before, by }: Places,
): Edited {
  const block = type === "key" ? undefined : blockAt(now, span.start);
  const conflict: Conflict = {
    kind,
    type,
    ...(block === undefined ? {} : { block: block.id }),
    ...(name === undefined ? {} : { name }),
    ...(by === undefined ? {} : { by }),
    ...(type === "cell" || mine === undefined ? {} : { mine }),
    ...(theirs === undefined ? {} : { theirs }),
  };
  if (!isWithheld(conflict) || block === undefined || mine === undefined)
    return { document, conflicts: [...conflicts, conflict] };
  const own = before.blocks.find(({ id }) => id === block.id) ?? readBlock(`${mine}\n`, block);
  return {
    document: replaceBlock(document, { ...own, id: block.id }),
    conflicts: [...conflicts, { ...conflict, theirs: block.source }],
  };
}

export type Choice = "mine" | "theirs" | "both";

/** What is edited once somebody has decided. Of a deletion, `mine` and `theirs` are what that side did. */
export function settle(edited: Edited, conflict: Conflict, choice: Choice): Edited {
  const conflicts = edited.conflicts.filter((item) => item !== conflict);
  return { document: decided(edited.document, conflict, choice), conflicts };
}

function decided(document: NotebookDocument, conflict: Conflict, choice: Choice): NotebookDocument {
  const { kind, type, block: id, mine = "", theirs = "" } = conflict;
  const block = document.blocks.find((item) => item.id === id);
  if (type === "key")
    return choice === "mine" ? { ...document, head: document.head.replace(theirs, () => mine) } : document;
  if (block === undefined) return document;
  if (kind !== "edited") {
    const isDeleted = (choice === "mine") === (kind === "deleted-by-me");
    return isDeleted && choice !== "both" ? removeBlock(document, block.id) : document;
  }
  if (type === "prose") {
    const gone = choice === "mine" ? theirs : choice === "theirs" ? mine : "";
    return gone === "" ? document : replaceProse(document, block.id, without(block.source, gone));
  }
  if (choice === "mine") return document;
  const taken = replaceBlock(document, { ...readBlock(theirs, block), id: block.id });
  return choice === "both" ? insertBlock(taken, block.id, second(block, namesOf(document))).document : taken;
}

/** With its settings, by a name that is free. */
function second(block: Block, taken: ReadonlySet<string>): NewBlock {
  const [body, name] = [bodyOf(block), block.cell?.name ?? ""];
  const at = body.indexOf(name, body.indexOf(":"));
  const free = freeName(name, (candidate) => taken.has(candidate));
  const language = cellKinds[block.cell?.kind ?? "sql"].language;
  return { kind: "cell", language, body: body.slice(0, at) + free + body.slice(at + name.length) };
}

function without(source: string, paragraph: string): string {
  const at = source.indexOf(paragraph);
  if (at === -1) return source;
  const [before, after] = [source.slice(0, at), source.slice(at + paragraph.length)];
  return after.trim() === "" ? before.trimEnd() + after : before + after.replace(/^(\r?\n)+/, "");
}

/** A cell by itself, with what is known of it. */
export function readBlock(source: string, { cell }: Pick<Block, "cell">): Block {
  const known = cell === undefined ? [] : [cell];
  const view = readView(source, { cells: [] as NotebookView["cells"] } as NotebookView, known);
  const [block] = toDocument(view).blocks;
  return block ?? { id: "", type: "cell", source };
}
