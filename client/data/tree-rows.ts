import { formatCount } from "../../server/text/format.js";
import type { DataNode } from "./data-tree.js";

/** A node as one line of the tree. */
export interface TreeRow {
  readonly node: DataNode;
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly isOpen: boolean;
  /** Of the row that it stands below; -1 for none. */
  readonly parent: number;
}

/** What stands open, line by line. A search shows what has all of its words, and where it stands. */
export function rowsOf(
  nodes: readonly DataNode[],
  isOpen: (node: DataNode) => boolean,
  search = "",
): readonly TreeRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: TreeRow[] = [];
  const add = (siblings: readonly DataNode[], level: number, parent: number, isWithin: boolean): boolean => {
    const shown = siblings.flatMap((node) => {
      const isFound = isWithin || words.length === 0 || hasWords(node, words);
      const found = words.length === 0 || isFound ? undefined : foundBelow(node, words);
      return isFound || found !== undefined ? [{ node, found, isFound }] : [];
    });
    for (const [index, { node, found, isFound }] of shown.entries()) {
      const { children } = node;
      const isShownOpen = children !== undefined && (found !== undefined || isOpen(node));
      const at = rows.length;
      rows.push({ node, level, position: index + 1, siblings: shown.length, isOpen: isShownOpen, parent });
      if (isShownOpen) add(children(), level + 1, at, isFound && node.kind !== "group" && words.length > 0);
    }
    return shown.length > 0;
  };
  add(nodes, 1, -1, false);
  return rows;
}

function foundBelow(node: DataNode, words: readonly string[]): true | undefined {
  const found = node.children?.().some((child) => hasWords(child, words) || foundBelow(child, words));
  return found === true ? true : undefined;
}

function hasWords({ kind, label, source }: DataNode, words: readonly string[]): boolean {
  if (kind === "note" || kind === "action" || kind === "group") return false;
  const text = `${label} ${kind === "file" ? (source?.name ?? "") : ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Which row a key leads to; undefined: it is no such key. */
export function rowByKey(
  key: string,
  at: number,
  rows: readonly TreeRow[],
  pageRows: number,
): number | undefined {
  const last = rows.length - 1;
  const row = rows[at];
  switch (key) {
    case "ArrowDown":
      return Math.min(last, at + 1);
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "PageDown":
      return Math.min(last, at + pageRows);
    case "PageUp":
      return Math.max(0, at - pageRows);
    case "ArrowRight":
      return row?.isOpen === true && rows[at + 1]?.parent === at ? at + 1 : at;
    case "ArrowLeft":
      return row?.isOpen === false || row?.node.children === undefined ? Math.max(0, row?.parent ?? at) : at;
    default:
      return undefined;
  }
}

/** The next row that begins with what was typed; a first letter alone goes on from the one after. */
export function rowByText(text: string, at: number, rows: readonly TreeRow[]): number | undefined {
  const first = text.length === 1 ? at + 1 : at;
  for (let step = 0; step < rows.length; step++) {
    const index = (first + step) % rows.length;
    if (rows[index]?.node.label.toLowerCase().startsWith(text.toLowerCase()) === true) return index;
  }
  return undefined;
}

/** What somebody hears of a search. */
export function countFound(rows: readonly TreeRow[]): string {
  const found = rows.filter(({ node }) => /^(file|dataset|cell|column)$/.test(node.kind)).length;
  return found === 0 ? "Nothing matches." : formatCount(found, "entry", "entries");
}
