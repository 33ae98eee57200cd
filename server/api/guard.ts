import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { refuse } from "./on-error.js";
import { collect } from "./request-body.js";
import { isSameSecret, type Sessions } from "./sessions.js";

export interface Access {
  readonly token: string;
  readonly sessions: Sessions;
  /** Values of the Host header that are the server's own: `localhost:8080`. */
  readonly hosts: ReadonlySet<string>;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Measured with the editor and the charts of the client: no blob:, no unsafe-eval. The editor needs inline styles. */
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  fontSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  workerSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

export function securityHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: policy,
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    // The server speaks plain HTTP; whoever puts TLS before it decides on this.
    strictTransportSecurity: false,
  });
}

/** A page of another site whose name was made to lead here (DNS rebinding) still sends its own name. */
export function requireOwnHost({ hosts }: Access): MiddlewareHandler {
  return async (c, next) => {
    const host = hostOf(c);
    if (hosts.has(host)) return next();
    return refuse(c, {
      status: 421,
      code: "wrong-host",
      message: "This server does not answer to that name.",
      hint: "Open the address that the server printed, or name this one with --allow-host.",
    });
  };
}

/** Nothing that another site's page sends may change anything, whatever the browser adds to it. */
export function requireOwnOrigin(): MiddlewareHandler {
  return async (c, next) => {
    if (isReading(c) || isOwnOrigin(c)) return next();
    return refuse(c, { status: 403, code: "wrong-origin", message: "Another site's page may not ask this." });
  };
}

/** Forms of other sites can send everything but JSON. */
export function requireJson(): MiddlewareHandler {
  return async (c, next) => {
    const type = c.req.header("content-type");
    if (isReading(c) || type === undefined || /^application\/json\s*(;|$)/i.test(type)) return next();
    return refuse(c, {
      status: 415,
      code: "usage",
      message: "The body has to be JSON.",
      hint: "Send the header content-type: application/json.",
    });
  };
}

export function limitBody(): MiddlewareHandler {
  const tooLarge = { status: 413, code: "usage", message: "The body is larger than 8 MB." } as const;
  return async (c, next) => {
    if (isReading(c)) return next();
    const length = c.req.header("content-length");
    // What is sent in chunks tells no length.
    if (length !== undefined && c.req.header("transfer-encoding") === undefined)
      return Number(length) > MAX_BODY_BYTES ? refuse(c, tooLarge) : next();
    // Only now: a body that was looked at and is not read holds up its connection.
    const { raw } = c.req;
    if (raw.body === null) return next();
    const body = await collect(c, raw.body, MAX_BODY_BYTES);
    if (body === undefined) return refuse(c, tooLarge);
    c.req.raw = new Request(raw, { body });
    return next();
  };
}

/** Everything is closed unless `isOpen` says otherwise. */
export function requireLogin(access: Access, isOpen: (c: Context) => boolean): MiddlewareHandler {
  return async (c, next) => {
    if (isOpen(c) || isLoggedIn(c, access)) return next();
    return refuse(c, {
      status: 401,
      code: "unauthorized",
      message: "You are not logged in.",
      hint: "Open the address that the server printed, or send the header authorization: Bearer <token>.",
    });
  };
}

/** Gives the browser a session; false for a wrong token. */
export function logIn(c: Context, access: Access, token: string): boolean {
  if (!isSameSecret(token, access.token)) return false;
  setCookie(c, cookieName(c), access.sessions.create(), {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    maxAge: access.sessions.lifetimeMs / 1000,
  });
  return true;
}

function isLoggedIn(c: Context, access: Access): boolean {
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (bearer !== undefined) return isSameSecret(bearer, access.token);
  const session = getCookie(c, cookieName(c));
  return session !== undefined && access.sessions.has(session);
}

/** Tells those who ask apart: a browser by its session, a program by where it is. */
export function clientOf(c: Context): string {
  const session = getCookie(c, cookieName(c));
  if (c.req.header("authorization") === undefined && session !== undefined) return `session ${session}`;
  // Absent where a test calls the app without a server.
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  return `address ${incoming?.socket.remoteAddress ?? ""}`;
}

/** Cookies know no ports: two servers on one machine would take each other's. */
function cookieName(c: Context): string {
  return `lakebook-${/:(\d+)$/.exec(hostOf(c))?.[1] ?? "80"}`;
}

function isOwnOrigin(c: Context): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = c.req.header("origin");
  if (origin === undefined) return true;
  const host = hostOf(c);
  return origin === `http://${host}` || origin === `https://${host}`;
}

function isReading(c: Context): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}

function hostOf(c: Context): string {
  return (c.req.header("host") ?? new URL(c.req.url).host).toLowerCase();
}
