import { headingsOf, type Heading } from "../elements/markdown.js";
import { visibleBlocks, type Block, type CellFacts, type NotebookDocument } from "../store/document.js";

/** A line of the outline: a heading of the prose, or a cell. */
export type OutlineEntry =
  | {
      readonly block: string;
      readonly heading: Heading;
      /** Among those of its block. */ readonly at: number;
    }
  | { readonly block: string; readonly cell: CellFacts; readonly label: string };

/** Blocks stay the same objects while nothing about them changes. */
const known = new WeakMap<Block, readonly OutlineEntry[]>();

/** What there is in a notebook, in the order in which it is read. */
export function outlineEntries(document: NotebookDocument): readonly OutlineEntry[] {
  return visibleBlocks(document).flatMap((block) => {
    const entries = known.get(block) ?? entriesOf(block);
    known.set(block, entries);
    return entries;
  });
}

function entriesOf({ id, type, source, cell }: Block): readonly OutlineEntry[] {
  if (cell !== undefined) return [{ block: id, cell, label: labelOf(cell) }];
  if (type === "cell") return [];
  return headingsOf(source).map((heading, at) => ({ block: id, heading, at }));
}

/** Charts are known by what stands above them. */
function labelOf({ kind, name, options: { title } }: CellFacts): string {
  return kind === "chart" && typeof title === "string" && title.trim() !== "" ? title : name;
}

/** Where each entry begins and which part of the page can be seen, both in the same measure. */
export interface Sight {
  readonly tops: readonly number[];
  /** Of what lies behind the last one. */
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** The first and the last entry of which something can be seen; undefined: of none. Each reaches to the next. */
export function inSight({ tops, end, from, to }: Sight): readonly [number, number] | undefined {
  const seen = tops.flatMap((top, at) => (top < to && (tops[at + 1] ?? end) > from ? [at] : []));
  const [first, last] = [seen[0], seen.at(-1)];
  return first === undefined || last === undefined ? undefined : [first, last];
}
