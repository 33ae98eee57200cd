import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import type { NotebookCache } from "../../analysis/notebook-cache.js";
import { AppError, isAppError } from "../../base/errors.js";
import type { Column, QueryResult } from "../../engine/engine.js";
import type { SomeRows } from "../../engine/given.js";
import type { GraphNode } from "../../graph/dependency-graph.js";
import { keySources } from "../../incremental/key-sources.js";
import { cellNode, type LineageNode } from "../../lineage/lineage-graph.js";
import { isDataset, type TestCell } from "../../notebook/notebook.js";
import { queryOf } from "../../notebook/kinds/kinds.js";
import { freeName } from "../../text/free-name.js";
import { foldCase } from "../../text/sql-names.js";
import { matchInputFiles } from "../../runs/skipped-files.js";
import { queryNotebook, type QueryServices } from "../ad-hoc-query.js";
import { findProblems, type ProblemServices } from "../find-problems.js";
import { workspaceLineage } from "../lineage/workspace-lineage.js";
import { prepareTest } from "./prepare-test.js";
import { rowKey } from "./row-key.js";
import { sourcesOf, type BoundColumns, type TestSource } from "./test-sources.js";
import { writeTest, type DraftRows } from "./write-test.js";

export interface DraftServices extends ProblemServices, QueryServices {
  readonly notebooks: NotebookCache;
  readonly lake: QueryServices["lake"];
}

export interface DraftRequest {
  readonly cell: string;
  /** Rows of the cell that the test is to be about: values by column, as text. None: the first two. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** Of each query. */
  readonly timeoutMs: number;
}

export interface DraftedTest {
  readonly name: string;
  /** Of the fence, without its marks. */
  readonly yaml: string;
  /** False: which rows of the parents these come from cannot be told, or they are too many: the first of each are taken. */
  readonly isTraced: boolean;
}

const FIRST_ROWS = 2;
/** Of what has no key, or where there is none to choose by. */
const FEW_ROWS = 5;
/** A test is read by people. */
const MOST_ROWS = 200;

type Row = DraftRequest["rows"][number];
type NamedRows = DraftRows & { readonly name: string };

/** What a draft is made of. */
interface Draft {
  readonly services: DraftServices;
  readonly analyzed: AnalyzedNotebook;
  readonly request: DraftRequest;
  readonly node: GraphNode;
  readonly bound: BoundColumns;
  readonly query: Query;
}

/**
 * A test of a cell with rows that its parents really have, and what the cell makes of them now. Fails with code usage where
 * the cell has no query, a parent was not run, or the cell makes too many rows of them to be written down.
 */
export async function draftTest(
  services: DraftServices,
  analyzed: AnalyzedNotebook,
  request: DraftRequest,
  signal: AbortSignal,
): Promise<DraftedTest> {
  const node = analyzed.graph.nodes.get(request.cell);
  if (node?.cell.kind !== "sql" || node.facts === undefined)
    throw new AppError("usage", `Cell "${request.cell}" cannot be tested: it has no query.`);
  const { columns: bound } = await findProblems(services, analyzed);
  const query = { notebook: analyzed, parameters: {}, signal, timeoutMs: request.timeoutMs };
  const draft = { services, analyzed, request, node, bound, query };
  const { given, isTraced } = await givenRows(draft);
  const taken = new Set(analyzed.notebook.cells.map(({ name }) => name));
  const name = freeName(`${request.cell}_test`, (wanted) => taken.has(wanted));
  const parts = { name, cell: request.cell, given };
  const drafted = await notebookWith(
    services,
    analyzed,
    writeTest({ ...parts, expect: { columns: [], rows: [] } }),
  );
  const expect = await resultOf(draft, drafted, name);
  return { name, yaml: writeTest({ ...parts, expect }), isTraced };
}

interface Given {
  readonly given: readonly NamedRows[];
  /** They are just those that belong to the rows of the cell. */
  readonly isTraced: boolean;
}

