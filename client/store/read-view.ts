import { cellFences } from "../../server/notebook/cell-fences.js";
import { splitLines } from "../../server/notebook/lines.js";
import { parseOutline } from "../../server/notebook/outline.js";
import { isOptionLine } from "../../server/notebook/headers.js";
import { nameIn } from "../../server/notebook/merge/units.js";
import { Report } from "../../server/notebook/report.js";
import type { CellView, NotebookView, TextRange } from "../../server/api/protocol.js";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { CellFacts } from "./document.js";

/**
 * The view as the server would answer for this text, as far as a page can tell without it: what is known of the cells
 * is what `view`, or else `known`, has of those of their names.
 */
export function readView(text: string, view: NotebookView, known: readonly CellFacts[] = []): NotebookView {
  const facts = new Map([...known, ...view.cells].map((cell) => [cell.name, cell]));
  const outline = parseOutline(text, new Report());
  const cells = outline.fences
    .flatMap((fence) => cellFences(text, fence))
    .map(({ fence, kind }): CellView => {
      const { span, bodySpan } = fence;
      const name = nameIn(text.slice(bodySpan.start, bodySpan.end));
      const {
        span: _span,
        bodySpan: _body,
        sqlSpan: _sql,
        ...own
      } = (facts.get(name) ?? {}) as Partial<CellView>;
      const isSql = cellKinds[kind].language === "sql";
      return {
        ...emptyFacts,
        ...own,
        name,
        kind,
        span,
        bodySpan,
        ...(isSql ? { sqlSpan: sqlIn(text, bodySpan) } : {}),
      };
    });
  return { ...view, text, cells, blocks: blocksOf(cells, { start: outline.start, end: text.length }) };
}

const emptyFacts = {
  hasErrors: false,
  isDataset: false,
  options: {},
  lake: [],
  files: [],
  parameters: [],
};

/** Below the option lines, without the last line break. */
function sqlIn(text: string, body: TextRange): TextRange {
  let { start } = body;
  for (const line of splitLines(text, body)) {
    if (!isOptionLine(text.slice(line.start, line.end))) break;
    start = line.next;
  }
  const end = start + text.slice(start, body.end).replace(/(?:\r\n|\n|\r)$/, "").length;
  return { start, end };
}

function blocksOf(cells: readonly CellView[], { start, end }: TextRange): NotebookView["blocks"] {
  const blocks: NotebookView["blocks"][number][] = [];
  let at = start;
  for (const { span } of [...cells, { span: { start: end, end } }]) {
    if (span.start > at) blocks.push({ type: "prose", span: { start: at, end: span.start } });
    if (span.end > span.start) blocks.push({ type: "cell", span });
    at = span.end;
  }
  return blocks;
}
