import { writeFileSync } from "node:fs";
import { version } from "@duckdb/node-api";
import { InstanceShelf } from "./instance-shelf.js";
import { PROGRESS_INTERVAL_MS } from "../protocol.js";
import type { FromWorker, ToWorker } from "../protocol.js";
import { toTaskFailure } from "./tasks-failure.js";
import { runTask } from "./tasks.js";
import type { WorkerInstance } from "./worker-instance.js";

// The entry of a worker process: one task at a time, asked for over IPC. Its only argument is its own temp folder.

const tempFolder = process.argv[2] ?? process.cwd();
const shelf = new InstanceShelf();
let running: { readonly id: number; instance?: WorkerInstance; isCancelled: boolean } | undefined;

leaveSignalsToParent();
offerToBeKilledFirst();
leaveWithParent();
process.on("message", (message: ToWorker) => {
  if (message.type === "cancel") cancel(message.id);
  else void run(message);
});
send({ type: "ready", version: version().replace(/^v/, "") });
shelf.prepare();

async function run({ id, task, limits }: Extract<ToWorker, { type: "run" }>): Promise<void> {
  const startedAt = performance.now();
  const current: NonNullable<typeof running> = { id, isCancelled: false };
  running = current;
  const timer = setInterval(() => {
    const elapsedMs = Math.round(performance.now() - startedAt);
    send({ type: "progress", id, progress: { ...current.instance?.progress, elapsedMs } });
  }, PROGRESS_INTERVAL_MS);
  const onInstance = (instance: WorkerInstance | undefined): void => {
    if (instance === undefined) delete current.instance;
    else current.instance = instance;
    if (current.isCancelled) instance?.cancel();
  };
  try {
    const result = await runTask(task, { limits, tempFolder, shelf, onInstance });
    send({ type: "done", id, result, rssBytes: process.memoryUsage.rss(), kept: shelf.kept });
  } catch (error) {
    send({ type: "failed", id, failure: toTaskFailure(error) });
  } finally {
    clearInterval(timer);
    running = undefined;
    shelf.prepare();
  }
}

function cancel(id: number): void {
  if (running?.id !== id) return;
  running.isCancelled = true;
  running.instance?.cancel();
}

function send(message: FromWorker): void {
  process.send?.(message);
}

/** A query keeps `process.exit` waiting, so the process ends itself the hard way. */
function leaveWithParent(): void {
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  if (!process.connected) process.kill(process.pid, "SIGKILL");
}

/** Service managers signal every process of a service, but how a task ends is the parent's to say. */
function leaveSignalsToParent(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
}

/** Where memory runs out the system should end a worker, not the server. */
function offerToBeKilledFirst(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Not Linux, or not permitted: the system chooses by itself.
  }
}
