import { readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import MarkdownIt from "markdown-it";
import type { Plugin } from "vite";

const folder = resolve(import.meta.dirname, "../server/docs");
/** In the order in which they are read. */
const names = ["guide", "server", "reference", "spark", "architecture", "decisions", "security", "speed"];
const markdown = new MarkdownIt({ html: false });

interface Heading {
  readonly level: number;
  readonly title: string;
  readonly id: string;
}

/** `server/docs/` as pages below `/docs`, in the style of the product; nothing of them runs in the browser. */
export function docsPages(): Plugin {
  return {
    name: "docs-pages",
    applyToEnvironment: ({ name }) => name === "client",
    generateBundle(_options, bundle) {
      const styles = Object.keys(bundle).filter((file) => file.endsWith(".css"));
      const emit = (fileName: string, source: string | Uint8Array): void =>
        void this.emitFile({ type: "asset", fileName: `docs/${fileName}`, source });
      for (const name of names)
        emit(name === "guide" ? "index.html" : `${name}.html`, renderPage(name, styles));
      const images = join(folder, "images");
      for (const image of readdirSync(images)) emit(`images/${image}`, readFileSync(join(images, image)));
    },
  };
}

function renderPage(name: string, styles: readonly string[]): string {
  const { title, headings, html } = renderText(readFileSync(join(folder, `${name}.md`), "utf8"));
  const escape = markdown.utils.escapeHtml;
  const pages = names.map((other) => {
    const current = other === name ? ' aria-current="page"' : "";
    return `<li><a href="${addressOf(other)}"${current}>${other[0]?.toUpperCase() ?? ""}${other.slice(1)}</a></li>`;
  });
  const contents = headings
    .filter(({ level }) => level === 2)
    .map((heading) => `<li><a href="#${heading.id}">${escape(heading.title)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · Lakebook</title>
<link rel="icon" href="data:,">
${styles.map((file) => `<link rel="stylesheet" href="/${file}">`).join("\n")}
</head>
<body class="docs">
<nav aria-label="Documents"><a href="/">Lakebook</a><ul>${pages.join("")}</ul></nav>
<nav aria-label="On this page"><ul>${contents.join("")}</ul></nav>
<main class="prose">
${html}</main>
</body>
</html>
`;
}

function renderText(text: string): {
  readonly title: string;
  readonly headings: readonly Heading[];
  readonly html: string;
} {
  const tokens = markdown.parse(text, {});
  const headings: Heading[] = [];
  tokens.forEach((token, index) => {
    if (token.type === "heading_open") {
      const title = tokens[index + 1]?.children?.map(({ content }) => content).join("") ?? "";
      const heading = { level: Number(token.tag.slice(1)), title, id: toAnchor(title) };
      token.attrSet("id", heading.id);
      headings.push(heading);
    }
    for (const child of token.children ?? []) {
      const href = child.type === "link_open" ? child.attrGet("href") : null;
      if (href !== null) child.attrSet("href", toAddress(String(href)));
      const source = child.type === "image" ? child.attrGet("src") : null;
      if (source !== null) child.attrSet("src", `/docs/${String(source)}`);
    }
  });
  const title = headings.find(({ level }) => level === 1)?.title ?? "";
  // Comments tell tests where a list begins.
  const html = markdown.renderer.render(tokens, markdown.options, {});
  return { title, headings, html: html.replace(/<p>&lt;!--.*?--&gt;<\/p>\n/g, "") };
}

/** As the hosts of repositories make them, so that links work there too. */
function toAnchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

function toAddress(href: string): string {
  const [file = "", anchor] = href.split("#");
  const name = basename(file, ".md");
  if (!names.includes(name) || file !== `${name}.md`) return href;
  return anchor === undefined ? addressOf(name) : `${addressOf(name)}#${anchor}`;
}

function addressOf(name: string): string {
  return name === "guide" ? "/docs" : `/docs/${name}`;
}
