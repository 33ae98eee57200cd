import type { BindItem, BindResult, QueryScope } from "../engine.js";
import { quoteIdentifier } from "./quote.js";
import { wrapQuery } from "./scope-sql.js";
import { describeTable } from "./tasks-describe.js";
import { QueryFailure, toTaskFailure } from "./tasks-failure.js";
import { withScope } from "./tasks-scope.js";
import type { ScopedInstance, TaskContext } from "./tasks-scope.js";

/**
 * Each item becomes an empty table of its columns, so that binding what reads it does not bind its query again:
 * a chain of joins of itself stays linear. What reads an item whose columns are not known is left out.
 */
export function runBindTask(
  scope: QueryScope,
  items: readonly BindItem[],
  context: TaskContext,
): Promise<readonly BindResult[]> {
  return withScope(context, scope, { keepsOrder: true }, async (scoped) => {
    const results: BindResult[] = [];
    const unknown = new Set<string>();
    for (const item of items) {
      const result = await bindItem(scoped, item, unknown);
      if (result?.ok !== true) unknown.add(item.name.toLowerCase());
      if (result !== undefined) results.push(result);
    }
    return results;
  });
}

async function bindItem(
  scoped: ScopedInstance,
  { name, sql }: BindItem,
  unknown: ReadonlySet<string>,
): Promise<BindResult | undefined> {
  const table = quoteIdentifier(name);
  try {
    if (await scoped.hasDynamicPivot(sql)) return undefined;
    await scoped.run(wrapQuery(`CREATE TABLE ${table} AS `, scoped.embed(sql), "\nLIMIT 0"));
    return { name, ok: true, columns: await describeTable(scoped.instance, table) };
  } catch (error) {
    if (!(error instanceof QueryFailure)) throw error;
    const { problem, message, missingTable } = toTaskFailure(error);
    if (missingTable !== undefined && unknown.has(missingTable.toLowerCase())) return undefined;
    const whole = { code: "query", message, span: { start: 0, end: sql.length } };
    return { name, ok: false, problems: [problem ?? whole] };
  }
}
