import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { AppError, isAppError } from "../base/errors.js";
import type { Engine, MaterializedOutput, QueryScope, Relation, TaskControl } from "../engine/engine.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { reachableFrom } from "../graph/topology.js";
import { engineOf, isDataset, type EngineName, type SqlCell } from "../notebook/notebook.js";
import { withoutOwnSchemas } from "../runs/query-scope.js";
import type { InputView } from "../runs/run-inputs.js";

/** What a cell gives on Spark beside what it gives on DuckDB. */
export interface ParityFinding {
  readonly cell: string;
  readonly outcome: "pass" | "fail";
  /** On DuckDB. */
  readonly rows: number;
  /** Rows that only one of them has. */
  readonly onlyDuckdb: number;
  readonly onlySpark: number;
  /** What is wrong apart from rows. */
  readonly message?: string;
  /** Some of the rows, DuckDB's first. */
  readonly examples: readonly (readonly unknown[])[];
}

export interface ParityOptions {
  /** For what is computed, where both engines see it. */
  readonly folder: string;
  /** Of each cell that reads no other. */
  readonly rows: number;
  readonly signal: AbortSignal;
}

const MAX_EXAMPLES = 3;
const MAX_CHARACTERS = 200;

/**
 * Computes each cell that asks for Spark on both engines, from some rows of the input. Nothing is stored. What reads the lake
 * cannot be compared so, and fails with the engine's error.
 */
export async function checkParity(
  { engine, view }: { readonly engine: Engine; readonly view: InputView },
  { graph, notebook }: AnalyzedNotebook,
  options: ParityOptions,
): Promise<readonly ParityFinding[]> {
  const asking = notebook.cells.filter((cell) => engineOf(cell) === "spark").map(({ name }) => name);
  if (asking.length === 0)
    throw new AppError(
      "usage",
      `No cell of "${notebook.name}" asks for Spark: there is nothing to compare.`,
      {
        hint: "Write engine: spark in its front matter, or on a cell.",
      },
    );
  const wanted = new Set([...asking, ...reachableFrom(asking, graph.parents)]);
  const relations = new Map<string, Relation>();
  const findings: ParityFinding[] = [];
  for (const name of graph.order) {
    const node = graph.nodes.get(name);
    if (node?.cell.kind !== "sql" || !wanted.has(name)) continue;
    const task = { engine, cell: node.cell, node, scope: scopeOf(view, node, relations), options };
    const made = await compute(task, "duckdb");
    relations.set(name, { type: "files", name, files: made.files, columns: made.columns });
    if (engineOf(node.cell) === "spark") findings.push(await compare(task, made));
  }
  return findings;
}

function scopeOf(view: InputView, node: GraphNode, relations: ReadonlyMap<string, Relation>): QueryScope {
  return {
    root: view.root,
    readable: view.readable,
    relations: node.parents.flatMap((parent) => relations.get(parent) ?? []),
    parameters: node.parameters.map((definition) => ({ definition, value: definition.defaultValue })),
  };
}

interface ParityTask {
  readonly engine: Engine;
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly scope: QueryScope;
  readonly options: ParityOptions;
}

interface Made extends Pick<MaterializedOutput, "columns" | "rows" | "contentHash"> {
  /** Absolute. */
  readonly files: readonly string[];
}

async function compute({ engine, cell, node, scope, options }: ParityTask, on: EngineName): Promise<Made> {
  const own = withoutOwnSchemas(cell.sql, node.facts);
  // Which rows come first is not defined on Spark.
  const isSource =
    node.parents.length === 0 && (node.facts?.files.length ?? 0) > 0 && engineOf(cell) !== "spark";
  const sql = isSource ? engine.someRowsSql({ from: { sql: own }, columns: [], limit: options.rows }) : own;
  const folder = await mkdtemp(join(options.folder, `${cell.name}-`));
  const control: TaskControl = { label: cell.name, signal: options.signal };
  const rest = { formats: ["parquet"], partitionBy: [], isOrdered: false, metadata: {} } as const;
  const task = { ...rest, scope, sql, folder, dataset: cell.name, engine: on };
  const output = await engine.materialize({ ...task, keepsTypes: !isDataset(cell) }, control);
  return { ...output, files: output.files.map(({ path }) => join(folder, path)) };
}

async function compare(task: ParityTask, before: Made): Promise<ParityFinding> {
  const { cell, engine, options } = task;
  const same = { cell: cell.name, rows: before.rows, onlyDuckdb: 0, onlySpark: 0, examples: [] };
  const after = await compute(task, "spark").catch((error: unknown) => {
    if (isAppError(error, "query")) return error;
    throw error;
  });
  if (after instanceof AppError) return { ...same, outcome: "fail", message: after.message };
  const shape = ({ columns }: Made): string => JSON.stringify(columns.map(({ name, type }) => [name, type]));
  if (shape(before) !== shape(after)) return { ...same, outcome: "fail", message: "the columns differ" };
  if (before.contentHash !== "" && before.contentHash === after.contentHash)
    return { ...same, outcome: "pass" };
  const diff = { before, after, keys: [], maxCharacters: MAX_CHARACTERS };
  const { added, removed, changed, examples } = await engine.diff(diff, {
    label: cell.name,
    signal: options.signal,
  });
  return {
    ...same,
    outcome: added + removed + changed === 0 ? "pass" : "fail",
    onlyDuckdb: removed + changed,
    onlySpark: added + changed,
    examples: [
      ...examples.removed.slice(0, MAX_EXAMPLES),
      ...examples.added.slice(0, MAX_EXAMPLES),
      ...examples.changed.slice(0, MAX_EXAMPLES).map(({ key, values }) => [...key, ...values]),
    ],
  };
}
