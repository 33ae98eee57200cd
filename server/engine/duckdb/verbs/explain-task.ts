import type { ExplainTask, Explanation } from "../../engine.js";
import { wrapQuery } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";
import { withScope } from "../worker/tasks-scope.js";
import type { TaskContext } from "../worker/tasks-scope.js";

/** The plan of the query as it would be run; no row is read. */
export function runExplainTask({ scope, sql }: ExplainTask, context: TaskContext): Promise<Explanation> {
  return withScope(context, scope, {}, async (scoped) => {
    if (await scoped.hasDynamicPivot(sql)) {
      throw new TaskError(
        "query",
        "A PIVOT without IN has no plan before it runs: its columns depend on the data",
        "Name the columns with IN",
      );
    }
    const answer = await scoped.run(wrapQuery("EXPLAIN ", scoped.embed(sql), ""));
    const rows = await answer.getRowsJson();
    return { text: rows.map(([, drawn]) => (typeof drawn === "string" ? drawn : "")).join("\n") };
  });
}
