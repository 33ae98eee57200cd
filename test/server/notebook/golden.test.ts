import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { compareDiagnostics, formatDiagnostic } from "../../../server/base/diagnostic.js";
import type { Cell, Notebook } from "../../../server/notebook/notebook.js";
import { decodeNotebook, parseNotebook } from "../../../server/notebook/parse.js";

const folder = resolve(import.meta.dirname, "../../notebooks");
const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

// A folder is a case. `vitest --update` writes what is expected; review it like prose.
describe("parseNotebook(test/notebooks/*)", () => {
  test.each(cases.map((entry) => entry.name))("%s", async (name) => {
    const decoded = decodeNotebook(readFileSync(join(folder, name, "notebook.md")));
    const { notebook, diagnostics } = parseNotebook(name, `notebooks/${name}.md`, decoded.text);
    const all = [...decoded.diagnostics, ...diagnostics].sort(compareDiagnostics);
    const printed = all.map((diagnostic) => `${formatDiagnostic(diagnostic, notebook.source)}\n`).join("\n");
    await expect(printed).toMatchFileSnapshot(join(folder, name, "expected-diagnostics.txt"));
    await expect(`${JSON.stringify(describeNotebook(notebook), null, 2)}\n`).toMatchFileSnapshot(
      join(folder, name, "expected.json"),
    );
  });
});

function describeNotebook(notebook: Notebook): unknown {
  const { title, frontMatter, blocks, cells, source } = notebook;
  const outline = blocks.map((block) =>
    block.type === "cell" ? block.cell.name : firstLine(source.slice(block.span)),
  );
  return showSpans({ title, frontMatter, blocks: outline, cells: cells.map(withoutBody) }, notebook);
}

/** The body is in the file; what was understood of it is what counts here. */
function withoutBody(cell: Cell): unknown {
  const { span, bodySpan, ...rest } = cell;
  return { fence: `${span.start}-${span.end}, body ${bodySpan.start}-${bodySpan.end}`, ...rest };
}

/** Replaces each span by the text that it stands for; sorts keys, whose order means nothing. */
function showSpans(value: unknown, notebook: Notebook): unknown {
  if (Array.isArray(value)) return value.map((item) => showSpans(item, notebook));
  if (typeof value !== "object" || value === null) return value;
  if ("start" in value && "end" in value)
    return notebook.source.slice(value as { start: number; end: number });
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, showSpans(item, notebook)]));
}

function firstLine(text: string): string {
  return `prose: ${/\S.*/.exec(text)?.[0] ?? "(blank)"}`;
}
