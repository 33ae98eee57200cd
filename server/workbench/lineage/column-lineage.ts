import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import { AppError } from "../../base/errors.js";
import { suggest } from "../../text/suggest.js";
import { cellNode, type LineageGraph, type LineageNode } from "../../lineage/lineage-graph.js";
import { findOutput, traceBack, traceForward, type Trace } from "../../lineage/trace.js";
import type { ProblemServices } from "../find-problems.js";
import { workspaceLineage } from "./workspace-lineage.js";

/** Where a column comes from, and what it goes into. */
export interface TracedCell {
  readonly node: LineageNode;
  readonly column: string;
  readonly back: Trace;
  readonly forward: Trace;
}

/**
 * `wanted`: cell and column, or as people write it: `orders.id`, or `input/orders.json.id` of a file that a cell reads. Fails with code
 * not-found where there is no such cell, file or column.
 */
export async function traceColumn(
  services: ProblemServices,
  analyzed: AnalyzedNotebook,
  wanted: string | { readonly cell: string; readonly column: string },
): Promise<TracedCell & { readonly graph: LineageGraph }> {
  const graph = await workspaceLineage(services, analyzed);
  const [node, column] =
    typeof wanted === "string"
      ? findWritten(graph, analyzed, wanted)
      : [findCell(graph, analyzed, wanted.cell), wanted.column];
  const output = findOutput(node, column);
  if (output === undefined) throw missingColumn(node, column);
  const start = { node: node.id, column: output.name };
  return {
    graph,
    node,
    column: output.name,
    back: traceBack(graph, start),
    forward: traceForward(graph, start),
  };
}

export function findCell(graph: LineageGraph, { notebook }: AnalyzedNotebook, cell: string): LineageNode {
  const node = graph.get(cellNode(notebook.name, cell));
  if (node !== undefined) return node;
  const near = suggest(
    cell,
    notebook.cells.map(({ name }) => name),
  );
  throw new AppError("not-found", `The notebook "${notebook.name}" has no cell "${cell}".`, {
    ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
  });
}

/** A cell's name has no dot, a path has. */
function findWritten(
  graph: LineageGraph,
  analyzed: AnalyzedNotebook,
  text: string,
): readonly [LineageNode, column: string] {
  const files = [...graph.values()].filter(({ kind }) => kind === "file");
  const [file] = files
    .filter(({ name }) => text.startsWith(`${name}.`))
    .sort((a, b) => b.name.length - a.name.length);
  if (file !== undefined) return [file, text.slice(file.name.length + 1)];
  const dot = text.indexOf(".");
  const cell = text.slice(0, Math.max(0, dot));
  if (cell.includes("/")) {
    const names = files.map(({ name }) => name);
    throw new AppError("not-found", `No cell reads a file of which "${text}" is a column.`, {
      hint: names.length === 0 ? "None reads a file." : `Files that are read are ${names.join("; ")}.`,
    });
  }
  if (dot <= 0 || dot === text.length - 1)
    throw new AppError("usage", `"${text}" is no column of a cell.`, {
      hint: "Write it as cell.column, or as path.column of a file.",
    });
  return [findCell(graph, analyzed, cell), text.slice(dot + 1)];
}

function missingColumn(node: LineageNode, column: string): AppError {
  if (node.columns.length === 0)
    return new AppError(
      "not-found",
      `The columns of "${node.name}" cannot be told: ${node.unknown ?? `it is a ${node.kind}`}.`,
    );
  const names = node.columns.map(({ name }) => name);
  const near = suggest(column, names);
  return new AppError("not-found", `"${column}" is not a column of "${node.name}".`, {
    hint: near === undefined ? `Its columns are ${names.join(", ")}.` : `Did you mean "${near}"?`,
  });
}
