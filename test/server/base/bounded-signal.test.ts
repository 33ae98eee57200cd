import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isTooLate, withinTime } from "../../../server/base/bounded-signal.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Never done by itself. */
async function untilAborted(signal: AbortSignal): Promise<AbortSignal> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      resolve(signal);
    });
  });
}

describe("what has so much time", () => {
  test("is told when it is over, and why", async () => {
    const done = withinTime({ signals: [new AbortController().signal], ms: 1000 }, untilAborted);
    await vi.advanceTimersByTimeAsync(1000);
    expect(isTooLate(await done)).toBe(true);
  });

  test("is told by whichever signal comes first, with its reason", async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const done = withinTime({ signals: [one.signal, other.signal], ms: 1000 }, untilAborted);
    other.abort("enough");
    const signal = await done;
    expect([signal.reason, isTooLate(signal)]).toEqual(["enough", false]);
  });

  test("knows a signal that was there before", async () => {
    const signals = [AbortSignal.abort("before")];
    expect(await withinTime({ signals, ms: 1000 }, (signal) => Promise.resolve(signal.reason))).toBe(
      "before",
    );
  });

  test("leaves no timer and no listener behind, also when it fails", async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    const failing = withinTime({ signals: [signal], ms: 1000 }, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect([vi.getTimerCount(), removed.mock.calls.length]).toEqual([0, 1]);
  });
});
