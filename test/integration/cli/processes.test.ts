import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { lakebook, runOf, startLakebook, type RunningCli } from "../../support/cli.js";
import { hasProc, kill, killWorkers, until, untilNoWorker, workersOf } from "../../support/kill.js";
import { withWorkspace, type TestWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { outcomes } from "../../support/workspace-runs.js";

if (!hasProc) process.stderr.write("SKIPPED: processes are not tested: there is no /proc here\n");

/** It would take days. */
const endless = "SELECT count(*) AS n FROM range(1000000000000) AS t(i) WHERE hash(i) = 1";
/** One call that DuckDB cannot interrupt. */
const stubborn = "SELECT levenshtein(repeat('ab', 200000), repeat('ba', 200000)) AS n";

function files(slow: string): Record<string, string> {
  return {
    "notebooks/quick.md": notebook({ ready: dataset("SELECT 1 AS id") }),
    "notebooks/sales.md": notebook({ orders: dataset("SELECT 2 AS id"), slow: dataset(slow) }),
  };
}

function startMaterialize(workspace: TestWorkspace): RunningCli {
  return startLakebook(["materialize", "sales", "--date", "2026-11-01", "--json"], { workspace });
}

async function startSlow(workspace: TestWorkspace): Promise<RunningCli> {
  const running = startMaterialize(workspace);
  await running.shows("slow: running");
  await running.shows("✓ orders");
  return running;
}

describe.skipIf(!hasProc)("Ctrl+C", () => {
  test.each([
    ["a query", "SIGINT", endless],
    ["a query that cannot be interrupted", "SIGINT", stubborn],
    ["a query, as SIGTERM", "SIGTERM", endless],
  ] as const)("cancels %s and leaves no process and no temporary file", (_name, signal, slow) =>
    withWorkspace(files(slow), async (workspace) => {
      const running = await startSlow(workspace);
      running.kill(signal);
      // The query alone would go on for minutes at the least.
      const result = await running.finished;
      expect(result.code).toBe(1);
      const run = runOf(result);
      expect(run).toMatchObject({ outcome: "cancelled", published: [] });
      expect(outcomes(run)).toEqual({ orders: "succeeded", slow: "cancelled" });
      await untilNoWorker(workspace);
      expect(await readdir(workspace.temp)).toEqual([]);
      expect(await workspace.files("data_lake/.lake/tmp")).toEqual([]);
    }),
  );
});

describe.skipIf(!hasProc)("kill -9", () => {
  test("of the command leaves no worker, and the next one marks the run as interrupted and can resume it", () =>
    withWorkspace(files(endless), async (workspace) => {
      const running = await startSlow(workspace);
      await until("what it has come to is on disk", async () => {
        const record = (await workspace.files("data_lake/.lake/runs")).find((file) =>
          file.endsWith("run.json"),
        );
        if (record === undefined) return false;
        return (await workspace.read(`data_lake/.lake/runs/${record}`)).includes('"outcome":"succeeded"');
      });
      running.kill("SIGKILL");
      await running.finished;
      await untilNoWorker(workspace);
      await workspace.replace("notebooks/sales.md", endless, "SELECT 3 AS id");

      const listed = await lakebook(["runs", "sales"], { workspace });
      expect(listed.stdout).toMatch(/interrupted/);
      const asked = await lakebook(["query", "SELECT outcome FROM lakebook.runs", "--json"], { workspace });
      expect(asked.json()).toMatchObject({ rows: [["interrupted"]] });
      await lakebook(["materialize", "quick"], { workspace });
      const { runs } = (await lakebook(["runs", "sales", "--json"], { workspace })).json() as {
        runs: { id: string; outcome: string; cells: { name: string; outcome: string; reason?: string }[] }[];
      };
      expect(runs[0]).toMatchObject({
        outcome: "interrupted",
        attempts: [{ outcome: "interrupted" }],
        cells: [
          { name: "orders", outcome: "succeeded" },
          { name: "slow", outcome: "cancelled", reason: "the process ended" },
        ],
      });

      const resumed = startLakebook(["materialize", "sales", "--date", "2026-11-01", "--resume", "--json"], {
        workspace,
      });
      await resumed.shows("= orders");
      await resumed.shows("slow: running");
      resumed.kill("SIGINT");
      expect(runOf(await resumed.finished)).toMatchObject({ id: runs[0]?.id, outcome: "cancelled" });
    }));

  test("of the workers while the command starts ends it with a clear error, and leaves the lake free", () =>
    withWorkspace(files("SELECT 1 AS id"), async (workspace) => {
      // One parses, one computes.
      for (const count of [1, 2]) {
        const running = startLakebook(["materialize", "sales", "--date", "2026-11-01"], { workspace });
        await until("a worker starts", () => workersOf(workspace).length >= count);
        killWorkers(workspace);
        const { code, stderr } = await running.finished;
        if (code !== 0) expect(stderr).toMatch(/engine-crashed|DuckDB/);
        await untilNoWorker(workspace);
        expect(await workspace.files("data_lake/.lake/tmp")).toEqual([]);
      }
      expect((await lakebook(["materialize", "quick"], { workspace })).code).toBe(0);
    }));

  test("of a worker is one clear error of its cell, and a retry goes on", () =>
    withWorkspace(files(endless), async (workspace) => {
      const running = await startSlow(workspace);
      expect(killWorkers(workspace)).toBeGreaterThan(0);
      const result = await running.finished;
      expect(result.code).toBe(1);
      const [, slow] = runOf(result).cells;
      expect(slow).toMatchObject({ name: "slow", outcome: "failed", error: { code: "engine-crashed" } });
      expect(slow?.error?.message).toContain("slow");
      await untilNoWorker(workspace);
    }));
});

describe.skipIf(!hasProc)("while a command holds the lake", () => {
  test("a second writer that does not wait is refused with its process, and readers are not", () =>
    withWorkspace(files(endless), async (workspace) => {
      await lakebook(["materialize", "quick", "--date", "2026-11-01"], { workspace });
      const running = await startSlow(workspace);
      for (const args of [
        ["materialize", "quick", "--no-wait"],
        ["run", "quick", "--no-wait"],
        ["vacuum", "--yes", "--no-wait"],
        ["serve", "--port", "0"],
      ]) {
        const refused = await lakebook(args, { workspace });
        expect(refused.code, args.join(" ")).toBe(1);
        expect(refused.stderr, args.join(" ")).toContain(`is held by process ${running.pid}`);
      }
      for (const args of [
        ["query", "FROM lake.ready"],
        ["check", "sales"],
        ["graph", "sales"],
        ["runs"],
        ["lake"],
        ["verify"],
        ["vacuum"],
      ])
        expect((await lakebook(args, { workspace })).code, args.join(" ")).toBe(0);
      running.kill("SIGINT");
      await running.finished;
      expect((await lakebook(["materialize", "quick"], { workspace })).code).toBe(0);
    }));

  test("a lock that a killed one left is taken over", () =>
    withWorkspace(files(endless), async (workspace) => {
      const running = await startSlow(workspace);
      running.kill("SIGKILL");
      await running.finished;
      expect((await lakebook(["materialize", "quick"], { workspace })).code).toBe(0);
      expect((await lakebook(["verify"], { workspace })).code).toBe(0);
    }));

  test("others wait for it, say so once, and go on when it ends or is killed", () =>
    withWorkspace(files(endless), async (workspace) => {
      const running = await startSlow(workspace);
      const waiting = ["2026-11-02", "2026-11-03", "2026-11-04"].map((date) =>
        startLakebook(["materialize", "quick", "--date", date], { workspace }),
      );
      for (const one of waiting) await one.shows(`is held by process ${running.pid}`);
      running.kill("SIGKILL");
      for (const one of waiting) {
        const { code, stderr } = await one.finished;
        expect(code, stderr).toBe(0);
        expect(stderr.match(/is held by/g)).toHaveLength(1);
      }
      const published = await workspace.files("data_lake");
      expect(published.filter((path) => /^2026-11-0[234]\/ready\//.test(path))).toHaveLength(3);
    }));

  test("Ctrl+C ends the wait", () =>
    withWorkspace(files(endless), async (workspace) => {
      const running = await startSlow(workspace);
      const waiting = startLakebook(["vacuum", "--yes"], { workspace });
      await waiting.shows("is held by process");
      waiting.kill("SIGINT");
      expect(await waiting.finished).toMatchObject({ code: 1, signal: null });
      running.kill("SIGINT");
      await running.finished;
    }));
});

describe.skipIf(!hasProc)("a command that succeeded", () => {
  test("leaves no process and no temporary file", () =>
    withWorkspace(files("SELECT 1 AS id"), async (workspace) => {
      for (const args of [
        ["materialize", "sales"],
        ["run", "sales"],
        ["query", "FROM lake.orders"],
        ["check", "sales"],
      ]) {
        expect((await lakebook(args, { workspace })).code, args.join(" ")).toBe(0);
        expect(workersOf(workspace), args.join(" ")).toEqual([]);
        expect(await readdir(workspace.temp), args.join(" ")).toEqual([]);
        expect(await workspace.files("data_lake/.lake/tmp"), args.join(" ")).toEqual([]);
      }
    }));
});

describe.skipIf(!hasProc)("a reader that goes away", () => {
  test("is no error for the command that writes to it", () =>
    withWorkspace(files("SELECT 1 AS id"), async (workspace) => {
      const through = ["/bin/sh", "-c", '"$@" | head -n 1', "sh"];
      const result = await lakebook(["query", "FROM range(200000)", "--limit", "200000", "--format", "csv"], {
        workspace,
        through,
      });
      expect(result).toMatchObject({ code: 0, stdout: "range\n", stderr: "" });
    }));
});

describe.skipIf(!hasProc)("a server that holds the lake", () => {
  test("is handed the work of commands, and they behave the same", () =>
    withWorkspace(files("SELECT 1 AS id"), async (workspace) => {
      const server = startLakebook(["serve", "--port", "0"], { workspace });
      await server.shows("Lakebook is running at");
      const first = await lakebook(["materialize", "sales", "--date", "2026-11-01", "--json"], { workspace });
      expect(first.code, first.stderr).toBe(0);
      expect(outcomes(runOf(first))).toEqual({ orders: "succeeded", slow: "succeeded" });
      const second = await lakebook(["materialize", "sales", "--date", "2026-11-01", "--json"], {
        workspace,
      });
      expect(outcomes(runOf(second))).toEqual({ orders: "reused", slow: "reused" });
      expect((await lakebook(["materialize", "sales", "--cell", "order"], { workspace })).code).toBe(2);

      await workspace.replace("notebooks/sales.md", "SELECT 1 AS id", endless);
      const slow = startMaterialize(workspace);
      await slow.shows("slow: running");
      slow.kill("SIGINT");
      const cancelled = await slow.finished;
      expect(cancelled.code).toBe(1);
      expect(runOf(cancelled).outcome).toBe("cancelled");

      server.kill("SIGTERM");
      expect((await server.finished).code).toBe(0);
      await untilNoWorker(workspace);
      await until(
        "the server's file is gone",
        async () => !(await workspace.files(".lakebook")).includes("server.json"),
      );
      expect((await lakebook(["materialize", "quick"], { workspace })).code).toBe(0);
    }));

  test("that was killed is ignored", () =>
    withWorkspace(files("SELECT 1 AS id"), async (workspace) => {
      const server = startLakebook(["serve", "--port", "0"], { workspace });
      await server.shows("Lakebook is running at");
      kill(server.pid);
      await server.finished;
      expect(await workspace.files(".lakebook")).toContain("server.json");
      expect((await lakebook(["materialize", "quick"], { workspace })).code).toBe(0);
      await untilNoWorker(workspace);
    }));

  test("is not taken for another program that answers at its address since, and never sends that its token", () =>
    withWorkspace(files("SELECT 1 AS id"), async (workspace) => {
      const asked: (string | undefined)[] = [];
      const other = createServer((request, response) => {
        asked.push(request.headers.authorization);
        response.end(JSON.stringify({ status: "ok", id: "other" }));
      });
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const { port } = other.address() as AddressInfo;
      const left = { url: `http://127.0.0.1:${port}`, token: "secret", pid: 1, id: "mine" };
      await workspace.write(".lakebook/server.json", JSON.stringify(left));
      expect((await lakebook(["materialize", "quick"], { workspace })).code).toBe(0);
      other.close();
      expect(asked).toEqual([undefined]);
      await untilNoWorker(workspace);
    }));
});
