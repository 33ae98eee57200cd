import type { TextRange } from "../../server/api/protocol.js";
import {
  isClosedAfter,
  leadOf,
  newId,
  readAhead,
  textOf,
  visibleBlocks,
  type Block,
  type NotebookDocument,
} from "./document.js";

export function replaceSql(document: NotebookDocument, id: string, sql: string): NotebookDocument {
  return changeBlock(document, id, (block) =>
    block.sql === undefined ? block : splice(closed(block), block.sql, sql, "sql"),
  );
}

/** Replaces a whole block, which keeps its place and its id. */
export function replaceBlock(document: NotebookDocument, { id, ...block }: Block): NotebookDocument {
  return changeBlock(document, id, () => ({ id, ...block }));
}

export function replaceBody(document: NotebookDocument, id: string, body: string): NotebookDocument {
  return changeBlock(document, id, (block) =>
    block.body === undefined ? block : splice(closed(block), block.body, body, "body"),
  );
}

/** Replaces the option lines; `yaml` is without the `--|` marks. */
export function replaceOptions(document: NotebookDocument, id: string, yaml: string): NotebookDocument {
  return changeBlock(document, id, (block) => {
    if (block.sql === undefined || block.body === undefined) return block;
    const eol = lineBreakOf(block.source);
    const lines = yaml
      .split(/\r?\n/)
      .map((line) => `--| ${line}`.trimEnd() + eol)
      .join("");
    const range = { start: block.body.start, end: block.sql.start };
    const source = block.source.slice(0, range.start) + lines + block.source.slice(range.end);
    const shift = lines.length - (range.end - range.start);
    return {
      ...block,
      source,
      body: { start: block.body.start, end: block.body.end + shift },
      sql: { start: block.sql.start + shift, end: block.sql.end + shift },
    };
  });
}

/** Replaces text within a fence; the fence grows where the new text holds one, so that it still closes where it should. */
function splice(block: Block, range: TextRange, text: string, part: "sql" | "body"): Block {
  const old = block.source.slice(range.start, range.end);
  const eol = lineBreakOf(block.source);
  // The server's ranges may leave the last line break out.
  const isClosed = isClosedAfter(block.source, range);
  const own = text.replace(/\r?\n/g, eol);
  const written = own === "" || isClosed ? own : own + eol;
  const inserted = block.source.slice(0, range.start) + written + block.source.slice(range.end);
  const extra = extraFence(inserted, written);
  const source = extra === "" ? inserted : widenFence(inserted, extra);
  const grown = (at: TextRange): TextRange => ({
    start: at.start + extra.length,
    end: at.end + extra.length + written.length - old.length,
  });
  const start = range.start + extra.length;
  const edited = { start, end: start + own.length };
  if (part === "body") return { ...block, source, body: edited };
  const body = block.body === undefined ? {} : { body: grown(block.body) };
  return { ...block, source, ...body, sql: edited };
}

/** The last fence of a file may be open: what is written into it, or comes to stand behind it, would be part of it. */
function closed(block: Block): Block {
  const [opening = "", fence] = /^ {0,3}(`{3,}|~{3,}).*/m.exec(block.source) ?? [];
  if (block.type !== "cell" || fence === undefined) return block;
  const after = block.source.slice(block.source.indexOf(opening) + opening.length).trimEnd();
  const last = /\n {0,3}(`{3,}|~{3,})$/.exec(after)?.[1];
  if (last?.startsWith(fence) === true) return block;
  const eol = lineBreakOf(block.source);
  const gap = block.source.endsWith("\n") ? "" : eol;
  return { ...block, source: block.source + gap + fence + eol };
}

/** The back-ticks that the fence lacks to be longer than any in the text. */
function extraFence(source: string, text: string): string {
  const fence = /^`{3,}/.exec(source.trimStart())?.[0] ?? "";
  return fence === "" ? "" : "`".repeat(Math.max(0, fenceLength(text) - fence.length));
}

