import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { FeedClient, FeedMessage } from "./event-feed.js";
import { refuse, type Refusal } from "./on-error.js";
import { eventsQuerySchema } from "./protocol.js";
import { readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is gone or stuck. */
const WRITE_TIMEOUT_MS = 30_000;

const tooMany: Refusal = {
  status: 503,
  code: "busy",
  message: "Too many pages follow this server.",
  hint: "Close some of them.",
};

export function eventRoutes({ feed, notebooks }: ApiServices): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/api/events", (c) => answerEvents(c, undefined));

  app.get("/api/notebooks/:name/events", async (c) => {
    const { name } = await notebooks.read(c.req.param("name"));
    return answerEvents(c, name);
  });

  return app;

  function answerEvents(c: Context<Env>, notebook: string | undefined): Response {
    const { after } = readQuery(c, eventsQuerySchema);
    if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
    // A browser that connects again sends the header, and the address as it was at first.
    const client = feed.open(notebook, c.req.header("last-event-id") ?? after);
    if (client === undefined) return refuse(c, tooMany);
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
