import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { plainAddress } from "./addresses.js";
import { refuse } from "./on-error.js";
import { collect } from "./request-body.js";
import type { Attempts } from "../people/attempts.js";
import { owner, type Person } from "../people/person.js";
import type { RecentCounts } from "../people/recent-counts.js";
import { isSameSecret, type Sessions } from "../people/sessions.js";
import type { Tokens } from "../people/tokens.js";
import type { Users, UserSession } from "../people/users.js";
import type { Env } from "./env.js";

export interface Access {
  /** Of the owner. */
  readonly token: string;
  /** False: it is another one at each start, for commands of this machine and, where there are no users, the first page. */
  readonly isTokenChosen: boolean;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly tokens: Tokens;
  /** Values of the Host header that are the server's own: `localhost:8080`. */
  readonly hosts: ReadonlySet<string>;
  /** By address, and by address and name. */
  readonly attempts: Attempts;
  /** By name alone. */
  readonly nameAttempts: Attempts;
  /** By who was refused. */
  readonly refusals: RecentCounts;
  /** What agents are said to have done, by who says it and minute. */
  readonly acts: RecentCounts;
  /** Where wrong credentials are written down. */
  readonly onWrong: (from: string, user: string | undefined, count: number) => Promise<void>;
  /** Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  readonly proxies?: ReadonlySet<string>;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Of whoever is not logged in: name and password, each character written as six. A thousand connections hold it at once. */
const MAX_PUBLIC_BODY_BYTES = 16 * 1024;

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

export function limitBody(): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (isReading(c)) return next();
    const isKnown = c.get("person") !== undefined;
    const maxBytes = isKnown ? MAX_BODY_BYTES : MAX_PUBLIC_BODY_BYTES;
    const message = `The body is larger than ${isKnown ? "8 MB" : "16 kB"}.`;
    const tooLarge = { status: 413, code: "usage", message } as const;
    const length = c.req.header("content-length");
    // What is sent in chunks tells no length.
    if (length !== undefined && c.req.header("transfer-encoding") === undefined)
      return Number(length) > maxBytes ? refuse(c, tooLarge) : next();
    // Only now: a body that was looked at and is not read holds up its connection.
    const { raw } = c.req;
    if (raw.body === null) return next();
    const body = await collect(c, raw.body, maxBytes);
    if (body === undefined) return refuse(c, tooLarge);
    c.req.raw = new Request(raw, { body });
    return next();
  };
}

/** Everything is closed unless `isOpen` says otherwise. Whoever is let in is known as `person` from here on. */
export function requireLogin(access: Access, isOpen: (c: Context) => boolean): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (isOpen(c)) return next();
    const person = await identify(c, access);
    if (typeof person === "number") return refuseForNow(c, person);
    if (person !== undefined) {
      c.set("person", person);
      return next();
    }
    const hasUsers = await access.users.areThere();
    return refuse(c, {
      status: 401,
      code: "unauthorized",
      message: "You are not logged in.",
      hint: hasUsers
        ? "Log in by name and password, or send the header authorization: Bearer <token>."
        : "Open the address that the server printed, or send the header authorization: Bearer <token>.",
      details: { login: hasUsers ? "name" : "token" },
    });
  };
}

/** A number: nothing is looked at for so many milliseconds. */
async function identify(c: Context, access: Access): Promise<Person | number | undefined> {
  const bearer = bearerOf(c);
  if (bearer !== undefined) return tryToken(c, access, bearer);
  const session = access.sessions.find(getCookie(c, cookieName(c)) ?? "");
  if (session === undefined) return undefined;
  if (session.of !== undefined) return access.users.ofSession(session.of.user, session.of.stamp);
  return (await isOwnerHere(c, access)) ? owner : undefined;
}

/** Whether the session that a stream was opened with, or the token, still opens it. */
export async function isStillIn(c: Context, access: Access): Promise<boolean> {
  const bearer = bearerOf(c);
  if (bearer !== undefined)
    return isSameSecret(bearer, access.token) || (await access.tokens.holder(bearer)) !== undefined;
  return typeof (await identify(c, access)) === "object";
}

