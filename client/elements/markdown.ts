import MarkdownIt from "markdown-it";
import { escapeHtml } from "../../server/text/escape-html.js";

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

// Raw HTML is shown as text and links are checked by markdown-it: prose comes from a file that anybody may have written.
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
markdown.renderer.rules["link_open"] = (tokens, index, options, _env, self) => {
  const token = tokens[index];
  token?.attrSet("rel", "noreferrer noopener");
  if (!String(token?.attrGet("href") ?? "").startsWith("#")) token?.attrSet("target", "_blank");
  return self.renderToken(tokens, index, options);
};
// An image from elsewhere would tell its host who reads this; the page's policy refuses it anyway.
markdown.renderer.rules["image"] = (tokens, index) => {
  const token = tokens[index];
  return `<em>${escapeHtml(token?.content ?? "")}</em>`;
};

export function renderMarkdown(source: string): string {
  return markdown.render(source);
}

/** Those of a text in their order, which is that of the elements that it is rendered to. */
export function headingsOf(source: string): readonly Heading[] {
  const tokens = markdown.parse(source, {});
  return tokens.flatMap(({ type, tag }, index) => {
    if (type !== "heading_open") return [];
    const parts = tokens[index + 1]?.children ?? [];
    return [{ level: Number(tag.slice(1)), text: parts.map(({ content }) => content).join("") }];
  });
}
