import { parseOutline } from "../notebook/outline.js";
import { Report } from "../notebook/report.js";
import { plainYaml } from "./literals.js";

/** A block of a Markdown file: prose, or a fence of code with what stands behind its language. */
export type MarkdownBlock =
  | { readonly kind: "prose"; readonly text: string }
  | { readonly kind: "code"; readonly language: string; readonly info: string; readonly text: string };

export interface MarkdownFile {
  readonly frontMatter: Readonly<Record<string, unknown>>;
  readonly blocks: readonly MarkdownBlock[];
}

/** A Markdown file of another program, cut at its fences. */
export function readMarkdown(text: string): MarkdownFile {
  const outline = parseOutline(text, new Report());
  const blocks: MarkdownBlock[] = [];
  let at = outline.start;
  for (const { language, span, openingSpan, bodySpan } of outline.fences) {
    blocks.push({ kind: "prose", text: text.slice(at, span.start) });
    const info = text
      .slice(openingSpan.start, openingSpan.end)
      .replace(/^\s*(`+|~+)/, "")
      .trim();
    blocks.push({ kind: "code", language, info, text: text.slice(bodySpan.start, bodySpan.end) });
    at = span.end;
  }
  blocks.push({ kind: "prose", text: text.slice(at) });
  const { frontMatter: head } = outline;
  return {
    frontMatter: head === undefined ? {} : toRecord(plainYaml(text.slice(head.start, head.end))),
    blocks: blocks.filter((block) => block.text.trim() !== ""),
  };
}

/** An attribute of an info string or a tag: `id=top`, `query="df"`. */
export function attribute(text: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>}]+))`, "i").exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** A map as it is; anything else as an empty one. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
