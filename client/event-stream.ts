import type { NotebookEvent, Position } from "../server/api/protocol.js";
import { addressOf, api, ApiError } from "./api-client.js";
import { connection } from "./connection.js";

const names = [
  "run-started",
  "cell-queued",
  "cell-started",
  "cell-progress",
  "cell-finished",
  "run-finished",
  "notebook-changed",
  "lake-changed",
  "presence-changed",
  "agent-acted",
  "proposals-changed",
  "schedule-changed",
] as const;

export interface StreamListener {
  onEvent(event: NotebookEvent, position: Position): void;
  /** Events may have been missed: ask for the state anew. */
  onResync(): void;
  onConnection?(isConnected: boolean): void;
}

export interface Following {
  /** Undefined: all notebooks. */
  readonly notebook?: string;
  /** Where the state that is here stands; what came after it is told first. Undefined: there is none, so ask for it. */
  readonly after?: Position | undefined;
  /** A name of the page's own, for the others to see that it is there. */
  readonly page?: string;
}

const RETRY_MS = 3000;

/**
 * Follows what happens to notebooks. The browser connects again by itself where the line broke, and this does where
 * the server refused; the server then tells what was missed. Returns what ends it.
 */
export function followEvents({ notebook, after, page }: Following, listener: StreamListener): () => void {
  let position = after;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let source = connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source.close();
  };

  /** The stream does not say why it was refused: the answer to a plain question does, and waits for whoever has to log in. */
  async function connectAgain(): Promise<void> {
    try {
      await api.me();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    if (!isOver) source = connect();
  }

  function connect(): EventSource {
    const opened = new EventSource(pathOf({ notebook, after: position, page }));
    opened.onopen = () => {
      connection.back();
      listener.onConnection?.(true);
      if (position === undefined) listener.onResync();
    };
    opened.onerror = () => {
      listener.onConnection?.(false);
      if (opened.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(() => void connectAgain(), RETRY_MS);
    };
    for (const name of names) {
      opened.addEventListener(name, (message: MessageEvent<string>) => {
        position = message.lastEventId;
        listener.onEvent(JSON.parse(message.data) as NotebookEvent, position);
      });
    }
    opened.addEventListener("resync", (message) => {
      position = message.lastEventId;
      listener.onResync();
    });
    return opened;
  }
}

function pathOf({
  notebook,
  after,
  page,
}: {
  readonly [Key in keyof Following]: Following[Key] | undefined;
}): string {
  const query = { after, ...(notebook === undefined ? {} : { page }) };
  return notebook === undefined
    ? addressOf("GET /api/events", { query })
    : addressOf("GET /api/notebooks/{name}/events", { params: { name: notebook }, query });
}

/** Whether an event is not in what was read at that position. A server that started again numbers anew. */
export function isAfter(event: Position, position: Position): boolean {
  const [boot, number] = event.split("-");
  const [knownBoot, knownNumber] = position.split("-");
  return boot !== knownBoot || Number(number) > Number(knownNumber);
}
