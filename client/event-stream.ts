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

const RETRY_MS = 3000;

/**
 * Follows what happens to a notebook. The browser connects again by itself where the line broke, and this does where
 * the server refused. Returns what ends it.
 */
export function followNotebook(notebook: string, listener: StreamListener): () => void {
  let wasConnected = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = (): EventSource =>
    open(notebook, {
      onEvent: (event) => {
        listener.onEvent(event);
      },
      onResync: () => {
        listener.onResync();
      },
      onConnection: (isConnected) => {
        listener.onConnection(isConnected);
        if (isConnected && wasConnected) listener.onResync();
        wasConnected ||= isConnected;
        if (isConnected || source.readyState !== EventSource.CLOSED) return;
        clearTimeout(timer);
        timer = setTimeout(() => {
          source = connect();
        }, RETRY_MS);
      },
    });
  let source = connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

function open(notebook: string, listener: StreamListener): EventSource {
  const source = new EventSource(notebookPath(notebook, "events"));
  source.onopen = () => {
    listener.onConnection(true);
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
  return source;
}
