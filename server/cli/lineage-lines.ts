import type { Trace, TracedColumn } from "../lineage/trace.js";
import type {
  ColumnLineageView,
  LineageView,
  NodeView,
  UsesView,
} from "../workbench/lineage/lineage-view.js";
import { escapeControls } from "./format.js";

/** One step back, cell by cell. */
export function lineageLines({ notebook, nodes, cells }: LineageView): string {
  const names = namesOf(nodes, notebook);
  const blocks = cells.flatMap(({ node, columns, uses, rows, unknown }) => {
    const head = names(node);
    if (unknown !== undefined) return [[head, `  unknown: ${unknown}`]];
    const width = Math.max(0, ...columns.map(({ name }) => name.length));
    const lines = columns.map((column) => `  ${column.name.padEnd(width)}  ←  ${listOf(column, names)}`);
    if (uses.columns.length > 0) lines.push(`  looks at  ${listOf(uses, names)}`);
    if (rows.columns.length > 0 || rows.unknown !== undefined)
      lines.push(`  which rows: ${listOf(rows, names)}`);
    return lines.length === 0 ? [] : [[head, ...lines]];
  });
  return `${blocks.map((lines) => lines.map(escapeControls).join("\n")).join("\n\n")}\n`;
}

/** The whole way of one column, as it is told of in a notebook. */
export function columnLines(
  { node, column, back, forward, nodes }: ColumnLineageView,
  notebook: string,
): string {
  const names = namesOf(nodes, notebook);
  const isFile = nodes.find(({ id }) => id === node)?.kind === "file";
  const lines = [
    names(node, column),
    ...(isFile ? [] : traceLines("computed from", "rows decided by", back, names)),
    ...traceLines("goes into", "decides rows of", forward, names),
  ];
  return `${lines.map(escapeControls).join("\n")}\n`;
}

function traceLines(values: string, rows: string, trace: Trace, names: Names): string[] {
  const of = (role: TracedColumn["role"]): string[] =>
    trace.columns.filter((each) => each.role === role).map(({ node, column }) => names(node, column));
  const doubts = trace.unknown.map(({ node, column, reason }) => `${names(node, column)}: ${reason}`);
  const block = (head: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : ["", head, ...items.map((item) => `  ${item}`)];
  const valued = of("value");
  return [
    ...block(values, valued.length === 0 ? ["no column"] : valued),
    ...block(rows, of("rows")),
    ...block("unknown", [...doubts, ...of("unknown").map((name) => `${name} may be part of it`)]),
  ];
}

function listOf({ columns, unknown }: UsesView, names: Names): string {
  const items = columns.map(({ node, column }) => names(node, column));
  const doubt = unknown === undefined ? [] : [`unknown: ${unknown}`];
  return items.length + doubt.length === 0 ? "no column" : [...items, ...doubt].join(", ");
}

type Names = (id: string, column?: string) => string;

/** Cells of other notebooks with their notebook's name before them. */
function namesOf(nodes: readonly NodeView[], notebook: string): Names {
  const known = new Map(nodes.map((node) => [node.id, node]));
  return (id, column) => {
    const node = known.get(id);
    if (node === undefined) return id;
    const { kind, name } = node;
    // The name of a file has dots of its own.
    if (kind === "file") return column === undefined ? name : `${column} of ${name}`;
    const before = kind === "sql" || kind === "system" ? "" : `${kind} `;
    const other = node.notebook === undefined || node.notebook === notebook ? "" : `${node.notebook}/`;
    return `${before}${other}${name}${column === undefined ? "" : `.${column}`}`;
  };
}
