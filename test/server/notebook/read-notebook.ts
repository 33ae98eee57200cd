import { SourceText } from "../../../server/base/source.js";
import type { Diagnostic } from "../../../server/base/diagnostic.js";
import type { Cell, CellKind, Notebook } from "../../../server/notebook/notebook.js";
import { parseNotebook } from "../../../server/notebook/parse.js";

export interface ReadNotebook {
  readonly notebook: Notebook;
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
}

export function read(text: string): ReadNotebook {
  const { notebook, diagnostics } = parseNotebook("test", "notebooks/test.md", text);
  return { notebook, diagnostics, codes: diagnostics.map((diagnostic) => diagnostic.code) };
}

/** The text that each diagnostic points at. */
export function marked(text: string): string[] {
  const source = new SourceText("", text);
  return read(text).diagnostics.map((diagnostic) => source.slice(diagnostic.span));
}

/** The first cell, which the test knows to be of this kind. */
export function readCell<K extends CellKind>(text: string, kind: K): Extract<Cell, { kind: K }> {
  return cellOf(read(text).notebook, kind);
}

export function cellOf<K extends CellKind>(
  notebook: Notebook,
  kind: K,
  name?: string,
): Extract<Cell, { kind: K }> {
  const cell = notebook.cells.find(
    (each) => each.kind === kind && (name === undefined || each.name === name),
  );
  if (cell === undefined) throw new Error(`no ${kind} cell in ${notebook.source.text}`);
  return cell as Extract<Cell, { kind: K }>;
}

/** A notebook of one SQL cell with these option lines. */
export function sqlFence(options: string, sql = "SELECT 1"): string {
  const lines = ["cell: a", ...options.split("\n")].filter((line) => line !== "");
  return `\`\`\`sql\n${lines.map((line) => `--| ${line}\n`).join("")}${sql}\n\`\`\`\n`;
}

export function yamlFence(body: string): string {
  return `\`\`\`yaml\n${body}\n\`\`\`\n`;
}

export function frontMatter(yaml: string): string {
  return `---\n${yaml}\n---\n`;
}
