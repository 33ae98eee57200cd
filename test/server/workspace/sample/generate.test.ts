import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_SAMPLE,
  generateMessages,
  generateOrders,
} from "../../../../server/workspace/sample/generate.js";
import { groupByOrder, messagesText, ordersText, readMessages, readOrders } from "./sample.js";

const small = { conversations: 200, seed: 1 };

describe("generateMessages and generateOrders", () => {
  test("give the same text for the same options", () => {
    expect(messagesText(small)).toBe(messagesText(small));
    expect(ordersText(small)).toBe(ordersText(small));
  });

  test("give other messages and other orders for another seed", () => {
    const other = { ...small, seed: 2 };
    expect(messagesText(other)).not.toBe(messagesText(small));
    expect(ordersText(other)).not.toBe(ordersText(small));
  });

  test("tell seeds apart that differ beyond 32 bits", () => {
    const far = { ...small, seed: small.seed + 2 ** 40 };
    expect(messagesText(far)).not.toBe(messagesText(small));
  });

  test("made the committed sample", async () => {
    const file = (name: string) => readFile(new URL(`../../../../input/${name}`, import.meta.url), "utf8");
    expect(await file("customer_courier_chat_messages.json")).toBe(messagesText(DEFAULT_SAMPLE));
    expect(await file("orders.json")).toBe(ordersText(DEFAULT_SAMPLE));
  });

  test("have as many conversations as were asked for", () => {
    expect(groupByOrder(readMessages(small)).size).toBe(small.conversations);
  });

  test.each([0, 1, 9])("write an array that JSON can read with %i conversations", (conversations) => {
    const options = { conversations, seed: 3 };
    expect(groupByOrder(readMessages(options)).size).toBe(conversations);
    expect(readOrders(options).length).toBeGreaterThanOrEqual(conversations);
  });

  test("write one object a line", () => {
    const lines = messagesText(small).split("\n").slice(1, -2);
    expect(lines).toHaveLength(readMessages(small).length);
    expect(lines.every((line) => line.startsWith('{"senderAppType":'))).toBe(true);
  });

  test("cut a long text into chunks and count the rows of each", () => {
    const options = { conversations: 2000, seed: 1 };
    const chunks = [...generateMessages(options)];
    expect(chunks.length).toBeGreaterThan(5);
    expect(sum(chunks.map((chunk) => chunk.rows))).toBe(readMessages(options).length);
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThan(300_000);
  });

  test("count the orders that they write", () => {
    expect(sum([...generateOrders(small)].map((chunk) => chunk.rows))).toBe(readOrders(small).length);
  });

  test("leave out as many orders as they are told", () => {
    const known = new Set(readOrders({ ...small, missingOrders: 7 }).map((order) => order.orderId));
    const waiting = [...groupByOrder(readMessages(small)).keys()].filter((orderId) => !known.has(orderId));
    expect(waiting).toHaveLength(7);
  });

  test("keep the messages the same when other orders are missing", () => {
    expect(messagesText({ ...small, missingOrders: 0 })).toBe(messagesText(small));
  });

  test.each([
    { conversations: -1, seed: 1 },
    { conversations: 1.5, seed: 1 },
    { conversations: 1e12, seed: 1 },
    { conversations: 1, seed: Number.NaN },
  ])("refuse $conversations conversations of seed $seed at once", (options) => {
    expect(() => generateMessages(options)).toThrow(/must be a whole number/);
    expect(() => generateOrders(options)).toThrow(/must be a whole number/);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
