import type { Random } from "./random.js";

/** The share of the orders that have a conversation; the others were delivered without a word. */
const SHARE_WITH_CHAT = 0.8126;

/** More would take order ids beyond the prime below. */
export const MAX_CONVERSATIONS = 500_000_000;

export const FIRST_ORDER_ID = 50_000_000;
/** Primes just below powers of ten. Times the stride they stay below 2^53, so the product is exact. */
const ID_RANGES = [9_999_991, 99_999_989, 999_999_937] as const;
const ID_STRIDE = 7_654_321;

/** One order, in the sequence that both files follow. */
export interface Slot {
  readonly orderId: number;
  /** The number of its conversation, counted from 0; -1 for an order without a chat. */
  readonly conversation: number;
}

export function countOrders(conversations: number): number {
  return Math.round(conversations / SHARE_WITH_CHAT);
}

/** The first id beyond those of so many conversations. */
export function afterOrders(firstOrderId: number, conversations: number): number {
  return firstOrderId + rangeOf(countOrders(conversations));
}

function rangeOf(orders: number): number {
  return ID_RANGES.find((prime) => orders < prime) ?? ID_RANGES[2];
}

/**
 * Yields every order of a sample, without keeping any: the messages and the orders are written from two walks
 * over the same slots. Selection sampling (Knuth's algorithm S) picks exactly `conversations` of them for a chat.
 * Order ids look shuffled, but come from a permutation: n -> n * stride + offset modulo a prime.
 */
export function* walkSlots(
  { conversations, firstOrderId }: { readonly conversations: number; readonly firstOrderId: number },
  random: Random,
): Generator<Slot> {
  const orders = countOrders(conversations);
  const range = rangeOf(orders);
  const offset = random.integer(0, range - 1);
  let conversation = 0;
  for (let n = 0; n < orders; n++) {
    const orderId = firstOrderId + ((n * ID_STRIDE + offset) % range);
    const hasChat = random.next() * (orders - n) < conversations - conversation;
    yield { orderId, conversation: hasChat ? conversation++ : -1 };
  }
}
