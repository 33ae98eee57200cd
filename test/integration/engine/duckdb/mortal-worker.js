// A worker for tests. It kills itself at tasks that parse while the file `lives` in the folder above holds a digit
// above 0, and hangs at a query that says so, once it has written the file `hangs` there. Otherwise it is the product's own.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const lives = resolve(process.argv[2] ?? "", "../../../lives");

function takeLife() {
  const left = existsSync(lives) ? Number(readFileSync(lives, "utf8")) : 0;
  if (left > 0) writeFileSync(lives, String(left - 1));
  return left > 0;
}

process.on("message", ({ type, task }) => {
  if (type !== "run") return;
  if (task.type === "analyze" && takeLife()) process.kill(process.pid, "SIGKILL");
  const hangs = task.type === "query" && task.task.sql.includes("hangs at work");
  if (hangs) writeFileSync(resolve(lives, "../hangs"), "");
  while (hangs);
});
await import("../../../../dist/server/worker.js");
