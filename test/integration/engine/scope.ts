import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type {
  Engine,
  MaterializedOutput,
  MaterializeTask,
  QueryScope,
  Relation,
} from "../../../server/engine/engine.js";
import type { BoundParameter, QueryResult, TaskControl } from "../../../server/engine/engine.js";
import type { ParameterValue } from "../../../server/notebook/notebook.js";

/** A scope over a folder, with what the test cares about. */
export function scopeOf(root: string, parts: Partial<QueryScope> = {}): QueryScope {
  return { root, readable: [], relations: [], parameters: [], ...parts };
}

export function parameter(
  name: string,
  type: BoundParameter["definition"]["type"],
  value: ParameterValue,
): BoundParameter {
  return { definition: { name, type, isList: Array.isArray(value) }, value };
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function query(
  engine: Engine,
  root: string,
  sql: string,
  parts: Partial<QueryScope> = {},
  control: Partial<TaskControl> = {},
): Promise<QueryResult> {
  return engine.query({ scope: scopeOf(root, parts), sql, limit: 1000 }, { label: "query", ...control });
}

/** For the control of a task that takes long: tells when its worker is at work on it. */
export function watchProgress() {
  let tell = (): void => undefined;
  const isAtWork = new Promise<void>((resolve) => (tell = resolve));
  return { onProgress: tell, isAtWork };
}

export type Materialized = MaterializedOutput & { readonly folder: string };

export interface MaterializeOptions extends Partial<Omit<MaterializeTask, "scope" | "sql">> {
  readonly scope?: Partial<QueryScope>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: TaskControl["onProgress"];
}

/** Materialises into a new folder below `root`. */
export async function materialize(
  engine: Engine,
  root: string,
  sql: string,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const { scope, timeoutMs, signal, onProgress, ...task } = options;
  const folder = task.folder ?? outputFolder(root);
  const control = {
    label: task.dataset ?? "result",
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  };
  const defaults = {
    dataset: "result",
    formats: ["parquet"],
    partitionBy: [],
    isOrdered: false,
    metadata: {},
  } as const;
  const output = await engine.materialize(
    { ...defaults, ...task, folder, scope: scopeOf(root, scope), sql },
    control,
  );
  return { ...output, folder };
}

export function outputFolder(root: string): string {
  mkdirSync(join(root, "out"), { recursive: true });
  return mkdtempSync(join(root, "out", "build-"));
}

/** A stored result as a relation for the next query. */
export function relationOf(output: Materialized, name = "result", schema?: string): Relation {
  const parquet = output.files.filter(({ format }) => format === "parquet" || format === "table");
  const files = parquet.map((file) => join(output.folder, file.path));
  return { type: "files", name, files, columns: output.columns, ...(schema !== undefined && { schema }) };
}

/** What a promise rejected with. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<Error & { readonly code?: string; readonly hint?: string; readonly details?: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not fail");
}
