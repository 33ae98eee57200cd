import type { NotebookView } from "../../server/api/protocol.js";

/** Tells for each cell with which of the server's answers it, or something that it reads, last became another one. */
export class CellEditions {
  #view: NotebookView | undefined;
  #count = 0;
  #editions: ReadonlyMap<string, number> = new Map();

  /** By name; the same answer again changes nothing. */
  take(view: NotebookView): ReadonlyMap<string, number> {
    if (view === this.#view) return this.#editions;
    const changed = changedCells(view, this.#view);
    this.#view = view;
    this.#count++;
    const editionOf = (name: string): number =>
      changed.has(name) ? this.#count : (this.#editions.get(name) ?? this.#count);
    this.#editions = new Map(view.cells.map(({ name }) => [name, editionOf(name)]));
    return this.#editions;
  }
}

/** With all below them. The front matter counts for every cell: it has the parameters. */
function changedCells(view: NotebookView, before: NotebookView | undefined): ReadonlySet<string> {
  if (before === undefined || headOf(view) !== headOf(before))
    return new Set(view.cells.map(({ name }) => name));
  const [now, old] = [textsOf(view), textsOf(before)];
  const edges = [...view.graph.edges, ...before.graph.edges];
  // A set may grow while it is walked through.
  const changed = new Set([...now.keys(), ...old.keys()].filter((name) => now.get(name) !== old.get(name)));
  for (const parent of changed) for (const [from, to] of edges) if (from === parent) changed.add(to);
  return changed;
}

function headOf({ text, blocks }: NotebookView): string {
  return text.slice(0, blocks[0]?.span.start);
}

/** By the cells' names; of several of one name: all their texts. */
function textsOf({ text, cells }: NotebookView): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { name, span } of cells)
    texts.set(name, (texts.get(name) ?? "") + text.slice(span.start, span.end));
  return texts;
}
