import { kindOfKey } from "../../server/notebook/cell-kinds.js";
import type { CellView, LocatedDiagnostic, NotebookView, TextRange } from "../../server/api/protocol.js";

/** What the server knows of a cell, wherever it lies in the file. */
export type CellFacts = Omit<CellView, "span" | "bodySpan" | "sqlSpan">;

/** A piece of the file: prose, or a whole fence. Blocks stand one behind the other without gaps. */
export interface Block {
  /** Stays the same while the block is edited or moved. */
  readonly id: string;
  readonly type: "prose" | "cell";
  readonly source: string;
  /** What the server last knew of the cell; its name and kind hold until the next answer. */
  readonly cell?: CellFacts;
  /** The server has not read the cell yet: its facts are what it was made as. */
  readonly isUnread?: true;
  /** Where the body lies in `source`; of cells. */
  readonly body?: TextRange;
  /** Where the query lies in `source`, below the option lines; of SQL and check cells. */
  readonly sql?: TextRange;
}

/** The notebook as it is edited. `head + blocks` is the file, byte for byte. */
export interface NotebookDocument {
  /** Front matter, with its `---` lines. */
  readonly head: string;
  readonly blocks: readonly Block[];
}

/** The cell that a chart draws; empty for what draws none. */
export function sourceOf(cell: CellFacts | undefined): string {
  const from = cell?.options["from"];
  return typeof from === "string" ? from : "";
}

let count = 0;

/** Of a new block. */
export function newId(): string {
  return `block-${String(++count)}`;
}

/**
 * Takes the server's answer; blocks that are the same cell, or the same prose, keep their ids. Where nothing about one
 * has changed it is the same object, so that it is not drawn again.
 */
export function toDocument(view: NotebookView, previous?: NotebookDocument): NotebookDocument {
  const cells = new Map(view.cells.map((cell) => [cell.span.start, cell]));
  const stays = samePlaces(view, previous);
  const known = reusableBlocks(previous, new Set(stays.values()));
  const blocks = view.blocks.map(({ type, span }): Block => {
    const source = view.text.slice(span.start, span.end);
    const cell = cells.get(span.start);
    const key = cell === undefined ? `prose ${source.trim()}` : `cell ${cell.name}`;
    const before = stays.get(span.start) ?? known.get(key)?.shift();
    const block = { id: before?.id ?? newId(), type, source, ...cellParts(cell) };
    return before !== undefined && isSame(block, before) ? before : block;
  });
  return { head: view.text.slice(0, view.blocks[0]?.span.start ?? view.text.length), blocks };
}

function cellParts(view: CellView | undefined): Pick<Block, "cell" | "body" | "sql"> {
  if (view === undefined) return {};
  const { span, bodySpan, sqlSpan, ...cell } = view;
  const sql = sqlSpan === undefined ? {} : { sql: relative(sqlSpan, span.start) };
  return { cell, body: relative(bodySpan, span.start), ...sql };
}

function isSame(block: Block, before: Block): boolean {
  return block.source === before.source && JSON.stringify(block) === JSON.stringify(before);
}

/** By where a block starts now: that which says the same in the same place, whatever its name was before. */
function samePlaces(
  { text, blocks }: NotebookView,
  previous: NotebookDocument | undefined,
): ReadonlyMap<number, Block> {
  const places = new Map<number, Block>();
  let offset = previous?.head.length ?? 0;
  for (const block of previous?.blocks ?? []) {
    if (block.source.trim() !== "") places.set(offset + leadOf(block.source), block);
    offset += block.source.length;
  }
  const found = blocks.flatMap(({ type, span: { start, end } }) => {
    const source = text.slice(start, end);
    const before = places.get(start + leadOf(source));
    return before?.type === type && before.source.trim() === source.trim() ? [[start, before] as const] : [];
  });
  return new Map(found);
}

export function leadOf(source: string): number {
  return source.length - source.trimStart().length;
}

function reusableBlocks(
  previous: NotebookDocument | undefined,
  taken: ReadonlySet<Block>,
): Map<string, Block[]> {
  const known = new Map<string, Block[]>();
  for (const block of previous?.blocks ?? []) {
    if (taken.has(block)) continue;
    const key = block.cell === undefined ? `prose ${block.source.trim()}` : `cell ${block.cell.name}`;
    known.set(key, [...(known.get(key) ?? []), block]);
  }
  return known;
}

/** Those too that the server has not read yet: two new cells are not of one name. */
export function namesOf({ blocks }: NotebookDocument): ReadonlySet<string> {
  return new Set(blocks.flatMap((block) => block.cell?.name ?? []));
}

