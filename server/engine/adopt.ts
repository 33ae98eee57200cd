import type { Engine, MaterializedOutput, MaterializeTask, StoredColumn, TaskControl } from "./engine.js";

/** Parquet files that another engine wrote, which become those of a task. */
export interface AdoptTask extends Pick<
  MaterializeTask,
  "folder" | "dataset" | "formats" | "partitionBy" | "isOrdered" | "keepsTypes"
> {
  /** Below the folder; the names of its files are in the order of their rows. Their rows are of one partition each. */
  readonly written: string;
  /** As files must have them. */
  readonly columns: readonly StoredColumn[];
}

/** An engine that can work for another one. */
export interface AdoptingEngine extends Engine {
  /** Moves the files to where the task's belong, counts and hashes their rows, and writes the other formats. */
  adopt(task: AdoptTask, control: TaskControl): Promise<MaterializedOutput>;
}
