import MarkdownIt, { type Token } from "markdown-it";
import { escapeHtml } from "../text/escape-html.js";

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

// Raw HTML is shown as text and links are checked by markdown-it: prose comes from a file that anybody may have written.
const markdown = new MarkdownIt({ html: false });
// Whoever follows a link of a shared page is not told where it stood.
markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet("rel", "noopener noreferrer nofollow");
  const href = String(tokens[index]?.attrGet("href") ?? "");
  if (isInApp(env) && !href.startsWith("#")) tokens[index]?.attrSet("target", "_blank");
  if (!isInApp(env)) tokens[index]?.attrSet("href", withinPage(href, env));
  return self.renderToken(tokens, index, options);
};
// An image from elsewhere would tell its host who reads this.
markdown.renderer.rules["image"] = (tokens, index) => `<em>${escapeHtml(tokens[index]?.content ?? "")}</em>`;

function isInApp(env: unknown): boolean {
  return typeof env === "object" && env !== null && "inApp" in env && env.inApp === true;
}

/** An address of the app that leads to a cell of the notebook which this is; others stay as they are. */
function withinPage(href: string, env: unknown): string {
  const own = typeof env === "object" && env !== null && "notebook" in env ? env.notebook : undefined;
  const [, notebook = "", cell = ""] = /^#\/notebooks\/([^/?]+)(?:\/([^/?]+))?(?:\?.*)?$/.exec(href) ?? [];
  return typeof own === "string" && notebook === encodeURIComponent(own) ? `#${cell}` : href;
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
  const env = { inApp: notebook === undefined, notebook };
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

function plainText(inline: Token | undefined): string {
  return (inline?.children ?? [])
    .map(({ type, content }) => (type === "softbreak" || type === "hardbreak" ? " " : content))
    .join("")
    .trim();
}
