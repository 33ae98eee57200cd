import { AppError } from "../../base/errors.js";
import type { Conversation, Message } from "./conversation.js";
import { drawConversation } from "./conversation.js";
import { createRandom } from "./random.js";
import { MAX_CONVERSATIONS, walkSlots } from "./slots.js";
import { formatTimestamp } from "./timestamp.js";

/*
 * Sample input: chats between the customers and the couriers of a delivery service, and the orders that they are
 * about, as two JSON arrays with one object a line. It is made of everything that the real data has, and of what
 * is rare there or missing: several customer apps, ties in time, one-sided chats, conversations over the end of a
 * month, messages that were delivered out of order, orders without a chat, chats whose order has not arrived.
 *
 * The same (conversations, seed) gives the same text, byte for byte. Nothing is kept, so a sample may be far
 * larger than the memory.
 */
export interface SampleOptions {
  readonly conversations: number;
  /** Any whole number. */
  readonly seed: number;
  /** Conversations whose order has not arrived; default 3, and never more than one in ten. */
  readonly missingOrders?: number;
}

/** A piece of the file, in sequence. */
export interface Chunk {
  readonly text: string;
  /** How many rows begin in this piece. */
  readonly rows: number;
}

/**
 * The committed sample in input/, of 2,500 messages and 600 orders:
 * `lakebook generate --conversations 490 --seed 9936 --out input`.
 */
export const DEFAULT_SAMPLE: SampleOptions = { conversations: 490, seed: 9936 };

const DEFAULT_MISSING_ORDERS = 3;
const CHUNK_LENGTH = 1 << 18;

/** Roughly by size: the draw below favours the head of the list. */
const CITIES = (
  "BCN MAD VLC AGP ZAZ PMI BIO ALC GRX VLL LPA VGO LCG VIT OVD SDR " +
  "PNA TFN TFS IBZ LEI GRO REU XRY SCQ ODB MAH SLM MJV QGJ YJD"
).split(" ");

/** Yields `customer_courier_chat_messages.json`. */
export function generateMessages(options: SampleOptions): Generator<Chunk> {
  checkOptions(options);
  return toJsonArray(messageRows(options));
}

/** Yields `orders.json`. */
export function generateOrders(options: SampleOptions): Generator<Chunk> {
  checkOptions(options);
  return toJsonArray(orderRows(options));
}

function checkOptions({ conversations, seed }: SampleOptions): void {
  if (!Number.isInteger(conversations) || conversations < 0 || conversations > MAX_CONVERSATIONS) {
    throw new AppError("usage", `"conversations" must be a whole number from 0 to ${MAX_CONVERSATIONS}`);
  }
  if (!Number.isSafeInteger(seed)) throw new AppError("usage", '"seed" must be a whole number');
}

/** Some rows, each on a line of its own, with a comma between them. */
interface Rows {
  readonly text: string;
  readonly count: number;
}

function* messageRows({ conversations, seed }: SampleOptions): Generator<Rows> {
  const random = createRandom(seed, 2);
  for (const slot of walkSlots(conversations, seed)) {
    if (slot.conversation < 0) continue;
    const conversation = drawConversation(random);
    yield { text: formatConversation(conversation, slot.orderId), count: conversation.messages.length };
  }
}

function* orderRows(options: SampleOptions): Generator<Rows> {
  const random = createRandom(options.seed, 3);
  const missing = missingConversations(options);
  for (const { orderId, conversation } of walkSlots(options.conversations, options.seed)) {
    const city = CITIES[Math.floor(CITIES.length * random.next() ** 1.4)] ?? "";
    if (missing.has(conversation)) continue;
    yield { text: `{"orderId":${orderId},"cityCode":"${city}"}`, count: 1 };
  }
}

/** Chooses the conversations without an order: spread evenly over the sample. */
function missingConversations(options: SampleOptions): ReadonlySet<number> {
  const { conversations, missingOrders = DEFAULT_MISSING_ORDERS } = options;
  const count = Math.min(missingOrders, Math.floor(conversations / 10));
  return new Set(Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * conversations) / count)));
}

/** Written by hand, not by JSON.stringify: three times as fast, and no value needs an escape. */
function formatConversation(conversation: Conversation, orderId: number): string {
  const { courierId, customerId, customerApp, messages } = conversation;
  const courierHead = formatHead("Courier App", customerId, courierId, customerId);
  const customerHead = formatHead(customerApp, customerId, customerId, courierId);
  const middle = `,"orderId":${orderId},"orderStage":"`;
  const tail = `","courierId":${courierId},"messageSentTime":"`;
  let text = "";
  for (const message of messages) {
    const head = message.sender === "courier" ? courierHead : customerHead;
    if (text !== "") text += ",\n";
    text += formatMessage(message, head, middle, tail);
  }
  return text;
}

function formatHead(app: string, customerId: number, fromId: number, toId: number): string {
  return `{"senderAppType":"${app}","customerId":${customerId},"fromId":${fromId},"toId":${toId},"chatStartedByMessage":`;
}

function formatMessage(message: Message, head: string, middle: string, tail: string): string {
  return (
    head + String(message.isFirst) + middle + message.stage + tail + formatTimestamp(message.sentAt) + '"}'
  );
}

/** Joins rows to chunks that are worth a write each. */
function* toJsonArray(rows: Iterable<Rows>): Generator<Chunk> {
  let text = "[\n";
  let count = 0;
  let separator = "";
  for (const row of rows) {
    text += separator + row.text;
    separator = ",\n";
    count += row.count;
    if (text.length < CHUNK_LENGTH) continue;
    yield { text, rows: count };
    text = "";
    count = 0;
  }
  yield { text: text + (separator === "" ? "]\n" : "\n]\n"), rows: count };
}
