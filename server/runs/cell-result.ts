import type { Relation, StoredColumn } from "../engine/engine.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Increment, Manifest } from "../lake/model.js";
import type { NewRows } from "./new-rows.js";
import type { CheckRecord } from "./run-record.js";

/** What a cell of this run can be read as by the cells and checks below it. */
export type CellResult =
  | {
      /** Rows in Parquet: a stored version, or a scratch result (then without `version`). */
      readonly type: "files";
      readonly version?: string;
      readonly files: readonly string[];
      readonly columns: readonly StoredColumn[];
      readonly rows: number;
      /** Identifies the rows in the fingerprints of the descendants. */
      readonly content: string;
      readonly scannedRows: Readonly<Record<string, number>>;
      /** Of a version that is just being made: what it was put together of. */
      readonly newRows?: NewRows;
      /** Rows that were computed with these and failed a check that puts them aside: such a check looks at both. */
      readonly putAside?: RowsAside;
    }
  | {
      /** A query cell that is computed inside its consumers. */
      readonly type: "inline";
      readonly node: GraphNode;
      readonly content: string;
    };

export interface RowsAside {
  readonly files: readonly string[];
  readonly rows: number;
  readonly content: string;
}

export type FilesResult = Extract<CellResult, { type: "files" }>;

/** How a dataset or a query cell ended that did not fail. */
export interface ComputedCell {
  readonly outcome: "succeeded" | "reused";
  readonly reason?: string;
  readonly fingerprint: string;
  readonly result: FilesResult;
  /** Of a dataset with `incremental`. */
  readonly increment?: Increment;
  /** Rows that came too late or failed a check, where a dataset does not keep them. */
  readonly quarantine?: FilesResult;
  /** What people should know of the result, in words. */
  readonly notes: readonly string[];
  /** What its own checks came to, where they were run already. */
  readonly checks?: readonly CheckRecord[];
}

/** A version that was just stored, and what its own checks came to. */
export interface JudgedVersion {
  readonly manifest: Manifest;
  /** Absent where it was linked and not computed: then they still are to be run. */
  readonly checks?: readonly CheckRecord[];
  /** Why it was not computed, where that is not for its own sake. */
  readonly reason?: string;
}

export function toRelation(name: string, result: FilesResult, schema?: string): Relation {
  const { files, columns } = result;
  return schema === undefined
    ? { type: "files", name, files, columns }
    : { type: "files", schema, name, files, columns };
}
