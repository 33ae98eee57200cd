import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const sources = ["server", "client", "package-lock.json"];
const results = [
  "dist/server/main.js",
  "dist/server/worker.js",
  "dist/server/workbook-process.js",
  "dist/client/index.html",
];

/** Set-up of the tests that start the product: builds it, unless what is built is newer than every source. */
export function setup(): void {
  if (isBuilt()) return;
  // Vitest's NODE_ENV would put the development builds of packages into what `npm start` serves afterwards.
  const env = { ...process.env, NODE_ENV: "production" };
  const { status } = spawnSync("npm run --silent build", { cwd: root, env, stdio: "inherit", shell: true });
  if (status !== 0) throw new Error("The product cannot be built: see `npm run build`.");
}

function isBuilt(): boolean {
  const built = results.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.min(...built) > Math.max(...sources.map((path) => newestChange(join(root, path))));
}

/** A folder's own time counts too: it tells that a file was removed. */
function newestChange(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}
