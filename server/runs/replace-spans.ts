import type { Span } from "../base/source.js";

/** Replaces a name at the given places of a text; what stands around it within a place (quotes, `$`) stays. */
export function applySpans(text: string, spans: readonly Span[], name: string, newName: string): string {
  let result = text;
  for (const span of [...spans].sort((a, b) => b.start - a.start)) {
    const place = result.slice(span.start, span.end);
    const at = place.toLowerCase().indexOf(name.toLowerCase());
    if (at !== -1)
      result = result.slice(0, span.start + at) + newName + result.slice(span.start + at + name.length);
  }
  return result;
}
