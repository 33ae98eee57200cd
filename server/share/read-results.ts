import { isAppError } from "../base/errors.js";
import { ownValue } from "../base/own-value.js";
import type { Engine } from "../engine/engine.js";
import { whileLeased } from "../lake/leases.js";
import type { Cell, ChartCell } from "../notebook/notebook.js";
import { chartRows } from "../rows/chart-data.js";
import { readPage } from "../rows/result-pages.js";
import { leaseResult, usePublishedRows, type StoredRows } from "../rows/stored-rows.js";
import { useLastRows, type LastResults, type Stores } from "./last-results.js";
import { chartSchema, type SnapshotChart, type SnapshotPage } from "./snapshot.js";
import { trimRows } from "./trim-rows.js";

/** Rows of each cell that go into a snapshot. */
export const SNAPSHOT_ROWS = 1000;

/** Lends stored rows; undefined where nothing was kept, or is kept no longer. */
export type LendRows = <T>(use: (rows: StoredRows) => Promise<T>) => Promise<T | undefined>;

/** The rows of a query cell, by their fingerprint. */
export function rowsOfResult({ results }: Stores, fingerprint: string): LendRows {
  return async (use) => {
    const stored = results && (await leaseResult(results, fingerprint));
    return stored && whileLeased(stored.lease, () => use(stored));
  };
}

/** What runs left of a cell, or of a dataset of the lake. */
export function rowsOfSource(stores: Stores, from: string, { cells }: LastResults): LendRows {
  const [, schema, name = ""] = /^(?:(\w+|"[^"]+")\.)?(.*)$/s.exec(from.toLowerCase()) ?? [];
  const last = cells.get(name);
  return async (use) => {
    if (schema === undefined) return last && useLastRows(stores, last, use);
    if (stores.lake === undefined) return undefined;
    const runDate = schema === "lake" ? "latest" : schema.replaceAll('"', "");
    return usePublishedRows(stores.lake, runDate, name, use);
  };
}

/** A result that cannot be read any more is left out: the notebook is still worth reading. */
export async function readFirstRows(
  engine: Engine,
  cell: Cell,
  lend: LendRows,
): Promise<SnapshotPage | undefined> {
  return unlessGone(async () => {
    const first = { offset: 0, limit: SNAPSHOT_ROWS, sort: [], filter: [] };
    const page = await lend((stored) => readPage({ engine }, stored, first));
    if (page === undefined) return undefined;
    const columns = withFormats(page.columns, cell);
    return { columns, rows: trimRows(page.rows), totalRows: page.totalRows };
  });
}

function withFormats(
  columns: readonly SnapshotPage["columns"][number][],
  cell: Cell,
): SnapshotPage["columns"] {
  const formats = cell.kind === "sql" ? (cell.options.format ?? {}) : {};
  return columns.map((column) => {
    const format = ownValue(formats, column.name);
    return format === undefined ? column : { ...column, format };
  });
}

/** A chart that cannot be drawn from what is stored is shown as it is written. */
export async function readChart(
  engine: Engine,
  { options }: ChartCell,
  lend: LendRows,
): Promise<SnapshotChart | undefined> {
  return unlessGone(async () => {
    const chart = await lend((stored) => chartRows(engine, stored, options));
    if (chart === undefined) return undefined;
    const { plot, columns, rows, caption } = chart;
    return chartSchema.parse({ plot, columns, rows: trimRows(rows), caption });
  });
}

async function unlessGone<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}
