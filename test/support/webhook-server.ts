import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedHook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookServer {
  readonly url: string;
  readonly received: ReceivedHook[];
  /** What the next requests are answered; a function may leave the answer open. */
  answer: number | ((response: ServerResponse) => void);
  /** Resolves once so many requests have come. */
  has(count: number): Promise<void>;
}

/** A real HTTP server on loopback, for as long as `use` takes. */
export async function withWebhook<T>(use: (server: WebhookServer) => Promise<T>): Promise<T> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      hook.received.push({ path: request.url ?? "", headers: request.headers, body });
      if (typeof hook.answer === "number") response.writeHead(hook.answer).end();
      else hook.answer(response);
      for (const look of waiting) look();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const hook: WebhookServer = {
    url: `http://127.0.0.1:${port}`,
    received: [],
    answer: 200,
    has: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (hook.received.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  try {
    return await use(hook);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
