import type { ColumnLineage, LineageNodeView } from "../../server/api/protocol.js";

export type WayRole = ColumnLineage["back"]["columns"][number]["role"];

/** A cell that a column's way goes through. */
export interface WayStop {
  readonly role: WayRole;
  /** Of that cell; empty: which rows it has, or all of it. */
  readonly columns: readonly string[];
}

/** The way of one column, as the graph of a notebook shows it. */
export interface ColumnWay {
  readonly cell: string;
  readonly column: string;
  /** Other cells of the notebook. */
  readonly back: ReadonlyMap<string, WayStop>;
  readonly forward: ReadonlyMap<string, WayStop>;
  /** What it comes from and goes into outside of the notebook, in words. */
  readonly from: readonly string[];
  readonly into: readonly string[];
  readonly unknown: readonly string[];
}

const strength: Readonly<Record<WayRole, number>> = { value: 2, rows: 1, unknown: 0 };

export function toWay(lineage: ColumnLineage, notebook: string): ColumnWay {
  const nodes = new Map(lineage.nodes.map((node) => [node.id, node]));
  const isInside = ({ notebook: owner, cell }: LineageNodeView): boolean =>
    owner === notebook && cell === undefined;
  const stops = ({ columns }: ColumnLineage["back"]): ReadonlyMap<string, WayStop> => {
    const found = new Map<string, WayStop>();
    for (const { node, column, role } of columns) {
      const cell = nodes.get(node);
      if (cell === undefined || !isInside(cell) || node === lineage.node) continue;
      const known = found.get(cell.name);
      if (known !== undefined && strength[known.role] > strength[role]) continue;
      const others = known?.role === role ? known.columns : [];
      found.set(cell.name, { role, columns: column === undefined ? others : [...others, column] });
    }
    return found;
  };
  const outside = ({ columns }: ColumnLineage["back"]): string[] =>
    groupByNode(columns.filter(({ role }) => role === "value")).flatMap(({ node, columns: names }) => {
      const found = nodes.get(node);
      return found === undefined || found.notebook === notebook ? [] : [nameOf(found, notebook, names)];
    });
  const doubts = [...lineage.back.unknown, ...lineage.forward.unknown].map(({ node, reason }) => {
    const found = nodes.get(node);
    return `${found === undefined ? node : nameOf(found, notebook)}: ${reason}`;
  });
  return {
    cell: nodes.get(lineage.node)?.name ?? "",
    column: lineage.column,
    back: stops(lineage.back),
    forward: stops(lineage.forward),
    from: outside(lineage.back),
    into: outside(lineage.forward),
    unknown: [...new Set(doubts)],
  };
}

/** In the order of the first column of each; without a column: none of its own. */
export function groupByNode(
  columns: readonly { readonly node: string; readonly column?: string | undefined }[],
): readonly { readonly node: string; readonly columns: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { node, column } of columns) {
    const group = groups.get(node) ?? [];
    groups.set(node, group);
    if (column !== undefined) group.push(column);
  }
  return [...groups].map(([node, names]) => ({ node, columns: names }));
}

/** Of another notebook with its name before it; of a file the columns stand first, since its name has dots of its own. */
export function nameOf(node: LineageNodeView, notebook: string, columns: readonly string[] = []): string {
  const owner = node.notebook === undefined || node.notebook === notebook ? "" : `${node.notebook}/`;
  const kind = node.kind in wordsOf ? `${wordsOf[node.kind as keyof typeof wordsOf]} ` : "";
  const name = `${kind}${owner}${node.name}`;
  const [first, ...others] = columns;
  if (first === undefined) return name;
  return node.kind === "file" || others.length > 0 ? `${columns.join(", ")} of ${name}` : `${name}.${first}`;
}

const wordsOf = { check: "check", chart: "chart", input: "control", published: "dataset" } as const;
