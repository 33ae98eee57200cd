import type { NotebookEvent, Position } from "../../server/api/protocol.js";
import { isAfter } from "../event-stream.js";

interface ToldEvent {
  readonly event: NotebookEvent;
  readonly position: Position;
}

export interface Snapshot<T> {
  readonly answer: T;
  /** What happened after that position, as far as it was told while the answer was under way. */
  eventsAfter(position: Position): readonly NotebookEvent[];
}

/** A state that is read as a whole and followed by its events: an answer may come later than events that are newer. */
export class Snapshots {
  #newest = 0;
  readonly #open = new Set<ToldEvent[]>();

  note(event: NotebookEvent, position: Position): void {
    for (const told of this.#open) told.push({ event, position });
  }

  /** Undefined where another question was asked meanwhile: its answer counts. */
  async take<T>(ask: () => Promise<T>): Promise<Snapshot<T> | undefined> {
    const number = ++this.#newest;
    const told: ToldEvent[] = [];
    this.#open.add(told);
    try {
      const answer = await ask();
      if (number !== this.#newest) return undefined;
      return {
        answer,
        eventsAfter: (position) =>
          told.filter((item) => isAfter(item.position, position)).map(({ event }) => event),
      };
    } catch (error) {
      if (number !== this.#newest) return undefined;
      throw error;
    } finally {
      this.#open.delete(told);
    }
  }
}
