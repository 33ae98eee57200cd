import { describe, expect, test } from "vitest";
import type { Manifest } from "../../../server/lake/model.js";
import { partitionChanges, partitionsOf } from "../../../server/runs/partition-changes.js";

type File = Manifest["files"][number];

function file(partition: string[], rows: number, format: File["format"] = "parquet"): File {
  const path = `${format}/${partition.join("-")}`;
  return { path, format, rows, bytes: 1, partition, sha256: `${path} ${String(rows)}` };
}

function version(files: File[], partitionBy: string[]): Manifest {
  return { files, partitionBy } as Partial<Manifest> as Manifest;
}

describe("partitions of a dataset", () => {
  const full = version([file(["a"], 2), file(["b"], 3), file([], 5, "csv")], ["g"]);
  const empty = version([file([], 0)], ["g"]);

  test("are those that have rows: the file that keeps the columns of a dataset without any is in none", () => {
    expect(partitionsOf(full)).toEqual(new Set(['["a"]', '["b"]']));
    expect(partitionsOf(empty)).toEqual(new Set());
    expect(partitionChanges(undefined, empty)).toEqual([]);
    expect(partitionChanges(full, empty).map(({ change }) => change)).toEqual(["gone", "gone"]);
    expect(partitionChanges(empty, full).map(({ change }) => change)).toEqual(["new", "new"]);
  });

  test("are one where there are no columns for them", () => {
    const before = version([file([], 0)], []);
    expect(partitionChanges(before, version([file([], 4)], []))).toEqual([
      { partition: [], change: "replaced", rowsBefore: 0, rowsAfter: 4 },
    ]);
  });
});
