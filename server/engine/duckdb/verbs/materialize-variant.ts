import { messageOf } from "../../../base/errors.js";
import { quoteIdentifier } from "../../../text/sql-names.js";
import { readFiles } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";
import type { WorkerInstance } from "../worker/worker-instance.js";

const HINT = "Cast it to a plain type, or to JSON: x::JSON";

/** The text of a VARIANT, its keys in order: Parquet keeps neither their order nor the width of an integer. */
export function variantText(name: string): string {
  return `CAST(variant_normalize(${quoteIdentifier(name)}) AS VARCHAR)`;
}

/** A value that DuckDB cannot write fails the whole COPY; its message does not name the column. */
export function refusedVariant(error: unknown, variants: readonly string[]): TaskError | undefined {
  const message = messageOf(error);
  const type =
    /VARIANT of type '(\w+)' to Parquet/.exec(message)?.[1] ??
    /Type (U?INT\d+) with value/.exec(message)?.[1];
  if (variants.length === 0 || type === undefined) return undefined;
  const columns = variants.map((name) => `"${name}"`).join(" or ");
  return new TaskError("query", `${columns} has a VARIANT of type ${type}, which Parquet cannot hold`, HINT);
}

/** Compares what was computed with what the files give back. Fails with code query at a column that differs. */
export async function requireSameVariants(
  instance: WorkerInstance,
  rows: string,
  files: readonly string[],
  variants: readonly string[],
): Promise<void> {
  const sums = variants.map((name) => `CAST(sum(hash(${variantText(name)})) AS VARCHAR)`).join(", ");
  const stored = readFiles(
    files,
    variants.map((name) => ({ name, type: "VARIANT" })),
  );
  const [[before = []], [after = []]] = [
    await instance.rows(`SELECT ${sums} FROM (${rows})`),
    await instance.rows(`SELECT ${sums} FROM (${stored})`),
  ];
  const changed = variants.find((_, index) => before[index] !== after[index]);
  if (changed === undefined) return;
  throw new TaskError(
    "query",
    `"${changed}" has values of type VARIANT that Parquet does not give back`,
    HINT,
  );
}