async function givenRows(draft: Draft): Promise<Given> {
  const { services, analyzed, request, node, bound, query } = draft;
  const sources = await sourcesOf(services, node, bound);
  const key = rowKey(node);
  const traced = key.length === 0 ? undefined : tracedKeys(analyzed, node, key, bound, sources);
  const rows = traced === undefined ? [] : await chosenRows(services, query, request, key);
  const lineage = await workspaceLineage(services, analyzed);
  const used = usedColumns(lineage.get(cellNode(analyzed.notebook.name, request.cell)), lineage);
  const given: NamedRows[] = [];
  let isTraced = (traced === undefined ? request.rows : rows).length > 0;
  for (const source of sources) {
    const columns = source.columns?.filter(({ name }) => used?.(source, name) ?? true) ?? [];
    const own = traced?.get(source.key);
    const names = columns.map(({ name }) => name);
    const { result, isFound } =
      own === undefined
        ? await rowsAlike(draft, source, names)
        : await rowsOfSource(draft, source, names, wantedOf(own, key, rows));
    // A source that has no part in the key is no doubt where the others tell the rows.
    if (result.truncated || (!isFound && traced === undefined)) isTraced = false;
    given.push({ name: source.key, ...result });
  }
  return { given, isTraced };
}

interface SourceRows {
  /** Truncated only where it has not all rows that are wanted. */
  readonly result: QueryResult;
  /** They were looked for, and there are some. */
  readonly isFound: boolean;
}

/** Rows that agree with those of the cell in columns that are called alike, else the first. */
async function rowsAlike(draft: Draft, source: TestSource, columns: readonly string[]): Promise<SourceRows> {
  const shared = sharedColumns(source, draft.bound.get(draft.request.cell));
  const found = await rowsOfSource(draft, source, columns, wantedOf(shared, shared, draft.request.rows));
  // What is called alike need not be the same.
  if (!found.isFound || found.result.rows.length > 0) return found;
  return rowsOfSource(draft, source, columns, []);
}

/** The rows that are wanted, also where there are none; the first where nothing is known of them. */
async function rowsOfSource(
  { services, query, node }: Draft,
  source: TestSource,
  columns: readonly string[],
  having: NonNullable<SomeRows["having"]>,
): Promise<SourceRows> {
  const isKnown = having.length > 0 && having.every((row) => row.length > 0);
  const wanted = isKnown ? { columns, having } : { columns };
  const result = await readSource(services, query, node, source, wanted);
  return { result: { ...result, truncated: isKnown && result.truncated }, isFound: isKnown };
}

/** Of each source whose rows belong to a row of the result: the columns that have its key. */
function tracedKeys(
  { graph }: AnalyzedNotebook,
  { facts }: GraphNode,
  key: readonly string[],
  bound: BoundColumns,
  sources: readonly TestSource[],
): ReadonlyMap<string, readonly string[]> | undefined {
  if (facts?.form === undefined) return undefined;
  const ofSources = new Map(sources.map((source) => [source.key, source.columns]));
  const found = keySources(facts.form, key, {
    columnsOf: (relation) => ofSources.get(relation) ?? bound.get(relation),
    formOf: (relation) => {
      const parent = graph.nodes.get(relation);
      return parent === undefined || isDataset(parent.cell) ? undefined : parent.facts?.form;
    },
  });
  return found === undefined || found.columns.size === 0 ? undefined : found.columns;
}

