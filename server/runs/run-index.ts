import type { EventHub, NotebookEvent } from "./events.js";
import { hasRows, type CellRecord, type CheckRecord } from "./run-record.js";
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
 * Which runs a notebook has, and which of them last gave a cell rows or judged a check. What was before this process is
 * known by name and read when it is asked for; after that the events tell. For the process that holds the lake: nobody
 * else writes runs.
 */
export class RunIndex {
  readonly #store: RunStore;
  readonly #cells = new Map<string, LatestCell>();
  readonly #checks = new Map<string, LatestCheck>();
  #before: Promise<Before> | undefined;

  constructor(store: RunStore, events: EventHub) {
    this.#store = store;
    events.subscribe((notebook, event) => {
      this.#learn(notebook, event);
    });
  }

  /** The run that was created last comes first. */
  async ids(notebook: string | undefined, limit: number): Promise<string[]> {
    const summaries = await this.#store.summaries();
    return summaries
      .filter((run) => notebook === undefined || run.notebook === notebook)
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async cell(notebook: string, name: string): Promise<LatestCell | undefined> {
    const key = keyOf(notebook, name);
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const run = (await this.#runsBefore()).cells.get(key);
    const record = run === undefined ? undefined : await this.#store.find(run);
    // What an event told meanwhile is newer.
    for (const cell of record?.cells.filter(hasRows) ?? [])
      if (cell.name === name && record !== undefined) setOnce(this.#cells, key, { run: record.id, cell });
    return this.#cells.get(key);
  }

  async check(notebook: string, name: string): Promise<LatestCheck | undefined> {
    const key = keyOf(notebook, name);
    const known = this.#checks.get(key);
    if (known !== undefined) return known;
    const run = (await this.#runsBefore()).checks.get(key);
    const record = run === undefined ? undefined : await this.#store.find(run);
    for (const check of record?.checks ?? [])
      if (check.name === name && record !== undefined) setOnce(this.#checks, key, { run: record.id, check });
    return this.#checks.get(key);
  }

  #learn(notebook: string, event: NotebookEvent): void {
    if (event.type !== "cell-finished") return;
    const { runId: run, cell, checks } = event;
    if (hasRows(cell)) this.#cells.set(keyOf(notebook, cell.name), { run, cell });
    for (const check of checks) this.#checks.set(keyOf(notebook, check.name), { run, check });
  }

  #runsBefore(): Promise<Before> {
    this.#before ??= this.#readBefore().catch((error: unknown) => {
      this.#before = undefined;
      throw error;
    });
    return this.#before;
  }

  async #readBefore(): Promise<Before> {
    const before: Before = { cells: new Map(), checks: new Map() };
    for (const { id, notebook, cells, checks } of await this.#store.recent()) {
      for (const name of cells) setOnce(before.cells, keyOf(notebook, name), id);
      for (const name of checks) setOnce(before.checks, keyOf(notebook, name), id);
    }
    return before;
  }
}

/** Names to the run that has them. */
interface Before {
  readonly cells: Map<string, string>;
  readonly checks: Map<string, string>;
}

function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

function keyOf(notebook: string, name: string): string {
  return `${notebook}\n${name}`;
}
