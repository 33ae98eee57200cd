import type { Column } from "./engine.js";

/** Why rows cannot be partitioned by a column; undefined where they can. */
export function partitionProblem({
  name,
  kind,
}: Column): { readonly message: string; readonly hint: string } | undefined {
  if (kind !== "binary") return undefined;
  return {
    message: `"${name}" of partition_by is a BLOB, which no folder can be named after`,
    hint: `Write it as text, e.g. hex(${name}).`,
  };
}
