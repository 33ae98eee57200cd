import type { Column, Relation } from "../engine/engine.js";
import type { FileCall, LineageFile, LineageItem, LineageRelation } from "../engine/lineage.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { isCumulative } from "../notebook/notebook.js";
import { queryOf } from "../notebook/kinds/kinds.js";
import type { CellResult } from "./cell-result.js";
import { namesOf } from "./delivered-query.js";
import { scopeOfNode, withoutOwnSchemas, type Results } from "./query-scope.js";
import { bindParameters, lakeReference, type RunContext } from "./run-context.js";

/** Proofs and the catalog wait for it. */
export const LINEAGE_TIMEOUT_MS = 10_000;

/** What the engine has to know to say from what a query of a run computes its columns. */
export interface LineageQuery {
  readonly item: LineageItem;
  /** Cells by their names, datasets of the lake as `lakeReference` calls them. */
  readonly relations: readonly LineageRelation[];
  /** The paths of each file of the item, by its key. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/** What calls that read files give, by the text of the query that says so. */
export type FileColumns = Map<string, readonly Column[] | undefined>;

/** `results`: of what it reads. A text says why its lineage cannot be asked for. `known` is added to. */
export async function lineageQuery(
  context: RunContext,
  node: GraphNode,
  results: Results,
  columns: readonly string[],
  known: FileColumns,
): Promise<LineageQuery | string> {
  const scope = await scopeOfNode(context, node, withInlined(context, results));
  const inlined = scope.relations.flatMap((relation) =>
    relation.type === "query" ? (context.analyzed.graph.nodes.get(relation.name) ?? []) : [],
  );
  const paths = new Map<string, readonly string[]>();
  const queries: { name: string; sql: string; files: readonly LineageFile[] }[] = [];
  for (const each of [...inlined, node]) {
    const files = await filesOf(context, each, known);
    if (typeof files === "string") return files;
    for (const { key, paths: read } of files) paths.set(key, read);
    queries.push({ name: each.cell.name, sql: sqlOf(each), files });
  }
  const own = queries.pop();
  const parameters = scope.parameters.map(({ definition }) => definition);
  return {
    item: { sql: own?.sql ?? "", files: own?.files ?? [], queries, parameters, columns },
    relations: scope.relations.flatMap((relation) => toRelation(context, relation)),
    paths,
  };
}

/** What a query cell gives is what its query means, whether its rows are kept or not. */
function withInlined({ analyzed }: RunContext, results: Results): Results {
  return new Map(
    [...results].map(([name, result]): [string, CellResult] => {
      const node = analyzed.graph.nodes.get(name);
      const isQuery = node !== undefined && result.type === "files" && result.version === undefined;
      return [name, isQuery ? { type: "inline", node, content: result.content } : result];
    }),
  );
}

function sqlOf({ cell, facts }: GraphNode): string {
  return withoutOwnSchemas(queryOf(cell)?.sql ?? "", facts);
}

/** Only what has columns of its own. */
function toRelation({ engine }: RunContext, relation: Relation): LineageRelation | [] {
  if (relation.type !== "files" && relation.type !== "rows") return [];
  const { schema, name } = relation;
  const columns =
    relation.type === "files" ? relation.columns : relation.columns.map((column) => engine.toColumn(column));
  return schema === undefined
    ? { key: name, name, columns }
    : { key: lakeReference(schema, name), schema, name, columns };
}

async function filesOf(
  context: RunContext,
  node: GraphNode,
  known: FileColumns,
): Promise<readonly (LineageFile & { readonly paths: readonly string[] })[] | string> {
  const calls = callsOf(context, node);
  if (calls === undefined) return "where it reads its files cannot be told";
  await bindCalls(context, node, calls, known);
  const files: (LineageFile & { readonly paths: readonly string[] })[] = [];
  for (const { reference, paths, sql } of calls) {
    const columns = known.get(sql);
    if (columns === undefined) return `the columns of ${paths.join(", ")} cannot be told`;
    files.push({ key: `file:${paths.join(", ")}`, reference, columns, paths });
  }
  return files;
}

/** With the queries that this run asks: its files lie elsewhere than their paths say. */
function callsOf(context: RunContext, node: GraphNode): readonly FileCall[] | undefined {
  const { engine, view } = context;
  const { facts, cell } = node;
  const calls = engine.fileCalls(sqlOf(node), facts?.files ?? [], (path) => view.rewrite(path));
  if (calls === undefined || cell.kind !== "sql" || !isCumulative(cell)) return calls;
  const delivered = namesOf(context, node, () => true).filter(({ all }) => all.length > 0);
  const read = engine.readerCalls(sqlOf(node), delivered);
  return calls.flatMap((call) => {
    const found = read.find(({ paths }) => paths.join("\n") === call.paths.join("\n"));
    return found === undefined ? [] : { ...call, sql: found.sql };
  });
}

async function bindCalls(
  context: RunContext,
  node: GraphNode,
  calls: readonly FileCall[],
  known: FileColumns,
): Promise<void> {
  const texts = [...new Set(calls.map(({ sql }) => sql))].filter((sql) => !known.has(sql));
  if (texts.length === 0) return;
  const { root, readable } = context.view;
  const parameters = bindParameters(context.record, node.parameters);
  const items = texts.map((sql, index) => ({ name: `reader_${String(index)}`, sql }));
  const bound = await context.engine.bind({ root, readable, relations: [], parameters }, items, {
    label: node.cell.name,
    timeoutMs: LINEAGE_TIMEOUT_MS,
  });
  const columns = new Map(bound.map((result) => [result.name, result.ok ? result.columns : undefined]));
  for (const { name, sql } of items) known.set(sql, columns.get(name));
}
