import { AppError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import type { ColumnMeasures } from "../engine/verbs.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import { shownColumn, type ShownColumn, type StoredRows } from "./stored-rows.js";

export type ColumnProfile = ShownColumn & ColumnMeasures;

export interface Profile {
  readonly rows: number;
  /** Distinct values and quantiles are estimates: the rows are too many to sort them all. */
  readonly isApproximate: boolean;
  /** Of the rows; those that are described may be fewer. */
  readonly totalColumns: number;
  readonly columns: readonly ColumnProfile[];
}

/** Which columns are described. */
export interface ColumnRange {
  readonly offset: number;
  /** Default: all from there on. */
  readonly limit?: number | undefined;
}

/** Columns that one query measures: the engine's memory grows with the aggregates of a query, some MB for each. */
const BATCH_COLUMNS = 20;
const MAX_EXACT_ROWS = 1_000_000;
const TIMEOUT_MS = 60_000;
const KEPT_BATCHES = 300;

/** Stored rows never change, so that a profile is made once, some columns at a time, and kept for a while. */
export class ProfileCache {
  readonly #engine: Engine;
  readonly #batches = new Map<string, Promise<readonly ColumnProfile[]>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Columns are measured from the first wanted one on, until the signal aborts. */
  async get(
    stored: StoredRows,
    { offset, limit = Infinity }: ColumnRange = { offset: 0 },
    signal?: AbortSignal,
  ): Promise<Profile> {
    const { rows } = stored;
    const totalColumns = stored.columns.length;
    const end = Math.min(totalColumns, offset + limit);
    const first = Math.min(offset, end) - (Math.min(offset, end) % BATCH_COLUMNS);
    const columns: ColumnProfile[] = [];
    for (let start = first; start < end; start += BATCH_COLUMNS) {
      if (signal?.aborted === true) throw new AppError("cancelled", "The profile is not wanted any more.");
      columns.push(...(await this.#batch(stored, start)));
    }
    const described = columns.slice(offset - first, end - first);
    return { rows, isApproximate: isApproximate(stored), totalColumns, columns: described };
  }

  #batch(stored: StoredRows, start: number): Promise<readonly ColumnProfile[]> {
    const key = `${stored.key} ${String(start)}`;
    const columns = stored.columns.slice(start, start + BATCH_COLUMNS);
    const known = this.#batches.get(key);
    this.#batches.delete(key);
    const batch = known ?? profileColumns(this.#engine, { ...stored, columns });
    this.#batches.set(key, batch);
    batch.catch(() => this.#batches.delete(key));
    const [oldest] = this.#batches.keys();
    if (oldest !== undefined && this.#batches.size > KEPT_BATCHES) this.#batches.delete(oldest);
    return batch;
  }
}

/** Distinct values and quantiles are estimates where the rows are too many to sort them all. */
function isApproximate({ rows }: StoredRows): boolean {
  return rows > MAX_EXACT_ROWS;
}

async function profileColumns(engine: Engine, table: StoredRows): Promise<readonly ColumnProfile[]> {
  const { rows, columns } = table;
  if (rows === 0) return columns.map((column) => ({ ...shownColumn(column), count: 0, nulls: 0, top: [] }));
  const task = { table, rows, isApproximate: isApproximate(table), maxCharacters: SHOWN_CHARACTERS };
  const measures = await engine.profile(task, { label: "profile", timeoutMs: TIMEOUT_MS });
  return measures.map((measured, index) => ({
    ...shownColumn(columns[index] as StoredRows["columns"][number]),
    ...measured,
  }));
}
