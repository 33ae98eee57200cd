import { AppError, isAppError } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import { SourceText } from "../base/source.js";
import type { Engine, QueryResult, QueryScope, Relation } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { Lease } from "../lake/leases.js";
import { isRelation } from "../notebook/cell-kinds.js";
import { parametersOf } from "../notebook/kinds/kinds.js";
import { NO_RETRIES } from "../notebook/schemas.js";
import { builtInParameters } from "../notebook/parameters.js";
import { isDataset, type ParameterDefinition } from "../notebook/notebook.js";
import type { QueryFacts } from "../graph/query-analysis.js";
import type { Workspace } from "../workspace/workspace.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { FilesResult } from "../runs/cell-result.js";
import { intervalOf, today } from "../runs/interval.js";
import { bindParameters, filesOf, lakeReference } from "../runs/run-context.js";
import { missingDataset } from "./missing-dataset.js";
import { SampledReads, type Sample } from "./sampled-reads.js";
import type { InputView } from "../runs/run-inputs.js";
import { readParameters } from "../runs/run-parameters.js";
import type { RunRecord } from "../runs/run-record.js";
import { withoutOwnSchemas, type PreparedQuery } from "../runs/query-scope.js";
import type { ResultStore } from "../runs/result-store.js";
import type { RunManager } from "../runs/run-manager.js";
import { RunStore } from "../runs/run-store.js";
import { resultNow } from "../rows/stored-rows.js";
import { requireWholeFiles, withoutSkipped } from "../runs/skipped-files.js";
import { isSystemSchema, systemRelation } from "../runs/system-relations.js";

export interface QueryServices {
  readonly workspace: Workspace;
  readonly lake: Lake | undefined;
  /** Of `lake`. */
  readonly results: ResultStore | undefined;
  readonly engine: Engine;
  readonly view: InputView;
  /** Finds results that have another name. */
  readonly manager?: RunManager;
}

