import { cellFences } from "../cell-fences.js";
import { isBlank, splitLines, type Line } from "../lines.js";
import { parseOutline, type Fence } from "../outline.js";
import { Report } from "../report.js";
import { splitHead, type Head } from "./head.js";
import { withTail, type Unit } from "./unit.js";

/** A notebook in pieces which, one behind the other, are the file. */
export interface Pieces {
  readonly head: Head;
  /** Blank lines before the first unit. */
  readonly lead: string;
  readonly units: readonly Unit[];
}

export function splitNotebook(text: string): Pieces {
  const outline = parseOutline(text, new Report());
  const units: Unit[] = [];
  let lead = "";
  let at = outline.start;
  const pass = (end: number): void => {
    const { blank, paragraphs } = splitProse(text, at, end);
    const last = units.pop();
    if (last === undefined) lead += blank;
    else units.push({ ...last, tail: last.tail + blank });
    units.push(...paragraphs);
    at = end;
  };
  for (const fence of outline.fences) {
    pass(fence.span.start);
    units.push(...unitsOf(text, fence));
    at = fence.span.end;
  }
  pass(text.length);
  return { head: splitHead(text.slice(0, outline.start), outline.frontMatter), lead, units };
}

function unitsOf(text: string, fence: Fence): Unit[] {
  const cells = cellFences(text, fence);
  const source = (part: Fence): string => text.slice(part.span.start, part.span.end);
  if (cells.length === 0) return [{ type: "prose", ...withTail(source(fence)) }];
  return cells.map(({ fence: part }) => {
    const name = nameIn(text.slice(part.bodySpan.start, part.bodySpan.end));
    const missing = part.isClosed ? {} : { missing: part.marker };
    return { type: "cell", name, ...withTail(source(part)), ...missing };
  });
}

const named =
  /^(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*[ \t]*(?:--\|[ \t]*)?\w+[ \t]*:[ \t]+(["']?)([^\s"']+)\1/;

/** What a cell's first line calls it. */
export function nameIn(body: string): string {
  return named.exec(body)?.[2] ?? "";
}

function splitProse(text: string, start: number, end: number): { blank: string; paragraphs: Unit[] } {
  const paragraphs: Unit[] = [];
  let blank = "";
  let open: { text: string; tail: string } | undefined;
  const close = (): void => {
    if (open !== undefined) paragraphs.push({ type: "prose", ...withTail(open.text, open.tail) });
  };
  for (const line of splitLines(text, { start, end })) {
    const written = lineOf(text, line);
    if (isBlank(written)) {
      if (open === undefined) blank += written;
      else open.tail += written;
    } else if (open === undefined || open.tail !== "") {
      close();
      open = { text: written, tail: "" };
    } else open.text += written;
  }
  close();
  return { blank, paragraphs };
}

function lineOf(text: string, { start, next }: Line): string {
  return text.slice(start, next);
}
