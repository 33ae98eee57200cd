import type { BindItem, BindResult, QueryScope } from "../engine.js";
import { quoteIdentifier } from "./quote.js";
import { wrapQuery } from "./scope-sql.js";
import { describeTable } from "./tasks-describe.js";
import { QueryFailure, toTaskFailure } from "./tasks-failure.js";
import { withScope } from "./tasks-scope.js";
import type { ScopedInstance, TaskContext } from "./tasks-scope.js";

/**
 * Each item becomes an empty table of its columns, so that binding what reads it does not bind its query again:
 * a chain of joins of itself stays linear.
 */
export function runBindTask(
  scope: QueryScope,
  items: readonly BindItem[],
  context: TaskContext,
): Promise<readonly BindResult[]> {
  return withScope(context, scope, { keepsOrder: true }, async (scoped) => {
    const results: BindResult[] = [];
    for (const item of items) results.push(await bindItem(scoped, item));
    return results;
  });
}

async function bindItem(scoped: ScopedInstance, { name, sql }: BindItem): Promise<BindResult> {
  const table = quoteIdentifier(name);
  try {
    await scoped.run(wrapQuery(`CREATE TABLE ${table} AS `, scoped.embed(sql), "\nLIMIT 0"));
    return { name, ok: true, columns: await describeTable(scoped.instance, table) };
  } catch (error) {
    if (!(error instanceof QueryFailure)) throw error;
    await scoped.instance.rollback();
    const { problem, message } = toTaskFailure(error);
    return {
      name,
      ok: false,
      problems: [problem ?? { code: "query", message, span: { start: 0, end: sql.length } }],
    };
  }
}
