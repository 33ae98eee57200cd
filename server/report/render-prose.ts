import type { Token } from "markdown-it";
import { markdown, plainText } from "./markdown.js";

export interface Heading {
  readonly id: string;
  readonly text: string;
  /** 1 to 6. */
  readonly level: number;
}

/** From a heading of a section to the next one. */
export interface ProsePart {
  readonly html: string;
  /** The first begins a section where `isStart` says so. */
  readonly headings: readonly Heading[];
  readonly isStart: boolean;
}

/**
 * A part for each heading of the first two levels. `idOf` names a heading. `notebook`: the one that this is, where it stands
 * by itself; in the app links open beside the page.
 */
export function renderProse(
  text: string,
  idOf: (heading: string) => string,
  notebook: string | undefined,
): ProsePart[] {
  const env = { notebook };
  const tokens = markdown.parse(text, env);
  return splitAtHeadings(tokens).map((part) => {
    const headings = part.flatMap((token, index) => {
      if (token.type !== "heading_open" || token.level !== 0) return [];
      const title = plainText(part[index + 1]);
      const heading = { id: idOf(title), text: title, level: Number(token.tag.slice(1)) };
      token.attrSet("id", heading.id);
      return [heading];
    });
    return {
      html: markdown.renderer.render(part, markdown.options, env),
      headings,
      isStart: isSectionStart(part[0]),
    };
  });
}

function splitAtHeadings(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  for (const token of tokens) {
    const last = parts.at(-1);
    if (last === undefined || isSectionStart(token)) parts.push([token]);
    else last.push(token);
  }
  return parts;
}

function isSectionStart(token: Token | undefined): boolean {
  return token?.type === "heading_open" && token.level === 0 && /^h[12]$/.test(token.tag);
}