/** Of a fence that nothing in the text closes. */
function fenceLength(text: string): number {
  const inside = [...text.matchAll(/^ {0,3}(`{3,})/gm)].map((match) => match[1]?.length ?? 0);
  return Math.max(2, ...inside) + 1;
}

function fenced({ language, body }: NewBlock & { readonly kind: "cell" }): string {
  const fence = "`".repeat(fenceLength(body));
  return `${fence}${language}\n${body}\n${fence}`;
}

function widenFence(source: string, extra: string): string {
  const [start, end] = [leadOf(source), source.trimEnd().length];
  return source.slice(0, start) + extra + source.slice(start, end) + extra + source.slice(end);
}

/** Replaces a whole block of prose. */
export function replaceProse(document: NotebookDocument, id: string, text: string): NotebookDocument {
  return changeBlock(document, id, (block) => ({
    ...block,
    source: text === "" || text.endsWith("\n") ? text : `${text}\n`,
  }));
}

export type NewBlock =
  | { readonly kind: "prose"; readonly text: string }
  | { readonly kind: "cell"; readonly language: "sql" | "yaml"; readonly body: string };

/** Inserts after the block with this id; undefined: at the top. Returns the new block's id too. */
export function insertBlock(
  document: NotebookDocument,
  after: string | undefined,
  block: NewBlock,
): { readonly document: NotebookDocument; readonly id: string } {
  const eol = lineBreakOf(textOf(document));
  const at = after === undefined ? 0 : document.blocks.findIndex((candidate) => candidate.id === after) + 1;
  const before = textOf({ ...document, blocks: document.blocks.slice(0, at) });
  const lead = before === "" || /\r?\n\s*\r?\n$/.test(before) ? "" : before.endsWith("\n") ? eol : eol + eol;
  const id = newId();
  const text = block.kind === "prose" ? block.text : fenced(block);
  const next = document.blocks[at]?.source;
  const gap = next === undefined || /^\r?\n/.test(next) ? "" : eol;
  const source = lead + text.replace(/\r?\n/g, eol) + eol + gap;
  const fresh: Block = { id, type: block.kind, source, ...(block.kind === "cell" ? readAhead(source) : {}) };
  return {
    id,
    document: { ...document, blocks: [...document.blocks.slice(0, at), fresh, ...document.blocks.slice(at)] },
  };
}

/** For the server's answer to a rename: the block that it renamed is known by its new name. */
export function withNewName(document: NotebookDocument, name: string, newName: string): NotebookDocument {
  const blocks = document.blocks.map((block) =>
    block.cell?.name === name ? { ...block, cell: { ...block.cell, name: newName } } : block,
  );
  return { ...document, blocks };
}

export function removeBlock(document: NotebookDocument, id: string): NotebookDocument {
  return { ...document, blocks: document.blocks.filter((block) => block.id !== id) };
}

/** Moves a block so many places down, or up for a negative number, as a reader counts them. */
export function moveBlock(document: NotebookDocument, id: string, by: number): NotebookDocument {
  const visible = visibleBlocks(document);
  const from = visible.findIndex((block) => block.id === id);
  const moved = visible[from];
  const goal = visible[Math.max(0, Math.min(visible.length - 1, from + by))];
  if (moved === undefined || goal === undefined || goal === moved) return document;
  const rest = document.blocks.filter((block) => block.id !== id);
  const to = rest.indexOf(goal) + (by > 0 ? 1 : 0);
  const blocks = [...rest.slice(0, to), closed(moved), ...rest.slice(to)].map(endWithBlankLine);
  return { ...document, blocks };
}

/** A fence that is moved must not end up in the paragraph before it. */
function endWithBlankLine(block: Block, index: number, all: readonly Block[]): Block {
  const next = all[index + 1];
  if (next === undefined || /\n\s*\n$/.test(block.source) || /^\s*\n/.test(next.source)) return block;
  const eol = lineBreakOf(block.source);
  return { ...block, source: block.source + (block.source.endsWith("\n") ? eol : eol + eol) };
}

function changeBlock(
  document: NotebookDocument,
  id: string,
  change: (block: Block) => Block,
): NotebookDocument {
  return { ...document, blocks: document.blocks.map((block) => (block.id === id ? change(block) : block)) };
}

function lineBreakOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
