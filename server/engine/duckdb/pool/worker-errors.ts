import { AppError } from "../../../base/errors.js";
import type { QueryScope, TaskControl } from "../../engine.js";
import type { TaskFailure, WorkerTask } from "../protocol.js";

export type StopReason = "cancelled" | "timeout" | "hung";

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it wrote there. */
  readonly stderr: string;
}

export function stoppedError(reason: StopReason, control: TaskControl): AppError {
  const thing = `"${control.label}"`;
  switch (reason) {
    case "cancelled":
      return new AppError("cancelled", `${thing} was cancelled`);
    case "timeout":
      return new AppError(
        "timeout",
        `${thing} was stopped after its timeout of ${(control.timeoutMs ?? 0) / 1000} s`,
      );
    case "hung":
      return new AppError("engine-crashed", `${thing} was stopped: DuckDB did not answer any more`);
  }
}

export function failureError(failure: TaskFailure, control: TaskControl): AppError {
  const { code, message, hint, cell, span } = failure;
  const isElsewhere = cell !== undefined && cell !== control.label;
  return new AppError(code, isElsewhere ? `"${cell}", which is computed within it: ${message}` : message, {
    ...(hint !== undefined && { hint }),
    details: isElsewhere ? { cell, cellSpan: span } : { ...(span !== undefined && { span }) },
  });
}

/** The worker process ended by itself: by a fault in the engine, or because the system ran out of memory. */
export function crashError(end: ProcessEnd, task: WorkerTask, control: TaskControl): AppError {
  const files = filesOf(task);
  const cause = end.signal === null ? `exit code ${end.code ?? "unknown"}` : `signal ${end.signal}`;
  const reading = files.length === 0 ? "" : ` while it read ${files.join(", ")}`;
  const words = end.stderr.trim();
  const isMemory = /bad_alloc|out of memory|cannot allocate/i.test(words);
  const hint =
    isMemory || end.signal === "SIGKILL"
      ? "The machine or its memory limit was probably exhausted: compute less at a time, or raise the limit"
      : files.some((file) => /json/i.test(file))
        ? "JSON that is nested some thousand levels deep is known to do that: look at the file"
        : undefined;
  return new AppError(
    isMemory ? "out-of-memory" : "engine-crashed",
    `DuckDB ended unexpectedly in "${control.label}" (${cause})${reading}`,
    {
      ...(hint !== undefined && { hint }),
      details: { files, signal: end.signal, ...(words !== "" && { stderr: words }) },
    },
  );
}

/** Files by their literals: for people, not for the graph. */
function filesOf(task: WorkerTask): readonly string[] {
  const literal = /'((?:[^'\n])+\.(?:json|jsonl|ndjson|csv|tsv|txt|parquet)(?:\.gz|\.zst)?)'/gi;
  const found = queriesOf(task).flatMap((sql) => [...sql.matchAll(literal)].map((match) => match[1] ?? ""));
  return [...new Set(found)];
}

function queriesOf(task: WorkerTask): readonly string[] {
  switch (task.type) {
    case "analyze":
    case "diff":
    case "merge":
    case "adopt":
    case "lineage":
      return [];
    case "bind":
      return [...task.items.map((item) => item.sql), ...inlinedQueries(task.scope)];
    case "check":
      return inlinedQueries(task.task.scope);
    case "materialize":
    case "query":
    case "copy":
    case "explain":
      return [task.task.sql, ...inlinedQueries(task.task.scope)];
  }
}

function inlinedQueries({ relations }: QueryScope): readonly string[] {
  return relations.flatMap((relation) => (relation.type === "query" ? [relation.sql] : []));
}