export interface AdHocText {
  readonly sql: string;
  /** Undefined: everything. */
  readonly sample?: Sample | undefined;
  /** Its cells can be named, as they were last run. */
  readonly notebook: AnalyzedNotebook | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface AdHocQuery extends AdHocText {
  readonly limit: number;
  /** Of each value; default: values come whole. */
  readonly maxCharacters?: number;
  readonly signal: AbortSignal;
  /** Undefined: none. */
  readonly timeoutMs?: number | undefined;
}

export interface AdHocResult extends QueryResult {
  /** Not all rows were there to be read. */
  readonly isSampled?: true;
  /** Cells of which it read what a run left, and a run would make something else of now. */
  readonly outdated?: readonly string[];
}

interface Prepared extends PreparedQuery {
  readonly isSampled: boolean;
  readonly outdated: readonly string[];
}

interface Draft {
  readonly reads: SampledReads;
  readonly outdated: string[];
  readonly lease: Lease | undefined;
  readonly relations: Map<string, Relation>;
  readonly parameters: Map<string, ParameterDefinition>;
}

/** Runs a query of a person at a terminal. Reads the lake through its log and `input/` as it is now; nothing is kept. */
export async function queryNotebook(services: QueryServices, query: AdHocQuery): Promise<AdHocResult> {
  const { sql, isExplained } = readExplain(query.sql);
  const { limit, maxCharacters, signal, timeoutMs } = query;
  const control = { label: "query", signal, isFree: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const answered = useAdHoc(
    services,
    { ...query, sql },
    async ({ isSampled, outdated, ...prepared }): Promise<AdHocResult> => {
      if (!isExplained) {
        const result = await services.engine.query({ ...prepared, limit, maxCharacters }, control);
        return { ...result, ...(isSampled && { isSampled }), ...(outdated.length > 0 && { outdated }) };
      }
      const { text } = await services.engine.explain(prepared, control);
      const lines = text.trimEnd().split("\n");
      return {
        columns: [services.engine.toColumn({ name: "plan", kind: "text" })],
        rows: lines.slice(0, limit).map((line) => [line]),
        truncated: lines.length > limit,
      };
    },
  );
  return answered.catch((error: unknown) => {
    throw isAppError(error, "timeout") ? tooLong(error, timeoutMs ?? 0) : error;
  });
}

const EXPLAIN = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*explain(?=[\s(/-])(?!\s+analy[sz]e\b)/i;

/** `EXPLAIN` before a query is blanked out; what stands behind it is admitted as any other query. */
function readExplain(sql: string): { readonly sql: string; readonly isExplained: boolean } {
  const verb = EXPLAIN.exec(sql)?.[0];
  if (verb === undefined) return { sql, isExplained: false };
  const blank = " ".repeat("explain".length);
  return { sql: verb.slice(0, -blank.length) + blank + sql.slice(verb.length), isExplained: true };
}

function tooLong(cause: AppError, timeoutMs: number): AppError {
  return new AppError("timeout", `The query was stopped after ${String(timeoutMs / 1000)} s.`, {
    hint: "Let it read less, make it a cell, or raise query_timeout in lakebook.yaml.",
    cause,
  });
}

/** Admits a query and gathers what it reads, which stays until `use` has ended. */
export async function useAdHoc<T>(
  services: QueryServices,
  query: AdHocText,
  use: (prepared: Prepared) => T | Promise<T>,
): Promise<T> {
  const lease = services.lake?.leases.open();
  try {
    return await use(await prepareAdHoc(services, query, lease));
  } finally {
    lease?.release();
  }
}

async function prepareAdHoc(
  services: QueryServices,
  query: AdHocText,
  lease: Lease | undefined,
): Promise<Prepared> {
  const facts = await admit(services.engine, query.sql);
  const reads = new SampledReads(query.sample);
  const draft: Draft = { reads, outdated: [], lease, relations: new Map(), parameters: new Map() };
  await addRelations(services, query, facts, draft);
  addParameters(query, facts.parameters, draft);
  const parameters = bindParameters(toRecord(query), [...draft.parameters.values()]);
  const scope: QueryScope = {
    root: services.view.root,
    readable: services.view.readable,
    relations: [...draft.relations.values()],
    parameters,
  };
  const sql = await readableSql(services, query.sql, facts, draft);
  return { sql, scope, isSampled: reads.isSampled, outdated: draft.outdated };
}

async function readableSql(
  { engine, workspace }: QueryServices,
  sql: string,
  facts: QueryFacts,
  draft: Draft,
): Promise<string> {
  await draft.reads.addFiles(workspace, facts);
  const readable = await withoutSkipped(engine, workspace, withoutOwnSchemas(sql, facts), facts);
  await requireWholeFiles(workspace, facts);
  return readable.text;
}

async function admit(engine: Engine, sql: string): Promise<QueryFacts> {
  const [analysis] = await engine.analyze([sql]);
  if (analysis?.ok === true) return analysis.facts;
  const problem = analysis?.problems[0];
  const { line, column } = new SourceText("query", sql).positionAt(problem?.span.start ?? 0);
  throw new AppError(
    "usage",
    `${String(line)}:${String(column)}: ${problem?.message ?? "The query cannot be read."}`,
    problem?.hint === undefined ? {} : { hint: problem.hint },
  );
}

async function addRelations(
  services: QueryServices,
  query: AdHocText,
  facts: QueryFacts,
  draft: Draft,
): Promise<void> {
  for (const { schema, name } of facts.tables) {
    if (schema === undefined) await addCell(services, query, name, draft);
    else
      draft.relations.set(lakeReference(schema, name), await schemaRelation(services, schema, name, draft));
  }
}

async function schemaRelation(
  { lake }: QueryServices,
  schema: string,
  name: string,
  draft: Draft,
): Promise<Relation> {
  if (lake !== undefined && isSystemSchema(schema)) return systemRelation({ lake }, name);
  const found = lake?.find(name, schema);
  if (lake !== undefined && found !== undefined)
    return toSample(name, await versionFiles(lake, name, found.version, draft), draft, schema);
  const { message, hint } = missingDataset(lake, schema, name);
  throw new AppError("usage", message, { hint });
}

async function addCell(
  services: QueryServices,
  query: AdHocText,
  written: string,
  draft: Draft,
): Promise<void> {
  const name = written.toLowerCase();
  if (draft.relations.has(name)) return;
  const node = query.notebook?.graph.nodes.get(name);
  if (node === undefined || !isRelation(node.cell)) throw unknownName(services, query, written);
  const stored = await storedResult(services, query, name, draft);
  if (stored !== undefined) {
    draft.relations.set(name, stored);
    return;
  }
  const { sql } = node.cell;
  if (isDataset(node.cell) || node.facts === undefined) {
    throw new AppError("usage", `Cell "${name}" has not been run.`, {
      hint: `Run it with: lakebook run ${query.notebook?.notebook.name ?? ""} --cell ${name}`,
      details: { neverRun: name },
    });
  }
  await addRelations(services, query, node.facts, draft);
  addParameters(query, node.facts.parameters, draft);
  draft.relations.set(name, {
    type: "query",
    name,
    sql: await readableSql(services, sql, node.facts, draft),
  });
}

/**
 * What is shown of the cell: what it would be now, where there is a result of that, as somebody may look at other values than those
 * of the newest run; else what that run made of it.
 */
async function storedResult(
  services: QueryServices,
  query: AdHocText,
  name: string,
  draft: Draft,
): Promise<Relation | undefined> {
  const isOfChoice = query.sample !== undefined || Object.keys(query.parameters).length > 0;
  const now = isOfChoice ? await cellNow(services, query, name) : undefined;
  const current = await relationOf(services, name, now?.fingerprint, draft);
  if (current !== undefined) return current;
  const last = await lastResult(services, query, name, draft);
  if (last !== undefined && now?.isOutdated === true) draft.outdated.push(name);
  return (
    last ?? relationOf(services, name, (now ?? (await cellNow(services, query, name))).fingerprint, draft)
  );
}

/** What the newest run of the notebook made of the cell, if it is still there. */
async function lastResult(
  { lake, results }: QueryServices,
  { notebook: analyzed }: AdHocText,
  name: string,
  draft: Draft,
): Promise<Relation | undefined> {
  const notebook = analyzed?.notebook.name;
  if (lake === undefined || notebook === undefined) return undefined;
  const store = new RunStore(lake.paths.runs);
  const newest = (await store.recent()).find((run) => run.notebook === notebook && run.cells.includes(name));
  const record = newest === undefined ? undefined : await store.find(newest.id);
  const cell = record?.cells.find((candidate) => candidate.name === name);
  if (cell?.version !== undefined)
    return toSample(name, await versionFiles(lake, name, cell.version, draft), draft);
  return cell?.fingerprint === undefined ? undefined : keptRelation(results, name, cell.fingerprint, draft);
}

async function cellNow(
  { manager }: QueryServices,
  { notebook: analyzed, parameters }: AdHocText,
  cell: string,
): ReturnType<typeof resultNow> {
  const notebook = analyzed?.notebook.name;
  if (manager === undefined || notebook === undefined) return { isOutdated: false };
  return resultNow({ manager }, { notebook, cell, parameters });
}

/** The rows of a fingerprint, under whatever name they were made. */
async function relationOf(
  { lake, results }: QueryServices,
  name: string,
  fingerprint: string | undefined,
  draft: Draft,
): Promise<Relation | undefined> {
  if (lake === undefined || fingerprint === undefined) return undefined;
  const stored = lake.findVersion(name, fingerprint) ?? lake.findTwin(name, fingerprint);
  if (stored === undefined) return keptRelation(results, name, fingerprint, draft);
  return toSample(name, await versionFiles(lake, stored.dataset, stored.version, draft), draft);
}

async function keptRelation(
  results: ResultStore | undefined,
  name: string,
  fingerprint: string,
  draft: Draft,
): Promise<Relation | undefined> {
  const kept = await results?.find(fingerprint);
  if (kept === undefined) return undefined;
  draft.lease?.take(kept.lease);
  return toSample(name, kept.value, draft);
}

function toSample(
  name: string,
  { files, columns, rows }: Pick<FilesResult, "files" | "columns" | "rows">,
  draft: Draft,
  schema?: string,
): Relation {
  const first = draft.reads.limit(rows);
  return {
    type: "files",
    ...(schema === undefined ? {} : { schema }),
    name,
    files,
    columns,
    ...(first === undefined ? {} : { first }),
  };
}

async function versionFiles(
  lake: Lake,
  dataset: string,
  version: string,
  { lease }: Draft,
): Promise<FilesResult> {
  lease?.hold(lake.versionFolder(dataset, version));
  return filesOf(lake, await lake.manifest(dataset, version));
}

function addParameters(query: AdHocText, names: readonly { readonly name: string }[], draft: Draft): void {
  const known = parametersOf(
    query.notebook?.notebook ?? { frontMatter: { parameters: [], retries: NO_RETRIES }, cells: [] },
    builtInParameters,
  );
  for (const { name } of names) {
    const definition = known.get(name);
    if (definition === undefined)
      throw new AppError("usage", `Parameter "$${name}" is not defined.`, {
        hint:
          query.notebook === undefined
            ? "Name the notebook that defines it with --notebook."
            : "Define it in the front matter or by a control.",
      });
    draft.parameters.set(name, definition);
  }
}

function toRecord(
  query: AdHocText,
): Pick<RunRecord, "date" | "intervalStart" | "intervalEnd" | "parameters"> {
  const date = today();
  const { start, end } = intervalOf(date, query.notebook?.notebook.frontMatter.schedule, []);
  return {
    date,
    intervalStart: start,
    intervalEnd: end,
    parameters: query.notebook === undefined ? {} : readParameters(query.notebook, query.parameters),
  };
}

function unknownName({ lake }: QueryServices, query: AdHocText, name: string): AppError {
  if (lake?.resolve(name) !== undefined)
    return new AppError("usage", `Table "${name}" does not exist.`, { hint: `Did you mean "lake.${name}"?` });
  const cells = [...(query.notebook?.graph.nodes.values() ?? [])]
    .filter(({ cell }) => isRelation(cell))
    .map(({ cell }) => cell.name);
  const near = suggest(name, cells);
  const hint =
    near !== undefined
      ? `Did you mean "${near}"?`
      : query.notebook === undefined
        ? "Name a notebook with --notebook to query its cells, or a dataset as lake.<dataset>."
        : undefined;
  return new AppError("usage", `Table "${name}" does not exist.`, hint === undefined ? {} : { hint });
}
