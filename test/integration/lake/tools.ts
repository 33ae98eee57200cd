import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The user whom nothing belongs to. */
export const NOBODY = 65_534;

/** What a test needs of the system and does not find is said aloud, and the test is marked as skipped. */
function warnUnless(isThere: boolean, what: string): boolean {
  if (!isThere) process.stderr.write(`SKIPPED: ${what}\n`);
  return isThere;
}

export const hasStrace = warnUnless(
  process.platform === "linux" &&
    spawnSync("strace", ["-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1000", "true"]).status === 0,
  "faults of single system calls are not tested: strace is not here or not permitted",
);

/**
 * The command line below which system calls are injected with what strace calls a fault; `calls`: names, or a pattern of
 * them. All others run at full speed, where the kernel can tell them apart.
 */
export function strace(calls: string, fault: string): string[] {
  const options = ["-f", "--seccomp-bpf", "-o", "/dev/null"];
  return ["strace", ...options, "-e", `trace=${calls}`, "-e", `inject=${calls}:${fault}`];
}

export const canMount = warnUnless(
  process.platform === "linux" && tryMount(),
  "full and read-only disks are not tested: mounting a tmpfs is not permitted",
);

export const canBecomeNobody = warnUnless(
  process.platform === "linux" && canNobodyRead(),
  "permissions are not tested: that takes root, and a checkout that others can read",
);

function canNobodyRead(): boolean {
  const script = `require("node:fs").readFileSync(${JSON.stringify(fileURLToPath(import.meta.url))})`;
  return spawnSync(process.execPath, ["--eval", script], { uid: NOBODY, gid: NOBODY }).status === 0;
}

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
