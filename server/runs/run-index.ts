import type { EventHub, NotebookEvent } from "./events.js";
import type { CellRecord, CheckRecord } from "./run-record.js";
import type { RunStore } from "./run-store.js";

export interface LatestCell {
  readonly run: string;
  readonly cell: CellRecord;
}

export interface LatestCheck {
  readonly run: string;
  readonly check: CheckRecord;
}

/**
 * Which runs a notebook has, and which of them last gave a cell rows or judged a check. Read once from the records on
 * disk; after that the events tell. For the process that holds the lake: nobody else writes runs.
 */
export class RunIndex {
  readonly #store: RunStore;
  readonly #notebooks = new Map<string, string>();
  readonly #cells = new Map<string, LatestCell>();
  readonly #checks = new Map<string, LatestCheck>();
  #loading: Promise<void> | undefined;

  constructor(store: RunStore, events: EventHub) {
    this.#store = store;
    events.subscribe((notebook, event) => {
      this.#learn(notebook, event);
    });
  }

  /** Newest first. */
  async ids(notebook: string | undefined, limit: number): Promise<string[]> {
    await this.#load();
    return [...this.#notebooks]
      .filter(([, owner]) => notebook === undefined || owner === notebook)
      .map(([id]) => id)
      .sort((a, b) => (a < b ? 1 : -1))
      .slice(0, limit);
  }

  async cell(notebook: string, name: string): Promise<LatestCell | undefined> {
    await this.#load();
    return this.#cells.get(keyOf(notebook, name));
  }

  async check(notebook: string, name: string): Promise<LatestCheck | undefined> {
    await this.#load();
    return this.#checks.get(keyOf(notebook, name));
  }

  #learn(notebook: string, event: NotebookEvent): void {
    if (event.type === "run-started") this.#notebooks.set(event.run.id, notebook);
    if (event.type !== "cell-finished") return;
    const { runId: run, cell, checks } = event;
    if (hasRows(cell)) this.#cells.set(keyOf(notebook, cell.name), { run, cell });
    for (const check of checks) this.#checks.set(keyOf(notebook, check.name), { run, check });
  }

  #load(): Promise<void> {
    this.#loading ??= this.#readRecords().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** The newest run comes first, and what an event told meanwhile is newer still. */
  async #readRecords(): Promise<void> {
    for (const { id, notebook, cells, checks } of await this.#store.list()) {
      this.#notebooks.set(id, notebook);
      for (const cell of cells.filter(hasRows))
        setOnce(this.#cells, keyOf(notebook, cell.name), { run: id, cell });
      for (const check of checks) setOnce(this.#checks, keyOf(notebook, check.name), { run: id, check });
    }
  }
}

/** Rows were kept: as a version of the lake, or in scratch under the fingerprint. */
export function hasRows(cell: CellRecord): boolean {
  const isDone = cell.outcome === "succeeded" || cell.outcome === "reused";
  return cell.kind === "sql" && isDone && (cell.version ?? cell.fingerprint) !== undefined;
}

function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

function keyOf(notebook: string, name: string): string {
  return `${notebook}\n${name}`;
}
