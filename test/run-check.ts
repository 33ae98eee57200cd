import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Runs a command that is silent unless it fails, and says how it ended; true where it passed. */
export async function runCheck(name: string, command: string, args: readonly string[]): Promise<boolean> {
  const startedAt = Date.now();
  const child = start(command, args);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const isPassed = (await exitCode(child)) === 0;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${isPassed ? "ok    " : "FAILED"} ${name} ${seconds} s\n`);
  if (!isPassed) process.stdout.write(`${(await output).join("").trimEnd()}\n`);
  return isPassed;
}

export function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
}

export function exitCode(child: ReturnType<typeof start>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
