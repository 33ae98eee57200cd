import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { TestWorkspace } from "./workspace.js";

/** Processes can be told apart by what the system says of them. */
export const hasProc = existsSync("/proc/self/cmdline");

const deadlineMs = 30_000;
const pollMs = 20;

/** Polls until the condition holds; it may be met by then. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** The worker processes that the product runs for a workspace, whoever is their parent by now. */
export function workersOf(workspace: TestWorkspace): number[] {
  return processes().filter((pid) => {
    const command = commandOf(pid);
    return command.some((part) => /\bworker\.(js|ts)$/.test(part)) && command.some(isOf(workspace));
  });
}

export function killWorkers(workspace: TestWorkspace): number {
  return workersOf(workspace).filter((pid) => kill(pid)).length;
}

export async function untilNoWorker(workspace: TestWorkspace): Promise<void> {
  await until("no worker process is left", () => workersOf(workspace).length === 0);
}

/** False for a process that is gone already. */
export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function isOf(workspace: TestWorkspace): (part: string) => boolean {
  return (part) => part.startsWith(`${workspace.root}/`) || part.startsWith(`${workspace.temp}/`);
}

function processes(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a process that is gone, or that has ended and waits for its parent to notice. */
function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
