import { drawLateMessage, HISTORY, monthOf, startOfMonth, type Conversation } from "./conversation.js";
import { checkOptions } from "./generate.js";
import { formatConversation, formatOrder, toJsonArray, type Chunk, type Rows } from "./json-rows.js";
import {
  DEFAULT_MISSING_ORDERS,
  monthPart,
  otherCity,
  randomOf,
  samplePart,
  spreadOver,
  walkConversations,
  walkOrders,
  type SamplePart,
} from "./part.js";

/*
 * The sample as it goes on, month after month. Delivery 0 is the sample itself, byte for byte. Each later one has the
 * messages of the month after it, and what was late: messages and orders of the one or two months before, and orders
 * whose city was wrong. Together they have every order, once but for the corrected ones.
 */
export interface DeliveriesOptions {
  readonly conversations: number;
  readonly seed: number;
  /** Late messages for each message of a delivery's own month: 0.05. */
  readonly late: number;
  /** Conversations of each month after the sample; default: as many as each of its months has. */
  readonly monthly?: number | undefined;
}

/** Nothing comes later than that. */
const MAX_MONTHS_LATE = 2;
const CORRECTED_ORDERS = 2;

/** The date on which a delivery is due: the first day after its month. */
export function deliveryDate(delivery: number): string {
  return new Date(startOfMonth(HISTORY.to + delivery) * 1000).toISOString().slice(0, 10);
}

export function generateDeliveredMessages(options: DeliveriesOptions, delivery: number): Generator<Chunk> {
  checkOptions(options);
  return toJsonArray(messageRows(options, delivery));
}

export function generateDeliveredOrders(options: DeliveriesOptions, delivery: number): Generator<Chunk> {
  checkOptions(options);
  return toJsonArray(orderRows(options, delivery));
}

function* messageRows(options: DeliveriesOptions, delivery: number): Generator<Rows> {
  for (const part of openParts(options, delivery)) {
    const drawLate = lateMessages(part, options.late);
    for (const { orderId, conversation } of walkConversations(part)) {
      const late = drawLate(conversation).filter((message) => message.delivery === delivery);
      const own = conversation.messages.filter(({ sentAt }) => deliveryOf(monthOf(sentAt)) === delivery);
      if (own.length > 0) yield toRows({ ...conversation, messages: own }, orderId);
      if (late.length > 0) yield { ...toRows({ ...conversation, messages: late }, orderId), isLate: true };
    }
  }
}

function toRows(conversation: Conversation, orderId: number): Rows {
  return { text: formatConversation(conversation, orderId), count: conversation.messages.length };
}

/** The parts of which something may still come, oldest first. */
function openParts(options: DeliveriesOptions, delivery: number): SamplePart[] {
  const first = Math.max(0, delivery - MAX_MONTHS_LATE);
  return Array.from({ length: delivery - first + 1 }, (_, n) => partOf(options, first + n));
}

function partOf(options: DeliveriesOptions, number: number): SamplePart {
  return number === 0 ? samplePart(options) : monthPart(options, number);
}

function deliveryOf(month: number): number {
  return Math.max(0, month - HISTORY.to + 1);
}

/** Draws what is late of one conversation after the other, as evenly as the share allows. */
function lateMessages(
  part: SamplePart,
  share: number,
): (conversation: Conversation) => readonly (Conversation["messages"][number] & { delivery: number })[] {
  const random = randomOf(part, "late");
  let [due, drawn] = [0.5, 0];
  return (conversation) => {
    const month = monthOf(Math.min(...conversation.messages.map(({ sentAt }) => sentAt)));
    // What was late within the sample is in it already.
    if (month + MAX_MONTHS_LATE < HISTORY.to) return [];
    const late = [];
    for (due += share * conversation.messages.length; due >= 1; due--) {
      const delivery = month - HISTORY.to + 2 + (drawn++ % MAX_MONTHS_LATE);
      const message = drawLateMessage(random, conversation);
      if (delivery > 0) late.push({ ...message, delivery });
    }
    return late;
  };
}

function* orderRows(options: DeliveriesOptions, delivery: number): Generator<Rows> {
  for (const part of openParts(options, delivery)) {
    const monthsLate = delivery - part.number;
    const missing = spreadOver(part, DEFAULT_MISSING_ORDERS, 0.5);
    const corrected = new Set(monthsLate === 1 ? spreadOver(part, CORRECTED_ORDERS, 0.25) : []);
    for (const { orderId, conversation, city } of walkOrders(part)) {
      const at = missing.indexOf(conversation);
      const arrives = at === -1 ? 0 : 1 + (at % MAX_MONTHS_LATE);
      if (arrives === monthsLate) yield { text: formatOrder(orderId, city), count: 1, isLate: arrives > 0 };
      else if (at === -1 && corrected.has(conversation))
        yield { text: formatOrder(orderId, otherCity(city)), count: 1, isLate: true };
    }
  }
}
