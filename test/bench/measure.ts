import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Measured {
  readonly seconds: number;
  /** Of all processes together, shared pages divided among them. Only where it was asked for. */
  readonly peakBytes: number;
}

/** Runs a program to its end, as a whole process. Fails, with what it said, where it fails. */
export async function measureProcess(
  command: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly withMemory?: boolean } = {},
): Promise<Measured> {
  const [file = "", ...args] = command;
  const started = performance.now();
  const child = spawn(file, args, {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const sampler = options.withMemory === true ? new MemorySampler(child.pid ?? 0) : undefined;
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${String(code)}:\n${said}`);
  return { seconds, peakBytes: sampler?.end() ?? 0 };
}

const SAMPLE_MS = 50;

/** Watches a process and everything below it. */
class MemorySampler {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #peakBytes = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => {
      this.#sample();
    }, SAMPLE_MS);
  }

  end(): number {
    clearInterval(this.#timer);
    return this.#peakBytes;
  }

  #sample(): void {
    const bytes = processTree(this.#pid).reduce((sum, pid) => sum + proportionalBytes(pid), 0);
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
  }
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** The name of a program stands in brackets and may hold anything. */
function parentOf(pid: number): number | undefined {
  const [, parent] = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function proportionalBytes(pid: number): number {
  return Number(/^Pss: +(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** Empty for a process that is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** So that one measurement does not pay for what the one before left to be written. */
export function settleDisk(): void {
  execFileSync("sync");
}

/**
 * The disk settled, the files in the page cache, and memory that the kernel hands out at once: a virtual machine gets what
 * was free for a while anew from its host, which may take longer than the copy of a file into it. `scratch` must not exist.
 */
export function settleMachine(files: readonly string[], scratch: string): void {
  settleDisk();
  mkdirSync(scratch);
  for (let turn = 0; turn < 3; turn++)
    for (const [index, file] of files.entries())
      copyFileSync(file, join(scratch, `${String(turn)}-${String(index)}`));
  rmSync(scratch, { recursive: true });
}

export interface Series {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summarize(values: readonly number[]): Series {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}
