import { queryOf } from "../notebook/kinds/kinds.js";
import type { QueryScope, Relation } from "../engine/engine.js";
import { whyMissing } from "../lake/published.js";
import { engineOf, isCumulative, type ParameterDefinition } from "../notebook/notebook.js";
import { AppError } from "../base/errors.js";
import { foldCase } from "../text/sql-names.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { fingerprintOf } from "../graph/fingerprint.js";
import type { NamelessQuery, QueryFacts } from "../graph/query-analysis.js";
import { toRelation, type CellResult } from "./cell-result.js";
import { bindParameters, filesOf, lakeReference, type RunContext } from "./run-context.js";
import { isSystemSchema, systemRelation } from "./system-relations.js";

/** The results of the cells that ran before, by cell name. */
export type Results = ReadonlyMap<string, CellResult>;

/** A query that is ready for the engine. */
export interface PreparedQuery {
  readonly sql: string;
  readonly scope: QueryScope;
}

interface Draft {
  readonly relations: Map<string, Relation>;
  readonly parameters: ParameterDefinition[];
}

/** Gathers everything that a node's query reads: versions, inlined query cells, datasets of the lake, parameters. */
export async function prepareQuery(
  context: RunContext,
  node: GraphNode,
  sql: string,
  results: Results,
): Promise<PreparedQuery> {
  return {
    sql: rewriteFiles(context, sql, node.facts),
    scope: await scopeOfNode(context, node, results),
  };
}

export async function scopeOfNode(
  context: RunContext,
  node: GraphNode,
  results: Results,
): Promise<QueryScope> {
  const draft: Draft = { relations: new Map(), parameters: [...node.parameters] };
  if (node.facts) await addRelations(context, node.facts, results, draft);
  return toScope(context, draft);
}

/** A scope in which only the named cells can be read: for the checks of a dataset. */
export async function prepareScope(
  context: RunContext,
  names: readonly string[],
  results: Results,
): Promise<QueryScope> {
  const draft: Draft = { relations: new Map(), parameters: [] };
  for (const name of names) await addCell(context, name, results, draft);
  return toScope(context, draft);
}

function toScope(context: RunContext, draft: Draft): QueryScope {
  return {
    root: context.view.root,
    readable: context.view.readable,
    relations: [...draft.relations.values()],
    parameters: bindParameters(context.record, draft.parameters),
  };
}

async function addRelations(
  context: RunContext,
  facts: QueryFacts,
  results: Results,
  draft: Draft,
): Promise<void> {
  for (const { schema, name } of facts.tables) {
    if (schema === undefined) await addCell(context, name.toLowerCase(), results, draft);
    else if (isSystemSchema(schema))
      draft.relations.set(lakeReference(schema, name), await systemRelation(context, name));
    else draft.relations.set(lakeReference(schema, name), await lakeRelation(context, schema, name));
  }
}

async function addCell(context: RunContext, name: string, results: Results, draft: Draft): Promise<void> {
  if (draft.relations.has(name)) return;
  const result = results.get(name);
  if (result === undefined) throw new AppError("query", `Cell "${name}" has no result in this run.`);
  if (result.type === "files") {
    draft.relations.set(name, toRelation(name, result));
    return;
  }
  const { node } = result;
  if (node.facts) await addRelations(context, node.facts, results, draft);
  draft.parameters.push(...node.parameters);
  const sql = queryOf(node.cell)?.sql ?? "";
  draft.relations.set(name, { type: "query", name, sql: rewriteFiles(context, sql, node.facts) });
}

async function lakeRelation(context: RunContext, schema: string, name: string): Promise<Relation> {
  const version = pinnedVersion(context, schema, name);
  context.lease.hold(context.lake.versionFolder(name, version));
  const manifest = await context.lake.manifest(name, version);
  return toRelation(name, filesOf(context.lake, manifest), schema);
}

/** Fails with code query where the dataset was not published when the run was created. */
function pinnedVersion(context: RunContext, schema: string, name: string): string {
  const version = context.record.lakeVersions[lakeReference(schema, name)];
  if (version !== undefined) return version;
  const { message, hint } = whyMissing(context.lake.state, name, schema);
  throw new AppError("query", message, {
    hint: hint ?? "Materialize it first; lakebook lake lists what there is.",
  });
}

