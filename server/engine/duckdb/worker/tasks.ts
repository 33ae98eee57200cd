import type { TaskResults, TaskType, WorkerTask } from "../protocol.js";
import { runAdoptTask } from "../verbs/adopt.js";
import { runBindTask } from "../verbs/bind.js";
import { runCheckTask } from "../verbs/check.js";
import { runCopyTask } from "../verbs/copy-task.js";
import { runDiffTask } from "../verbs/diff-task.js";
import { runExplainTask } from "../verbs/explain-task.js";
import { runLineageTask } from "../verbs/lineage.js";
import { runMergeTask } from "../verbs/merge.js";
import { runMaterializeTask } from "../verbs/materialize.js";
import { runQueryTask } from "../verbs/query-task.js";
import type { TaskContext } from "./tasks-scope.js";
import { analyzeTexts } from "./tasks-analyze.js";

/** Does one task; runs in a worker process only. */
export function runTask(task: WorkerTask, context: TaskContext): Promise<TaskResults[TaskType]> {
  switch (task.type) {
    case "analyze":
      return analyzeTexts(task.texts, context);
    case "bind":
      return runBindTask(task.scope, task.items, context);
    case "lineage":
      return runLineageTask(task.task, context);
    case "materialize":
      return runMaterializeTask(task.task, context);
    case "adopt":
      return runAdoptTask(task.task, context);
    case "merge":
      return runMergeTask(task.task, context);
    case "check":
      return runCheckTask(task.task, context);
    case "query":
      return runQueryTask(task.task, context);
    case "copy":
      return runCopyTask(task.task, context);
    case "explain":
      return runExplainTask(task.task, context);
    case "diff":
      return runDiffTask(task.task, context);
  }
}
