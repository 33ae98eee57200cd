import type { NotebookEvent } from "../server/api/protocol.js";
import { notebookPath } from "./api-client.js";

const names = [
  "run-started",
  "cell-queued",
  "cell-started",
  "cell-progress",
  "cell-finished",
  "run-finished",
  "notebook-changed",
] as const;

export interface StreamListener {
  onEvent(event: NotebookEvent): void;
  /** Events may have been missed: ask for the state anew. */
  onResync(): void;
  onConnection(isConnected: boolean): void;
}

/** Follows what happens to a notebook; the browser connects again by itself. Returns what ends it. */
export function followNotebook(notebook: string, listener: StreamListener): () => void {
  const source = new EventSource(notebookPath(notebook, "events"));
  let wasConnected = false;
  source.onopen = () => {
    listener.onConnection(true);
    if (wasConnected) listener.onResync();
    wasConnected = true;
  };
  source.onerror = () => {
    listener.onConnection(false);
  };
  for (const name of names) {
    source.addEventListener(name, (message: MessageEvent<string>) => {
      listener.onEvent(JSON.parse(message.data) as NotebookEvent);
    });
  }
  source.addEventListener("resync", () => {
    listener.onResync();
  });
  return () => {
    source.close();
  };
}