/** Blanks out `main.` before the names of cells, so that places in the text stay what they are. */
export function withoutOwnSchemas(sql: string, facts: QueryFacts | undefined): string {
  return (facts?.ownSchemas ?? []).reduce(
    (text, { start, end }) =>
      text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end),
    sql,
  );
}

/** Writes other paths where the run shows a file under another name than the SQL's. */
function rewriteFiles(context: RunContext, sql: string, facts: QueryFacts | undefined): string {
  let text = withoutOwnSchemas(sql, facts);
  for (const file of [...(facts?.files ?? [])].sort((a, b) => b.span.start - a.span.start)) {
    const path = context.view.rewrite(file.path);
    if (path !== file.path)
      text = `${text.slice(0, file.span.start)}'${path.replaceAll("'", "''")}'${text.slice(file.span.end)}`;
  }
  return text;
}

/** Is its value different each time, whatever it reads? */
export function isVolatile(facts: QueryFacts): boolean {
  return (
    facts.volatileFunctions.length > 0 ||
    facts.tables.some((table) => table.schema !== undefined && isSystemSchema(table.schema))
  );
}

/** The fingerprint of a node's query, given the results of what it reads. `options`: those that change the data. */
export async function queryFingerprint(
  context: RunContext,
  node: GraphNode,
  options: Readonly<Record<string, unknown>>,
  results: Results,
): Promise<string> {
  const { facts } = node;
  if (facts === undefined) throw new Error(`unreachable: "${node.cell.name}" was not analyzed`);
  const attempt = context.record.attempts.length;
  const nameless = namelessQuery(facts, results);
  const numbers = new Map(nameless?.tables.map(({ name }, index) => [name, String(index + 1)]));
  return fingerprintOf({
    engine: context.engine.versionOf(engineOf(node.cell)),
    query: nameless?.query ?? facts.normalized,
    options,
    parameters: bindParameters(context.record, node.parameters).map(({ definition, value }) => [
      definition.name,
      value,
    ]),
    relations: await Promise.all(
      facts.tables.map(async (table): Promise<[string, string]> => {
        const [name, content] = await contentOf(context, table.schema, table.name, results);
        return [(table.schema === undefined ? numbers.get(name) : undefined) ?? name, content];
      }),
    ),
    files: isCumulative(node.cell)
      ? deliveredParts(context, facts, node.cell.options.allowedLatenessMs !== undefined)
      : facts.files.flatMap(({ path }) =>
          (context.inputs.files.get(path) ?? []).map((file): [string, string] => [file.path, file.sha256]),
        ),
    ...(isVolatile(facts) ? { nonce: `${context.record.id}/${String(attempt)}/${node.cell.name}` } : {}),
  });
}

/** Contents with their places: deliveries count in their order, and by their dates where lateness does. */
function deliveredParts(
  { inputs }: RunContext,
  { files }: QueryFacts,
  hasDates: boolean,
): [string, string][] {
  return files.flatMap(({ path }) => {
    const delivered = inputs.delivered.get(path) ?? [];
    const dates = [...new Set(delivered.map(({ date }) => date))];
    return delivered.map(({ date, input }): [string, string] => [
      `${hasDates ? date : String(dates.indexOf(date))} ${input.path}`,
      input.sha256,
    ]);
  });
}

/** Undefined where a name may stand for something else than the cell that is read. */
export function namelessQuery({ nameless }: QueryFacts, results: Results): NamelessQuery | undefined {
  const isCertain = nameless?.tables.every(({ name, columns }) => {
    const result = results.get(name);
    if (columns.length === 0) return true;
    // The columns of a query cell are not known before it has run.
    if (result?.type !== "files" || result.version === undefined) return false;
    const known = new Set(result.columns.map((column) => foldCase(column.name)));
    return columns.every((column) => known.has(foldCase(column)));
  });
  return isCertain === true ? nameless : undefined;
}

async function contentOf(
  context: RunContext,
  schema: string | undefined,
  name: string,
  results: Results,
): Promise<[string, string]> {
  if (schema === undefined) return [name.toLowerCase(), results.get(name.toLowerCase())?.content ?? ""];
  if (isSystemSchema(schema)) return [lakeReference(schema, name), ""];
  const manifest = await context.lake.manifest(name, pinnedVersion(context, schema, name));
  return [lakeReference(schema, name), manifest.contentHash];
}
