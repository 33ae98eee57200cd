import { hashOf } from "../base/hash.js";
import { AppError } from "../base/errors.js";
import type { TaskControl } from "../engine/engine.js";
import type { StoredColumn } from "../engine/rows.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { FIRST_DATE, type CumulativeBase, type CumulativeState } from "../incremental/choose-way.js";
import { keySources } from "../incremental/key-sources.js";
import { relationKey, type KnownColumn, type Relations } from "../incremental/result-columns.js";
import { rowSource } from "../incremental/row-source.js";
import type { Manifest } from "../lake/model.js";
import { deliverAgain } from "../lake/remedies.js";
import { restatedBy } from "../lake/restated.js";
import { maybeStat } from "../lake/tree.js";
import { engineOf, isDataset, type SqlCell } from "../notebook/notebook.js";
import { changesOf, type CurrentParts } from "./change-reason.js";
import { dataOptions } from "./decide.js";
import { deliveredOf, namesOf, ownSql } from "./delivered-query.js";
import { isVolatile, namelessQuery, scopeOfNode, type Results } from "./query-scope.js";
import { publishedBefore } from "./read-versions.js";
import type { RunContext } from "./run-context.js";
import { ofSomeFiles, virtualColumn, virtualColumnError } from "./virtual-columns.js";
import { readQueries, usableManifest } from "./why-computed.js";

/**
 * What is known of a cumulative dataset before it is computed; fails where it reads what cannot add up. Without
 * `control` no file is looked into: it has no columns then.
 */
export async function cumulativeState(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  parts: CurrentParts,
  control: TaskControl | undefined,
): Promise<CumulativeState> {
  const { facts } = node;
  if (facts === undefined) throw new Error(`unreachable: "${cell.name}" was not analyzed`);
  requireOwnFiles(context, node);
  const missing = missingDelivery(context, node);
  if (missing !== undefined && control !== undefined) throw missing;
  const files = deliveredOf(context, node);
  const sources = control === undefined ? NO_SOURCES : await sourcesOf(context, cell, node, results, control);
  if (control !== undefined) await requireStoredColumns(context, cell, node, results, control);
  const relations = relationsOf(context, results, sources.columns);
  const key = cell.options.incremental?.mode === "by_partition" ? cell.options.partitionBy : cell.options.key;
  return {
    option: cell.options.incremental?.mode ?? "by_key",
    logic: logicOf(context, cell, node, results, parts),
    files: files.map(({ date, input }) => ({ date, path: input.path, sha256: input.sha256 })),
    patterns: new Map(
      facts.files.map(({ path }) => [
        path,
        (context.inputs.delivered.get(path) ?? []).map(({ input }) => ({
          path: input.path,
          sha256: input.sha256,
        })),
      ]),
    ),
    sources: sources.hash,
    contents: contentsOf(context, node, results, lakeContents(context, node)),
    rows: facts.form && rowSource(facts.form, relations),
    keys: facts.form && keySources(facts.form, key, relations),
    obstacle: obstacleOf(context, node),
  };
}

/** The contents that earlier run dates delivered have to be there still; says which is not. */
export function missingDelivery(context: RunContext, node: GraphNode): AppError | undefined {
  for (const { date, input } of deliveredOf(context, node)) {
    if (!input.isPinned)
      return new AppError(
        "input",
        `"${input.path}" is not copied when it is delivered, so that deliveries cannot be added up.`,
        { hint: "Set snapshot: true for its folder in lakebook.yaml, or leave incremental out." },
      );
    const stats = maybeStat(context.lake.inputFile(input.sha256));
    if (stats?.size !== input.bytes)
      return new AppError(
        "input",
        `What was delivered as "${input.path}" for ${date} is no longer kept${stats === undefined ? "" : " as it was"} in data_lake/.lake/inputs.`,
        { hint: deliverAgain(date) },
      );
  }
  return undefined;
}

export interface FoundBase {
  readonly manifest?: Manifest;
  /** In words why there is none. */
  readonly base: CumulativeBase | string;
  /** Why the dataset is computed as a whole although it could go on from there: its run date stood on something else. */
  readonly restated?: string;
}

