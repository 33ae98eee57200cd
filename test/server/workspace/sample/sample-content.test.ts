import { describe, expect, test } from "vitest";
import { DEFAULT_SAMPLE } from "../../../../server/workspace/sample/generate.js";
import {
  earliestOf,
  groupByOrder,
  isCourier,
  latestOf,
  readMessages,
  readOrders,
  type Message,
} from "./sample.js";

const messages = readMessages(DEFAULT_SAMPLE);
const orders = readOrders(DEFAULT_SAMPLE);
const conversations = [...groupByOrder(messages).values()];
const cityOf = new Map(orders.map((order) => [order.orderId, order.cityCode]));

describe("a message", () => {
  test("has the columns of the real data, in their sequence", () => {
    const columns =
      "senderAppType customerId fromId toId chatStartedByMessage orderId orderStage courierId messageSentTime";
    expect(new Set(messages.map((message) => Object.keys(message).join(" ")))).toEqual(new Set([columns]));
  });

  test("goes from the courier to the customer or back", () => {
    const isRight = (m: Message) =>
      isCourier(m)
        ? m.fromId === m.courierId && m.toId === m.customerId
        : m.fromId === m.customerId && m.toId === m.courierId;
    expect(messages.filter((message) => !isRight(message))).toEqual([]);
    expect(messages.filter((message) => message.customerId === message.courierId)).toEqual([]);
  });

  test("comes from the courier's app or one of three others", () => {
    const apps = new Set(messages.map((message) => message.senderAppType));
    expect(apps).toEqual(new Set(["Courier App", "Customer iOS", "Customer Android", "Customer Web"]));
  });

  test("tells one of the stages of a delivery", () => {
    const stages = new Set(messages.map((message) => message.orderStage));
    expect(stages).toEqual(new Set(["PICKING_UP", "DELIVERING", "DELIVERED"]));
  });

  test("was sent in one of 36 months, to the second and in UTC", () => {
    expect(
      messages.filter((message) => !/^\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ$/.test(message.messageSentTime)),
    ).toEqual([]);
    const months = new Set(messages.map(monthOf));
    expect(months.size).toBe(36);
    expect([...months].sort()).toEqual(expect.arrayContaining(["2018-01", "2020-12"]));
  });
});

describe("a conversation", () => {
  test("has one message that started it, in its first second", () => {
    const openers = conversations.map((conversation) => conversation.filter((m) => m.chatStartedByMessage));
    expect(openers.filter((some) => some.length !== 1)).toEqual([]);
    const early = conversations.filter((conversation) =>
      earliestOf(conversation).some((m) => m.chatStartedByMessage),
    );
    expect(early).toHaveLength(conversations.length);
  });

  test("has about five messages", () => {
    expect(messages).toHaveLength(2500);
    expect(conversations).toHaveLength(490);
  });

  test("is one-sided in about three of ten cases", () => {
    const oneSided = conversations.filter((conversation) => new Set(conversation.map(isCourier)).size === 1);
    expect(oneSided.length / conversations.length).toBeCloseTo(0.3, 1);
    expect(oneSided.filter((conversation) => conversation.length > 1).length).toBeGreaterThan(20);
  });

  test("is started by either side about equally often", () => {
    const byCourier = messages.filter((message) => message.chatStartedByMessage && isCourier(message));
    expect(byCourier.length / conversations.length).toBeCloseTo(0.5, 1);
  });
});

describe("the sample", () => {
  test("has ties in which both sides wrote first", () => {
    const tied = conversations.filter(
      (conversation) => new Set(earliestOf(conversation).map(isCourier)).size === 2,
    );
    expect(tied.length).toBeGreaterThan(3);
    const openedByGreaterId = tied.filter((conversation) => {
      const first = earliestOf(conversation);
      const opener = first.find((message) => message.chatStartedByMessage);
      return opener?.fromId !== Math.min(...first.map((message) => message.fromId));
    });
    expect(openedByGreaterId.length).toBeGreaterThan(0);
  });

  test("has ties between latest messages of different stages, also by one sender", () => {
    const differ = (some: readonly Message[]) => new Set(some.map((message) => message.orderStage)).size > 1;
    expect(conversations.filter((conversation) => differ(latestOf(conversation))).length).toBeGreaterThan(2);
    const bySender = (conversation: readonly Message[]) =>
      [true, false].map((side) => latestOf(conversation).filter((m) => isCourier(m) === side));
    expect(conversations.flatMap(bySender).filter(differ).length).toBeGreaterThan(1);
  });

  test("has conversations over the end of a month", () => {
    expect(
      conversations.filter((conversation) => new Set(conversation.map(monthOf)).size > 1).length,
    ).toBeGreaterThan(2);
  });

  test("has conversations that were delivered latest message first", () => {
    const reversed = conversations.filter((conversation) => {
      const times = conversation.map((message) => message.messageSentTime);
      return times.join() !== times.toSorted().join();
    });
    expect(reversed.length).toBeGreaterThan(5);
  });

  test("has a handful of conversations whose order has not arrived", () => {
    expect(conversations.filter(([first]) => first !== undefined && !cityOf.has(first.orderId))).toHaveLength(
      3,
    );
  });

  test("has orders without a chat", () => {
    const discussed = new Set(messages.map((message) => message.orderId));
    const silent = orders.filter((order) => !discussed.has(order.orderId));
    expect(silent.length / orders.length).toBeCloseTo(0.18, 1);
  });

  test("names every order once, in 31 cities", () => {
    expect(orders).toHaveLength(600);
    expect(cityOf.size).toBe(600);
    expect(new Set(cityOf.values()).size).toBe(31);
  });
});

function monthOf(message: Message): string {
  return message.messageSentTime.slice(0, 7);
}
