import type { CellKind } from "../notebook/notebook.js";
import { reportWidths, type ReportWidth } from "../notebook/report-width.js";
import { renderProse, type Heading } from "./render-prose.js";

/** What a report is made of: prose, and cells with whatever the caller draws them by. */
export type ReportBlock<T> =
  { readonly type: "prose"; readonly text: string } | ({ readonly type: "cell" } & ReportCell<T>);

export interface ReportItem<T> extends ReportCell<T> {
  /** Of its title among the headings. */
  readonly level: number;
}

interface ReportCell<T> {
  readonly name: string;
  readonly kind: CellKind;
  readonly title: string;
  readonly width?: ReportWidth | undefined;
  readonly cell: T;
}

export type ReportPart<T> =
  | { readonly type: "prose"; readonly html: string }
  | { readonly type: "item"; readonly item: ReportItem<T> }
  /** Controls that follow each other stand in a row, unless they say how wide they are. */
  | { readonly type: "controls"; readonly items: readonly ReportItem<T>[] };

/** What is shown at once when it is presented. */
export interface ReportSection<T> {
  readonly parts: readonly ReportPart<T>[];
}

export interface OutlineEntry {
  readonly id: string;
  readonly text: string;
  /** 1 to 3; what is no heading stands below the one before it. */
  readonly depth: number;
  readonly isCell: boolean;
}

export interface Report<T> {
  readonly sections: readonly ReportSection<T>[];
  readonly outline: readonly OutlineEntry[];
}

/**
 * A notebook's blocks as people read them: the same on the page, behind a link and in a file. `notebook`: which it is, where it
 * stands by itself.
 */
export function layOut<T>(blocks: readonly ReportBlock<T>[], notebook?: string): Report<T> {
  const idOf = headingIds(blocks.flatMap((block) => (block.type === "cell" ? [block.name] : [])));
  const sections: ReportPart<T>[][] = [[]];
  const outline: OutlineEntry[] = [];
  let level = 2;
  const add = (part: ReportPart<T>): void => {
    sections.at(-1)?.push(part);
  };
  for (const block of blocks) {
    if (block.type === "cell") {
      const { type: _type, ...item } = block;
      addItem(sections.at(-1) ?? [], { ...item, level });
      if (item.kind !== "input") outline.push({ id: item.name, text: item.title, depth: 3, isCell: true });
      continue;
    }
    for (const { html, headings, isStart } of renderProse(block.text, idOf, notebook)) {
      if (isStart && sections.at(-1)?.length !== 0) sections.push([]);
      add({ type: "prose", html });
      outline.push(...headings.flatMap(toEntry));
      level = Math.min(6, (headings.at(-1)?.level ?? level - 1) + 1);
    }
  }
  return { sections: sections.filter((parts) => parts.length > 0).map((parts) => ({ parts })), outline };
}

/** What stands over a cell, of its options as they are written. */
export function titleOf(
  name: string,
  { title, label, description }: Readonly<Record<string, unknown>>,
): string {
  return [title, label, description].find((text) => typeof text === "string") ?? name;
}

/** The word of a cell's option; undefined for anything else. */
export function readWidth(value: unknown): ReportWidth | undefined {
  return reportWidths.find((width) => width === value);
}

function addItem<T>(parts: ReportPart<T>[], item: ReportItem<T>): void {
  const last = parts.at(-1);
  if (item.kind !== "input" || item.width !== undefined) parts.push({ type: "item", item });
  else if (last?.type === "controls") parts.splice(-1, 1, { type: "controls", items: [...last.items, item] });
  else parts.push({ type: "controls", items: [item] });
}

function toEntry({ id, text, level }: Heading): OutlineEntry[] {
  return level > 3 ? [] : [{ id, text, depth: level, isCell: false }];
}

/** Each other than all before, and than the cells, which are reached by their names. */
function headingIds(names: readonly string[]): (text: string) => string {
  const taken = new Set(names);
  return (text) => {
    const stem =
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-|-$/g, "") || "section";
    let id = stem;
    for (let count = 2; taken.has(id); count++) id = `${stem}-${String(count)}`;
    taken.add(id);
    return id;
  };
}
