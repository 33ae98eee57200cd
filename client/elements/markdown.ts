import { markdown, plainText } from "../../server/report/markdown.js";

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

export function renderMarkdown(source: string): string {
  return markdown.render(source);
}

/** Those of a text in their order, which is that of the elements that it is rendered to. */
export function headingsOf(source: string): readonly Heading[] {
  const tokens = markdown.parse(source, {});
  return tokens.flatMap(({ type, tag }, index) =>
    type === "heading_open" ? [{ level: Number(tag.slice(1)), text: plainText(tokens[index + 1]) }] : [],
  );
}