/** Gives the browser a session; else the answer that refuses it, or false for a wrong token. */
export async function logInByToken(c: Context, access: Access, token: string): Promise<boolean | Response> {
  const person = await tryToken(c, access, token);
  if (typeof person === "number") return refuseForNow(c, person);
  // Other tokens are for programs: a page that is open for ever would hide whose it is.
  if (person?.kind !== "owner") return false;
  giveSession(c, access, "owner");
  return true;
}

/** Whoever knows the password gets a session; else the answer that refuses it. */
export async function logInByName(
  c: Context,
  access: Access,
  given: { readonly name: string; readonly password: string },
): Promise<Person | Response> {
  const checked = await checkPassword(c, access, given);
  if (checked instanceof Response) return checked;
  giveSession(c, access, checked.session);
  return checked.person;
}

/** The answer that refuses it where they are wrong, or too many were wrong lately. */
export async function checkPassword(
  c: Context,
  access: Access,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<{ readonly person: Person; readonly session: UserSession } | Response> {
  const address = addressOf(c, access);
  const shared = isLoopbackAddress(address) ? [] : [address];
  const keys = [...shared, `${address} ${name}`];
  const waitMs = Math.max(
    ...keys.map((key) => access.attempts.waitMs(key)),
    access.nameAttempts.waitMs(name),
  );
  if (waitMs > 0) return refuseForNow(c, waitMs);
  // Counted before it is looked at: a hundred at once are a hundred.
  const counts = keys.map((key) => access.attempts.fail(key));
  access.nameAttempts.fail(name);
  const session = await access.users.logIn(name, password);
  const person = session && (await access.users.ofSession(session.user, session.stamp));
  if (session === undefined || person === undefined) {
    await access.onWrong(address, await access.users.known(name), Math.min(...counts));
    return refuse(c, { status: 401, code: "unauthorized", message: "The name or the password is wrong." });
  }
  for (const key of keys) access.attempts.succeed(key);
  access.nameAttempts.succeed(name);
  return { person, session };
}

/** False where whoever asks had no session. */
export function logOut(c: Context, access: Access): boolean {
  const wasThere = access.sessions.revoke(getCookie(c, cookieName(c)) ?? "");
  deleteCookie(c, cookieName(c), { path: "/", secure: isByTls(c, access) });
  return wasThere;
}

export function giveSession(c: Context, access: Access, of: UserSession | "owner"): void {
  setCookie(c, cookieName(c), access.sessions.create(of === "owner" ? undefined : of), {
    httpOnly: true,
    sameSite: "Strict",
    secure: isByTls(c, access),
    path: "/",
    maxAge: access.sessions.lifetimeMs / 1000,
  });
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** A number: nothing is looked at for so many milliseconds, since the address sent too many wrong ones. */
async function tryToken(c: Context, access: Access, token: string): Promise<Person | number | undefined> {
  const { attempts } = access;
  const address = addressOf(c, access);
  const waitMs = attempts.waitMs(address);
  // On this machine the commands that know the token share their address with whatever guesses there.
  if (waitMs > 0 && !isLoopbackAddress(address)) return waitMs;
  const person = await holderOf(c, access, token);
  if (person !== undefined) {
    if (waitMs === 0) attempts.succeed(address);
    return person;
  }
  if (waitMs > 0) return waitMs;
  const count = attempts.fail(address);
  await access.onWrong(address, undefined, count);
  return undefined;
}

async function holderOf(c: Context, access: Access, token: string): Promise<Person | undefined> {
  if (!isSameSecret(token, access.token)) return access.tokens.holder(token);
  return (await isOwnerHere(c, access)) ? owner : undefined;
}

/** Whether who has the start token, or a session given for it, is the owner here although there are users. */
export function staysOwner(c: Context, access: Access): boolean {
  return access.isTokenChosen || isLoopbackAddress(addressOf(c, access));
}

async function isOwnerHere(c: Context, access: Access): Promise<boolean> {
  return staysOwner(c, access) || !(await access.users.areThere());
}

function refuseForNow(c: Context, waitMs: number): Response {
  const seconds = String(Math.ceil(waitMs / 1000));
  c.header("retry-after", seconds);
  return refuse(c, {
    status: 429,
    code: "unauthorized",
    message: "Too many wrong passwords or tokens came from your address.",
    hint: `Try again in ${seconds} s.`,
  });
}

/** Of the client, or of the nearest one that is no proxy of ours; empty where a test calls the app without a server. */
export function addressOf(c: Context, { proxies }: Pick<Access, "proxies">): string {
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
