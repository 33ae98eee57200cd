import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { FeedClient, FeedMessage } from "./event-feed.js";
import { unknownNotebook } from "./notes.js";
import { refuse } from "./on-error.js";
import { AppError } from "../base/errors.js";
import { whoIs } from "../people/person.js";
import { presenceSchema } from "./answers.js";
import { personOf } from "./env.js";
import { personNow } from "./guard.js";
import { eventsQuerySchema, notebookEventsQuerySchema, presenceBodySchema } from "./requests.js";
import { route } from "./route.js";
import type { Env } from "./env.js";
import type { ApiServices } from "./services.js";

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is gone or stuck. */
const WRITE_TIMEOUT_MS = 30_000;

const tooMany = { 503: "Too many pages follow this server, or too many of yours." };
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
    query: notebookEventsQuerySchema,
    success: [200, "An endless stream."],
    errors: { ...tooMany, ...unknownNotebook },
    type: "text/event-stream",
    answer: async ({ services, params, query, c }) => {
      const { name } = await services.notebooks.read(params.name);
      const { page, after } = query;
      if (page === undefined) return answerEvents(c, services, { notebook: name, after });
      const join = (): (() => void) => services.presence.join(name, { page, name: whoIs(personOf(c)) });
      return answerEvents(c, services, { notebook: name, after, join });
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/presence",
    needs: "read",
    summary: "Tell the others in which cell of a notebook a page is",
    description: "Of a page that follows the notebook's events under that name.",
    body: presenceBodySchema,
    success: [200, "Who has the notebook open.", presenceSchema],
    errors: { 404: "No such page follows the notebook." },
    answer: ({ services: { presence }, params: { name }, body, c }) => {
      if (!presence.move(name, { ...body, name: whoIs(personOf(c)) }))
        throw new AppError("not-found", `Page "${body.page}" does not follow notebook "${name}".`);
      return { people: presence.of(name) };
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
    answer: ({ services, query, c }) => answerEvents(c, services, { after: query.after }),
  }),
] as const;

interface Following {
  readonly notebook?: string;
  readonly after: string | undefined;
  /** Returns what is to be called when nobody follows any longer. */
  readonly join?: () => () => void;
}

function answerEvents(
  c: Context<Env>,
  { feed, access }: ApiServices,
  { notebook, after, join }: Following,
): Response {
  if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
  // A browser that connects again sends the header, and the address as it was at first.
  const person = personOf(c);
  // Without users everybody is the owner.
  const each = person.kind === "owner" ? undefined : whoIs(person);
  const client = feed.open(notebook, c.req.header("last-event-id") ?? after, each);
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
    const leave = join?.();
    try {
      if (!(await forward(client, stream, async () => (await personNow(c, access)) !== undefined)))
        outgoing?.destroy();
    } finally {
      client.close();
      leave?.();
    }
  });
}

/** False where the client does not read, or has been logged out: its connection has to be cut. */
async function forward(
  client: FeedClient,
  stream: SSEStreamingApi,
  isIn: () => Promise<boolean>,
): Promise<boolean> {
  let asked = Date.now();
  for (let message = await client.next(0); message !== undefined; message = await client.next(HEARTBEAT_MS)) {
    if (Date.now() - asked >= HEARTBEAT_MS) {
      if (!(await isIn())) return false;
      asked = Date.now();
    }
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
