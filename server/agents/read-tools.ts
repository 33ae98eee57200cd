import { z } from "zod";
import type { NotebookView } from "../api/protocol.js";
import { unknownName } from "../text/unknown-name.js";
import { cell, given, notebook, parameters } from "./inputs.js";
import { defineTool } from "./tool.js";

const listNotebooks = defineTool({
  name: "list_notebooks",
  title: "List notebooks",
  description: "The notebooks of the workspace: name, title, description, datasets, problems.",
  role: "viewer",
  needs: "read",
  input: z.strictObject({}),
  act: (_input, { ask, signal }) => ask("GET /api/notebooks", {}, signal),
});

const readNotebook = defineTool({
  name: "read_notebook",
  title: "Read a notebook",
  description:
    "A notebook's text (Markdown with SQL cells), its cells, what reads what, and its problems; with `cell` that cell " +
    "alone: its text as propose_edit takes it, options, columns, parents and children.",
  role: "viewer",
  needs: "read",
  input: z.strictObject({ notebook, cell: cell.optional() }),
  act: async (input, { ask, signal }) => {
    const view = await ask("GET /api/notebooks/{name}", { params: { name: input.notebook } }, signal);
    if (input.cell !== undefined) return cellOf(view, input.cell);
    const { name, title, description, text, parameters: ownParameters, cells, graph } = view;
    return {
      name,
      title,
      description,
      text,
      parameters: ownParameters,
      cells: cells.map(({ name: cellName, kind, isDataset, hasErrors }) => ({
        name: cellName,
        kind,
        isDataset,
        hasErrors,
      })),
      edges: graph.edges,
      problems: view.diagnostics,
    };
  },
});

const listDatasets = defineTool({
  name: "list_datasets",
  title: "List datasets",
  description:
    "What is published: each dataset as of its newest run date, with rows, columns and the notebook that makes it. " +
    'SQL reads them as lake.<dataset>, or "<run date>".<dataset>.',
  role: "viewer",
  needs: "read",
  input: z.strictObject({}),
  act: async (_input, { ask, signal }) => {
    const { datasets } = await ask("GET /api/lake", { query: { dates: 1 } }, signal);
    return {
      datasets: datasets
        .filter(({ isLatest }) => isLatest)
        .map(({ dataset, runDate, runDates, rows, bytes, columns, ...rest }) => ({
          dataset,
          runDate,
          runDates,
          rows,
          bytes,
          columns: columns.map(({ name, type }) => `${name} ${type}`),
          notebook: rest.notebook,
          description: rest.description,
          problem: rest.problem,
        })),
    };
  },
});

const describe = defineTool({
  name: "describe",
  title: "Describe a dataset",
  description:
    "A published dataset: columns and types, what the values of each column are like, what it was computed from and by " +
    "which SQL, from which columns each of its own, what reads it, its checks and partitions.",
  role: "viewer",
  needs: "read",
  input: z.strictObject({
    dataset: z.string().max(300),
    date: z.string().max(30).default("latest").describe("run date, or latest"),
  }),
  act: async ({ dataset, date }, { ask, signal }) => {
    const params = { date, dataset };
    const detail = await ask("GET /api/lake/{date}/{dataset}", { params }, signal);
    const profile = await ask("GET /api/lake/{date}/{dataset}/profile", { params }, signal);
    const { listing, sql, parents, inputs, checks, partitions, runDate, computedAt } = detail;
    return {
      dataset,
      runDate,
      notebook: listing.notebook,
      description: listing.description,
      rows: listing.rows,
      key: listing.key,
      columns: listing.columns.map(({ name, type }) => `${name} ${type}`),
      profile: profile.columns.map(({ histogram: _histogram, kind: _kind, ...column }) => column),
      lineage: {
        sql,
        parents,
        inputs: inputs.map(({ path }) => path),
        readBy: await readersOf(),
        columns: await sourcesOf(),
      },
      computedAt,
      checks,
      partitionBy: listing.partitionBy,
      partitions: partitions.map(({ values, rows }) => [...values, rows]),
    };

    /** One step back, as the notebook is now: a notebook that is gone has none. */
    async function sourcesOf(): Promise<Readonly<Record<string, unknown>> | undefined> {
      const sent = { params: { name: listing.notebook } };
      const view = await ask("GET /api/notebooks/{name}/lineage", sent, signal).catch(() => undefined);
      const node = view?.nodes.find((each) => each.kind === "sql" && each.name === dataset);
      const own = view?.cells.find((cell) => cell.node === node?.id);
      if (view === undefined || own === undefined) return undefined;
      if (own.unknown !== undefined) return { unknown: own.unknown };
      const names = new Map(view.nodes.map(({ id, name }) => [id, name]));
      const list = ({ columns, unknown: doubt }: (typeof own)["rows"]): readonly string[] => [
        ...columns.map((column) => `${names.get(column.node) ?? column.node}.${column.column}`),
        ...(doubt === undefined ? [] : [`unknown: ${doubt}`]),
      ];
      return {
        values: Object.fromEntries(own.columns.map((column) => [column.name, list(column)])),
        rows: list(own.rows),
      };
    }

    /** A notebook that is gone has no readers. */
    async function readersOf(): Promise<readonly string[]> {
      const sent = { params: { name: listing.notebook } };
      const view = await ask("GET /api/notebooks/{name}", sent, signal).catch(() => undefined);
      return childrenOf(view, dataset);
    }
  },
});

