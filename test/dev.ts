/** `npm run dev`: Vite builds again at every change, and Node starts the server again when its own code changed. */
import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const vite = [
  "node_modules/vite/bin/vite.js",
  "build",
  "--config",
  "client/vite.config.ts",
  "--logLevel",
  "warn",
];
const serve = [
  "--watch",
  "--watch-preserve-output",
  "server/bin/lakebook.js",
  "serve",
  ...process.argv.slice(2),
];

const isBuilt = spawnSync(process.execPath, vite, { cwd: root, stdio: "inherit" }).status === 0;
if (isBuilt) runTogether([[...vite, "--watch"], serve]);
else process.exitCode = 1;

/** Ends all as soon as one ends. */
function runTogether(commands: readonly (readonly string[])[]): void {
  const children = commands.map((args) => spawn(process.execPath, args, { cwd: root, stdio: "inherit" }));
  const stop = (): void => children.forEach((child) => child.kill());
  for (const child of children) child.once("exit", stop);
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}
