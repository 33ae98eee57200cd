import { diffIndices } from "node-diff3";
import { html, type TemplateResult } from "lit";

/** Beyond so many comparisons nothing is marked. */
const MOST_COMPARISONS = 1_000_000;

export interface Side {
  readonly name: string;
  readonly text: string;
}

/** Two texts side by side; lines that the other has not are marked. */
export function renderSides(one: Side, other: Side): TemplateResult {
  const [lines, others] = [one.text.split("\n"), other.text.split("\n")];
  const regions = lines.length * others.length > MOST_COMPARISONS ? [] : diffIndices(lines, others);
  return html`<div class="sides">
    ${renderSide(
      one.name,
      lines,
      regions.map(({ buffer1 }) => buffer1),
    )}
    ${renderSide(
      other.name,
      others,
      regions.map(({ buffer2 }) => buffer2),
    )}
  </div>`;
}

function renderSide(
  name: string,
  lines: readonly string[],
  marked: readonly (readonly [start: number, length: number])[],
): TemplateResult {
  const textOf = (from: number, to?: number): string =>
    lines
      .slice(from, to)
      .map((line, at) => (from + at === lines.length - 1 ? line : `${line}\n`))
      .join("");
  const parts = marked.map(([start, length], at) => {
    const next = marked[at + 1]?.[0];
    return html`${length === 0 ? "" : html`<mark>${textOf(start, start + length)}</mark>`}${textOf(start + length, next)}`;
  });
  return html`<figure>
    <figcaption>${name}</figcaption>
    <pre tabindex="0" aria-label=${name}>${textOf(0, marked[0]?.[0])}${parts}</pre>
  </figure>`;
}
