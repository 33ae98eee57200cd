import { expect, describe, test } from "vitest";
import { Limiter, SerialQueue, forEachConcurrently } from "../../../server/lake/concurrency.js";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("forEachConcurrently", () => {
  test("works on all items, no more than the limit at once", async () => {
    let [running, most] = [0, 0];
    const seen: number[] = [];
    await forEachConcurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await turn();
      seen.push(item);
      running--;
    });
    expect(most).toBe(3);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("begins nothing after a failure, and waits for what is running", async () => {
    const finished: number[] = [];
    const work = forEachConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
      if (item === 1) throw new Error("no");
      await turn();
      finished.push(item);
    });
    await expect(work).rejects.toThrow("no");
    expect(finished).toEqual([2]);
  });
});

test("Limiter runs no more than its limit at once, in order, and goes on after failures", async () => {
  const limiter = new Limiter(2);
  const begun: number[] = [];
  let [running, most] = [0, 0];
  const work = [0, 1, 2, 3, 4].map((index) =>
    limiter.run(async () => {
      begun.push(index);
      most = Math.max(most, ++running);
      await turn();
      running--;
      if (index % 2 === 1) throw new Error("odd");
    }),
  );
  const results = await Promise.allSettled(work);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(2);
});

test("SerialQueue runs one action after another, also after a failure", async () => {
  const queue = new SerialQueue();
  const seen: string[] = [];
  const first = queue.run(async () => {
    await turn();
    seen.push("first");
    throw new Error("no");
  });
  const second = queue.run(() => Promise.resolve(seen.push("second")));
  await expect(first).rejects.toThrow("no");
  await second;
  expect(seen).toEqual(["first", "second"]);
});
