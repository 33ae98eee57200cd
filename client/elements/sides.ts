import { diffIndices } from "node-diff3";
import { html, type TemplateResult } from "lit";
import { formatCount } from "../../server/text/format.js";

/** Beyond so many comparisons nothing is marked. */
const MOST_COMPARISONS = 1_000_000;

export interface Side {
  readonly name: string;
  readonly text: string;
}

/** Equal lines that stay around those that differ; more than that are folded. */
const CONTEXT = 3;
const MOST_EQUAL = 12;

/** Two texts side by side; lines that the other has not are marked, and of long equal stretches the middle is left out. */
export function renderSides(one: Side, other: Side): TemplateResult {
  const [lines, others] = [one.text.split("\n"), other.text.split("\n")];
  const regions = lines.length * others.length > MOST_COMPARISONS ? [] : diffIndices(lines, others);
  return html`<div class="sides">
    ${renderSide(
      one.name,
      terminated(lines),
      regions.map(({ buffer1 }) => buffer1),
    )}
    ${renderSide(
      other.name,
      terminated(others),
      regions.map(({ buffer2 }) => buffer2),
    )}
  </div>`;
}

function renderSide(
  name: string,
  lines: readonly string[],
  marked: readonly (readonly [start: number, length: number])[],
): TemplateResult {
  const parts = marked.map(([start, length], at) => {
    const next = marked[at + 1]?.[0];
    return html`${length === 0 ? "" : html`<mark>${lines.slice(start, start + length)}</mark>`}${renderEqual(lines.slice(start + length, next), { isFirst: false, isLast: next === undefined })}`;
  });
  const head = lines.slice(0, marked[0]?.[0]);
  return html`<figure>
    <figcaption>${name}</figcaption>
    <pre tabindex="0" aria-label=${name}>
${marked.length === 0 ? head : renderEqual(head, { isFirst: true, isLast: false })}${parts}</pre>
  </figure>`;
}

/** Lines that both sides have. */
function renderEqual(
  lines: readonly string[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): unknown {
  if (lines.length <= MOST_EQUAL) return lines;
  const [above, below] = [isFirst ? 0 : CONTEXT, isLast ? 0 : CONTEXT];
  const folded = formatCount(lines.length - above - below, "equal line");
  return [...lines.slice(0, above), html`<i>⋯ ${folded}</i>`, "\n", ...lines.slice(lines.length - below)];
}

/** All but the last: a text that ends with a break has an empty one there. */
function terminated(lines: readonly string[]): string[] {
  return lines.map((line, at) => (at === lines.length - 1 ? line : `${line}\n`));
}
