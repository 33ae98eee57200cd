import type { Span } from "../../server/base/source.js";

export interface MarkedSource {
  readonly text: string;
  /** Where each inserted text stands, in the order of the template. */
  readonly spans: readonly Span[];
}

/** Marks places in a text: markSource`select * from ${"ordres"}` has one span, that of `ordres`. */
export function markSource(strings: TemplateStringsArray, ...marked: readonly string[]): MarkedSource {
  let text = strings[0] ?? "";
  const spans = marked.map((mark, index) => {
    const span = { start: text.length, end: text.length + mark.length };
    text += mark + (strings[index + 1] ?? "");
    return span;
  });
  return { text, spans };
}
