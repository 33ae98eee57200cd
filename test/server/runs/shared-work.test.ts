import { describe, expect, test } from "vitest";
import { AppError } from "../../../server/base/errors.js";
import { Leases } from "../../../server/lake/leases.js";
import { SharedWork, type Leased } from "../../../server/runs/shared-work.js";
import type { StepControl } from "../../../server/runs/step-control.js";

const FOLDER = "/rows";

interface Computation {
  readonly control: StepControl;
  finish(): void;
  fail(error: Error): void;
}

/** Work whose end the test decides. */
function workshop() {
  const leases = new Leases();
  const work = new SharedWork<string>();
  const begun: Computation[] = [];
  const ask = (key: string, own: Partial<StepControl> = {}) => {
    const controller = new AbortController();
    const seen: string[] = [];
    const control: StepControl = {
      label: "t",
      signal: controller.signal,
      onCompute: () => seen.push("begins"),
      onProgress: ({ elapsedMs }) => seen.push(String(elapsedMs)),
      ...own,
    };
    const answer = work.run(
      key,
      control,
      (shared) =>
        new Promise<Leased<string>>((resolve, reject) => {
          const lease = leases.open(FOLDER);
          shared.signal?.addEventListener("abort", () => {
            lease.release();
            reject(new AppError("cancelled", "stopped"));
          });
          begun.push({
            control: shared,
            finish: () => {
              resolve({ value: `${key} ${String(begun.length)}`, lease });
            },
            fail: (error) => {
              lease.release();
              reject(error);
            },
          });
        }),
    );
    answer.catch(() => undefined);
    return {
      answer,
      seen,
      cancel: () => {
        controller.abort();
      },
    };
  };
  return { leases, begun, ask };
}

async function turns(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("what has one key", () => {
  test("is computed once and held by everybody who asked", async () => {
    const { leases, begun, ask } = workshop();
    const [first, second] = [ask("k"), ask("k")];
    ask("other").cancel();
    await turns();
    expect(begun).toHaveLength(1);
    begun[0]?.finish();
    const answers = await Promise.all([first.answer, second.answer]);
    expect(answers.map(({ isOwn }) => isOwn)).toEqual([true, false]);
    answers[0].lease.release();
    expect(leases.isHeld(FOLDER)).toBe(true);
    answers[1].lease.release();
    expect(leases.isHeld(FOLDER)).toBe(false);
  });

  test("tells all who wait how far it is, and nobody who left", async () => {
    const { begun, ask } = workshop();
    const first = ask("k");
    await turns();
    begun[0]?.control.onCompute();
    const second = ask("k");
    begun[0]?.control.onProgress?.({ elapsedMs: 1 });
    first.cancel();
    begun[0]?.control.onProgress?.({ elapsedMs: 2 });
    expect(first.seen).toEqual(["begins", "1"]);
    expect(second.seen).toEqual(["begins", "1", "2"]);
    second.cancel();
  });

  test("goes on for the others when whoever began it is cancelled", async () => {
    const { begun, ask } = workshop();
    const [first, second] = [ask("k"), ask("k")];
    await turns();
    first.cancel();
    await expect(first.answer).rejects.toMatchObject({ code: "cancelled" });
    begun[0]?.finish();
    expect(await second.answer).toMatchObject({ value: "k 1", isOwn: false });
  });

  test("is stopped when the last one leaves, who waits for the end", async () => {
    const { leases, begun, ask } = workshop();
    const [first, second] = [ask("k"), ask("k")];
    await turns();
    first.cancel();
    expect(begun[0]?.control.signal?.aborted).toBe(false);
    second.cancel();
    expect(begun[0]?.control.signal?.aborted).toBe(true);
    await expect(second.answer).rejects.toMatchObject({ code: "cancelled" });
    expect(leases.isHeld(FOLDER)).toBe(false);
  });

  test("is computed anew for whoever asks while it is being stopped", async () => {
    const { begun, ask } = workshop();
    const first = ask("k");
    await turns();
    first.cancel();
    const second = ask("k");
    await turns();
    begun[1]?.finish();
    expect(await second.answer).toMatchObject({ isOwn: true });
  });

  test("fails for all, but another's timeout is nobody else's", async () => {
    const { begun, ask } = workshop();
    const [first, second] = [ask("k"), ask("k")];
    await turns();
    begun[0]?.fail(new AppError("timeout", "too slow"));
    await expect(first.answer).rejects.toMatchObject({ code: "timeout" });
    await turns();
    begun[1]?.fail(new AppError("query", "no such column"));
    await expect(second.answer).rejects.toMatchObject({ code: "query" });
  });

  test("is left by whoever has waited for as long as its timeout allows", async () => {
    const { begun, ask } = workshop();
    const first = ask("k");
    await turns();
    const second = ask("k", { timeoutMs: 1 });
    await expect(second.answer).rejects.toMatchObject({ code: "timeout" });
    begun[0]?.finish();
    expect((await first.answer).value).toBe("k 1");
  });
});
