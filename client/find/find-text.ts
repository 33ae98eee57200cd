import { bodyOf, optionsOf, sqlOf, type Block, type NotebookDocument } from "../store/document.js";
import { replaceBody, replaceOptions, replaceProse, replaceSql } from "../store/edit-document.js";

export interface Sought {
  readonly text: string;
  readonly isRegExp: boolean;
  readonly isCaseSensitive: boolean;
}

/** A text of the notebook that can be written: never the fences, which make cells what they are. */
export interface Part {
  readonly place: "front matter" | "prose" | "settings" | "SQL" | "YAML";
  /** The id; absent: it stands before all blocks. */
  readonly block?: string;
  readonly cell?: string;
  readonly text: string;
}

export interface Match {
  readonly part: Part;
  readonly start: number;
  readonly end: number;
  /** What is written in its place. */
  readonly replacement: string;
}

/** More would only be a long list. */
const MOST = 10_000;

/** Throws a SyntaxError for what is no regular expression. Of an expression, `$1` and `$&` of `by` mean groups and the match. */
export function findAll(document: NotebookDocument, sought: Sought, by: string): readonly Match[] {
  if (sought.text === "") return [];
  const { isRegExp, isCaseSensitive } = sought;
  const source = isRegExp ? sought.text : sought.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = toPattern(source, isCaseSensitive ? "gm" : "gim");
  const found: Match[] = [];
  for (const part of partsOf(document)) {
    for (const match of part.text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (match[0] === "" || isInCharacter(part.text, match.index) || isInCharacter(part.text, end)) continue;
      found.push({ part, start: match.index, end, replacement: isRegExp ? expand(by, match) : by });
      if (found.length === MOST) return found;
    }
  }
  return found;
}

/** By characters; what only an older expression may say (`\-`) is taken as one. */
function toPattern(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source, flags);
  }
}

/** Half a character cannot be saved. */
function isInCharacter(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1));
}

/** `matches` are of this document. */
export function replaceMatches(document: NotebookDocument, matches: readonly Match[]): NotebookDocument {
  const byPart = new Map<Part, Match[]>();
  for (const match of matches) byPart.set(match.part, [...(byPart.get(match.part) ?? []), match]);
  return [...byPart].reduce((now, [part, own]) => write(now, part, rewritten(part.text, own)), document);
}

function rewritten(text: string, matches: readonly Match[]): string {
  let at = 0;
  const parts = matches.map(({ start, end, replacement }) => {
    const before = text.slice(at, start);
    at = end;
    return before + replacement;
  });
  return parts.join("") + text.slice(at);
}

function write(document: NotebookDocument, { place, block = "" }: Part, text: string): NotebookDocument {
  switch (place) {
    case "front matter": {
      const { start, end } = innerHead(document.head);
      return { ...document, head: document.head.slice(0, start) + text + document.head.slice(end) };
    }
    case "prose":
      return replaceProse(document, block, text);
    case "settings":
      return replaceOptions(document, block, text);
    case "SQL":
      return replaceSql(document, block, text);
    case "YAML":
      return replaceBody(document, block, text);
  }
}

/** In the order of the file. */
function partsOf(document: NotebookDocument): readonly Part[] {
  const { start, end } = innerHead(document.head);
  return [
    { place: "front matter", text: document.head.slice(start, end) } as const,
    ...document.blocks.flatMap((block) => partsOfBlock(block)),
  ];
}

function partsOfBlock(block: Block): readonly Part[] {
  const { id, type, source, cell, sql, body } = block;
  if (type === "prose") return [{ place: "prose", block: id, text: source }];
  if (cell === undefined || body === undefined) return [];
  const own = { block: id, cell: cell.name };
  if (sql === undefined) return [{ ...own, place: "YAML", text: bodyOf(block) }];
  return [
    { ...own, place: "settings", text: optionsOf(block) },
    { ...own, place: "SQL", text: sqlOf(block) },
  ];
}

/** Between the lines of three dashes. */
function innerHead(head: string): { readonly start: number; readonly end: number } {
  const inner = /^(\s*---\r?\n)([^]*?)^---/m.exec(head);
  const start = inner?.[1]?.length ?? 0;
  return { start, end: start + (inner?.[2]?.length ?? 0) };
}

/** As JavaScript does: what names no group stays as it is written. */
function expand(by: string, match: RegExpExecArray): string {
  return by.replace(/\$(?:\$|&|([1-9]\d?)|<([^>]*)>)/g, (sign: string, group?: string, name?: string) => {
    if (sign === "$$") return "$";
    if (sign === "$&") return match[0];
    if (name !== undefined) return match.groups === undefined ? sign : (match.groups[name] ?? "");
    const digits = [group ?? "", (group ?? "").slice(0, 1)].find((text) => Number(text) < match.length);
    return digits === undefined ? sign : (match[Number(digits)] ?? "") + (group ?? "").slice(digits.length);
  });
}

/** The line in which a match begins, as it is and as it would be. */
export function lineOf({ part: { text }, start, end }: Match): readonly [before: string, after: string] {
  const first = text.lastIndexOf("\n", start - 1) + 1;
  const last = text.indexOf("\n", end);
  return [text.slice(first, start), text.slice(end, last < 0 ? text.length : last)];
}
