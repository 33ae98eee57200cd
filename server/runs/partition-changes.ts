import type { Manifest, ManifestFile } from "../lake/model.js";
import type { VersionDraft } from "../lake/versions.js";

export type PartitionChange = "new" | "replaced" | "linked" | "gone";

export interface PartitionPlan {
  /** Values of the partition columns; empty for a dataset without partitions. */
  readonly partition: readonly (string | null)[];
  readonly change: PartitionChange;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

/** What publishing a version does to each partition of what is published; `before` is undefined for a new dataset. */
export function partitionChanges(before: Manifest | undefined, after: Manifest): PartitionPlan[] {
  const old = before === undefined ? new Map<string, ManifestFile[]>() : group(before);
  const fresh = group(after);
  const keys = [...new Set([...fresh.keys(), ...old.keys()])];
  return keys.map((key) => {
    const [was, is] = [old.get(key) ?? [], fresh.get(key) ?? []];
    const change =
      was.length === 0 ? "new" : is.length === 0 ? "gone" : isSame(was, is) ? "linked" : "replaced";
    return {
      partition: JSON.parse(key) as (string | null)[],
      change,
      rowsBefore: rowsOf(was),
      rowsAfter: rowsOf(is),
    };
  });
}

/** Partitions that a dataset has, by their values as JSON. */
export function partitionsOf(dataset: Pick<VersionDraft, "files" | "partitionBy">): ReadonlySet<string> {
  return new Set(group(dataset).keys());
}

function group<F extends VersionDraft["files"][number]>({
  files,
  partitionBy,
}: {
  readonly files: readonly F[];
  readonly partitionBy: readonly string[];
}): Map<string, F[]> {
  const groups = new Map<string, F[]>();
  for (const file of files) {
    // Without rows there is a file for the columns, in no partition.
    if (file.format !== "parquet" || file.partition.length < partitionBy.length) continue;
    const key = JSON.stringify(file.partition);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return groups;
}

function isSame(a: readonly ManifestFile[], b: readonly ManifestFile[]): boolean {
  const content = (files: readonly ManifestFile[]): string =>
    files
      .map((file) => file.sha256)
      .sort()
      .join();
  return content(a) === content(b);
}

function rowsOf(files: readonly ManifestFile[]): number {
  return files.reduce((sum, file) => sum + file.rows, 0);
}
