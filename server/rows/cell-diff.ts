import { AppError } from "../base/errors.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { VersionName } from "../lake/state.js";
import type { RunIndex } from "../runs/run-index.js";
import type { RunManager } from "../runs/run-manager.js";
import { compareVersions, type VersionDiff } from "./compare-versions.js";
import { requirePublished } from "./published-place.js";
import { currentResult } from "./stored-rows.js";

/** What publishing a dataset's draft would change for its readers; before that, what its last run has changed. */
export interface CellDiff extends VersionDiff {
  readonly dataset: string;
  /** Run date of what it is compared with, or a publication of one; `last run`: nothing is published, but it was run before. */
  readonly against: string;
}

/** There is nothing to compare with. */
export interface NothingPublished {
  readonly dataset: string;
  readonly against: null;
  /** Of the draft: all of them are new. */
  readonly rowsAfter: number;
}

export interface DiffServices {
  readonly lake: Lake;
  readonly engine: Engine;
  readonly runs: RunIndex;
  readonly manager: RunManager;
}

/**
 * Compares the newest result of a dataset cell with what is published, or with its last run where nothing is.
 * `against`: a run date, or a publication of one; undefined: the greatest.
 */
export async function diffCell(
  services: DiffServices,
  notebook: string,
  cell: string,
  against: string | undefined,
  signal: AbortSignal,
): Promise<CellDiff | NothingPublished> {
  const { lake } = services;
  const draft = await findDraft(services, notebook, cell);
  if (draft === undefined)
    throw new AppError("not-found", `Dataset "${cell}" has no draft yet.`, { hint: "Run it." });
  const control: TaskControl = { label: cell, signal, timeoutMs: 120_000 };
  const published = against === undefined ? lake.resolve(cell) : requirePublished(lake, cell, against);
  const before = published ?? versionBefore(lake, draft);
  if (before === undefined)
    return { dataset: cell, against: null, rowsAfter: lake.state.storeOf(draft.dataset, draft.version).rows };
  const diff = await compareVersions(services, before, draft, control);
  return { dataset: cell, against: against ?? published?.runDate ?? LAST_RUN, ...diff };
}

const LAST_RUN = "last run";

/** What the dataset was before it became the draft. */
function versionBefore({ state }: Lake, { dataset, version }: VersionName): VersionName | undefined {
  const notebook = state.store(dataset, version)?.notebook;
  return state
    .stores()
    .findLast(
      (entry) => entry.dataset === dataset && entry.notebook === notebook && entry.version !== version,
    );
}

/** Of the newest run, else what is stored of the cell as it is now, maybe under another name. */
async function findDraft(
  { lake, runs, manager }: DiffServices,
  notebook: string,
  cell: string,
): Promise<{ readonly dataset: string; readonly version: string } | undefined> {
  const version = (await runs.cell(notebook, cell))?.cell.version;
  if (version !== undefined) return { dataset: cell, version };
  const now = await currentResult({ manager }, { notebook, cell });
  return now === undefined ? undefined : (lake.findVersion(cell, now) ?? lake.findTwin(cell, now));
}
