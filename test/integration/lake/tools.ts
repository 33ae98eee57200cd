import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a test needs of the system and does not find is said aloud, and the test is marked as skipped. */
export function warnUnless(isThere: boolean, what: string): boolean {
  if (!isThere) process.stderr.write(`SKIPPED: ${what}\n`);
  return isThere;
}

export const hasStrace = warnUnless(
  process.platform === "linux" &&
    spawnSync("strace", ["-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1000", "true"]).status === 0,
  "faults of single system calls are not tested: strace is not here or not permitted",
);

export const canMount = warnUnless(
  process.platform === "linux" && tryMount(),
  "full and read-only disks are not tested: mounting a tmpfs is not permitted",
);

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "lakebook-mount-"));
  try {
    mountTmpfs(folder, "1m");
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function mountTmpfs(folder: string, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "pipe" });
}

export function remount(folder: string, mode: "ro" | "rw"): void {
  execFileSync("mount", ["-o", `remount,${mode}`, folder], { stdio: "pipe" });
}

export function unmount(folder: string): void {
  execFileSync("umount", ["--lazy", folder], { stdio: "pipe" });
}