/** The version that the run date before had published; in words why there is none to go on from. */
export async function cumulativeBase(
  context: RunContext,
  cell: SqlCell,
  parts: CurrentParts,
): Promise<FoundBase> {
  const { lake, record } = context;
  const placement = publishedBefore(context, cell.name);
  if (placement === undefined) return { base: FIRST_DATE };
  const own = lake.publication(record.notebook, record.date);
  const restated = own === undefined ? [] : restatedBy(lake.state, own).dates;
  context.lease.hold(lake.versionFolder(cell.name, placement.version));
  const manifest = await usableManifest(lake, cell.name, placement.version);
  if (manifest === undefined) return { base: `what ${placement.runDate} published is damaged` };
  const { cumulative } = manifest;
  if (cumulative === undefined)
    return { manifest, base: `what ${placement.runDate} published did not add deliveries up` };
  const contents = new Map<string, string>();
  for (const { dataset, version } of manifest.parents) {
    const parent = lake.state.store(dataset, version);
    contents.set(dataset, parent?.contentHash ?? "");
  }
  const changes = [
    ...changesOf({ ...manifest, inputs: [], parents: [] }, { ...parts, inputs: [], parents: [] }),
    ...changedOptions(manifest, cell),
  ];
  const base = { cumulative, contents, changes };
  return restated.length === 0
    ? { manifest, base }
    : { manifest, base, restated: `the delivery of ${restated.join(", ")} was replaced` };
}

/** Those options of which a version tells what they were. */
function changedOptions({ key, partitionBy, formats }: Manifest, { options }: SqlCell): string[] {
  const [was, is] = [
    [key, partitionBy, formats],
    [options.key, options.partitionBy, options.materialize],
  ];
  const said = ["its key is now", "it is now partitioned by", "it is now materialized as"];
  return said.flatMap((words, index) => {
    const now = is[index] ?? [];
    const isSame = JSON.stringify(was[index]) === JSON.stringify(now);
    return isSame ? [] : [`${words} ${now.map((name) => `\`${name}\``).join(", ") || "nothing"}`];
  });
}

/** Whether each row of a cell is one of what it reads. */
export function isRowwise(context: RunContext, cell: string): boolean {
  const form = context.analyzed.graph.nodes.get(cell)?.facts?.form;
  return form !== undefined && rowSource(form, relationsOf(context, new Map())) !== undefined;
}

/** Whether each row of a cell is one of a file. */
export function mapsFiles(context: RunContext, { facts }: GraphNode): boolean {
  const form = facts?.form;
  return form !== undefined && rowSource(form, relationsOf(context, new Map()))?.type === "files";
}

/** What a query names, as it is in this run. */
function relationsOf(
  { analyzed }: RunContext,
  results: Results,
  ofFiles: ReadonlyMap<string, readonly KnownColumn[] | undefined> = new Map(),
): Relations {
  const { nodes } = analyzed.graph;
  const queryNode = (name: string): GraphNode | undefined => {
    const node = nodes.get(name);
    return node === undefined || isDataset(node.cell) ? undefined : node;
  };
  return {
    columnsOf: (relation) => {
      const result = results.get(relation);
      return result?.type === "files" ? result.columns.map(knownColumn) : ofFiles.get(relation);
    },
    formOf: (relation) => {
      const facts = queryNode(relation)?.facts;
      if (facts === undefined) return undefined;
      const reads = [
        ...facts.tables.map(({ schema, name }) =>
          relationKey(schema === undefined ? { name } : { schema, name }),
        ),
        ...facts.files.map(({ path }) => path),
      ];
      return facts.form ?? { type: "unknown", reads };
    },
  };
}

/** A query cell is not stored: what it read a month ago would be gone, without a word. */
function requireOwnFiles(context: RunContext, node: GraphNode): void {
  const query = readQueries(context, node).find(({ facts }) => (facts?.files.length ?? 0) > 0);
  if (query === undefined) return;
  const { name } = query.cell;
  throw new AppError(
    "query",
    `"${node.cell.name}" adds deliveries up, but \`${name}\` reads only the files of one of them.`,
    { hint: `Read the file in "${node.cell.name}" itself, or materialize \`${name}\` with incremental.` },
  );
}

