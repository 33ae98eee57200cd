import { drawConversation, HISTORY, type Conversation, type Period } from "./conversation.js";
import { createRandom, type Random } from "./random.js";
import { afterOrders, FIRST_ORDER_ID, walkSlots } from "./slots.js";

/** The conversations of some months and their orders. Parts of one seed are drawn independently of each other. */
export interface SamplePart {
  readonly seed: number;
  readonly conversations: number;
  readonly period: Period;
  /** 0 for the sample itself, then 1 for the month after it, and so on. */
  readonly number: number;
  readonly firstOrderId: number;
}

/** Conversations whose order has not arrived. */
export const DEFAULT_MISSING_ORDERS = 3;

/** The streams of random numbers that each part has of its own. */
const STREAMS = ["none", "slots", "conversations", "cities", "late"] as const;

/** Roughly by size: the draw below favours the head of the list. */
const CITIES = (
  "BCN MAD VLC AGP ZAZ PMI BIO ALC GRX VLL LPA VGO LCG VIT OVD SDR " +
  "PNA TFN TFS IBZ LEI GRO REU XRY SCQ ODB MAH SLM MJV QGJ YJD"
).split(" ");

type Size = Pick<SamplePart, "conversations" | "seed">;

/** All months of the sample. */
export function samplePart({ conversations, seed }: Size): SamplePart {
  return { conversations, seed, number: 0, period: HISTORY, firstOrderId: FIRST_ORDER_ID };
}

/** The nth month after them, from 1; without `monthly`, with as many conversations as each of them has. */
export function monthPart(
  {
    conversations,
    seed,
    monthly = Math.max(1, Math.round(conversations / (HISTORY.to - HISTORY.from))),
  }: Size & { readonly monthly?: number | undefined },
  number: number,
): SamplePart {
  let firstOrderId = afterOrders(FIRST_ORDER_ID, conversations);
  for (let month = 1; month < number; month++) firstOrderId = afterOrders(firstOrderId, monthly);
  const from = HISTORY.to + number - 1;
  return { conversations: monthly, seed, number, period: { from, to: from + 1 }, firstOrderId };
}

export function randomOf({ seed, number }: SamplePart, stream: (typeof STREAMS)[number]): Random {
  return createRandom(seed, number * STREAMS.length + STREAMS.indexOf(stream));
}

export function* walkConversations(
  part: SamplePart,
): Generator<{ readonly orderId: number; readonly conversation: Conversation }> {
  const random = randomOf(part, "conversations");
  for (const { orderId, conversation } of walkSlots(part, randomOf(part, "slots"))) {
    if (conversation >= 0) yield { orderId, conversation: drawConversation(random, part.period) };
  }
}

export interface SampleOrder {
  readonly orderId: number;
  /** The number of its conversation, counted from 0; -1 without a chat. */
  readonly conversation: number;
  readonly city: string;
}

export function* walkOrders(part: SamplePart): Generator<SampleOrder> {
  const random = randomOf(part, "cities");
  for (const slot of walkSlots(part, randomOf(part, "slots"))) {
    const city = CITIES[Math.floor(CITIES.length * random.next() ** 1.4)] ?? "";
    yield { ...slot, city };
  }
}

export function otherCity(city: string): string {
  return CITIES[(CITIES.indexOf(city) + 1) % CITIES.length] ?? city;
}

/** Chooses so many conversations, but never more than one in ten: spread evenly, each `offset` into its share. */
export function spreadOver({ conversations }: Size, wanted: number, offset: number): readonly number[] {
  const count = Math.min(wanted, Math.floor(conversations / 10));
  return Array.from({ length: count }, (_, n) => Math.floor(((n + offset) * conversations) / count));
}
