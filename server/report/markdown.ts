import MarkdownIt, { type Token } from "markdown-it";
import { escapeHtml } from "../text/escape-html.js";

/**
 * Prose of notebooks, as it is shown everywhere. `env.notebook`: the notebook that a page by itself shows; without it the
 * prose is in the app, and links open beside the page. Raw HTML is shown as text and links are checked by markdown-it: it
 * comes from a file that anybody may have written.
 */
export const markdown = new MarkdownIt({ html: false });

// Whoever follows a link of a shared page is not told where it stood.
markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet("rel", "noopener noreferrer nofollow");
  const href = String(tokens[index]?.attrGet("href") ?? "");
  const own: unknown = env?.["notebook"];
  if (typeof own === "string") tokens[index]?.attrSet("href", withinPage(href, own));
  else if (!href.startsWith("#")) tokens[index]?.attrSet("target", "_blank");
  return self.renderToken(tokens, index, options);
};

// An image from elsewhere would tell its host who reads this; the page's policy refuses it anyway.
markdown.renderer.rules["image"] = (tokens, index) => `<em>${escapeHtml(tokens[index]?.content ?? "")}</em>`;

/** An address of the app that leads to a cell of the notebook which this is; others stay as they are. */
function withinPage(href: string, own: string): string {
  const [, notebook = "", cell = ""] = /^#\/notebooks\/([^/?]+)(?:\/([^/?]+))?(?:\?.*)?$/.exec(href) ?? [];
  return notebook === encodeURIComponent(own) ? `#${cell}` : href;
}

/** Of the token behind that of a heading: the words of it. */
export function plainText(inline: Token | undefined): string {
  return (inline?.children ?? [])
    .map(({ type, content }) => (type === "softbreak" || type === "hardbreak" ? " " : content))
    .join("")
    .trim();
}
