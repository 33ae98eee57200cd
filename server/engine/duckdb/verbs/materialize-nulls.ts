import type { Column } from "../../engine.js";
import { queryBody } from "../scope-sql.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

/** What the type of `NULL` or `[]` comes from; a relation may have it from such a query. */
const MAY_HAVE_NULLS = /\bnull\b|\[\s*\]|\{\s*\}|\(\s*\)/i;

/**
 * The types of the columns that hold nothing but NULL and have no type yet, as in `SELECT NULL AS x`. Whoever reads
 * such a query takes them for any type, while DuckDB's tables and answers make them INTEGER.
 */
export async function nullTypes(
  scoped: ScopedInstance,
  sql: string,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const isRead = scoped.scope.relations.some(
    (relation) => relation.type === "files" && relation.columns.some(({ read }) => read?.includes('"NULL"')),
  );
  if (!columns.some(({ type }) => type.includes("INTEGER"))) return found;
  if (!isRead && !MAY_HAVE_NULLS.test(scoped.embed(sql).text)) return found;
  if (await scoped.hasDynamicPivot(sql)) return found;
  // In brackets, a query with CTEs has its types settled already.
  const types = scoped.embedStatement(
    `SELECT typeof(COLUMNS(q.*)) FROM (SELECT 1) LEFT JOIN (SELECT * FROM (\n${queryBody(sql)}\n) LIMIT 0) AS q ON true`,
  );
  const [row = []] = await (await scoped.run(types)).getRowsJson();
  for (const [index, { name }] of columns.entries()) {
    const type = row[index];
    if (typeof type === "string" && type.includes('"NULL"')) found.set(name, type);
  }
  return found;
}
