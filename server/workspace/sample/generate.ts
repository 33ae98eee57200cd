import { AppError } from "../../base/errors.js";
import { formatConversation, formatOrder, toJsonArray, type Chunk, type Rows } from "./json-rows.js";
import { DEFAULT_MISSING_ORDERS, samplePart, spreadOver, walkConversations, walkOrders } from "./part.js";
import { MAX_CONVERSATIONS } from "./slots.js";

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

/**
 * The committed sample in input/, of 2,500 messages and 600 orders:
 * `lakebook generate --conversations 490 --seed 9936 --out input`.
 */
export const DEFAULT_SAMPLE: SampleOptions = { conversations: 490, seed: 9936 };

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

export function checkOptions({ conversations, seed }: SampleOptions): void {
  if (!Number.isInteger(conversations) || conversations < 0 || conversations > MAX_CONVERSATIONS) {
    throw new AppError("usage", `"conversations" must be a whole number from 0 to ${MAX_CONVERSATIONS}`);
  }
  if (!Number.isSafeInteger(seed)) throw new AppError("usage", '"seed" must be a whole number');
}

function* messageRows(options: SampleOptions): Generator<Rows> {
  for (const { orderId, conversation } of walkConversations(samplePart(options))) {
    yield { text: formatConversation(conversation, orderId), count: conversation.messages.length };
  }
}

function* orderRows(options: SampleOptions): Generator<Rows> {
  const part = samplePart(options);
  const missing = new Set(spreadOver(part, options.missingOrders ?? DEFAULT_MISSING_ORDERS, 0.5));
  for (const { orderId, conversation, city } of walkOrders(part)) {
    if (!missing.has(conversation)) yield { text: formatOrder(orderId, city), count: 1 };
  }
}
