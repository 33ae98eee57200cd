import { setTimeout } from "node:timers/promises";
import type { RunRecord } from "./run-record.js";
import type { RunStore } from "./run-store.js";

/** Of the time, writing takes a tenth at most: a record grows with its cells, and so would what each of them costs. */
const REST = 10;

/**
 * Writes the record of a run while it goes on, so that a process that is killed leaves what it had come to. One write
 * at a time: what changes meanwhile goes into the next.
 */
export class RecordKeeper {
  readonly #store: RunStore;
  readonly #record: RunRecord;
  readonly #ended = new AbortController();
  #writing: Promise<void> | undefined;
  #isStale = false;

  constructor(store: RunStore, record: RunRecord) {
    this.#store = store;
    this.#record = record;
  }

  keep(): void {
    this.#isStale = true;
    this.#writing ??= this.#write();
  }

  /** Call before the record is written for the last time. */
  async settle(): Promise<void> {
    this.#isStale = false;
    this.#ended.abort();
    await this.#writing;
  }

  /** A failure only loses what a killed process knew: the write at the end of the run reports it. */
  async #write(): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        const started = performance.now();
        await this.#store.note(this.#record);
        const restMs = REST * (performance.now() - started);
        await setTimeout(restMs, undefined, { signal: this.#ended.signal });
      }
    } catch {
      this.#isStale = false;
    } finally {
      this.#writing = undefined;
    }
  }
}
