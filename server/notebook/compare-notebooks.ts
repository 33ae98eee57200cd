import type { Cell, Notebook } from "./notebook.js";

/** A cell that two texts of a notebook do not have alike. */
export interface CellChange {
  /** Null: what stands around the cells (front matter, prose), in which a line stands for each cell. */
  readonly cell: string | null;
  /** The whole fence; absent where that text has no such cell. */
  readonly before?: string;
  readonly after?: string;
}

/** In the order of the later text; what it has no longer comes last. Empty for equal texts. */
export function compareNotebooks(before: Notebook, after: Notebook): CellChange[] {
  const left = cellTexts(before);
  const right = cellTexts(after);
  const around = { before: aroundCells(before), after: aroundCells(after) };
  const changes: CellChange[] = around.before === around.after ? [] : [{ cell: null, ...around }];
  for (const [key, { cell, text }] of right) {
    const earlier = left.get(key)?.text;
    if (earlier !== text)
      changes.push({ cell, ...(earlier === undefined ? {} : { before: earlier }), after: text });
  }
  for (const [key, { cell, text }] of left) if (!right.has(key)) changes.push({ cell, before: text });
  return changes;
}

/** By name; of a name that is taken twice, each cell by its turn. */
function cellTexts(notebook: Notebook): Map<string, { readonly cell: string; readonly text: string }> {
  const found = new Map<string, { readonly cell: string; readonly text: string }>();
  for (const cell of notebook.cells) {
    let key = cell.name;
    for (let turn = 2; found.has(key); turn++) key = `${cell.name} ${String(turn)}`;
    found.set(key, { cell: cell.name, text: textOf(notebook, cell) });
  }
  return found;
}

function aroundCells({ source: { text }, cells }: Notebook): string {
  const parts: string[] = [];
  let end = 0;
  for (const { name, span } of cells) {
    parts.push(text.slice(end, span.start), `[${name}]\n`);
    end = span.end;
  }
  return parts.join("") + text.slice(end);
}

export function textOf({ source: { text } }: Notebook, { span }: Cell): string {
  return text.slice(span.start, span.end);
}
