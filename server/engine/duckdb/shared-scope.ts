import type { QueryScope } from "../engine.js";
import type { WorkerTask } from "./protocol.js";

/** Equal where two tasks see exactly the same, which never changes; undefined for what must be opened anew. */
export function sharedKey({ isImmutable, root, readable, relations }: QueryScope): string | undefined {
  return isImmutable === true ? JSON.stringify([root, readable, relations]) : undefined;
}

/** The same of a task; only what reads can leave an instance behind. */
export function sharedKeyOf(task: WorkerTask): string | undefined {
  return task.type === "query" || task.type === "explain" ? sharedKey(task.task.scope) : undefined;
}
