import { z } from "zod";
import { isAppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import type { LineageItem, QueryLineage } from "../engine/lineage.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { PublishEntry } from "../lake/model.js";
import { namedColumns } from "../notebook/check-spec.js";
import { agingColumns, isCumulative, puttingAside, quarantineOf } from "../notebook/notebook.js";
import { queryOf } from "../notebook/kinds/kinds.js";
import type { FilesResult } from "./cell-result.js";
import { deliveredOf } from "./delivered-query.js";
import {
  datasetSource,
  fileSource,
  inputLineage,
  inputLineageSchema,
  unknownSource,
  withDeciding,
  type Deciding,
  type InputLineage,
  type InputSource,
} from "./input-lineage.js";
import { LINEAGE_TIMEOUT_MS, lineageQuery, type FileColumns, type LineageQuery } from "./lineage-query.js";
import type { RunPlan } from "./plan.js";
import type { Results } from "./query-scope.js";
import { lakeReference, type RunContext } from "./run-context.js";
import { isSystemSchema } from "./system-relations.js";
import { readQueries } from "./why-computed.js";

const publishedSchema = inputLineageSchema.extend({
  /** Hash of all that it depends on. */
  key: z.string(),
});
export type PublishedLineage = z.infer<typeof publishedSchema>;

/** Another way to tell the same makes all keys others. */
const FORMAT = 2;

/** A dataset of the run. */
interface Asked {
  readonly name: string;
  readonly node: GraphNode;
  readonly result: FilesResult;
  readonly key: string;
}

/**
 * From which columns of input files the datasets of a run come, as its publication tells: those of the plan, and what was put
 * aside of them. What an earlier publication told is told again where the SQL and all that it reads are the same, so
 * that the engine is asked once for all that changed, mostly for nothing.
 */
export async function publishLineage(
  context: RunContext,
  plan: RunPlan,
  results: Results,
): Promise<Readonly<Record<string, PublishedLineage>>> {
  const asked = askedOf(context, plan, results);
  const found = new Map<string, PublishedLineage>();
  for (const { name, key } of asked) {
    const before = publishedBefore(context, name);
    if (before?.key === key) found.set(name, before);
  }
  const open = asked.filter(({ name }) => !found.has(name));
  const answers = await ask(context, open, results);
  for (const each of asked) {
    const answer = answers.get(each.name);
    if (answer !== undefined) {
      const names = each.result.columns.map(({ name }) => name);
      const sourceOf = (relation: string): InputSource => sourceIn(context, found, answer.paths, relation);
      const told = inputLineage(answer.lineage, names, sourceOf);
      found.set(each.name, { key: each.key, ...withDeciding(told, answer.deciding) });
    }
    addAside(each, results, found);
  }
  return Object.fromEntries(found);
}

/** What a publication told of a dataset; undefined of earlier versions of Lakebook. */
export function lineageIn(
  { record }: Pick<PublishEntry, "record">,
  dataset: string,
): PublishedLineage | undefined {
  const all = z.record(z.string(), z.unknown()).safeParse(record["lineage"]).data ?? {};
  return publishedSchema.safeParse(new Map(Object.entries(all)).get(dataset)).data;
}

function askedOf(context: RunContext, plan: RunPlan, results: Results): readonly Asked[] {
  const keys = new Map<string, string>();
  return plan.steps.flatMap((step) => {
    const result = step.kind === "dataset" ? results.get(step.id) : undefined;
    if (step.kind !== "dataset" || result?.type !== "files") return [];
    const key = keyOf(context, step.node, results, keys);
    keys.set(step.id, key);
    const aside = quarantineOf(step.cell);
    if (aside !== undefined) keys.set(aside, key);
    return [{ name: step.id, node: step.node, result, key }];
  });
}

/** `keys`: of the datasets above it. */
function keyOf(
  context: RunContext,
  node: GraphNode,
  results: Results,
  keys: ReadonlyMap<string, string>,
): string {
  const nodes = [node, ...readQueries(context, node)];
  return hashOf([
    FORMAT,
    context.engine.version,
    nodes.map(({ cell, parameters }) => [cell.name, queryOf(cell)?.sql, parameters]),
    agingColumns(node.cell),
    puttingAside(node.cell).map((spec) => [namedColumns(spec), spec.conditions.map(({ sql }) => sql)]),
    nodes.flatMap(({ facts }) =>
      (facts?.tables ?? []).map(({ schema, name }) => {
        if (schema !== undefined)
          return [schema, name, context.record.lakeVersions[lakeReference(schema, name)]];
        const result = results.get(name);
        const columns =
          result?.type === "files" ? result.columns.map((column) => [column.name, column.type]) : [];
        return [name, columns, keys.get(name)];
      }),
    ),
    nodes.flatMap((each) =>
      each.cell.kind === "sql" && isCumulative(each.cell)
        ? deliveredOf(context, each).map(({ input }) => [input.path, input.sha256])
        : (each.facts?.files ?? []).flatMap(({ path }) =>
            (context.inputs.files.get(path) ?? []).map((input) => [path, input.sha256]),
          ),
    ),
  ]);
}

function publishedBefore({ lake, record }: RunContext, dataset: string): PublishedLineage | undefined {
  const own = lake.publication(record.notebook, record.date);
  const last = lake.state.placementsOf(dataset).at(-1)?.publication;
  for (const publication of [own, last]) {
    const found = publication && lineageIn(publication, dataset);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Answer {
  readonly lineage: QueryLineage;
  /** What its checks that put rows aside, and the age of rows, look at. */
  readonly deciding: Deciding;
  /** Of its files. */
  readonly paths: LineageQuery["paths"];
}

/** One question for all. A query can take the planner minutes, or end its process: what is published does not fail for that. */
async function ask(
  context: RunContext,
  open: readonly Asked[],
  results: Results,
): Promise<ReadonlyMap<string, Answer>> {
  const failed = (reason: string): Answer => ({
    lineage: { ok: false, reason },
    deciding: { columns: [] },
    paths: new Map(),
  });
  const answers = new Map<string, Answer>();
  const queries = new Map<string, LineageQuery & { readonly conditions: readonly LineageItem[] }>();
  try {
    const files: FileColumns = new Map();
    for (const { name, node, result } of open) {
      const names = result.columns.map((column) => column.name);
      const query = await lineageQuery(context, node, results, names, files);
      if (typeof query === "string") answers.set(name, failed(query));
      else {
        const own = { key: name, name, columns: result.columns };
        const conditions = conditionsOf(context, node);
        const relations = conditions.length === 0 ? query.relations : [...query.relations, own];
        queries.set(name, { ...query, relations, conditions });
      }
    }
    const lineages = [...(await askEngine(context, [...queries.values()]))];
    for (const [name, { paths, conditions }] of queries) {
      const [lineage, ...looked] = lineages.splice(0, 1 + conditions.length);
      const node = open.find((each) => each.name === name)?.node;
      if (lineage !== undefined && node !== undefined)
        answers.set(name, { lineage, paths, deciding: decidingOf(node, looked) });
    }
    return answers;
  } catch (error) {
    if (!isAppError(error) || error.code === "cancelled") throw error;
    return new Map(open.map(({ name }) => [name, failed(`it could not be found out: ${error.message}`)]));
  }
}

async function askEngine(
  { engine, record }: RunContext,
  queries: readonly (LineageQuery & { readonly conditions: readonly LineageItem[] })[],
): Promise<readonly QueryLineage[]> {
  if (queries.length === 0) return [];
  const relations = new Map(queries.flatMap((query) => query.relations).map((each) => [each.key, each]));
  const task = {
    relations: [...relations.values()],
    items: queries.flatMap(({ item, conditions }) => [item, ...conditions]),
  };
  return engine.lineage(task, { label: record.notebook, timeoutMs: LINEAGE_TIMEOUT_MS });
}

/** Conditions of the checks that put rows aside. */
function conditionsOf({ engine }: RunContext, { cell }: GraphNode): readonly LineageItem[] {
  const rest = { files: [], queries: [], parameters: [], columns: ["condition"] };
  return puttingAside(cell).flatMap(({ conditions }) =>
    conditions.map(({ sql }) => ({ sql: engine.conditionSql(sql, cell.name), ...rest })),
  );
}

/** `looked`: what the conditions look at. */
function decidingOf({ cell }: GraphNode, looked: readonly QueryLineage[]): Deciding {
  const named = [...agingColumns(cell), ...puttingAside(cell).flatMap(namedColumns)];
  const used = looked.flatMap((each) => (each.ok ? each.columns.flatMap((part) => part.columns) : []));
  const failed = looked.find((each) => !each.ok);
  return {
    columns: [...named, ...used.map(({ column }) => column)],
    ...(failed?.ok === false && { unknown: failed.reason }),
  };
}

function sourceIn(
  context: RunContext,
  found: ReadonlyMap<string, PublishedLineage>,
  files: LineageQuery["paths"],
  relation: string,
): InputSource {
  const paths = files.get(relation);
  if (paths !== undefined) return fileSource(paths);
  const own = found.get(relation);
  if (own !== undefined) return datasetSource(own);
  const shared = sharedLineage(context, relation);
  return typeof shared === "string" ? unknownSource(shared) : datasetSource(shared);
}

/** Of a dataset of the lake, as its publication told. */
function sharedLineage({ lake, record }: RunContext, reference: string): InputLineage | string {
  const [schema = "", name = ""] = reference.split(/\.(?=[^.]*$)/);
  if (isSystemSchema(schema)) return `it reads ${reference}`;
  const version = record.lakeVersions[reference];
  const placement = lake.state.placementsOf(name).findLast((each) => each.version === version);
  const told = placement && lineageIn(placement.publication, name);
  return told ?? `${reference} was published before it was told where its columns come from`;
}

/** Rows that were put aside have the columns of the dataset, and why they are there. */
function addAside({ name, node, key }: Asked, results: Results, found: Map<string, PublishedLineage>): void {
  const aside = node.cell.kind === "sql" ? quarantineOf(node.cell) : undefined;
  const result = aside === undefined ? undefined : results.get(aside);
  const own = found.get(name);
  if (aside === undefined || result?.type !== "files" || own === undefined) return;
  const columns = new Map(own.columns.map((column) => [column.name, column]));
  found.set(aside, {
    key,
    rows: own.rows,
    columns: result.columns.map(
      (column) =>
        columns.get(column.name) ?? {
          name: column.name,
          from: [],
          unknown: "it says why the row was put aside",
        },
    ),
  });
}
