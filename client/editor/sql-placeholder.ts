import type { TemplateResult } from "lit";
import { html } from "lit";
import type { HighlightedLine } from "./sql-highlight.js";
import { highlightLines } from "./sql-highlight.js";

export interface PlaceholderOptions {
  readonly label: string;
  /** Something lies over it that is typed into. */
  readonly isInert: boolean;
  readonly onPress: (event: MouseEvent) => void;
  readonly onFocus: () => void;
}

/** The text as the editor will show it, line by line. */
export function renderPlaceholder(
  text: string,
  { label, isInert, onPress, onFocus }: PlaceholderOptions,
): TemplateResult {
  const lineBreak = text.includes("\r\n") ? 2 : 1;
  let offset = 0;
  const lines = highlightLines(text).map(({ text: lineText, line }) => {
    const start = offset;
    offset += lineText.length + lineBreak;
    return html`<span class="sql-cell-line" data-offset=${start}>${renderLine(lineText, line)}</span>`;
  });
  return html`<pre
    class="sql-cell-placeholder"
    role="textbox"
    aria-multiline="true"
    aria-label=${label}
    aria-hidden=${isInert}
    tabindex=${isInert ? -1 : 0}
    @mousedown=${onPress}
    @focus=${onFocus}
  >
${lines}</pre>`;
}

/** Only what has a colour of its own gets an element. */
function renderLine(text: string, line: HighlightedLine): readonly (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let end = 0;
  for (const token of line.tokens) {
    if (token.style === "name" || token.style === "symbol") continue;
    if (token.start > end) parts.push(text.slice(end, token.start));
    parts.push(html`<span class="sql-${token.style}">${text.slice(token.start, token.end)}</span>`);
    end = token.end;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}
