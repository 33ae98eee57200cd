import type { Column, Profile, VocabularyView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import type { ColumnOrigin, ColumnValues, ValueSource } from "../editor/language-model.js";
import type { NotebookState } from "../store/notebook-state.js";
import { hasResult } from "../store/run-state.js";
import { shownRecord } from "../store/standing.js";

/** As many as the server measures at once. */
const BATCH_COLUMNS = 20;
const MAX_EXAMPLES = 3;
const KEPT_BATCHES = 200;

type Measured = Pick<Profile["columns"][number], "top" | "min" | "max">;

interface Batch {
  columns?: ReadonlyMap<string, ColumnValues>;
  readonly isAsked: Promise<void>;
}

interface Place {
  readonly key: string;
  readonly index: number;
  readonly ask: (range: { readonly offset: number; readonly limit: number }) => Promise<Profile>;
}

/** What the columns of cells and datasets hold: asked for once for each result, some columns at a time. */
export class StoredValues implements ValueSource {
  readonly #state: () => NotebookState | undefined;
  readonly #datasets: () => VocabularyView["datasets"];
  readonly #batches = new Map<string, Batch>();

  constructor(state: () => NotebookState | undefined, datasets: () => VocabularyView["datasets"]) {
    this.#state = state;
    this.#datasets = datasets;
  }

  known(origin: ColumnOrigin): ColumnValues | undefined {
    const place = this.#placeOf(origin);
    // By its name: what is stored may be of an earlier text.
    return place && this.#batch(place).columns?.get(origin.column);
  }

  async find(origin: ColumnOrigin): Promise<ColumnValues | undefined> {
    const place = this.#placeOf(origin);
    if (place) await this.#batch(place).isAsked;
    return this.known(origin);
  }

  #batch({ key, index, ask }: Place): Batch {
    const offset = index - (index % BATCH_COLUMNS);
    const name = `${key} ${String(offset)}`;
    const known = this.#batches.get(name);
    if (known) return known;
    const batch: Batch = {
      isAsked: ask({ offset, limit: BATCH_COLUMNS })
        .then(({ columns }) => {
          batch.columns = new Map(columns.map((column) => [column.name, toValues(column)]));
        })
        .catch((error: unknown) => {
          // Suggestions are no place for errors. Rows may come back: it is asked again.
          if (error instanceof ApiError) this.#batches.delete(name);
          else throw error;
        }),
    };
    this.#batches.set(name, batch);
    const [oldest] = this.#batches.keys();
    if (oldest !== undefined && this.#batches.size > KEPT_BATCHES) this.#batches.delete(oldest);
    return batch;
  }

  /** Undefined where nothing is stored. */
  #placeOf({ kind, relation, column }: ColumnOrigin): Place | undefined {
    const state = this.#state();
    if (state === undefined) return undefined;
    return kind === "cell"
      ? placeInCell(state, relation, column)
      : placeInDataset(state, this.#datasets(), relation, column);
  }
}

function placeInCell(state: NotebookState, cell: string, column: string): Place | undefined {
  const { name, view, forecast, runs } = state;
  const record = shownRecord(forecast.get(cell), runs.cells.get(cell));
  const index = indexOf(view?.cells.find((other) => other.name === cell)?.columns, column);
  if (index < 0 || !hasResult(record) || record.fingerprint === undefined) return undefined;
  const { fingerprint: result } = record;
  return {
    key: `cell ${cell} ${result}`,
    index,
    ask: (range) => api.cellProfile(name, cell, { ...range, result }),
  };
}

/** Another run may have published another one. */
function placeInDataset(
  { runs }: NotebookState,
  datasets: VocabularyView["datasets"],
  dataset: string,
  column: string,
): Place | undefined {
  const index = indexOf(datasets.find(({ name }) => name === dataset)?.columns, column);
  if (index < 0) return undefined;
  return {
    key: `dataset ${dataset} ${runs.run?.id ?? ""} ${runs.run?.outcome ?? ""}`,
    index,
    ask: (range) => api.lakeProfile("latest", dataset, range),
  };
}

function indexOf(columns: readonly Pick<Column, "name">[] | undefined, column: string): number {
  return (columns ?? []).findIndex(({ name }) => name === column);
}

function toValues({ top, min, max }: Measured): ColumnValues {
  // One that was cut is no value of the column.
  const frequent = top
    .filter(({ length }) => length === undefined)
    .map(({ value, count }) => ({ value, count }));
  // A quantile may lie between two values.
  const spread = [min, max].filter((value) => value !== undefined);
  const examples = frequent.length > 0 ? frequent.map(({ value }) => value) : [...new Set(spread)];
  return { frequent, examples: examples.slice(0, MAX_EXAMPLES) };
}
