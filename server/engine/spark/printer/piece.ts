import type { Span } from "../../../base/source.js";

/** Text that is put together from parts, some of which have a place in the query that they come from. */
export type Piece = string | Parts;

interface Parts {
  readonly parts: readonly Piece[];
  readonly place: Span | undefined;
}

/** A part of the printed text, and the place that it comes from. Inner parts come after those around them. */
export interface MappedPart {
  readonly printed: Span;
  readonly place: Span;
}

export interface PrintedText {
  readonly text: string;
  readonly map: readonly MappedPart[];
}

/** A template of SQL. */
export function sql(texts: TemplateStringsArray, ...values: readonly Piece[]): Piece {
  return { parts: texts.flatMap((text, index) => [text, values[index] ?? ""]), place: undefined };
}

export function joined(pieces: readonly Piece[], separator = ", "): Piece {
  return {
    parts: pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece])),
    place: undefined,
  };
}

export function placed(piece: Piece, place: Span | undefined): Piece {
  return place === undefined ? piece : { parts: [piece], place };
}

export function flatten(piece: Piece): PrintedText {
  const texts: string[] = [];
  const map: MappedPart[] = [];
  let length = 0;
  const add = (part: Piece): void => {
    if (typeof part === "string") {
      texts.push(part);
      length += part.length;
      return;
    }
    const start = length;
    const at = map.length;
    for (const inner of part.parts) add(inner);
    if (part.place !== undefined) map.splice(at, 0, { printed: { start, end: length }, place: part.place });
  };
  add(piece);
  return { text: texts.join(""), map };
}

/** Where a part of the printed text comes from: the innermost part that holds it whole. */
export function placeOf(map: readonly MappedPart[], { start, end }: Span): Span | undefined {
  let found: MappedPart | undefined;
  for (const part of map) {
    const holds = part.printed.start <= start && end <= part.printed.end;
    if (holds && (found === undefined || lengthOf(part) <= lengthOf(found))) found = part;
  }
  return found?.place;
}

function lengthOf({ printed }: MappedPart): number {
  return printed.end - printed.start;
}

/** An error of DuckDB's that Spark does not have: it gives NULL, NaN or another value there. */
export function failWhen(condition: Piece, message: string, piece: Piece): Piece {
  return sql`CASE WHEN ${condition} THEN raise_error('Lakebook: ${message}') ELSE ${piece} END`;
}

/** A text with the year of a time: other years than these the engines write in their own ways. */
export function withPlainYear(time: Piece, text: Piece): Piece {
  return failWhen(sql`year(${time}) NOT BETWEEN 1 AND 9999`, "a year before 1 or after 9999 as a text", text);
}
