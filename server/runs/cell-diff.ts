import { AppError } from "../base/errors.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { whileLeased } from "../lake/leases.js";
import { diffRows, type RowDiff } from "./diff-rows.js";
import { filesOf } from "./run-context.js";
import type { RunIndex } from "./run-index.js";

/** What publishing a dataset's draft would change for its readers. */
export interface CellDiff extends RowDiff {
  readonly dataset: string;
  /** Run date of what it is compared with. */
  readonly against: string;
  /** The draft has exactly the published rows. */
  readonly isSame: boolean;
}

export interface DiffServices {
  readonly lake: Lake;
  readonly engine: Engine;
  readonly runs: RunIndex;
}

/** Compares the newest result of a dataset cell with what is published. `against`: a run date; undefined: the greatest. */
export async function diffCell(
  { lake, engine, runs }: DiffServices,
  notebook: string,
  cell: string,
  against: string | undefined,
  signal: AbortSignal,
): Promise<CellDiff> {
  const newest = await runs.cell(notebook, cell);
  const version = newest?.cell.version;
  if (version === undefined)
    throw new AppError("not-found", `Dataset "${cell}" has no draft yet.`, { hint: "Run it." });
  const published = lake.resolve(cell, against);
  if (published === undefined) {
    throw new AppError(
      "not-found",
      `Dataset "${cell}" has not been published${against === undefined ? "" : ` for ${against}`}: everything in it is new.`,
    );
  }
  const versions = [published.version, version];
  const lease = lake.leases.open(...versions.map((name) => lake.versionFolder(cell, name)));
  const [before, after, diff] = await whileLeased(lease, async () => {
    const [old, draft] = [await lake.manifest(cell, published.version), await lake.manifest(cell, version)];
    const control: TaskControl = { label: cell, signal, timeoutMs: 120_000 };
    const rows = await diffRows(engine, filesOf(lake, old), filesOf(lake, draft), draft.key, control);
    return [old, draft, rows] as const;
  });
  return {
    dataset: cell,
    against: published.runDate,
    isSame: before.contentHash === after.contentHash,
    ...diff,
  };
}
