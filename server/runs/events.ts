import type { Progress } from "../engine/engine.js";
import type { CellRecord, CheckRecord, RunView } from "./run-record.js";

/** What happens while a notebook is run; the same union goes over SSE. */
export type RunEvent =
  | { readonly type: "run-started"; readonly run: RunView }
  | { readonly type: "cell-queued"; readonly runId: string; readonly cell: string }
  | { readonly type: "cell-started"; readonly runId: string; readonly cell: string }
  | {
      readonly type: "cell-progress";
      readonly runId: string;
      readonly cell: string;
      readonly progress: Progress;
    }
  | {
      readonly type: "cell-finished";
      readonly runId: string;
      readonly cell: CellRecord;
      readonly checks: readonly CheckRecord[];
    }
  | { readonly type: "run-finished"; readonly run: RunView };

export type NotebookEvent =
  | RunEvent
  | {
      readonly type: "notebook-changed";
      readonly notebook: string;
      readonly etag: string | null;
      /** Who saved; absent where the file was changed by another program. */
      readonly by?: string;
    }
  /** What a notebook has published changed without a run: rolled back, named, or removed by vacuum. */
  | { readonly type: "lake-changed"; readonly notebook: string }
  | { readonly type: "schedule-changed"; readonly notebook: string }
  /** Who has the notebook open, each page once. */
  | {
      readonly type: "presence-changed";
      readonly notebook: string;
      readonly people: readonly { readonly page: string; readonly name: string; readonly cell?: string }[];
    }
  | { readonly type: "proposals-changed"; readonly notebook: string }
  | {
      /** A tool of an agent is about to do its work. */
      readonly type: "agent-acted";
      readonly agent: string;
      readonly tool: string;
      readonly cell?: string;
    };

export type EventListener = (notebook: string, event: NotebookEvent) => void;

/** Hands events to whoever listens; a listener that throws does not stop the others or the run. */
export class EventHub {
  readonly #listeners = new Set<EventListener>();

  /** Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(notebook: string, event: NotebookEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(notebook, event);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }
}
