import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { quoteLiteral } from "../../../text/sql-names.js";
import type { CopiedRows } from "../../engine.js";
import type { CopyFile } from "../protocol.js";
import { wrapQuery } from "../scope-sql.js";
import { withScope } from "../worker/tasks-scope.js";
import type { TaskContext } from "../worker/tasks-scope.js";

/** Columns of RETURN_STATS: filename, count, file_size_bytes and more. */
export function runCopyTask(
  { scope, sql, file, format }: CopyFile,
  context: TaskContext,
): Promise<CopiedRows> {
  return withScope(context, scope, { writable: [dirname(file)] }, async (scoped) => {
    const copy = (options: string) =>
      scoped.run(wrapQuery("COPY (", scoped.embed(sql), `) TO ${quoteLiteral(file)} (${options})`));
    if (format === "bytes") {
      const [[rows] = []] = await (await copy("FORMAT blob")).getRowsJson();
      return { rows: Number(rows), bytes: (await stat(file)).size };
    }
    const copied = await copy("FORMAT parquet, RETURN_STATS");
    const [[, rows, bytes] = []] = await copied.getRowsJson();
    return { rows: Number(rows), bytes: Number(bytes) };
  });
}
