import { html, type TemplateResult } from "lit";

const HUES = 12;

/** A person's first letters in a colour of their own; `words` is read out and shown under the pointer. */
export function renderAvatar(name: string, words = name): TemplateResult {
  return html`<span class="avatar hue-${hueOf(name)}" role="img" aria-label=${words} title=${words}
    ><span aria-hidden="true">${initialsOf(name)}</span></span
  >`;
}

/** `ana maria` and `ana.maria` are AM, `agent claude for ana` is CA. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/^(agent|token) /, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word !== "for");
  const [first = "?", second] = words;
  return (first.slice(0, second === undefined ? 2 : 1) + (second?.slice(0, 1) ?? "")).toUpperCase();
}

function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % HUES;
}
