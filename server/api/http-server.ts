import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { AppError, isSystemError, messageOf } from "../base/errors.js";
import { boundUnread } from "./request-body.js";
import type { Env } from "./env.js";

export interface Address {
  /** As `--host` names it: `127.0.0.1`, `::1`, `0.0.0.0`. */
  readonly host: string;
  readonly port: number;
  /** PEM; without it plain HTTP is spoken. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** A client that sends its request byte by byte must not hold a connection for long. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  // Longer than proxies keep a connection that rests: one that is closed while a request comes in loses it.
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16_384,
};
const MAX_CONNECTIONS = 4096;

/** Listens; nothing is answered before `answerWith`. Fails with code conflict where the port is taken. */
export async function listen({ host, port, tls }: Address): Promise<{ server: Server; address: Address }> {
  const server = tls === undefined ? createServer(limits) : secureServer(tls);
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(toAppError(error, { host, port }));
    });
    server.listen(port, host, resolve);
  });
  return { server, address: { host, port: (server.address() as AddressInfo).port, tls } };
}

function secureServer(tls: NonNullable<Address["tls"]>): Server {
  try {
    return createTlsServer({ ...limits, ...tls });
  } catch (error) {
    throw new AppError("usage", `The certificate or its key cannot be used: ${messageOf(error)}`, {
      hint: "Both are PEM files, and the key is that of the certificate.",
      cause: error,
    });
  }
}

export function answerWith(server: Server, app: Hono<Env>): void {
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    // It would cut the connection after half a second, and with it the answer.
    autoCleanupIncoming: false,
  });
  server.on("request", (incoming, outgoing) => {
    boundUnread(incoming, outgoing);
    void listener(incoming, outgoing);
  });
}

const LAST_ANSWERS_MS = 2000;

/** Stops listening, lets answers that are under way go out, and cuts what is open after that. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, LAST_ANSWERS_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

/**
 * What browsers call the server by. Names without a port in `more` stand for the server's own port, and for the usual one of
 * a proxy before it, which browsers leave out.
 */
export function ownHosts({ host, port }: Address, more: readonly string[] = []): Set<string> {
  const names = ["localhost", "127.0.0.1", "[::1]", ...(isWildcard(host) ? [] : [inUrl(host)])];
  const hasPort = (name: string): boolean => /:\d+$/.test(name) && !name.endsWith("]");
  const withPort = (name: string): string[] => (hasPort(name) ? [name] : [`${name}:${String(port)}`]);
  const usual = more.filter((name) => !hasPort(name));
  const all = [...names, ...more].flatMap(withPort);
  return new Set([...all, ...usual, ...(port === 80 ? names : [])].map((name) => name.toLowerCase()));
}

/** `http://127.0.0.1:8080`: an address that works from this machine. */
export function urlOf({ host, port, tls }: Address): string {
  return `${tls === undefined ? "http" : "https"}://${isWildcard(host) ? "127.0.0.1" : inUrl(host)}:${String(port)}`;
}

/** Only this machine can reach it. */
function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "";
}

function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function toAppError(error: unknown, { host, port }: Address): AppError {
  const place = `Port ${String(port)} of ${host}`;
  if (isSystemError(error, "EADDRINUSE"))
    return new AppError("conflict", `${place} is taken by another program.`, {
      hint: "Choose another one with --port; --port 0 takes any that is free.",
      cause: error,
    });
  if (isSystemError(error, "EACCES"))
    return new AppError("usage", `${place} may not be used by this user.`, {
      hint: "Ports from 1024 on are open to everybody.",
      cause: error,
    });
  return new AppError("usage", `${place} cannot be listened on: ${messageOf(error)}`, { cause: error });
}
