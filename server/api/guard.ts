import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { networkOf, plainAddress } from "./addresses.js";
import { refuse } from "./on-error.js";
import { collect } from "./request-body.js";
import { owner, whoIs, type Person } from "../people/person.js";
import type { RecentCounts } from "../people/recent-counts.js";
import { isSameSecret, type Sessions } from "../people/sessions.js";
import type { Place, Throttle } from "../people/throttle.js";
import type { Tokens } from "../people/tokens.js";
import type { Users, UserSession } from "../people/users.js";
import { personOf, type Env } from "./env.js";

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
  readonly throttle: Throttle;
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
    if (person instanceof Response) return person;
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
        : `${access.isTokenChosen ? "Open /?token=… with the token that was chosen for the server" : "Open the address that the server printed"}, or send the header authorization: Bearer <token>.`,
      details: { login: hasUsers ? "name" : "token" },
    });
  };
}

async function identify(c: Context, access: Access): Promise<Person | Response | undefined> {
  const bearer = bearerOf(c);
  if (bearer !== undefined) return tryToken(c, access, bearer);
  const session = access.sessions.find(sessionOf(c, access) ?? "");
  if (session === undefined) return undefined;
  if (session.of !== undefined) return access.users.ofSession(session.of.user, session.of.stamp);
  return (await isOwnerHere(c, access)) ? owner : undefined;
}

/** Who asks as of now, where a request or a stream has lasted: undefined where the session or the token has ended meanwhile. */
export async function personNow(c: Context, access: Access): Promise<Person | undefined> {
  const bearer = bearerOf(c);
  if (bearer !== undefined) return (await access.tokens.holder(bearer)) ?? ownerOf(c, access, bearer);
  const person = await identify(c, access);
  return person instanceof Response ? undefined : person;
}

/** Gives the browser a session; else the answer that refuses it, or false for a wrong token. */
export async function logInByToken(c: Context, access: Access, token: string): Promise<boolean | Response> {
  const person = await tryToken(c, access, token);
  if (person instanceof Response) return person;
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
  const tried = await access.throttle.password(placeOf(c, access), name, async () => {
    const session = await access.users.logIn(name, password);
    const person = session && (await access.users.ofSession(session.user, session.stamp));
    return session === undefined || person === undefined ? undefined : { person, session };
  });
  if ("found" in tried) return tried.found;
  if ("waitMs" in tried) return refuseForNow(c, tried, "passwords");
  await access.onWrong(addressOf(c, access), await access.users.known(name), tried.wrongCount ?? 1);
  return refuse(c, { status: 401, code: "unauthorized", message: "The name or the password is wrong." });
}

/** False where whoever asks had no session. */
export function logOut(c: Context, access: Access): boolean {
  const wasThere = access.sessions.revoke(sessionOf(c, access) ?? "");
  deleteCookie(c, cookieName(c, access), { path: "/", secure: isByTls(c, access) });
  return wasThere;
}

export function giveSession(c: Context, access: Access, of: UserSession | "owner"): void {
  setCookie(c, cookieName(c, access), access.sessions.create(of === "owner" ? undefined : of), {
    httpOnly: true,
    sameSite: "Strict",
    secure: isByTls(c, access),
    path: "/",
    maxAge: access.sessions.lifetimeMs / 1000,
  });
}

export function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** Undefined for a wrong one; the answer that refuses where too many were wrong lately. */
async function tryToken(c: Context, access: Access, token: string): Promise<Person | Response | undefined> {
  // Nobody guesses 256 random bits: whoever has one is let in, whatever else comes from there.
  const holder = await access.tokens.holder(token);
  if (holder !== undefined) return holder;
  const tried = await access.throttle.token(placeOf(c, access), token, () => ownerOf(c, access, token));
  if ("found" in tried) return tried.found;
  if ("waitMs" in tried) return refuseForNow(c, tried, "tokens");
  if (tried.wrongCount !== undefined) await access.onWrong(addressOf(c, access), undefined, tried.wrongCount);
  return undefined;
}

async function ownerOf(c: Context, access: Access, token: string): Promise<Person | undefined> {
  if (!isSameSecret(token, access.token)) return undefined;
  return (await isOwnerHere(c, access)) ? owner : undefined;
}

function placeOf(c: Context, access: Access): Place {
  const address = addressOf(c, access);
  return { place: networkOf(address), isShared: isLoopbackAddress(address) };
}

/** Whether who has the start token, or a session given for it, is the owner here although there are users. */
export function staysOwner(c: Context, access: Access): boolean {
  return access.isTokenChosen || isLoopbackAddress(addressOf(c, access));
}

async function isOwnerHere(c: Context, access: Access): Promise<boolean> {
  return staysOwner(c, access) || !(await access.users.areThere());
}

function refuseForNow(
  c: Context,
  { waitMs, isCrowded }: { readonly waitMs: number; readonly isCrowded: boolean },
  what: "passwords" | "tokens",
): Response {
  const seconds = String(Math.ceil(waitMs / 1000));
  c.header("retry-after", seconds);
  return refuse(c, {
    status: 429,
    code: "unauthorized",
    message: isCrowded
      ? "Too many logins from your address wait already."
      : `Too many wrong ${what} came from your address.`,
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

/** Tells those who ask apart: a person, whatever it asks from; where there is but the owner, a browser by its session, a program by where it is. */
export function clientOf(c: Context<Env>, access: Pick<Access, "proxies">): string {
  const person = personOf(c);
  if (person.kind !== "owner") return whoIs(person);
  const session = sessionOf(c, access);
  if (bearerOf(c) === undefined && session !== undefined) return `session ${session}`;
  return `address ${addressOf(c, access)}`;
}

/** Of a browser's cookie. */
function sessionOf(c: Context, access: Pick<Access, "proxies">): string | undefined {
  return getCookie(c, cookieName(c, access));
}

/**
 * Cookies know no ports: two servers on one machine would take each other's. By TLS no other name of the same domain, and nothing
 * that speaks plain HTTP, can set it (`__Host-`).
 */
function cookieName(c: Context, access: Pick<Access, "proxies">): string {
  const prefix = isByTls(c, access) ? "__Host-" : "";
  return `${prefix}lakebook-${/:(\d+)$/.exec(hostOf(c))?.[1] ?? "80"}`;
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
