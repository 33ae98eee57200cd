import { expect, test } from "vitest";
import { RunStore } from "../../../server/runs/run-store.js";

test("the ids of runs sort by the time of their creation, within a second too", () => {
  const store = new RunStore("runs");
  const times = [0, 1, 9, 10, 15, 16, 255, 256, 999, 1000].map((ms) => new Date(1_800_000_000_000 + ms));
  const ids = times.map((time) => store.newId(time));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
