import { rm } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace, notebook } from "../api/harness.js";
import { ServerProcess } from "../api/processes.js";

const endless = "SELECT count(*) AS n FROM range(1000000000000) AS t(i) WHERE hash(i) = 1";

async function serve(
  cells: Readonly<Record<string, string>>,
): Promise<{ root: string; server: ServerProcess }> {
  const root = await createWorkspace({ "notebooks/small.md": notebook(cells) });
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return { root, server: await ServerProcess.start(root) };
}

function valueOf(metrics: string, line: string): number {
  const found = metrics.split("\n").find((candidate) => candidate.startsWith(`${line} `));
  if (found === undefined) throw new Error(`${line} is not among the measures:\n${metrics}`);
  return Number(found.slice(line.length + 1));
}

test("a server tells Prometheus of its runs, its lake and itself, and only whoever has the token", async () => {
  const { server } = await serve({
    "cell: one\n--| materialize: parquet": "SELECT 1 AS n UNION ALL SELECT 2",
  });
  const read = async (): Promise<string> => (await server.fetch("/metrics")).text();
  const before = await read();
  const runs = 'lakebook_runs_total{mode="materialize",outcome="succeeded",trigger="hand"}';
  expect(valueOf(before, runs)).toBe(0);
  expect(valueOf(before, 'lakebook_lake_bytes{part="versions"}')).toBe(0);
  const run = await server.run("small", { materialize: true, date: "2026-11-01" });
  expect(run.outcome).toBe("succeeded");
  const after = await read();
  expect(valueOf(after, runs)).toBe(1);
  expect(valueOf(after, "lakebook_published_rows_total")).toBe(2);
  expect(valueOf(after, "lakebook_run_duration_seconds_count")).toBe(1);
  expect(valueOf(after, 'lakebook_lake_bytes{part="versions"}')).toBeGreaterThan(0);
  expect(valueOf(after, 'lakebook_last_publication_time_seconds{notebook="small"}')).toBeGreaterThan(1.7e9);
  expect(valueOf(after, "lakebook_active_runs")).toBe(0);
  expect(valueOf(after, "lakebook_schedule_oldest_missed_seconds")).toBe(0);
  expect(valueOf(after, 'lakebook_event_loop_lag_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0);
  for (const line of after.trimEnd().split("\n"))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? (NaN|[+-]?Inf|[-+\d.e]+))$/);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: "ready" });
});

test("SIGTERM interrupts a run, ends event streams and the process with 0, and the run can be resumed", async () => {
  const { root, server } = await serve({ "cell: long\n--| materialize: parquet": endless });
  const events = await server.fetch("/api/notebooks/small/events");
  const streamed = events.text();
  const id = await server.startRun("small", { materialize: true, date: "2026-11-01" });
  await expect
    .poll(async () => (await server.fetch("/metrics")).text(), { timeout: 20_000 })
    .toContain('lakebook_active_cells{status="running"} 1');
  expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
  expect(await streamed).toContain('"type":"cell-started"');
  const next = await ServerProcess.start(root);
  expect(await next.view(id)).toMatchObject({ outcome: "interrupted", isRunning: false });
  const resumable = await next.json("GET", "/api/notebooks/small/resumable?date=2026-11-01");
  expect(JSON.stringify(resumable)).toContain(id);
});
