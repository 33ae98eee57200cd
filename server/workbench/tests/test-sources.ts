import { BoundedCache } from "../../base/bounded-cache.js";
import { hashOf } from "../../base/hash.js";
import { isAppError } from "../../base/errors.js";
import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import type { Column, Engine } from "../../engine/engine.js";
import { withKind } from "../../engine/type-names.js";
import type { GraphNode } from "../../graph/dependency-graph.js";
import type { FileReference } from "../../graph/query-analysis.js";
import { stampOf } from "../../lake/input-file.js";
import type { Lake } from "../../lake/lake.js";
import { checksOf, queryOf } from "../../notebook/kinds/kinds.js";
import type { CheckSpec } from "../../notebook/check-spec.js";
import type { TestCell } from "../../notebook/notebook.js";
import { otherCell } from "../../runs/plan.js";
import type { InputView } from "../../runs/run-inputs.js";
import { matchInputFiles } from "../../runs/skipped-files.js";
import { isSystemSchema, systemRelationShape } from "../../runs/system-relations.js";
import type { Workspace } from "../../workspace/workspace.js";

export interface TestServices {
  readonly workspace: Workspace;
  readonly lake: Lake | undefined;
  readonly engine: Engine;
  readonly view: InputView;
}

/** What a cell reads, which a test stands rows in for. */
export interface TestSource {
  /** As a test names it: `orders`, `lake.orders`, `input/orders.json`. */
  readonly key: string;
  readonly relation?: { readonly schema?: string; readonly name: string };
  /** Each place where the cell's query reads the file. */
  readonly references: readonly FileReference[];
  /** Undefined where they are not known. */
  readonly columns: readonly Column[] | undefined;
}

export type BoundColumns = ReadonlyMap<string, readonly Column[]>;

const BIND_TIMEOUT_MS = 15_000;

/** The entry of `checks:` that a test is about, whose name may stand without its cell's. */
export function checkOf({ cell, expected }: TestCell, { cell: tested }: GraphNode): CheckSpec | undefined {
  const name = expected?.type === "check" ? expected.check?.name : undefined;
  return checksOf(tested).find((spec) => spec.name === name || spec.name === `${cell}.${name ?? ""}`);
}

/** Everything that the tested cell, and the check that a test is about, reads. */
export async function sourcesOf(
  services: TestServices,
  node: GraphNode,
  bound: BoundColumns,
  test?: TestCell,
): Promise<readonly TestSource[]> {
  const sources: TestSource[] = [];
  for (const { schema, name } of node.facts?.tables ?? []) {
    const key = schema === undefined ? name : `${schema}.${name}`;
    const columns = schema === undefined ? bound.get(name) : await schemaColumns(services, schema, name);
    const relation = schema === undefined ? { name } : { schema, name };
    sources.push({ key, relation, references: [], columns });
  }
  const spec = test === undefined ? undefined : checkOf(test, node);
  const other = spec === undefined ? undefined : otherCell(spec);
  if (other !== undefined && other !== test?.cell && !sources.some(({ key }) => key === other))
    sources.push({ key: other, relation: { name: other }, references: [], columns: bound.get(other) });
  return [...sources, ...(await fileSources(services, node))];
}

async function schemaColumns(
  { lake, engine }: TestServices,
  schema: string,
  name: string,
): Promise<readonly Column[] | undefined> {
  if (isSystemSchema(schema)) {
    const shape = systemRelationShape(name);
    return shape?.type === "rows" ? shape.columns.map((column) => engine.toColumn(column)) : undefined;
  }
  const found = lake?.find(name, schema);
  return found === undefined ? undefined : (await lake?.manifest(name, found.version))?.columns.map(withKind);
}

async function fileSources(services: TestServices, node: GraphNode): Promise<TestSource[]> {
  const references = node.facts?.files ?? [];
  const paths = [...new Set(references.map(({ path }) => path))];
  const sql = queryOf(node.cell)?.sql ?? "";
  return Promise.all(
    paths.map(async (path) => {
      const own = references.filter((reference) => reference.path === path);
      return { key: path, references: own, columns: await fileColumns(services, sql, own) };
    }),
  );
}

const knownOf = new WeakMap<Engine, BoundedCache<readonly Column[]>>();

/** What its reader makes of the file as it lies in `input/`; undefined where that can't be told. */
async function fileColumns(
  { engine, workspace, view }: TestServices,
  sql: string,
  references: readonly FileReference[],
): Promise<readonly Column[] | undefined> {
  const [reference] = references;
  if (reference?.call === undefined) return undefined;
  try {
    const { files } = await matchInputFiles(workspace, reference.path);
    const paths = files.map(({ path }) => path);
    const [call] = engine.readerCalls(sql, [{ reference, all: paths, only: paths, isUniform: true }]);
    if (call === undefined) return undefined;
    const known = knownOf.get(engine) ?? new BoundedCache(1_000, 1_000_000);
    knownOf.set(engine, known);
    const key = hashOf([call.sql, view.root, await Promise.all(files.map(stampOf))]);
    const found = known.get(key) ?? (await readerColumns({ engine, view }, call.sql));
    if (found !== undefined) known.set(key, found);
    return found;
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

async function readerColumns(
  { engine, view: { root, readable } }: Pick<TestServices, "engine" | "view">,
  sql: string,
): Promise<readonly Column[] | undefined> {
  const scope = { root, readable, relations: [], parameters: [] };
  const control = { label: "test", timeoutMs: BIND_TIMEOUT_MS };
  const [result] = await engine.bind(scope, [{ name: "rows", sql }], control);
  return result?.ok === true ? result.columns : undefined;
}

/** The node of the cell that is tested; undefined where there is none that has rows or judges them. */
export function testedNode({ graph }: AnalyzedNotebook, { cell }: TestCell): GraphNode | undefined {
  const node = graph.nodes.get(cell);
  return node?.cell.kind === "sql" || node?.cell.kind === "check" ? node : undefined;
}
