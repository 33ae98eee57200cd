import { describe, expect, test } from "vitest";
import { createRandom } from "../../../../server/workspace/sample/random.js";
import {
  afterOrders,
  countOrders,
  FIRST_ORDER_ID,
  walkSlots,
  type Slot,
} from "../../../../server/workspace/sample/slots.js";

const slotsOf = (conversations: number, seed: number, firstOrderId = FIRST_ORDER_ID): Generator<Slot> =>
  walkSlots({ conversations, firstOrderId }, createRandom(seed, 1));

describe("walkSlots", () => {
  test("numbers the conversations in sequence and yields exactly as many as asked for", () => {
    const numbers = [...slotsOf(500, 1)].map((slot) => slot.conversation).filter((number) => number >= 0);
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  test("spreads the orders without a chat over the whole sample", () => {
    const slots = [...slotsOf(5000, 1)];
    const silent = slots.slice(-slots.length / 2).filter((slot) => slot.conversation < 0);
    expect(silent.length / (slots.length / 2)).toBeCloseTo(0.19, 1);
  });

  test("never gives an order id twice", () => {
    const ids = Array.from(slotsOf(50_000, 4), (slot) => slot.orderId);
    expect(new Set(ids).size).toBe(countOrders(50_000));
    expect(Math.min(...ids.slice(0, 1000))).toBeGreaterThanOrEqual(50_000_000);
  });

  test("gives ids beyond eight digits when there are more orders than those", () => {
    const ids: number[] = [];
    for (const slot of slotsOf(20_000_000, 1)) if (ids.push(slot.orderId) === 20) break;
    expect(Math.max(...ids)).toBeGreaterThan(60_000_000);
    expect(ids.every(Number.isSafeInteger)).toBe(true);
  });

  test("gives the orders that follow ids of their own", () => {
    const first = Array.from(slotsOf(500, 4), (slot) => slot.orderId);
    const next = Array.from(slotsOf(500, 4, afterOrders(FIRST_ORDER_ID, 500)), (slot) => slot.orderId);
    expect(Math.min(...next)).toBeGreaterThan(Math.max(...first));
  });
});
