import type { CheckFinding, CheckQuery, CheckTask } from "../../engine.js";
import { judgeQuery, judgeRule } from "./check-judge.js";
import { writeFailingRows } from "./check-rows.js";
import { countRowRules } from "./check-row-rules.js";
import type { RowCounts } from "./check-row-rules.js";
import { toTaskFailure } from "../worker/tasks-failure.js";
import { withScope } from "../worker/tasks-scope.js";
import type { ScopedInstance, TaskContext } from "../worker/tasks-scope.js";

/**
 * Runs checks in order. Rules that look at single rows are counted together, in one scan of each relation; failing
 * rows are fetched only for checks that fail.
 */
export function runCheckTask(task: CheckTask, context: TaskContext): Promise<readonly CheckFinding[]> {
  const options = { writable: [task.folder] };
  return withScope(context, task.scope, options, async (scoped) => {
    const counts = await countRowRules(scoped, task.checks);
    const findings: CheckFinding[] = [];
    for (const check of task.checks) findings.push(await runCheck(scoped, task, check, counts));
    return findings;
  });
}

async function runCheck(
  scoped: ScopedInstance,
  task: CheckTask,
  check: CheckQuery,
  counts: RowCounts,
): Promise<CheckFinding> {
  const { name } = check;
  try {
    const verdict =
      check.type === "query"
        ? await judgeQuery(scoped, check.sql)
        : await judgeRule(scoped, check, counts.get(name));
    const { failures, rows, message, failingRows } = verdict;
    const finding = { name, failures, ...(rows !== undefined && { rows }), message };
    if (failures === 0 || failingRows === undefined) return finding;
    return { ...finding, file: await writeFailingRows(scoped, task, name, failingRows) };
  } catch (error) {
    return toErrorFinding(name, error);
  }
}

/** One check that cannot run does not keep the others from running, unless the engine itself is no longer sound. */
function toErrorFinding(name: string, error: unknown): CheckFinding {
  const { code, message } = toTaskFailure(error);
  if (code === "cancelled" || code === "engine-crashed") throw error;
  return { name, failures: 0, message: `The check could not run: ${message}`, error: { code, message } };
}
