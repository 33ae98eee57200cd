import { stat } from "node:fs/promises";
import { AppError } from "../base/errors.js";
import type { QueryFacts } from "../graph/query-analysis.js";
import { formatBytes } from "../text/format.js";
import { findInputFiles } from "../workspace/input-files.js";
import type { Workspace } from "../workspace/workspace.js";

/** What a query may read that is asked while somebody types. */
export interface Sample {
  /** Of each cell and dataset, from the front. */
  readonly rows: number;
  /** Of all files in `input/` together; a query that names more is refused. */
  readonly bytes: number;
}

/** What one query reads; without a sample, everything. */
export class SampledReads {
  readonly #sample: Sample | undefined;
  #bytes = 0;
  #isSampled = false;

  constructor(sample: Sample | undefined) {
    this.#sample = sample;
  }

  /** Something has more rows than the query is given. */
  get isSampled(): boolean {
    return this.#isSampled;
  }

  /** How many of so many rows are read; undefined: all. */
  limit(rows: number): number | undefined {
    const first = this.#sample?.rows;
    if (first !== undefined && rows > first) this.#isSampled = true;
    return first;
  }

  /** Counts the files that a query names. Fails with code usage where they are too large together. */
  async addFiles(workspace: Workspace, { files }: QueryFacts): Promise<void> {
    if (this.#sample === undefined) return;
    for (const { path } of files) {
      for (const { absolutePath } of await findInputFiles(workspace, path)) {
        this.#bytes += (await stat(absolutePath).catch(() => undefined))?.size ?? 0;
        if (this.#bytes > this.#sample.bytes) throw tooLarge(path, this.#sample);
      }
    }
  }
}

function tooLarge(path: string, { bytes }: Sample): AppError {
  return new AppError("usage", `"${path}" is too large to be read with every key.`, {
    hint: `At most ${formatBytes(bytes)} of files are. Run the cell.`,
    details: { tooLarge: path },
  });
}
