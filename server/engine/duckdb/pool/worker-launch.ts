import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

export interface LaunchOptions {
  /** The worker's script; default: the product's own. */
  readonly workerScript?: string;
  /** The worker's own folder, which is also where it starts. */
  readonly tempFolder: string;
  /** Bound of the process's memory, set by the shell; undefined: none. */
  readonly dataLimitBytes?: number;
}

/** Starts a worker process with nothing of this process's environment. */
export function launchWorker(options: LaunchOptions): ChildProcess {
  const command = [process.execPath, ...nodeArguments(options.workerScript), options.tempFolder];
  const [file = "", ...args] =
    options.dataLimitBytes === undefined ? command : limited(command, options.dataLimitBytes);
  return spawn(file, args, {
    cwd: options.tempFolder,
    env: workerEnvironment(),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // In a group of its own: Ctrl+C is for the parent, which then stops its workers in order.
    detached: true,
  });
}

/** No core dumps, and `malloc` fails beyond the limit, which DuckDB reports as an error of the query. */
function limited(command: readonly string[], bytes: number): readonly string[] {
  const script = 'ulimit -c 0; ulimit -d "$0"; exec "$@"';
  return ["/bin/sh", "-c", script, String(Math.floor(bytes / 1024)), ...command];
}

function workerEnvironment(): Record<string, string> {
  return {
    TZ: "UTC",
    HOME: "/nonexistent",
    LANG: "C.UTF-8",
    // Each running query holds one of these threads; it is read once, when the process starts.
    UV_THREADPOOL_SIZE: "8",
    // Or its allocator keeps the addresses of what it gave back, and these count towards the limit of the process.
    DUCKDB_JE_MALLOC_CONF: "retain:false",
  };
}

function nodeArguments(workerScript: string | undefined): readonly string[] {
  const script = workerScript ?? fileURLToPath(new URL(builtInWorker(), import.meta.url));
  const arguments_ = ["--max-old-space-size=512", "--enable-source-maps", script];
  return script.endsWith(".ts") ? ["--import", tsxLoader(), ...arguments_] : arguments_;
}

/** Built, the worker lies beside the bundle; in tests this file is TypeScript and so is the worker. */
function builtInWorker(): string {
  return import.meta.url.endsWith(".ts") ? "../worker/worker.ts" : "./worker.js";
}

function tsxLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
}
