import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { isAppError } from "../base/errors.js";
import type { Column } from "../engine/engine.js";
import { foldCase } from "../text/sql-names.js";
import { listNotebooks } from "../workspace/notebook-files.js";
import type { RunContext } from "./run-context.js";
import type { ReshapedColumn } from "./run-record.js";
import { usableManifest } from "./why-computed.js";

export type ReshapeContext = Pick<RunContext, "workspace" | "lake" | "notebooks" | "analyzed"> & {
  readonly record: Pick<RunContext["record"], "date">;
};

type Columns = readonly Pick<Column, "name" | "type">[];

/**
 * Columns that readers of published datasets would lose, or find with another type, and who these readers are, in every
 * notebook. `columns`: of the datasets as they are to be published. Sorted by dataset.
 */
export async function reshapedColumns(
  context: ReshapeContext,
  columns: ReadonlyMap<string, Columns>,
): Promise<ReshapedColumn[]> {
  const { lake, record } = context;
  const changes: (Omit<ReshapedColumn, "readers"> & { readonly schemas: readonly string[] })[] = [];
  for (const [dataset, after] of [...columns].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const latest = lake.resolve(dataset);
    const isLatest = latest !== undefined && record.date >= latest.runDate;
    const shown = lake.resolve(dataset, record.date) ?? (isLatest ? latest : undefined);
    const before = shown && (await usableManifest(lake, dataset, shown.version));
    const schemas = isLatest ? ["lake", record.date] : [record.date];
    for (const change of reshape(before?.columns ?? [], after)) changes.push({ dataset, ...change, schemas });
  }
  if (changes.length === 0) return [];
  const notebooks = await readingNotebooks(context, new Set(changes.map(({ dataset }) => dataset)));
  return changes.map(({ schemas, ...change }) => ({
    ...change,
    readers: notebooks.flatMap((notebook) =>
      readersOf(notebook, change, notebook === context.analyzed ? [undefined, ...schemas] : schemas),
    ),
  }));
}

/** What is lost, or has another type; what is new breaks nobody. */
function reshape(before: Columns, after: Columns): Pick<ReshapedColumn, "column" | "before" | "after">[] {
  const types = new Map(after.map(({ name, type }) => [foldCase(name), type]));
  return before.flatMap(({ name, type }) => {
    const now = types.get(foldCase(name)) ?? null;
    return now === type ? [] : [{ column: name, before: type, after: now }];
  });
}

/** Cells that read the dataset by one of these schemas and may use the column: that name it, or take all columns. */
function readersOf(
  { graph, notebook }: AnalyzedNotebook,
  { dataset, column }: Pick<ReshapedColumn, "dataset" | "column">,
  schemas: readonly (string | undefined)[],
): ReshapedColumn["readers"] {
  return [...graph.nodes.values()].flatMap(({ cell, facts, parents }) => {
    if (!mayUse(notebook.source.slice(cell.bodySpan), column, facts !== undefined)) return [];
    const place = { notebook: notebook.name, cell: cell.name };
    const tables = (facts?.tables ?? []).filter(
      ({ schema, name }) => foldCase(name) === dataset && schemas.includes(schema),
    );
    if (facts === undefined && schemas.includes(undefined) && parents.includes(dataset))
      return [{ ...place, as: dataset }];
    return tables.map(({ schema }) => ({
      ...place,
      as: schema === undefined ? dataset : schema === "lake" ? `lake.${dataset}` : `"${schema}".${dataset}`,
    }));
  });
}

/** A star that stands for columns, not that of `count(*)` or of a product. */
const allColumns = /(?:\bselect|\bdistinct|,|\.|\bcolumns\s*\()\s*\*/;

/** What is no query names the columns that it uses; FROM-first stands for all. */
function mayUse(text: string, column: string, isQuery: boolean): boolean {
  const body = text.toLowerCase();
  if (body.includes(column.toLowerCase())) return true;
  return isQuery && (allColumns.test(body) || !/\bselect\b/.test(body));
}

/** The notebook itself, and those whose text has one of the names: parsing is dear. */
async function readingNotebooks(
  { workspace, notebooks, analyzed }: ReshapeContext,
  datasets: ReadonlySet<string>,
): Promise<readonly AnalyzedNotebook[]> {
  const found = [analyzed];
  for (const name of (await listNotebooks(workspace)).sort()) {
    if (name === analyzed.notebook.name) continue;
    const file = await notebooks.read(name).catch((error: unknown) => {
      if (isAppError(error, "not-found")) return undefined;
      throw error;
    });
    const text = file?.text.toLowerCase() ?? "";
    if (file !== undefined && [...datasets].some((dataset) => text.includes(dataset)))
      found.push(await notebooks.analyze(file));
  }
  return found;
}