interface Query {
  readonly notebook: AnalyzedNotebook;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** By their key columns; empty where the cell has no rows, or none yet. */
async function chosenRows(
  services: DraftServices,
  query: Query,
  { cell, rows }: DraftRequest,
  key: readonly string[],
): Promise<readonly Row[]> {
  if (rows.length > 0) return rows;
  const sql = services.engine.someRowsSql({
    from: { name: cell },
    columns: key,
    limit: FIRST_ROWS,
    isText: true,
  });
  try {
    const found = await queryNotebook(services, { ...query, sql, limit: FIRST_ROWS });
    return found.rows.map((row) =>
      Object.fromEntries(key.map((name, index) => [name, row[index] as string | null])),
    );
  } catch (error) {
    if (isAppError(error, "usage")) return [];
    throw error;
  }
}

/** What the columns have in rows that belong to one of those of the cell. */
function wantedOf(
  columns: readonly string[],
  key: readonly string[],
  rows: readonly Row[],
): NonNullable<SomeRows["having"]> {
  return rows.map((row) => {
    const values = new Map(Object.entries(row).map(([name, value]) => [foldCase(name), value]));
    return columns.map((column, index) => ({
      column,
      value: values.get(foldCase(key[index] ?? "")) ?? null,
    }));
  });
}

/** Columns that the cell seems to hand on as they are. */
function sharedColumns({ columns = [] }: TestSource, own: readonly Column[] = []): readonly string[] {
  return columns.flatMap(({ name, type }) =>
    own.some((other) => foldCase(other.name) === foldCase(name) && other.type === type) ? [name] : [],
  );
}

/** Whether the cell uses a column of what it reads; undefined where that cannot be told. */
function usedColumns(
  node: LineageNode | undefined,
  lineage: ReadonlyMap<string, LineageNode>,
): ((source: TestSource, column: string) => boolean) | undefined {
  if (node === undefined || node.unknown !== undefined) return undefined;
  const uses = [...node.columns, node.uses, node.rows];
  if (uses.some(({ unknown }) => unknown !== undefined)) return undefined;
  const used = new Set(
    uses.flatMap(({ columns }) =>
      columns.map(({ node: id, column }) => JSON.stringify([lineage.get(id)?.name, foldCase(column)])),
    ),
  );
  return (source, column) =>
    used.has(JSON.stringify([source.relation?.name ?? source.key, foldCase(column)]));
}

async function readSource(
  services: DraftServices,
  query: Query,
  node: GraphNode,
  source: TestSource,
  wanted: Pick<SomeRows, "columns" | "having">,
): Promise<QueryResult> {
  const { engine, view } = services;
  const limit = wanted.having === undefined ? FEW_ROWS : MOST_ROWS;
  if (source.relation !== undefined) {
    const sql = engine.someRowsSql({ from: source.relation, ...wanted, limit });
    return queryNotebook(services, { ...query, sql, limit });
  }
  const reader = await readerSql(services, node, source);
  if (reader === undefined) return { columns: [], rows: [], truncated: false };
  const scope = { root: view.root, readable: view.readable, relations: [], parameters: [] };
  const sql = engine.someRowsSql({ from: { sql: reader }, ...wanted, limit });
  const { signal, timeoutMs } = query;
  return engine.query({ sql, scope, limit }, { label: "test", signal, timeoutMs, isFree: true });
}

/** What the query reads a file by. */
async function readerSql(
  { engine, workspace }: DraftServices,
  node: GraphNode,
  { references }: TestSource,
): Promise<string | undefined> {
  const [reference] = references;
  if (reference?.call === undefined) return undefined;
  const { files } = await matchInputFiles(workspace, reference.path);
  const paths = files.map(({ path }) => path);
  const own = queryOf(node.cell)?.sql ?? "";
  return engine.readerCalls(own, [{ reference, all: paths, only: paths, isUniform: true }])[0]?.sql;
}

/** The notebook with the test at its end, which is not saved. */
async function notebookWith(
  { notebooks }: DraftServices,
  { notebook }: AnalyzedNotebook,
  yaml: string,
): Promise<AnalyzedNotebook> {
  const text = `${notebook.source.text}\n\n\`\`\`yaml\n${yaml}\`\`\`\n`;
  return notebooks.analyzeText(notebook.name, text);
}

async function resultOf(
  { services, bound, query: { signal, timeoutMs } }: Draft,
  analyzed: AnalyzedNotebook,
  name: string,
): Promise<QueryResult> {
  const test = analyzed.notebook.cells.find(
    (cell): cell is TestCell => cell.kind === "test" && cell.name === name,
  );
  const node = test === undefined ? undefined : analyzed.graph.nodes.get(test.cell);
  if (test === undefined || node === undefined)
    throw new AppError("internal", "The drafted test cannot be read.");
  const { sql, scope } = await prepareTest(services, analyzed, { test, node, bound }, signal);
  const result = await services.engine.query(
    { sql: sql.text, scope, limit: MOST_ROWS },
    { label: name, signal, timeoutMs, isFree: true },
  );
  if (!result.truncated) return withoutTwins(result);
  throw new AppError(
    "usage",
    `"${test.cell}" makes more than ${String(MOST_ROWS)} rows of these: too many for a test to expect.`,
    { hint: "Choose fewer rows, or write the test by hand with the columns and rows that matter." },
  );
}

/** A test tells columns apart by their names: of several of one name the first is looked at. */
function withoutTwins({ columns, rows, ...rest }: QueryResult): QueryResult {
  const names = columns.map(({ name }) => foldCase(name));
  const isFirst = (_: unknown, index: number): boolean => names.indexOf(names[index] ?? "") === index;
  return { ...rest, columns: columns.filter(isFirst), rows: rows.map((row) => row.filter(isFirst)) };
}
