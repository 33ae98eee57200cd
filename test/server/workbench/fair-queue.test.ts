import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FairQueue } from "../../../server/workbench/fair-queue.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { slots: 4, perClient: 2, patienceMs: 1000, waiting: 3 };

/** Actions that end when they are told to, and which of them have begun. */
function setUp() {
  const queue = new FairQueue(limits);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const never = new AbortController().signal;
  const ask = (name: string, client: string, signal = never) => {
    const served = queue.run(client, signal, () => {
      begun.push(name);
      return new Promise<string>((resolve) => {
        ends.set(name, () => {
          resolve(name);
        });
      });
    });
    served.catch(() => undefined);
    return served;
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ask, end, begun };
}

describe("a fair queue", () => {
  test("two endless queries of one client do not hold up another one", async () => {
    const { ask, end, begun } = setUp();
    for (const name of ["a1", "a2", "a3"]) void ask(name, "a");
    const other = ask("b1", "b");
    expect(begun).toEqual(["a1", "a2", "b1"]);
    await end("b1");
    expect(await other).toEqual({ result: "b1" });
  });

  test("a client's third query waits for its turn and says so", async () => {
    const { ask, end, begun } = setUp();
    void ask("a1", "a");
    void ask("a2", "a");
    const third = ask("a3", "a");
    await vi.advanceTimersByTimeAsync(400);
    expect(begun).toEqual(["a1", "a2"]);
    await end("a1");
    await end("a3");
    expect(await third).toMatchObject({ result: "a3", waitedMs: 400 });
  });

  test("it begins after a while where slots are free, but the last slot is kept for others", async () => {
    const { ask, begun } = setUp();
    for (const name of ["a1", "a2", "a3", "a4"]) void ask(name, "a");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(begun).toEqual(["a1", "a2", "a3"]);
    void ask("b1", "b");
    expect(begun.at(-1)).toBe("b1");
  });

  test("of those who wait, the client that has the fewest goes first", async () => {
    const { ask, end, begun } = setUp();
    for (const name of ["a1", "a2", "a3"]) void ask(name, "a");
    void ask("b1", "b");
    void ask("c1", "c");
    void ask("d1", "d");
    expect(begun).toEqual(["a1", "a2", "b1", "c1"]);
    await end("a1");
    expect(begun.at(-1)).toBe("d1");
    await end("b1");
    expect(begun).toHaveLength(5);
    await end("c1");
    expect(begun.at(-1)).toBe("a3");
  });

  test("what is given up while it waits never begins, and leaves its place", async () => {
    const { ask, end, begun } = setUp();
    void ask("a1", "a");
    void ask("a2", "a");
    const controller = new AbortController();
    const given = ask("a3", "a", controller.signal);
    void ask("a4", "a");
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: "cancelled" });
    await end("a1");
    expect(begun).toEqual(["a1", "a2", "a4"]);
  });

  test("no client piles up more than a few", async () => {
    const { ask } = setUp();
    for (const name of ["a1", "a2", "a3", "a4", "a5"]) void ask(name, "a");
    expect(await ask("a6", "a")).toBeUndefined();
  });
});
