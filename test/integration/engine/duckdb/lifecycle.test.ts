import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createDuckdbEngine } from "../../../../server/engine/duckdb/duckdb-engine.js";
import { bundle } from "../../../support/bundle.js";
import { builtWorker, withEngine, withFolder } from "../../../support/with-engine.js";
import { childrenOf, isRunning, waitUntil } from "./processes.js";
import { materialize, query } from "../scope.js";

describe("worker processes", () => {
  test("none survives the death of its parent, and the next engine sweeps up", async () => {
    await withFolder(async (root) => {
      const script = await bundle(fileURLToPath(new URL("./orphan-parent.ts", import.meta.url)));
      const parent = spawn(process.execPath, [script, root, builtWorker], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      const workers = JSON.parse(text.toString()) as number[];
      expect(workers.length).toBeGreaterThanOrEqual(3);
      expect(workers.every(isRunning)).toBe(true);
      parent.kill("SIGKILL");
      await once(parent, "exit");
      expect(await waitUntil(() => !workers.some(isRunning), 5_000)).toBe(true);

      const temp = join(root, "temp");
      const [left = ""] = readdirSync(temp);
      expect(existsSync(join(temp, left))).toBe(true);
      const engine = await createDuckdbEngine({ tempFolder: temp, workerScript: builtWorker });
      expect(readdirSync(temp)).not.toContain(left);
      await engine.close();
      expect(readdirSync(temp)).toEqual([]);
    });
  });

  test("an engine leaves the folders of living ones alone", async () => {
    await withFolder(async (root) => {
      mkdirSync(join(root, "engine-1-1-abcdef01"));
      mkdirSync(join(root, "something-else"));
      const first = await createDuckdbEngine({ tempFolder: root, workerScript: builtWorker });
      const second = await createDuckdbEngine({ tempFolder: root, workerScript: builtWorker });
      expect(readdirSync(root).filter((name) => name.startsWith(`engine-${process.pid}-`))).toHaveLength(2);
      expect(readdirSync(root)).toContain("something-else");
      await Promise.all([first.close(), second.close()]);
    });
  });

  test("start from TypeScript too, as in development", async () => {
    await withFolder(async (root) => {
      const engine = await createDuckdbEngine({ tempFolder: join(root, "temp") });
      expect(engine.version).toMatch(/^duckdb \d+\.\d+\.\d+$/);
      await engine.close();
    });
  });

  test("of a command that only reads: one parses, then runs, and never parses again", async () => {
    const before = new Set(childrenOf(process.pid));
    const workers = (): number[] => childrenOf(process.pid).filter((pid) => !before.has(pid));
    await withEngine(
      async (engine, root) => {
        expect(await engine.analyze(["SELECT 1"])).toMatchObject([{ ok: true }]);
        const [first] = workers();
        expect(workers()).toHaveLength(1);
        expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
        expect(workers()).toEqual([first]);
        expect(await engine.analyze(["SELECT 2"])).toMatchObject([{ ok: true }]);
        expect(workers()).toHaveLength(2);
        expect((await query(engine, root, "SELECT 2")).rows).toEqual([[2]]);
        expect(workers()).toHaveLength(2);
      },
      { purpose: "read" },
    );
    expect(workers()).toEqual([]);
  });

  test("of a command that runs: one parses, and one computes and answers what is asked in between", async () => {
    const before = new Set(childrenOf(process.pid));
    const workers = (): number[] => childrenOf(process.pid).filter((pid) => !before.has(pid));
    await withEngine(
      async (engine, root) => {
        expect(await engine.analyze(["SELECT 1"])).toMatchObject([{ ok: true }]);
        const started = workers();
        expect(started).toHaveLength(2);
        expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
        await materialize(engine, root, "SELECT 2 AS n");
        expect(workers()).toEqual(started);
        expect(engine.load()).toMatchObject({ workers: 2 });
      },
      { purpose: "run", concurrency: 1 },
    );
    expect(workers()).toEqual([]);
  });

  test("run with little: environment, memory limit, no core dumps, first to be killed", async () => {
    const before = new Set(childrenOf(process.pid));
    process.env["LAKEBOOK_SECRET"] = "42";
    await withEngine(async (engine, root) => {
      await query(engine, root, "SELECT 1");
      const workers = childrenOf(process.pid).filter((pid) => !before.has(pid));
      expect(workers.length).toBeGreaterThan(0);
      expect(await waitUntil(() => workers.every(hasStarted), 10_000)).toBe(true);
      for (const pid of workers) {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8")
          .split("\0")
          .map((entry) => entry.split("=")[0]);
        expect(environment.filter(Boolean).sort()).toEqual(
          expect.arrayContaining(["HOME", "LANG", "TZ", "UV_THREADPOOL_SIZE"]),
        );
        expect(environment).not.toContain("LAKEBOOK_SECRET");
        const limits = readFileSync(`/proc/${pid}/limits`, "utf8");
        expect(limits).toMatch(/Max data size\s+\d+/);
        expect(limits).toMatch(/Max core file size\s+0/);
      }
    });
  });

  test("leave the signals of a terminal to their parent", async () => {
    const before = new Set(childrenOf(process.pid));
    await withEngine(async (engine, root) => {
      const running = query(engine, root, "SELECT count(*) FROM range(300000000) WHERE hash(range) % 7 = 1");
      await waitUntil(
        () => childrenOf(process.pid).some((pid) => !before.has(pid) && hasStarted(pid)),
        10_000,
      );
      const workers = childrenOf(process.pid).filter((pid) => !before.has(pid) && hasStarted(pid));
      expect(workers.length).toBeGreaterThan(0);
      for (const pid of workers)
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(pid, signal);
      expect((await running).rows).toHaveLength(1);
      expect(workers.every(isRunning)).toBe(true);
    });
  });

  test("are used again, and replaced after a while", async () => {
    const before = new Set(childrenOf(process.pid));
    await withEngine(
      async (engine, root) => {
        const seen = new Set<number>();
        for (let index = 0; index < 60; index++) {
          await materialize(engine, root, "SELECT 1 AS x");
          for (const pid of childrenOf(process.pid)) if (!before.has(pid)) seen.add(pid);
        }
        expect(seen.size).toBeLessThan(12);
        const alive = childrenOf(process.pid).filter((pid) => !before.has(pid));
        expect(alive.length).toBeLessThanOrEqual(6);
      },
      { concurrency: 2 },
    );
  });

  test("run four cells at a time without waiting for one another", async () => {
    await withEngine(
      async (engine, root) => {
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            materialize(engine, root, `SELECT range + ${index} AS x FROM range(100000)`),
          ),
        );
        expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 12 }, () => 100_000));
      },
      { concurrency: 4, threads: 1 },
    );
  });
});

/** It has made itself the first to be killed where memory runs out, which is the first thing that it does. */
function hasStarted(pid: number): boolean {
  return readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim() === "1000";
}
