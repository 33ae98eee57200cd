import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Progress } from "../../../../server/engine/engine.js";
import { kill } from "../../../support/kill.js";
import { useEngine, withEngine } from "../../../support/with-engine.js";
import { childrenOf, waitUntil } from "./processes.js";
import { failureOf, materialize, outputFolder, query, scopeOf, watchProgress } from "../scope.js";

const shared = useEngine();

const mortalWorker = join(import.meta.dirname, "mortal-worker.js");

const range = (n: number, text: (index: number) => string): string =>
  Array.from({ length: n }, (_, index) => text(index)).join("");

/** DuckDB looks for an interrupt between chunks only: none of these hears it. */
const deaf: readonly (readonly [string, string])[] = [
  ["a huge text", "SELECT length(repeat('x', 1000000000)) + length(repeat('y', 1000000000)) FROM range(100)"],
  ["levenshtein", "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))"],
  ["a huge list", "SELECT len(list_transform(range(20000000), lambda x: x * 2 + length(repeat('a', 100))))"],
  ["planning a long sum", `SELECT 1${range(900, () => " + x")} FROM (SELECT 1 AS x)`],
  [
    "planning many windows",
    `SELECT ${range(5_000, (index) => `sum(x) OVER (ORDER BY x + ${index}), `)} 1 FROM (SELECT 1 AS x)`,
  ],
  ["a huge number", "SELECT repeat('9', 1000000)::BIGNUM"],
  [
    "nested lambdas",
    `SELECT ${range(60, (index) => `list_transform([1], lambda x${index}: `)}1${")".repeat(60)}`,
  ],
];
const hearing: readonly (readonly [string, string])[] = [
  ["a cross join", "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7"],
  ["a scan that hashes", "SELECT count(*) FROM range(1000000000000) AS a WHERE hash(range) = 1"],
  ["a recursion", "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT sum(x) FROM r"],
];

/** Of all files: what a worker writes beside its output counts too. */
function bytesBelow(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => {
    const stats = statSync(join(folder, path), { throwIfNoEntry: false });
    return stats?.isFile() === true ? stats.size : 0;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe("stopping", () => {
  test.each([...deaf, ...hearing])("cancels %s, which would go on for long", async (_, sql) => {
    const { engine, root } = shared;
    const controller = new AbortController();
    const { onProgress, isAtWork } = watchProgress();
    const running = failureOf(
      query(engine, root, sql, {}, { label: "slow", signal: controller.signal, onProgress }),
    );
    await isAtWork;
    controller.abort();
    expect(await running).toMatchObject({ code: "cancelled" });
  });

  test("stops at the timeout", async () => {
    const { engine, root } = shared;
    const error = await failureOf(
      materialize(engine, root, deaf[5]![1], { dataset: "slow", timeoutMs: 300 }),
    );
    expect(error).toMatchObject({
      code: "timeout",
      message: '"slow" was stopped after its timeout of 0.3 s',
    });
  });

  test("stops what waits for a pipe that nobody writes to", async () => {
    const { engine, root } = shared;
    mkdirSync(join(root, "pipes"));
    execFileSync("mkfifo", [join(root, "pipes/pipe.csv")]);
    const sql = "FROM read_csv('pipes/pipe.csv', columns = {'a': 'INTEGER'}, auto_detect = false)";
    const error = await failureOf(materialize(engine, root, sql, { dataset: "slow", timeoutMs: 300 }));
    expect(error).toMatchObject({ code: "timeout" });
  });

  test.each([
    ["a dataset", []],
    ["a dataset in partitions", ["part"]],
  ])("%s that is cancelled while it is written writes nothing more", async (_, partitionBy) => {
    const { engine, root } = shared;
    const folder = outputFolder(root);
    const controller = new AbortController();
    const sql = "SELECT range AS id, hash(range) % 50 AS part FROM range(200000000)";
    const running = failureOf(
      materialize(engine, root, sql, { folder, partitionBy, signal: controller.signal }),
    );
    await expect.poll(() => bytesBelow(folder)).toBeGreaterThan(0);
    controller.abort();
    expect(await running).toMatchObject({ code: "cancelled", message: '"result" was cancelled' });
    const left = bytesBelow(folder);
    // Long enough for a worker that was not stopped to write on.
    expect(await waitUntil(() => bytesBelow(folder) > left, 500)).toBe(false);
  });

  test("what was cancelled before it began never begins", async () => {
    const { engine, root } = shared;
    const signal = AbortSignal.abort();
    const error = await failureOf(
      engine.query({ scope: scopeOf(root), sql: "SELECT 1", limit: 1 }, { label: "late", signal }),
    );
    expect(error).toMatchObject({ code: "cancelled" });
  });

  test("what waits for a worker can be cancelled", async () => {
    await withEngine(
      async (engine, root) => {
        const [slow = "", slower = ""] = [hearing[0]?.[1], hearing[0]?.[1]];
        const first = new AbortController();
        const second = new AbortController();
        const { onProgress, isAtWork } = watchProgress();
        const running = failureOf(materialize(engine, root, slow, { signal: first.signal, onProgress }));
        const waiting = failureOf(materialize(engine, root, slower, { signal: second.signal }));
        await isAtWork;
        second.abort();
        expect(await waiting).toMatchObject({ code: "cancelled" });
        first.abort();
        expect(await running).toMatchObject({ code: "cancelled" });
        expect((await materialize(engine, root, "SELECT 1 AS x")).rows).toBe(1);
      },
      { concurrency: 1 },
    );
  });

  test("tells progress while it runs", async () => {
    const { engine, root } = shared;
    const folder = outputFolder(root);
    const seen: Progress[] = [];
    const task = {
      scope: scopeOf(root),
      folder,
      dataset: "d",
      formats: ["parquet"],
      partitionBy: [],
      isOrdered: false,
      metadata: {},
    } as const;
    const controller = new AbortController();
    const onProgress = (progress: Progress): void => {
      seen.push(progress);
      if (seen.length === 4) controller.abort();
    };
    const sql = "SELECT a.range AS id FROM range(100000000) a JOIN range(100000000) b ON a.range = b.range";
    await failureOf(
      engine.materialize({ ...task, sql }, { label: "d", signal: controller.signal, onProgress }),
    );
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(seen.map(({ elapsedMs }) => elapsedMs)).toEqual(
      [...seen.map(({ elapsedMs }) => elapsedMs)].sort((a, b) => a - b),
    );
  });

  test("a worker that is silent without processor time is waited for, and can still be cancelled", async () => {
    const before = new Set(childrenOf(process.pid));
    await withEngine(
      async (engine, root) => {
        const controller = new AbortController();
        let heartbeats = 0;
        let tell = (): void => undefined;
        const nextHeartbeat = (): Promise<void> => new Promise((resolve) => (tell = resolve));
        const onProgress = (): void => {
          heartbeats++;
          tell();
        };
        const isAtWork = nextHeartbeat();
        const { signal } = controller;
        const running = failureOf(query(engine, root, hearing[0]![1], {}, { onProgress, signal }));
        await isAtWork;
        const workers = childrenOf(process.pid).filter((pid) => !before.has(pid));
        for (const pid of workers) process.kill(pid, "SIGSTOP");
        let looks = 0;
        await waitUntil(() => ++looks > 50, 60_000);
        const heard = heartbeats;
        const isAwake = nextHeartbeat();
        for (const pid of workers) process.kill(pid, "SIGCONT");
        await isAwake;
        expect(heartbeats).toBeGreaterThan(heard);

        for (const pid of workers) process.kill(pid, "SIGSTOP");
        controller.abort();
        expect(await running).toMatchObject({ code: "cancelled" });
        // A spare one may be among them, which comes next.
        for (const pid of workers) kill(pid, "SIGCONT");
        expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
      },
      { watch: { watchMs: 1, maxSilentCpuSeconds: 0.5 } },
    );
  });

  test("a worker that works on without a word is killed", async () => {
    await withEngine(
      async (engine, root) => {
        const error = await failureOf(query(engine, root, "SELECT 'hangs at work'"));
        expect(error).toMatchObject({
          code: "engine-crashed",
          message: '"query" was stopped: DuckDB did not answer any more',
        });
        expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
      },
      { workerScript: mortalWorker, watch: { watchMs: 20, maxSilentCpuSeconds: 0.2 } },
    );
  });

  test("what hears no interrupt is killed before a second is over, by a clock that the test moves", async () => {
    await withEngine(
      async (engine, root) => {
        const controller = new AbortController();
        const { signal } = controller;
        const running = failureOf(query(engine, root, "SELECT 'hangs at work'", {}, { signal }));
        await waitUntil(() => existsSync(join(root, "hangs")), 60_000);
        vi.useFakeTimers({ toFake: ["setTimeout"] });
        try {
          controller.abort();
          vi.advanceTimersByTime(999);
          expect(await running).toMatchObject({ code: "cancelled" });
        } finally {
          vi.useRealTimers();
        }
      },
      { workerScript: mortalWorker, watch: { maxSilentCpuSeconds: Infinity } },
    );
  });

  test("close ends what runs and every worker", async () => {
    const before = new Set(childrenOf(process.pid));
    await withEngine(async (engine, root) => {
      const [deafOne, hearingOne] = [watchProgress(), watchProgress()];
      const running = [
        materialize(engine, root, deaf[5]![1], { onProgress: deafOne.onProgress }),
        query(engine, root, hearing[0]![1], {}, { onProgress: hearingOne.onProgress }),
      ].map(failureOf);
      await Promise.all([deafOne.isAtWork, hearingOne.isAtWork]);
      await engine.close();
      for (const error of await Promise.all(running)) expect(error).toMatchObject({ code: "cancelled" });
      expect(await failureOf(query(engine, root, "SELECT 1"))).toMatchObject({ code: "cancelled" });
      expect(childrenOf(process.pid).filter((pid) => !before.has(pid))).toEqual([]);
    });
  });
});
