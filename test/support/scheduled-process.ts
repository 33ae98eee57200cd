import { join } from "node:path";
import { NotebookCache } from "../../server/analysis/notebook-cache.js";
import { silentLogger } from "../../server/base/logger.js";
import { createDuckdbEngine } from "../../server/engine/duckdb/duckdb-engine.js";
import { Lake } from "../../server/lake/lake.js";
import { systemClock, type Clock } from "../../server/operate/clock.js";
import { openOperation } from "../../server/operate/operation.js";
import { RunManager } from "../../server/runs/run-manager.js";
import { openWorkspace } from "../../server/workspace/workspace.js";

/*
 * A process that starts runs when they are due, as a server does, by a clock that begins where it is told and runs fast:
 * `scheduled-process.ts <workspace> <instant> <worker script>`. Says "ready" when it looks at the clock, and "idle" when nothing waits any more.
 */

const SPEED = 60;
const [folder = "", start = "", workerScript = ""] = process.argv.slice(2);

const begun = performance.now();
const clock: Clock = {
  now: () => Date.parse(start) + (performance.now() - begun) * SPEED,
  wait: (ms, signal) => systemClock.wait(ms / SPEED, signal),
};
const workspace = await openWorkspace(folder);
const lake = await Lake.open(workspace.lake, { mode: "write" });
const engine = await createDuckdbEngine({
  tempFolder: join(lake.paths.tmp, "engine"),
  concurrency: 2,
  workerScript,
});
const notebooks = new NotebookCache(workspace, engine);
const manager = new RunManager({ workspace, lake, engine, notebooks, logger: silentLogger, concurrency: 2 });
await manager.recover();
const alerts = { report: () => Promise.resolve() };
const operation = await openOperation({ manager, clock, alerts, logger: silentLogger });
await operation.start();
process.stdout.write("ready\n");
for (;;) {
  const schedules = await operation.schedules.list();
  const isBusy = manager.activeRuns().length > 0 || schedules.some(({ waiting }) => waiting.length > 0);
  if (!isBusy && clock.now() > Date.parse(start) + 60_000) process.stdout.write("idle\n");
  await systemClock.wait(20, new AbortController().signal);
}
