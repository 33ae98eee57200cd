import type {
  BindItem,
  BindResult,
  CheckFinding,
  CheckTask,
  CopiedRows,
  CopyTask,
  MaterializedOutput,
  MaterializeTask,
} from "../engine.js";
import type { AdoptTask } from "../adopt.js";
import type { LineageTask, QueryLineage } from "../lineage.js";
import type { MergedOutput, MergeTask } from "../increment.js";
import type { ExplainTask, Progress, Explanation, QueryResult, QueryScope, QueryTask } from "../engine.js";
import type { DiffTask, RowDiff } from "../verbs.js";
import type { ErrorCode } from "../../base/errors.js";
import type { Span } from "../../base/source.js";
import type { QueryAnalysis } from "../../graph/query-analysis.js";

export interface ParserText {
  /** A whole query, or the condition of a check. */
  readonly kind: "query" | "condition";
  readonly sql: string;
}

/** What a worker process is asked to do. Everything is JSON. */
export type WorkerTask =
  | { readonly type: "analyze"; readonly texts: readonly ParserText[] }
  | { readonly type: "bind"; readonly scope: QueryScope; readonly items: readonly BindItem[] }
  | { readonly type: "lineage"; readonly task: LineageTask }
  | { readonly type: "materialize"; readonly task: MaterializeTask }
  | { readonly type: "adopt"; readonly task: AdoptTask }
  | { readonly type: "merge"; readonly task: MergeTask }
  | { readonly type: "check"; readonly task: CheckTask }
  | { readonly type: "query"; readonly task: QueryTask }
  | { readonly type: "copy"; readonly task: CopyFile }
  | { readonly type: "explain"; readonly task: ExplainTask }
  | { readonly type: "diff"; readonly task: DiffTask };

/** `bytes` writes those of the BLOB that is the query's one value, and nothing else. */
export interface CopyFile extends CopyTask {
  readonly format: "parquet" | "bytes";
}

export type TaskType = WorkerTask["type"];

/** What comes back, by the type of the task. */
export interface TaskResults {
  readonly analyze: readonly QueryAnalysis[];
  readonly bind: readonly BindResult[];
  readonly lineage: readonly QueryLineage[];
  readonly materialize: MaterializedOutput;
  readonly adopt: MaterializedOutput;
  readonly merge: MergedOutput;
  readonly check: readonly CheckFinding[];
  readonly query: QueryResult;
  readonly copy: CopiedRows;
  readonly explain: Explanation;
  readonly diff: RowDiff;
}

/** Limits of one DuckDB instance, of which a worker uses one at a time. */
export interface InstanceLimits {
  readonly memoryLimitBytes: number;
  readonly threads: number;
  readonly maxTempBytes: number;
  /** From this size on, more than one thread reads a JSON array. */
  readonly splitFromBytes: number;
}

/** An error on its way to the parent, which makes an AppError of it. */
export interface TaskFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** The inlined query cell in which the query failed; absent: the task's own query. */
  readonly cell?: string;
  /** Where the query is wrong: offsets into the task's own query, or into that of `cell`. */
  readonly span?: Span;
  /** The relation that the query names and that does not exist. */
  readonly missingTable?: string;
}

export type ToWorker =
  | { readonly type: "run"; readonly id: number; readonly task: WorkerTask; readonly limits: InstanceLimits }
  | { readonly type: "cancel"; readonly id: number };

export type FromWorker =
  | { readonly type: "ready"; readonly version: string }
  /** Sent every 250 ms while a task runs, which also proves that the worker is alive. */
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | {
      readonly type: "done";
      readonly id: number;
      readonly result: unknown;
      readonly rssBytes: number;
      /** Of so many of the last tasks, what they saw is still open in the worker. */
      readonly kept: number;
    }
  | { readonly type: "failed"; readonly id: number; readonly failure: TaskFailure };

export const PROGRESS_INTERVAL_MS = 250;
