import type {
  LineageGraph,
  LineageKind,
  LineageNode,
  NodeColumn,
  Uses,
} from "../../lineage/lineage-graph.js";
import type { Trace } from "../../lineage/trace.js";
import type { TracedCell } from "./column-lineage.js";

/** A file, a cell, a check, or a dataset of the lake. */
export interface NodeView {
  readonly id: string;
  readonly kind: LineageKind;
  readonly notebook?: string;
  readonly name: string;
  /** Of an entry of `checks:`. */
  readonly cell?: string;
  readonly isDataset?: boolean;
}

export interface UsesView {
  readonly columns: readonly NodeColumn[];
  readonly unknown?: string;
}

export interface CellLineageView {
  readonly node: string;
  readonly columns: readonly (UsesView & { readonly name: string })[];
  /** What it looks at, where it has no columns that others read. */
  readonly uses: UsesView;
  readonly rows: UsesView;
  readonly unknown?: string;
}

/** From which columns each cell computes its own, one step back. */
export interface LineageView {
  readonly notebook: string;
  readonly nodes: readonly NodeView[];
  readonly cells: readonly CellLineageView[];
}

/** All the way back and forward. */
export interface ColumnLineageView {
  readonly node: string;
  readonly column: string;
  readonly back: Trace;
  readonly forward: Trace;
  /** Those that are named above. */
  readonly nodes: readonly NodeView[];
}

export function toLineageView(graph: LineageGraph, notebook: string): LineageView {
  const own = [...graph.values()].filter((node) => node.notebook === notebook);
  const named = new Set(own.flatMap((node) => [node.id, ...node.reads, ...nodesIn(node)]));
  return {
    notebook,
    nodes: viewsOf(graph, named),
    cells: own.map(({ id, columns, uses, rows, unknown }) => ({
      node: id,
      columns,
      uses,
      rows,
      ...(unknown !== undefined && { unknown }),
    })),
  };
}

export function toColumnView(
  graph: LineageGraph,
  { node, column, back, forward }: TracedCell,
): ColumnLineageView {
  const named = new Set([node.id]);
  for (const trace of [back, forward])
    for (const each of [...trace.columns, ...trace.unknown]) named.add(each.node);
  return { node: node.id, column, back, forward, nodes: viewsOf(graph, named) };
}

function nodesIn({ columns, uses, rows }: LineageNode): string[] {
  return [...columns, uses, rows].flatMap((part: Uses) => part.columns.map(({ node }) => node));
}

function viewsOf(graph: LineageGraph, ids: ReadonlySet<string>): readonly NodeView[] {
  return [...graph.values()].flatMap((node) => {
    if (!ids.has(node.id)) return [];
    const { id, kind, notebook, name, cell, isDataset } = node;
    return [
      {
        id,
        kind,
        name,
        ...(notebook !== undefined && { notebook }),
        ...(cell !== undefined && { cell }),
        ...(isDataset === true && { isDataset }),
      },
    ];
  });
}