const opened = /^(\s*`{3,}(\w+)\r?\n)(--\| )?(\w+): (\S+)/;

/** What a new cell is shown and typed into with until the server has read it. */
export function readAhead(source: string): Pick<Block, "cell" | "body" | "sql" | "isUnread"> {
  const [, opening, language = "", mark, key = "", name] = opened.exec(source) ?? [];
  const kind = kindOfKey(language, key);
  if (opening === undefined || name === undefined || kind === undefined) return {};
  const body = { start: opening.length, end: source.trimEnd().lastIndexOf("\n") + 1 };
  const options = /^(?:--\|.*\n)*/.exec(source.slice(body.start))?.[0] ?? "";
  const from = mark === undefined ? /^from: (\S+)/m.exec(source)?.[1] : undefined;
  return {
    cell: {
      name,
      kind,
      hasErrors: false,
      isDataset: false,
      options: from === undefined ? {} : { from },
      lake: [],
      files: [],
      parameters: [],
    },
    isUnread: true,
    body,
    ...(mark === undefined ? {} : { sql: { start: body.start + options.length, end: body.end } }),
  };
}

function relative(range: TextRange, start: number): TextRange {
  return { start: range.start - start, end: range.end - start };
}

export function textOf(document: NotebookDocument): string {
  return document.head + document.blocks.map((block) => block.source).join("");
}

/** Where a block begins in the file, for diagnostics. */
export function offsetOf(document: NotebookDocument, id: string): number {
  let offset = document.head.length;
  for (const block of document.blocks) {
    if (block.id === id) break;
    offset += block.source.length;
  }
  return offset;
}

/** The line of the file, from 1, on which the query or body of each cell begins; by the id of its block. */
export function firstLines(document: NotebookDocument): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let line = 1 + countBreaks(document.head);
  for (const { id, source, sql, body } of document.blocks) {
    lines.set(id, line + countBreaks(source.slice(0, sql?.start ?? body?.start ?? 0)));
    line += countBreaks(source);
  }
  return lines;
}

/**
 * The problems of each cell, by the id of its block. Where several have one name, each has those that lie in its own
 * block, and the first one those of other places.
 */
export function diagnosticsOf(
  document: NotebookDocument,
  diagnostics: readonly LocatedDiagnostic[],
): ReadonlyMap<string, readonly LocatedDiagnostic[]> {
  const found = new Map<string, LocatedDiagnostic[]>();
  for (const item of diagnostics) {
    const named = document.blocks.filter(({ cell }) => cell !== undefined && cell.name === item.cell);
    const own = named.length < 2 ? undefined : named.find(({ id }) => holdsLine(document, id, item.line));
    const block = own ?? named[0];
    if (block !== undefined) found.set(block.id, [...(found.get(block.id) ?? []), item]);
  }
  return found;
}

function holdsLine(document: NotebookDocument, id: string, line: number): boolean {
  const start = offsetOf(document, id);
  const source = document.blocks.find((block) => block.id === id)?.source ?? "";
  const first = 1 + countBreaks(textOf(document).slice(0, start));
  return line >= first && line < first + countBreaks(source.endsWith("\n") ? source : `${source}\n`);
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** The query of a SQL or check cell without the line break before the closing fence. */
export function sqlOf(block: Block): string {
  return textAt(block.source, block.sql);
}

/** What stands between the fences, without the last line break. */
export function bodyOf(block: Block): string {
  return textAt(block.source, block.body);
}

/** The `--|` lines without their mark: YAML. */
export function optionsOf(block: Block): string {
  const lines = block.source.slice(block.body?.start, block.sql?.start).split(/\r?\n/);
  return lines
    .filter((line) => line.trimStart().startsWith("--|"))
    .map((line) => line.trimStart().replace(/^--\| ?/, ""))
    .join("\n");
}

/** The block in which this place of the file lies. */
export function blockAt(document: NotebookDocument, offset: number): Block | undefined {
  let end = document.head.length;
  return document.blocks.find((block) => (end += block.source.length) > offset);
}

/** All but the blank lines between two cells, which are prose of their own. */
export function visibleBlocks({ blocks }: NotebookDocument): readonly Block[] {
  return blocks.filter(({ type, source }) => type === "cell" || source.trim() !== "");
}

/** Without the line break before the closing fence, which a range may leave out; one before that was typed. */
function textAt(source: string, range: TextRange | undefined): string {
  const text = source.slice(range?.start, range?.end);
  return isClosedAfter(source, range) ? text : text.replace(/\r?\n$/, "");
}

/** Whether the closing fence begins on a line of its own behind it. */
export function isClosedAfter(source: string, range: TextRange | undefined): boolean {
  return range !== undefined && /^\r?\n/.test(source.slice(range.end));
}
