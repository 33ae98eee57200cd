import { AppError } from "../base/errors.js";
import { readDatedName } from "../base/run-date.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { StoreEntry } from "../lake/model.js";
import type { VersionName } from "../lake/state.js";
import type { RunIndex } from "../runs/run-index.js";
import type { RunManager } from "../runs/run-manager.js";
import { compareVersions, type VersionDiff } from "./compare-versions.js";
import { requirePublished } from "./published-place.js";
import { currentResult } from "./stored-rows.js";

/** Another result of the cell that is still stored. */
export interface EarlierVersion {
  readonly version: string;
  /** When it was computed. */
  readonly at: string;
  readonly rows: number;
}

/** With what else a draft can be compared. */
interface Comparable {
  /** The greatest run date for which the dataset is published. */
  readonly published?: string;
  /** The newest first. */
  readonly earlier: readonly EarlierVersion[];
}

/** What publishing a dataset's draft would change for its readers; before that, what its last run has changed. */
export interface CellDiff extends VersionDiff, Comparable {
  readonly dataset: string;
  /** Run date of what it is compared with, or a publication of one; `last run`; or a version. */
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

const EARLIER_AT_MOST = 20;

/**
 * Compares the newest result of a dataset cell with what is published, or with its last run where nothing is.
 * `against`: a run date, or a publication of one; `last run`; a version; undefined: the greatest date. Fails with usage
 * for what is none of these.
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
  const earlier = versionsBefore(lake, draft);
  const published = lake.resolve(cell)?.runDate;
  const before = findBefore(lake, draft.dataset, against ?? published ?? LAST_RUN, earlier);
  if (before === undefined)
    return { dataset: cell, against: null, rowsAfter: lake.state.storeOf(draft.dataset, draft.version).rows };
  const diff = await compareVersions(services, before, draft, control);
  return {
    dataset: cell,
    against: against ?? published ?? LAST_RUN,
    ...(published === undefined ? {} : { published }),
    earlier: earlier.slice(0, EARLIER_AT_MOST).map(({ version, at, rows }) => ({ version, at, rows })),
    ...diff,
  };
}

const LAST_RUN = "last run";

function findBefore(
  lake: Lake,
  dataset: string,
  against: string,
  earlier: readonly StoreEntry[],
): VersionName | undefined {
  if (against === LAST_RUN) return earlier[0];
  const stored = earlier.find(({ version }) => version === against);
  if (stored !== undefined) return stored;
  if (readDatedName(against) === undefined)
    throw new AppError(
      "usage",
      `"${against}" is no run date, and no version of "${dataset}" that is stored.`,
    );
  return requirePublished(lake, dataset, against);
}

/** What the dataset was before it became the draft, the newest first. */
function versionsBefore({ state }: Lake, { dataset, version }: VersionName): readonly StoreEntry[] {
  const notebook = state.store(dataset, version)?.notebook;
  return state
    .stores()
    .filter((entry) => entry.dataset === dataset && entry.notebook === notebook && entry.version !== version)
    .reverse();
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
