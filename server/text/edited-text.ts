import type { Span } from "../base/source.js";

/** Puts `text` in the place of a part of another one. */
export interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/** A text in which parts were replaced, and the way back to the places of the original. */
export class EditedText {
  readonly text: string;
  readonly #replacements: readonly Replacement[];

  /** Parts must not overlap. */
  constructor(original: string, replacements: readonly Replacement[]) {
    this.#replacements = [...replacements].sort((a, b) => a.span.start - b.span.start);
    let text = "";
    let end = 0;
    for (const { span, text: other } of this.#replacements) {
      text += original.slice(end, span.start) + other;
      end = span.end;
    }
    this.text = text + original.slice(end);
  }

  /** Of what lies within a replaced part: that part. */
  toOriginal({ start, end }: Span): Span {
    return { start: this.#offset(start, false), end: this.#offset(end, true) };
  }

  #offset(offset: number, isEnd: boolean): number {
    let shift = 0;
    for (const { span, text } of this.#replacements) {
      const start = span.start + shift;
      const end = start + text.length;
      if (offset < start || (isEnd && offset === start)) break;
      if (offset < end || (isEnd && offset === end)) return isEnd ? span.end : span.start;
      shift += text.length - (span.end - span.start);
    }
    return offset - shift;
  }
}
