import { AppError } from "../base/errors.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { whileLeased } from "../lake/leases.js";
import type { RowDiff } from "../engine/verbs.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import { filesOf } from "../runs/run-context.js";
import type { RunIndex } from "../runs/run-index.js";
import type { RunManager } from "../runs/run-manager.js";
import { currentResult } from "./stored-rows.js";

/** What publishing a dataset's draft would change for its readers. */
export interface CellDiff extends RowDiff {
  readonly dataset: string;
  /** Run date of what it is compared with. */
  readonly against: string;
  /** The draft has exactly the published rows. */
  readonly isSame: boolean;
  /** Where the key that rows are matched by was found; absent where there is none. */
  readonly keyFrom?: "key" | "group by";
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

/** Compares the newest result of a dataset cell with what is published. `against`: a run date; undefined: the greatest. */
export async function diffCell(
  services: DiffServices,
  notebook: string,
  cell: string,
  against: string | undefined,
  signal: AbortSignal,
): Promise<CellDiff | NothingPublished> {
  const { lake, engine } = services;
  const found = await findDraft(services, notebook, cell);
  if (found === undefined)
    throw new AppError("not-found", `Dataset "${cell}" has no draft yet.`, { hint: "Run it." });
  const published = lake.resolve(cell, against);
  if (published === undefined)
    return { dataset: cell, against: null, rowsAfter: lake.state.storeOf(found.dataset, found.version).rows };
  const lease = lake.leases.open(
    lake.versionFolder(cell, published.version),
    lake.versionFolder(found.dataset, found.version),
  );
  const [before, after, diff] = await whileLeased(lease, async () => {
    const old = await lake.manifest(cell, published.version);
    const draft = await lake.manifest(found.dataset, found.version);
    const control: TaskControl = { label: cell, signal, timeoutMs: 120_000 };
    const key = draft.key.length > 0 ? draft.key : await groupedColumns(engine, draft.sql);
    const sides = { before: filesOf(lake, old), after: filesOf(lake, draft) };
    const rows = await engine.diff({ ...sides, key, maxCharacters: SHOWN_CHARACTERS }, control);
    return [old, draft, rows] as const;
  });
  return {
    dataset: cell,
    against: published.runDate,
    isSame: before.contentHash === after.contentHash,
    ...diff,
    ...(diff.key.length > 0 && { keyFrom: after.key.length > 0 ? ("key" as const) : ("group by" as const) }),
  };
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

/** A query that groups has one row of each group: what it shows of that is a key, if it turns out unique. */
async function groupedColumns(engine: Engine, sql: string): Promise<readonly string[]> {
  const [analysis] = await engine.analyze([sql]);
  return analysis?.ok === true ? analysis.facts.groupedBy : [];
}
