import { describe, expect, test } from "vitest";
import {
  deliveryDate,
  generateDeliveredMessages,
  generateDeliveredOrders,
} from "../../../../server/workspace/sample/deliveries.js";
import { DEFAULT_SAMPLE } from "../../../../server/workspace/sample/generate.js";
import { messagesText, ordersText, type Message, type Order } from "./sample.js";

const deliveries = deliver({ ...DEFAULT_SAMPLE, late: 0.05 }, 5);
const later = deliveries.slice(1);

describe("a delivery", () => {
  test("is the sample itself to begin with, whatever comes late", () => {
    const text = (chunks: Iterable<{ text: string }>) => Array.from(chunks, (chunk) => chunk.text).join("");
    const options = { ...DEFAULT_SAMPLE, late: 0.5 };
    expect(text(generateDeliveredMessages(options, 0))).toBe(messagesText(DEFAULT_SAMPLE));
    expect(text(generateDeliveredOrders(options, 0))).toBe(ordersText(DEFAULT_SAMPLE));
  });

  test("is due on the first day after its month", () => {
    expect([0, 1, 12].map(deliveryDate)).toEqual(["2021-01-01", "2021-02-01", "2022-01-01"]);
  });

  test("is the same for the same options, and another for another seed", () => {
    expect(deliver({ ...DEFAULT_SAMPLE, late: 0.05 }, 3)).toEqual(deliveries.slice(0, 3));
    expect(deliver({ ...DEFAULT_SAMPLE, seed: 7, late: 0.05 }, 2)[1]).not.toEqual(deliveries[1]);
  });

  test("has the messages of its month, and late ones of the one or two months before", () => {
    for (const { messages, date } of later) {
      const ages = new Set(messages.map(({ messageSentTime }) => monthsBetween(messageSentTime, date)));
      expect([...ages].sort()).toEqual(expect.arrayContaining([1, 2]));
      expect([...ages].filter((age) => age < 1 || age > 3)).toEqual([]);
    }
  });

  test("has as many late messages as it was told to", () => {
    const size = { conversations: 3600, seed: 3 };
    for (const share of [0.05, 0.3]) {
      const [, ...months] = deliver({ ...size, late: share }, 5);
      const own = months.flatMap(({ messages, late }) => [messages.length - late.messages]);
      const late = months.map(({ late }) => late.messages);
      expect(sum(late) / sum(own)).toBeCloseTo(share, 1.5);
    }
    expect(deliver({ ...DEFAULT_SAMPLE, late: 0 }, 3).map(({ late }) => late.messages)).toEqual([0, 0, 0]);
  });

  test("has as many conversations a month as it was told to", () => {
    const size = { conversations: 3600, seed: 3, late: 0 };
    const [, ...months] = deliver({ ...size, monthly: 50 }, 4);
    const counts = months.map(({ messages }) => new Set(messages.map(({ orderId }) => orderId)).size);
    for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(5);
    expect(deliver({ ...size, monthly: 100 }, 3)).toEqual(deliver(size, 3));
  });

  test("counts as late what was sent before its month", () => {
    for (const { messages, late, date } of later)
      expect(messages.filter((message) => monthsBetween(message.messageSentTime, date) > 1)).toHaveLength(
        late.messages,
      );
  });

  test("has late messages of conversations that are known, from either side", () => {
    const known = new Map<number, Message>();
    for (const { messages, date } of deliveries) {
      for (const message of messages) {
        const first = known.get(message.orderId);
        if (first === undefined) continue;
        if (monthsBetween(message.messageSentTime, date) === 1) continue;
        expect([message.customerId, message.courierId]).toEqual([first.customerId, first.courierId]);
        expect(message.chatStartedByMessage).toBe(false);
      }
      for (const message of messages) known.set(message.orderId, message);
    }
  });

  test("brings orders once, but for a few whose city is corrected", () => {
    const cities = new Map<number, string>();
    for (const [number, { orders, late }] of deliveries.entries()) {
      const again = orders.filter(({ orderId }) => cities.has(orderId));
      expect(again.length > 0).toBe(number > 0);
      expect(again.length).toBeLessThanOrEqual(Math.max(2, late.orders));
      expect(again.filter(({ orderId, cityCode }) => cities.get(orderId) === cityCode)).toEqual([]);
      for (const { orderId, cityCode } of orders) cities.set(orderId, cityCode);
    }
  });

  test("brings within two months every order that its messages were about", () => {
    const arrival = new Map<number, number>();
    deliveries.forEach(({ orders }, number) => {
      for (const { orderId } of orders) if (!arrival.has(orderId)) arrival.set(orderId, number);
    });
    const waits = deliveries
      .slice(0, -2)
      .flatMap(({ messages }, number) =>
        [...new Set(messages.map(({ orderId }) => orderId))].map(
          (orderId) => (arrival.get(orderId) ?? Infinity) - number,
        ),
      );
    expect(Math.max(...waits)).toBe(2);
    expect(waits.filter((wait) => wait > 0).length).toBeGreaterThanOrEqual(5);
  });
});

interface Delivered {
  readonly date: string;
  readonly messages: readonly Message[];
  readonly orders: readonly Order[];
  readonly late: { readonly messages: number; readonly orders: number };
}

function deliver(options: Parameters<typeof generateDeliveredMessages>[0], months: number): Delivered[] {
  return Array.from({ length: months }, (_, number) => {
    const messages = [...generateDeliveredMessages(options, number)];
    const orders = [...generateDeliveredOrders(options, number)];
    const read = (chunks: typeof messages): unknown => JSON.parse(chunks.map(({ text }) => text).join(""));
    return {
      date: deliveryDate(number),
      messages: read(messages) as Message[],
      orders: read(orders) as Order[],
      late: { messages: sum(messages.map(({ late }) => late)), orders: sum(orders.map(({ late }) => late)) },
    };
  });
}

/** From the month of a time to the one of a run date. */
function monthsBetween(time: string, date: string): number {
  const month = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return month(date) - month(time);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
