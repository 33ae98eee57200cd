import { createHmac } from "node:crypto";
import { lookup as resolve, type LookupAddress } from "node:dns";
import { request as requestPlain, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isTooLate, withinTime } from "../../base/bounded-signal.js";
import { isSystemError, messageOf } from "../../base/errors.js";
import { boundLine } from "./bound-text.js";
import { FORBIDDEN_TRIES, REFUSED_TRIES, SendError, type Send } from "./delivery.js";
import { mayReach } from "./webhook-addresses.js";

export interface WebhookOptions {
  /** Of the signature; undefined: none is sent. */
  readonly secret: string | undefined;
  /** In lower case: where webhooks of notebooks may go to although it is within this network. */
  readonly hosts: readonly string[];
}

const TIMEOUT_MS = 10_000;
/** Too early, too many, or a time-out: to be tried again. */
const LATER = [408, 425, 429];

/** Posts JSON. Redirects are not followed. */
export function webhookSender({ secret, hosts }: WebhookOptions): Send {
  return async ({ id, recipient, body }, signal) => {
    if (recipient.type !== "webhook") throw new SendError("It is no webhook.", FORBIDDEN_TRIES);
    const url = new URL(recipient.url);
    const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
    const isInside = recipient.by === "workspace" || hosts.includes(host);
    const status = await postJson(url, {
      body,
      isInside,
      signal,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(body),
        "user-agent": "Lakebook",
        "x-lakebook-delivery": id,
        ...(secret !== undefined && { "x-lakebook-signature": `sha256=${sign(body, secret)}` }),
      },
    });
    if (status >= 200 && status < 300) return;
    const isLater = status >= 500 || LATER.includes(status);
    throw new SendError(`${host} answered ${String(status)}.`, isLater ? Infinity : REFUSED_TRIES);
  };
}

export function sign(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

export interface Posted {
  readonly body: string;
  readonly isInside: boolean;
  readonly signal: AbortSignal;
  readonly headers: NonNullable<RequestOptions["headers"]>;
}

/**
 * Posts to what `mayReach` allows, and follows no redirect. Resolves to the status as soon as it is known; what else is
 * answered is nobody's business. Whoever does not answer within ten seconds is not waited for.
 */
export async function postJson(url: URL, { body, isInside, signal, headers }: Posted): Promise<number> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !mayReach(host, isInside)) throw unreachable(host);
  const request = url.protocol === "https:" ? requestSecure : requestPlain;
  return withinTime({ signals: [signal], ms: TIMEOUT_MS }, async (bounded) => {
    const options = {
      method: "POST",
      headers,
      signal: bounded,
      agent: false,
      lookup: guardedLookup(isInside),
    };
    return new Promise((settle, reject) => {
      const sent = request(url, options, (response) => {
        settle(response.statusCode ?? 0);
        response.destroy();
      });
      sent.once("error", (error) => {
        const cause = isTooLate(bounded) ? notAnswered(host) : error;
        reject(
          cause instanceof SendError
            ? cause
            : new SendError(describe(error, host), Infinity, { cause: error }),
        );
      });
      sent.end(body);
    });
  });
}

function notAnswered(host: string): SendError {
  return new SendError(`${host} did not answer within ${String(TIMEOUT_MS / 1000)} seconds.`, Infinity);
}

/** The address that was looked at is the one that is connected to: a name could lead elsewhere the next time. */
function guardedLookup(isInside: boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, "", 0);
        return;
      }
      const allowed = addresses.filter(({ address }) => mayReach(address, isInside));
      const [first] = allowed;
      if (first === undefined) done(unreachable(host), "", 0);
      else if (options.all === true) (done as unknown as DoneWithAll)(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

type DoneWithAll = (error: null, addresses: LookupAddress[]) => void;

function unreachable(host: string): SendError {
  return new SendError(
    `Messages do not go to ${host}, which is within this network. Name it in webhook_hosts of lakebook.yaml, or the whole address in alerts there.`,
    FORBIDDEN_TRIES,
  );
}

function describe(error: Error, host: string): string {
  return boundLine(
    `${host} cannot be reached: ${isSystemError(error) ? (error.code ?? error.message) : messageOf(error)}`,
  );
}
