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
  const bootId = maybeLine(join(proc, "sys/kernel/random/boot_id"));
  return { pid, bootId, processStart: startOf(pid, proc), host: hostname() };
}

/** True for a process of another user too. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Field 22 of `stat`; the name before it stands in brackets and may hold spaces and brackets itself. */
function startOf(pid: number, proc: string): string {
  const line = maybeLine(join(proc, String(pid), "stat"));
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function maybeLine(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
