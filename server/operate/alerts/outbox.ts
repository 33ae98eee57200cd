import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makePrivateFolder, maybeJson, maybeReadText, replaceFile } from "../../base/durable.js";
import { isSystemError } from "../../base/errors.js";
import { sha256 } from "../../base/hash.js";
import type { Logger } from "../../base/logger.js";
import { mapConcurrently } from "../../lake/concurrency.js";
import { alertEventSchema, type AlertEvent } from "./alert-event.js";
import { keyOf, recipientSchema, type Recipient } from "./recipients.js";
import { delayAfter, GIVE_UP_AFTER_MS } from "./retry-delays.js";

const storedSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  event: alertEventSchema,
  recipient: recipientSchema,
  /** Messages of one recipient go out in this order. */
  order: z.number(),
  /** Milliseconds since 1970, like all times here. */
  queuedAt: z.number(),
  status: z.enum(["waiting", "sent", "failed"]),
  tries: z.number(),
  /** When it is tried next; of one that waits. */
  nextAt: z.number(),
  /** Why the last try failed. */
  problem: z.string().optional(),
  /** When it was sent or given up. */
  endedAt: z.number().optional(),
});
export type OutboxMessage = z.infer<typeof storedSchema>;

const FILE = /^[0-9a-f]{32}\.json$/;
/** Of those that were sent or given up. */
const KEPT = 1000;
/** So many more are there before the oldest go, so that not each message looks through all of them. */
const SLACK = 200;
const READS_AT_ONCE = 16;

/**
 * Messages on disk, readable by this user only: `waiting/` until they are sent or given up, then `done/`. For the
 * process that holds the lake. Nothing is lost or doubled by a kill at any moment, but for one: a message that was taken
 * by the other side, but not yet marked, is sent again under the same id.
 */
export class Outbox {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, OutboxMessage>();
  #order = 0;
  #done = 0;

  private constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  static async open(folder: string, logger: Logger): Promise<Outbox> {
    const outbox = new Outbox(folder, logger);
    for (const path of [folder, outbox.#path("waiting"), outbox.#path("done")]) await makePrivateFolder(path);
    await outbox.#read();
    return outbox;
  }

  /** Durable when it resolves. The same event and recipient are one message, however often they come. */
  async put(event: AlertEvent, recipient: Recipient, now: number): Promise<void> {
    const id = sha256(`${event.id}\n${keyOf(recipient)}`).slice(0, 32);
    if (this.#waiting.has(id) || (await maybeReadText(this.#path("done", id))) !== undefined) return;
    const message: OutboxMessage = {
      format: 1,
      id,
      event,
      recipient,
      order: ++this.#order,
      queuedAt: now,
      status: "waiting",
      tries: 0,
      nextAt: now,
    };
    await this.#write("waiting", message);
    this.#waiting.set(id, message);
  }

  /** Of each recipient the first message, if it is due; so that nobody hears of the end before the beginning. */
  due(now: number): OutboxMessage[] {
    return this.#heads().filter(({ nextAt }) => nextAt <= now);
  }

  /** When something is due; undefined where nothing waits. */
  nextAt(): number | undefined {
    const heads = this.#heads();
    return heads.length === 0 ? undefined : Math.min(...heads.map(({ nextAt }) => nextAt));
  }

  /** What waits is due: whoever starts anew may have mended what was in the way. */
  hurry(now: number): void {
    for (const [id, message] of this.#waiting)
      this.#waiting.set(id, { ...message, nextAt: Math.min(message.nextAt, now) });
  }

  /** So many messages. */
  get waiting(): number {
    return this.#waiting.size;
  }

  async sent(message: OutboxMessage, now: number): Promise<void> {
    const { problem: _problem, ...rest } = message;
    await this.#end({ ...rest, status: "sent", tries: message.tries + 1, endedAt: now });
  }

  /** It is tried again, unless `triesAtMost` or a day is over: then it is kept as failed. */
  async failed(message: OutboxMessage, problem: string, triesAtMost: number, now: number): Promise<void> {
    const tries = message.tries + 1;
    const tried = { ...message, tries, problem };
    if (tries >= triesAtMost || now - message.queuedAt >= GIVE_UP_AFTER_MS) {
      await this.#end({ ...tried, status: "failed", endedAt: now });
      return;
    }
    const next = { ...tried, nextAt: now + delayAfter(tries) };
    await this.#write("waiting", next);
    this.#waiting.set(message.id, next);
  }

  #heads(): OutboxMessage[] {
    const heads = new Map<string, OutboxMessage>();
    for (const message of this.#waiting.values()) {
      const key = keyOf(message.recipient);
      const head = heads.get(key);
      if (head === undefined || message.order < head.order) heads.set(key, message);
    }
    return [...heads.values()];
  }

  async #read(): Promise<void> {
    const done = await namesIn(this.#path("done"));
    const isDone = new Set(done);
    this.#done = done.length;
    for (const name of await namesIn(this.#path("waiting"), () => true)) {
      // A kill between the two leaves it in both, or leaves what was not yet written to its end.
      if (!FILE.test(name) || isDone.has(name)) await rm(join(this.#path("waiting"), name), { force: true });
    }
    for (const message of await readAll(this.#path("waiting"), this.#logger)) {
      this.#waiting.set(message.id, message);
      this.#order = Math.max(this.#order, message.order);
    }
  }

  async #end(message: OutboxMessage): Promise<void> {
    await this.#write("done", message);
    await rm(this.#path("waiting", message.id), { force: true });
    this.#waiting.delete(message.id);
    this.#done++;
    if (this.#done > KEPT + SLACK) await this.#dropOldest();
  }

  async #dropOldest(): Promise<void> {
    const folder = this.#path("done");
    const all = await readAll(folder, this.#logger);
    all.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
    for (const { id } of all.slice(KEPT)) await rm(this.#path("done", id), { force: true });
    this.#done = Math.min(all.length, KEPT);
  }

  async #write(folder: "waiting" | "done", message: OutboxMessage): Promise<void> {
    await replaceFile(this.#path(folder, message.id), JSON.stringify(message), { mode: 0o600 });
  }

  #path(folder: "waiting" | "done", id?: string): string {
    return id === undefined ? join(this.#folder, folder) : join(this.#folder, folder, `${id}.json`);
  }
}

/** What is there, the newest first; for any process. */
export async function readOutbox(folder: string, logger: Logger): Promise<OutboxMessage[]> {
  // In this order: what is moved meanwhile is found twice rather than not at all.
  const waiting = await readAll(join(folder, "waiting"), logger);
  const done = await readAll(join(folder, "done"), logger);
  const all = new Map([...waiting, ...done].map((message) => [message.id, message]));
  return [...all.values()].sort((a, b) => b.queuedAt - a.queuedAt || b.order - a.order);
}

async function readAll(folder: string, logger: Logger): Promise<OutboxMessage[]> {
  const found = await mapConcurrently(await namesIn(folder), READS_AT_ONCE, async (name) => {
    const text = await maybeReadText(join(folder, name));
    const { data } = storedSchema.safeParse(maybeJson(text ?? ""));
    if (data === undefined && text !== undefined)
      logger.warn("an alert cannot be read", { file: join(folder, name) });
    return data;
  });
  return found.filter((message) => message !== undefined);
}

async function namesIn(folder: string, isWanted = (name: string) => FILE.test(name)): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(isWanted);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
