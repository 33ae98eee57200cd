import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { FeedClient, FeedMessage } from "./event-feed.js";
import { unknownNotebook } from "./notes.js";
import { refuse } from "./on-error.js";
import { eventsQuerySchema } from "./requests.js";
import { route } from "./route.js";
import type { Env } from "./env.js";
import type { ApiServices } from "./services.js";

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is gone or stuck. */
const WRITE_TIMEOUT_MS = 30_000;

const tooMany = { 503: "Too many pages follow this server." };
const headers = { "Last-Event-ID": "the last event that was seen; what came after it is sent again" };

export const eventRoutes = [
  route({
    method: "get",
    path: "/api/notebooks/{name}/events",
    needs: "read",
    summary: "What happens to a notebook, as server-sent events",
    description:
      "Events: run-started, cell-queued, cell-started, cell-progress, cell-finished, run-finished, notebook-changed, lake-changed. " +
      "At the beginning a running run is told as run-started with its present state. " +
      "After resync, ask for the state anew: events were missed.",
    headers,
    query: eventsQuerySchema,
    success: [200, "An endless stream."],
    errors: { ...tooMany, ...unknownNotebook },
    type: "text/event-stream",
    answer: async ({ services, params, query, c }) => {
      const { name } = await services.notebooks.read(params.name);
      return answerEvents(c, services, name, query.after);
    },
  }),

  route({
    method: "get",
    path: "/api/events",
    needs: "read",
    summary: "What happens to all notebooks, as server-sent events",
    description: "The same events as those of one notebook.",
    headers,
    query: eventsQuerySchema,
    success: [200, "An endless stream."],
    errors: tooMany,
    type: "text/event-stream",
    answer: ({ services, query, c }) => answerEvents(c, services, undefined, query.after),
  }),
] as const;

function answerEvents(
  c: Context<Env>,
  { feed }: ApiServices,
  notebook: string | undefined,
  after: string | undefined,
): Response {
  if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
  // A browser that connects again sends the header, and the address as it was at first.
  const client = feed.open(notebook, c.req.header("last-event-id") ?? after);
  if (client === undefined)
    return refuse(c, {
      status: 503,
      code: "busy",
      message: tooMany[503],
      hint: "Close some of them.",
    });
  // Absent where a test calls the app without a server.
  const outgoing = (c.env as HttpBindings | undefined)?.outgoing;
  // A proxy that collects the answer would hold the events back.
  c.header("x-accel-buffering", "no");
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => {
      client.close();
    });
    try {
      if (!(await forward(client, stream))) outgoing?.destroy();
    } finally {
      client.close();
    }
  });
}

/** False where the client does not read: its connection has to be cut. */
async function forward(client: FeedClient, stream: SSEStreamingApi): Promise<boolean> {
  for (let message = await client.next(0); message !== undefined; message = await client.next(HEARTBEAT_MS)) {
    const isTaken = await within(WRITE_TIMEOUT_MS, stream.write(frameOf(message)), client.closed);
    if (!isTaken) return false;
    if (stream.aborted) break;
  }
  return true;
}

function format(message: FeedMessage | "idle"): string {
  // A comment: it tells the client nothing but that the line still stands.
  if (message === "idle") return ":\n\n";
  if (message.event === undefined) return `retry: 2000\nid: ${message.id}\n\n`;
  // JSON has no line breaks of its own.
  return `event: ${message.event}\nid: ${message.id}\ndata: ${message.data}\n\n`;
}

/** Many clients get the same message: its bytes are made once, and wait once in memory for all who are slow. */
const frames = new WeakMap<FeedMessage, Uint8Array>();
const encoder = new TextEncoder();

function frameOf(message: FeedMessage | "idle"): Uint8Array {
  if (message === "idle") return encoder.encode(format(message));
  const frame = frames.get(message) ?? encoder.encode(format(message));
  frames.set(message, frame);
  return frame;
}

async function within(ms: number, work: Promise<unknown>, end: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), timeout, end.then(() => false)]);
  } finally {
    clearTimeout(timer);
  }
}
