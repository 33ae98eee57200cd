import { toDocument, type NotebookDocument } from "../../../client/store/document.js";
import type { NotebookView } from "../../../server/api/protocol.js";
import { parseNotebook } from "../../../server/notebook/parse.js";

/** What the server would answer for this text, as far as the document reads it. */
export function documentOf(text: string, previous?: NotebookDocument): NotebookDocument {
  const { notebook } = parseNotebook("test", "notebooks/test.md", text);
  const cells = notebook.cells.map((cell) => ({
    name: cell.name,
    kind: cell.kind,
    span: cell.span,
    bodySpan: cell.bodySpan,
    ...("sqlSpan" in cell ? { sqlSpan: cell.sqlSpan } : {}),
  }));
  return toDocument({ text, blocks: notebook.blocks, cells } as unknown as NotebookView, previous);
}