const query = defineTool({
  name: "query",
  title: "Query",
  description:
    "Runs one SQL query (DuckDB's dialect, SELECT and the like; nothing that writes) over published datasets " +
    "(lake.<dataset>), files (read_csv('input/…') and the like) and, with `notebook`, the notebook's cells as they were " +
    "last run. Nothing is kept. It is stopped when it takes too long. The resource lakebook://sql says more.",
  role: "runner",
  needs: "read",
  input: z.strictObject({
    sql: z.string().max(100_000),
    notebook: notebook.optional(),
    parameters,
    limit: z.number().int().min(1).max(1000).default(100).describe("rows at most"),
  }),
  act: async ({ notebook: name, ...body }, { ask, signal }) => {
    const { columns, rows, truncated, cut } =
      name === undefined
        ? await ask("POST /api/query", { body: given(body) }, signal)
        : await ask("POST /api/notebooks/{name}/query", { params: { name }, body: given(body) }, signal);
    return {
      columns: columns.map((column) => `${column.name} ${column.type}`),
      rows,
      ...(truncated ? { truncated: `There are more rows than the limit of ${String(body.limit)}.` } : {}),
      ...(cut === undefined ? {} : { cutValues: cut }),
    };
  },
});

const check = defineTool({
  name: "check",
  title: "Check a notebook",
  description: "Errors and warnings of a notebook as it is saved, with place and hint. Nothing is run.",
  role: "viewer",
  needs: "read",
  input: z.strictObject({ notebook }),
  act: async (input, { ask, signal }) => {
    const view = await ask("GET /api/notebooks/{name}", { params: { name: input.notebook } }, signal);
    return { notebook: view.name, problems: view.diagnostics };
  },
});

const whatChanges = defineTool({
  name: "what_changes",
  title: "What would change",
  description:
    "What publishing the draft of a dataset cell would change: rows added, removed and changed against what is published, " +
    "with examples of old and new values. Run the cell first (run_cell).",
  role: "viewer",
  needs: "read",
  input: z.strictObject({
    notebook,
    cell,
    against: z.string().max(30).optional().describe("run date to compare with; default: the newest"),
  }),
  act: ({ notebook: name, cell: cellName, against }, { ask, signal }) =>
    ask(
      "GET /api/notebooks/{name}/cells/{cell}/diff",
      { params: { name, cell: cellName }, query: given({ against }) },
      signal,
    ),
});

export const readTools = [listNotebooks, readNotebook, listDatasets, describe, query, check, whatChanges];

/** Fails with code not-found, naming what is near. */
export function requireCell(view: NotebookView, name: string): NotebookView["cells"][number] {
  const found = view.cells.find((item) => item.name === name);
  if (found !== undefined) return found;
  const names = view.cells.map((item) => item.name);
  throw unknownName("not-found", `Cell "${name}" does not exist in notebook "${view.name}".`, name, names);
}

function cellOf(view: NotebookView, name: string): unknown {
  const { span: _span, bodySpan, sqlSpan: _sqlSpan, ...cell } = requireCell(view, name);
  return {
    ...cell,
    columns: cell.columns?.map((column) => `${column.name} ${column.type}`),
    text: view.text.slice(bodySpan.start, bodySpan.end),
    parents: view.graph.edges.filter(([, child]) => child === name).map(([parent]) => parent),
    children: childrenOf(view, name),
    problems: view.diagnostics.filter((item) => item.cell === name),
  };
}

function childrenOf(view: NotebookView | undefined, name: string): readonly string[] {
  return (view?.graph.edges ?? []).filter(([parent]) => parent === name).map(([, child]) => child);
}
