import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { RunView } from "../../server/runs/run-record.js";
import type { TestWorkspace } from "./workspace.js";

const checkout = resolve(import.meta.dirname, "../..");

/** The built product; LAKEBOOK_DIST names another build than that of the checkout. */
export const distFolder = process.env["LAKEBOOK_DIST"] ?? join(checkout, "dist");
export const mainScript =
  process.env["LAKEBOOK_DIST"] === undefined
    ? join(checkout, "server/bin/lakebook.js")
    : join(distFolder, "server/main.js");

export interface CliOptions {
  /** Absent for commands that need none. */
  readonly workspace?: TestWorkspace;
  readonly env?: Readonly<Record<string, string>>;
  /** Another program that is given the command line as its arguments, e.g. strace with its options. */
  readonly through?: readonly string[];
}

export interface CliResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output, which must be JSON and nothing else. */
  json(): unknown;
}

/** Runs a command of the built product to its end, in a process of its own. */
export function lakebook(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startLakebook(args, options).finished;
}

/** What `run --json` and `materialize --json` printed. */
export function runOf(result: CliResult): RunView {
  return result.json() as RunView;
}

export interface RunningCli {
  readonly pid: number;
  readonly finished: Promise<CliResult>;
  /** Resolves once standard error or output shows the text. Fails where the process ends without. */
  shows(text: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export function startLakebook(args: readonly string[], options: CliOptions = {}): RunningCli {
  const { workspace, env = {}, through = [] } = options;
  const place = workspace === undefined ? [] : ["--workspace", workspace.root];
  const [file = "", ...rest] = [...through, process.execPath, mainScript, ...args, ...place];
  const child = spawn(file, rest, {
    cwd: workspace?.root ?? checkout,
    env: { ...environment(workspace), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return follow(child);
}

/** Nothing of a developer's own settings may decide a test. */
function environment(workspace: TestWorkspace | undefined): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(LAKEBOOK_|NODE_|VITEST|TEST$|CI$)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...(workspace === undefined ? {} : { TMPDIR: workspace.temp }) };
}

function follow(child: ChildProcessByStdio<Writable | null, Readable, Readable>): RunningCli {
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    tell();
  });
  const finished = new Promise<CliResult>((resolvePromise, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolvePromise({ code, signal, stdout, stderr, json: () => parseJson(stdout, stderr) });
    });
  });
  const shows = (text: string | RegExp): Promise<void> =>
    new Promise((resolvePromise, reject) => {
      const look = (): void => {
        const output = stdout + stderr;
        if (!(typeof text === "string" ? output.includes(text) : text.test(output))) return;
        listeners.delete(look);
        resolvePromise();
      };
      listeners.add(look);
      look();
      void finished.then((result) => {
        reject(
          new Error(`It ended with ${String(result.code)} and never showed ${String(text)}:\n${stderr}`),
        );
      }, reject);
    });
  return {
    pid: child.pid ?? 0,
    finished,
    shows,
    kill: (signal) => void child.kill(signal),
  };
}

function parseJson(stdout: string, stderr: string): unknown {
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new Error(`Standard output is not JSON:\n${stdout}\nStandard error:\n${stderr}`);
  }
}
