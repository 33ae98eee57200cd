import { locate, type Diagnostic } from "../base/diagnostic.js";
import type { Column } from "../engine/engine.js";
import { toFlow, type GraphNode } from "../graph/dependency-graph.js";
import { optionsOf } from "../notebook/kinds/kinds.js";
import { isDataset, type Cell, type Notebook, type ParameterDefinition } from "../notebook/notebook.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { FoundProblems } from "../workbench/find-problems.js";
import { lakeReference } from "../runs/run-context.js";
import type { NotebookFile } from "../workspace/notebook-files.js";
import type { ListedNotebook } from "../analysis/notebook-cache.js";
import type { BlockView, CellView, NotebookSummary, NotebookView } from "./answers.js";

export function toSummary({ file, analyzed }: ListedNotebook): NotebookSummary {
  const { notebook, diagnostics } = analyzed ?? file.parsed;
  return {
    ...headOf(notebook),
    etag: file.etag,
    cells: notebook.cells.length,
    datasets: notebook.cells.filter(isDataset).map((cell) => cell.name),
    errors: count(diagnostics, "error"),
    warnings: count(diagnostics, "warning"),
    ...(analyzed === undefined ? { isIncomplete: true } : {}),
  };
}

export function toNotebookView(
  file: NotebookFile,
  { notebook, graph }: AnalyzedNotebook,
  { diagnostics, columns }: FoundProblems,
): Omit<NotebookView, "position"> {
  const wrong = new Set(diagnostics.flatMap(({ severity, cell }) => (severity === "error" ? [cell] : [])));
  return {
    ...headOf(notebook),
    text: file.text,
    etag: file.etag,
    parameters: notebook.frontMatter.parameters.map(withoutSpan),
    blocks: notebook.blocks.map((block): BlockView => {
      const cell = block.type === "cell" ? { cell: block.cell.name } : {};
      return { type: block.type, span: block.span, ...cell };
    }),
    cells: notebook.cells.map((cell) => ({
      ...toCellView(cell, graph.nodes.get(cell.name), columns.get(cell.name)),
      hasErrors: cell.hasErrors || wrong.has(cell.name),
    })),
    graph: toFlow(graph),
    diagnostics: diagnostics.map((item) => locate(item, notebook.source)),
  };
}

function headOf({ name, title, frontMatter }: Notebook): Pick<NotebookView, "name" | "title"> {
  const { description, schedule } = frontMatter;
  return {
    name,
    title,
    ...(description === undefined ? {} : { description }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

function toCellView(
  cell: Cell,
  node: GraphNode | undefined,
  columns: readonly Column[] | undefined,
): CellView {
  // The second cell of a name has no node of its own.
  const facts = node?.cell === cell ? node.facts : undefined;
  return {
    name: cell.name,
    kind: cell.kind,
    span: cell.span,
    bodySpan: cell.bodySpan,
    ...("sqlSpan" in cell ? { sqlSpan: cell.sqlSpan } : {}),
    hasErrors: cell.hasErrors || node?.isBroken === true,
    isDataset: isDataset(cell),
    options: optionsOf(cell),
    ...(columns === undefined ? {} : { columns }),
    lake:
      facts?.tables.flatMap(({ schema, name }) =>
        schema === undefined ? [] : [lakeReference(schema, name)],
      ) ?? [],
    files: facts?.files.map((file) => file.path) ?? [],
    parameters: facts?.parameters.map((parameter) => parameter.name) ?? [],
  };
}

function withoutSpan<T extends { readonly span: ParameterDefinition["span"] }>(item: T): Omit<T, "span"> {
  const { span: _span, ...rest } = item;
  return rest;
}

function count(diagnostics: readonly Diagnostic[], severity: Diagnostic["severity"]): number {
  return diagnostics.filter((item) => item.severity === severity).length;
}
