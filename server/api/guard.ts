import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { plainAddress } from "./addresses.js";
import { refuse } from "./on-error.js";
import { collect } from "./request-body.js";
import type { Attempts } from "./attempts.js";
import { isSameSecret, type Sessions } from "./sessions.js";

export interface Access {
  readonly token: string;
  readonly sessions: Sessions;
  /** Values of the Host header that are the server's own: `localhost:8080`. */
  readonly hosts: ReadonlySet<string>;
  readonly attempts: Attempts;
  /** Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  readonly proxies?: ReadonlySet<string>;
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
    if (isOpen(c)) return next();
    const bearer = bearerOf(c);
    if (bearer !== undefined) {
      const verdict = tryToken(c, access, bearer);
      if (verdict === "right") return next();
      if (verdict !== "wrong") return refuseForNow(c, verdict);
    } else if (hasSession(c, access)) return next();
    return refuse(c, {
      status: 401,
      code: "unauthorized",
      message: "You are not logged in.",
      hint: "Open the address that the server printed, or send the header authorization: Bearer <token>.",
    });
  };
}

/** Gives the browser a session; else the answer that refuses it, or false for a wrong token. */
export function logIn(c: Context, access: Access, token: string): boolean | Response {
  const verdict = tryToken(c, access, token);
  if (verdict === "wrong") return false;
  if (verdict !== "right") return refuseForNow(c, verdict);
  setCookie(c, cookieName(c), access.sessions.create(), {
    httpOnly: true,
    sameSite: "Strict",
    secure: isByTls(c, access),
    path: "/",
    maxAge: access.sessions.lifetimeMs / 1000,
  });
  return true;
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** A number: nothing is looked at for so many milliseconds, since the address sent too many wrong ones. */
function tryToken(c: Context, access: Access, token: string): "right" | "wrong" | number {
  const { attempts } = access;
  const address = addressOf(c, access);
  const waitMs = attempts.waitMs(address);
  // On this machine the commands that know the token share their address with whatever guesses there.
  if (waitMs > 0 && !isLoopbackAddress(address)) return waitMs;
  if (isSameSecret(token, access.token)) {
    if (waitMs === 0) attempts.succeed(address);
    return "right";
  }
  if (waitMs > 0) return waitMs;
  attempts.fail(address);
  return "wrong";
}

function refuseForNow(c: Context, waitMs: number): Response {
  const seconds = String(Math.ceil(waitMs / 1000));
  c.header("retry-after", seconds);
  return refuse(c, {
    status: 429,
    code: "unauthorized",
    message: "Too many wrong tokens came from your address.",
    hint: `Try again in ${seconds} s.`,
  });
}

/** Of the client, or of the nearest one that is no proxy of ours; empty where a test calls the app without a server. */
function addressOf(c: Context, { proxies }: Pick<Access, "proxies">): string {
  const peer = peerOf(c);
  if (proxies?.has(peer) !== true) return peer;
  const hops = (c.req.header("x-forwarded-for") ?? "").split(",").map((hop) => plainAddress(hop.trim()));
  return hops.findLast((hop) => hop !== "" && !proxies.has(hop)) ?? peer;
}

function isByTls(c: Context, { proxies }: Pick<Access, "proxies">): boolean {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  if (incoming !== undefined && "encrypted" in incoming.socket) return true;
  return proxies?.has(peerOf(c)) === true && c.req.header("x-forwarded-proto") === "https";
}

function peerOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  return plainAddress(incoming?.socket.remoteAddress ?? "");
}

function isLoopbackAddress(address: string): boolean {
  return address === "" || address === "::1" || address.startsWith("127.");
}

function hasSession(c: Context, access: Access): boolean {
  const session = getCookie(c, cookieName(c));
  return session !== undefined && access.sessions.has(session);
}

/** Tells those who ask apart: a browser by its session, a program by where it is. */
export function clientOf(c: Context, access: Pick<Access, "proxies">): string {
  const session = getCookie(c, cookieName(c));
  if (c.req.header("authorization") === undefined && session !== undefined) return `session ${session}`;
  return `address ${addressOf(c, access)}`;
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
