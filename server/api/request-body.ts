import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { AppError } from "../base/errors.js";

/*
 * Most programs send the whole body before they read the answer. Where the answer comes before the end of the body, the
 * rest has to be read and thrown away: a connection that is closed over unread bytes is reset, and the answer is lost.
 */

/** What is thrown away of one body at most: then the connection is cut after all. */
const LINGER_MS = 30_000;
const LINGER_BYTES = 2 ** 31;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** For a body that nobody began to read, Node throws the rest away by itself; here it gets its end. */
export function boundUnread(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once("finish", () => {
    if (!incoming.complete) cutAfter(LINGER_MS, incoming);
  });
}

function cutAfter(ms: number, incoming: IncomingMessage): void {
  const timer = setTimeout(() => {
    if (!incoming.complete) incoming.socket.destroySoon();
  }, ms).unref();
  incoming.once("close", () => {
    clearTimeout(timer);
  });
}

/**
 * The body as a stream; call it only to read it. Who gives it up early can still answer: the rest is read and thrown
 * away. Fails with code usage where there is none.
 */
export function streamOf(c: Context): Readable {
  const { body } = c.req.raw;
  if (body === null) throw new AppError("usage", "The body is empty: send the file itself.");
  const reader = body.getReader();
  let isEnded = false;
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => {
          isEnded = done;
          if (!this.destroyed) this.push(done ? null : value);
        },
        (error: unknown) => {
          isEnded = true;
          this.destroy(error as Error);
        },
      );
    },
    destroy(error, done) {
      if (!isEnded) void throwAway(c, reader);
      done(error);
    },
  });
}

/** The body, or undefined where it is longer than that; then the rest is read and thrown away meanwhile. */
export async function collect(
  c: Context,
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > maxBytes) {
      void throwAway(c, reader);
      return undefined;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

async function throwAway(c: Context, reader: Reader): Promise<void> {
  // Absent where a test calls the app without a server.
  const incoming = (c.env as Partial<HttpBindings> | undefined)?.incoming;
  if (incoming !== undefined) cutAfter(LINGER_MS, incoming);
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.length;
      if (bytes > LINGER_BYTES) return incoming?.socket.destroySoon();
    }
  } catch {
    // The client went away: there is nobody to answer.
  }
}
