import { expect, test } from "vitest";
import { freeName } from "../../../server/text/free-name.js";

test("a name that is free is kept, and one that is taken counts on from two", () => {
  const taken = new Set(["orders", "orders_2", "days"]);
  const isTaken = (name: string): boolean => taken.has(name);
  expect(["weeks", "days", "orders"].map((name) => freeName(name, isTaken))).toEqual([
    "weeks",
    "days_2",
    "orders_3",
  ]);
  expect(freeName("days", isTaken, "-")).toBe("days-2");
});
