import { dirname } from "node:path";
import { quoteLiteral } from "../../base/sql-names.js";
import type { CopiedRows, CopyTask } from "../engine.js";
import { wrapQuery } from "./scope-sql.js";
import { withScope } from "./tasks-scope.js";
import type { TaskContext } from "./tasks-scope.js";

/** Columns of RETURN_STATS: filename, count, file_size_bytes and more. */
export function runCopyTask({ scope, sql, file }: CopyTask, context: TaskContext): Promise<CopiedRows> {
  return withScope(context, scope, { writable: [dirname(file)] }, async (scoped) => {
    const target = ` TO ${quoteLiteral(file)} (FORMAT parquet, RETURN_STATS)`;
    const copied = await scoped.run(wrapQuery("COPY (", scoped.embed(sql), `)${target}`));
    const [[, rows, bytes] = []] = await copied.getRowsJson();
    return { rows: Number(rows), bytes: Number(bytes) };
  });
}
