/**
 * `npm run dev`: Vite builds into dist-dev/ at every change, the server starts again with what was built, and pages that
 * are open load again (client/reload.ts). Arguments are those of `lakebook serve`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, rmSync, watch } from "node:fs";
import { join, resolve } from "node:path";

/** A build writes many files; the last of them ends the wait. */
const QUIET_MS = 300;

const root = resolve(import.meta.dirname, "..");
const halves = ["client", "server"].map((half) => join(root, "dist-dev", half));
const mains = ["dist-dev/client/index.html", "dist-dev/server/main.js"].map((path) => join(root, path));
const vite = ["build", "--config", "client/vite.config.ts", "--mode", "dev", "--watch", "--logLevel", "warn"];

let server: ChildProcess | undefined;
let quiet: NodeJS.Timeout | undefined;
let isStopping = false;

for (const half of halves) {
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  watch(half, { persistent: false }, () => {
    clearTimeout(quiet);
    quiet = setTimeout(restart, QUIET_MS);
  });
}
const builder = run(["node_modules/vite/bin/vite.js", ...vite]);
builder.once("exit", (code) => {
  process.exitCode = code ?? 1;
  stop("SIGTERM");
});
// A terminal has sent it to the children too, and who is asked twice does not end in order.
process.on("SIGINT", () => stop());
process.on("SIGTERM", () => stop("SIGTERM"));

function run(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
}

/** One after the other: two would want the same port and the same lake. */
function restart(): void {
  if (isStopping || !mains.every((path) => existsSync(path))) return;
  if (server !== undefined) {
    if (server.killed) return;
    server.once("exit", restart);
    server.kill();
    return;
  }
  const started = run(["--enable-source-maps", mains[1] ?? "", "serve", ...process.argv.slice(2)]);
  server = started;
  // Where it ended by itself it said why; the next build starts it again.
  started.once("exit", () => (server = undefined));
}

function stop(signal?: NodeJS.Signals): void {
  if (isStopping) return;
  isStopping = true;
  clearTimeout(quiet);
  if (signal !== undefined) for (const child of [builder, server]) child?.kill(signal);
}