/** Where only the rows of some files are wanted they are no longer there: the next delivery would fail. */
async function requireStoredColumns(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  control: TaskControl,
): Promise<void> {
  const column = virtualColumn(cell.sql);
  const names = namesOf(context, node, () => true).filter(({ all }) => all.length > 0);
  if (column === undefined || names.length === 0) return;
  const { engine } = context;
  const sql = ownSql({ cell, node });
  const items = [engine.nameDelivered(sql, names).text, ofSomeFiles(engine, sql, names)].map(
    (text, index) => ({ name: `rows_${String(index)}`, sql: text }),
  );
  const [all, filtered] = await engine.bind(await scopeOfNode(context, node, results), items, control);
  if (all?.ok === true && filtered?.ok === false) throw virtualColumnError(cell.name, column.name, names);
}

/** The fingerprint without files and parents. */
function logicOf(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  parts: CurrentParts,
): string {
  const { facts } = node;
  const nameless = facts && namelessQuery(facts, results);
  return hashOf([
    context.engine.versionOf(engineOf(cell)),
    nameless?.query ?? facts?.normalized ?? "",
    nameless === undefined ? "" : nameless.tables.map(({ name }) => name),
    dataOptions(cell),
    parts.parameters,
    parts.queries,
  ]);
}

/** Whole numbers of any width are compared exactly. What is read in another way than it is stored may have a collation. */
function knownColumn({ name, type, kind, read }: StoredColumn): KnownColumn {
  if (read !== undefined) return { name };
  return { name, type: kind === "integer" ? kind : type };
}

interface Sources {
  readonly hash: string;
  readonly columns: ReadonlyMap<string, readonly KnownColumn[] | undefined>;
}

const NO_SOURCES: Sources = { hash: "", columns: new Map() };

/**
 * The columns that each path's reader finds in all its files together, and their hash. Where they are written down they
 * never change.
 */
async function sourcesOf(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  control: TaskControl,
): Promise<Sources> {
  const names = namesOf(context, node, () => true).filter(({ all }) => all.length > 0);
  if (names.length === 0) return NO_SOURCES;
  const calls = context.engine.readerCalls(cell.sql, names);
  const items = calls.map(({ sql }, index) => ({ name: `reader_${String(index)}`, sql }));
  const bound = await context.engine.bind(await scopeOfNode(context, node, results), items, control);
  const columns = new Map<string, readonly KnownColumn[] | undefined>();
  for (const [index, { paths }] of calls.entries()) {
    const result = bound[index];
    // A path that is read twice may be read in two ways.
    for (const path of paths)
      columns.set(
        path,
        result?.ok === true && !columns.has(path) ? result.columns.map(knownColumn) : undefined,
      );
  }
  const hash = hashOf(
    bound.map((result) => (result.ok ? result.columns.map(({ name, type }) => [name, type]) : null)),
  );
  return { hash, columns };
}

function lakeContents(context: RunContext, { facts }: GraphNode): Map<string, string> {
  const contents = new Map<string, string>();
  for (const { schema, name } of facts?.tables ?? []) {
    const version = schema === undefined ? undefined : context.record.lakeVersions[`${schema}.${name}`];
    const entry = version === undefined ? undefined : context.lake.state.store(name, version);
    if (entry !== undefined) contents.set(`${schema ?? ""}.${name}`, entry.contentHash);
  }
  return contents;
}

/** Datasets that the query reads, also through query cells: of these it is known what they were before. */
function contentsOf(
  context: RunContext,
  node: GraphNode,
  results: Results,
  ofLake: ReadonlyMap<string, string>,
): Map<string, string> {
  const contents = new Map(ofLake);
  for (const { facts } of [node, ...readQueries(context, node)]) {
    for (const { schema, name } of facts?.tables ?? []) {
      const result = schema === undefined ? results.get(name) : undefined;
      if (result?.type === "files" && result.version !== undefined)
        contents.set(name, context.lake.state.store(name, result.version)?.contentHash ?? "");
    }
  }
  return contents;
}

function obstacleOf(context: RunContext, node: GraphNode): string | undefined {
  // What stands for a part of it is DuckDB's SQL.
  if (engineOf(node.cell) === "spark") return "it is computed on Spark";
  const nodes = [node, ...readQueries(context, node)];
  const volatile = nodes.flatMap(({ facts }) => (facts !== undefined && isVolatile(facts) ? [facts] : []));
  const [first] = volatile;
  if (first !== undefined) return `it is volatile: ${first.volatileFunctions.join(", ") || "reads lakebook"}`;
  if (node.facts?.isOrdered === true) return "its rows have an order";
  return node.facts?.form === undefined ? "its SQL has no form that is known" : undefined;
}
