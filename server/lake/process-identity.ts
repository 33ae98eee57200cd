import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** What tells one process from every other, also from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** "" where the system has no /proc. */
  readonly bootId: string;
  /** Start of the process in ticks since boot; "" where the system has no /proc. */
  readonly processStart: string;
  readonly host: string;
}

export function identityOf(pid: number, proc = "/proc"): ProcessIdentity {
  return { pid, bootId: bootIdOf(proc), processStart: startOf(pid, proc), host: hostname() };
}

/** "" where the system has no /proc. */
export function bootIdOf(proc = "/proc"): string {
  return maybeLine(join(proc, "sys/kernel/random/boot_id"));
}

/** True for a process of another user too; false for one that has ended, although its parent did not ask for it yet. */
export function isRunning(pid: number, proc = "/proc"): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const [state = ""] = statOf(pid, proc);
  return state !== "Z" && state !== "X";
}

/** Field 22 of `stat`. */
function startOf(pid: number, proc: string): string {
  return statOf(pid, proc)[19] ?? "";
}

/** The fields of `stat` from the third one on; the name before it stands in brackets and may hold both itself. */
function statOf(pid: number, proc: string): string[] {
  const line = maybeLine(join(proc, String(pid), "stat"));
  return line.slice(line.lastIndexOf(")") + 2).split(" ");
}

function maybeLine(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
