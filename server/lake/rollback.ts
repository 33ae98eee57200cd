import { existsSync } from "node:fs";
import { basename } from "node:path";
import { AppError } from "../base/errors.js";
import type { Lake } from "./lake.js";
import { assertNotebookName, assertRunDate } from "./layout.js";
import { readPublication } from "./log-file.js";
import type { PastPublication, PublishEntry } from "./model.js";
import { isSamePublication, publishedPath } from "./publish.js";
import { listNumbers } from "./published.js";
import type { LakeState } from "./state.js";

export interface RollbackRequest {
  readonly notebook: string;
  readonly date: string;
  /** Number of a publication of the notebook and date; undefined: the one before the current one. */
  readonly to?: number | undefined;
  readonly by?: string | undefined;
}

/** What a rollback would do, or has done. */
export interface Rollback {
  readonly notebook: string;
  readonly date: string;
  /** Number of the publication that is shown before; null: none. */
  readonly from: number | null;
  /** Of the one that is shown again. */
  readonly to: number;
  /** Of the new one, or of the current one where nothing is done. */
  readonly number: number;
  /** It is shown already: nothing is done. */
  readonly isNoop: boolean;
  readonly published: readonly RolledBackDataset[];
  /** What the date shows no longer. */
  readonly removed: readonly { readonly dataset: string; readonly path: string; readonly rows: number }[];
}

export interface RolledBackDataset {
  readonly dataset: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly rows: number;
  readonly version: string;
  /** null: the date does not show the dataset before. */
  readonly rowsBefore: number | null;
  readonly isChanged: boolean;
}

/**
 * Looks what showing an earlier publication again would do. Fails with code not-found where there is no such one, with
 * conflict where vacuum removed something of it.
 */
export async function planRollback(lake: Lake, request: RollbackRequest): Promise<Rollback> {
  return describe(lake, choose(lake, request));
}

/** Publishes an earlier publication again: one new entry of the log, no data is copied. */
export async function rollBack(lake: Lake, request: RollbackRequest): Promise<Rollback> {
  const chosen = choose(lake, request);
  const current = lake.publication(request.notebook, request.date);
  const rollback = await describe(lake, chosen);
  const { notebook, runDate, run, attempt, datasets, inputs, record, restores, txn } = chosen.entry;
  const { entry } = await lake.publish({
    ...{ notebook, runDate, run, attempt, datasets, inputs, record },
    restores: restores ?? txn,
    ...(request.by === undefined ? {} : { by: request.by }),
    expectedTxn: current?.txn ?? null,
  });
  return { ...rollback, number: lake.state.numberOf(entry) };
}

interface Chosen {
  readonly past: PastPublication;
  /** The same, with its input and record. */
  readonly entry: PublishEntry;
}

function choose(lake: Lake, { notebook, date, to }: RollbackRequest): Chosen {
  assertNotebookName(notebook);
  assertRunDate(date);
  const all = lake.state.publicationsOf(notebook, date);
  if (all.length === 0)
    throw new AppError("not-found", `Notebook "${notebook}" has published nothing for ${date}.`, {
      hint: "List what there is with: lakebook lake",
    });
  const number = to ?? numberBefore(lake, notebook, date);
  const past = all[number - 1];
  if (past === undefined)
    throw new AppError("not-found", `Publication ${number} of "${notebook}" for ${date} does not exist.`, {
      hint: `There ${listNumbers(all.map((_, index) => index + 1))}.`,
    });
  const entry = readPublication(lake.paths.log, past);
  requireWhole(lake, entry, number);
  return { past, entry };
}

function numberBefore({ state }: Lake, notebook: string, date: string): number {
  const current = state.publication(notebook, date);
  const before = current === undefined ? 0 : state.numberOf(current) - 1;
  if (before > 0) return before;
  const what = current === undefined ? "is published no longer" : "has been published only once";
  throw new AppError("conflict", `"${notebook}" ${what} for ${date}: there is nothing before it.`, {
    hint:
      current === undefined
        ? `Name the publication with --to; there ${listNumbers(state.publicationsOf(notebook, date).map((_, index) => index + 1))}.`
        : "Correct the notebook or its input, and materialize again.",
  });
}

function requireWhole(
  lake: Lake,
  { notebook, runDate, datasets, inputs }: PublishEntry,
  number: number,
): void {
  const gone = [
    ...Object.entries(datasets).flatMap(([dataset, version]) =>
      lake.state.store(dataset, version) === undefined ? [`dataset "${dataset}"`] : [],
    ),
    ...inputs.flatMap(({ path, sha256, isPinned }) =>
      isPinned && !existsSync(lake.inputFile(sha256)) ? [`input "${path}"`] : [],
    ),
  ];
  if (gone.length === 0) return;
  const others = lake.state
    .publicationsOf(notebook, runDate)
    .flatMap((past, index) => (isKept(lake.state, past) ? [index + 1] : []));
  throw new AppError(
    "conflict",
    `Publication ${number} of "${notebook}" for ${runDate} cannot be shown again: vacuum removed its ${gone.join(", ")}.`,
    { hint: `Whose datasets are all there ${listNumbers(others)}.` },
  );
}

function isKept(state: LakeState, { datasets }: PastPublication): boolean {
  return Object.entries(datasets).every(([dataset, version]) => state.store(dataset, version) !== undefined);
}

async function describe(lake: Lake, { past, entry }: Chosen): Promise<Rollback> {
  const { state } = lake;
  const { notebook, runDate: date } = past;
  const current = state.publication(notebook, date);
  const shown = new Map(state.placementsOn(date).map((placement) => [placement.dataset, placement]));
  const place = async (dataset: string, version: string): Promise<{ path: string; rows: number }> => {
    const { formats, rows } = await lake.manifest(dataset, version);
    return { path: publishedPath(`${basename(lake.folder)}/${date}`, dataset, formats), rows };
  };
  const published = await Promise.all(
    Object.entries(entry.datasets)
      .sort()
      .map(async ([dataset, version]) => {
        const now = shown.get(dataset);
        const rowsBefore = now === undefined ? null : state.storeOf(dataset, now.version).rows;
        const isChanged = now?.version !== version;
        return { dataset, ...(await place(dataset, version)), version, rowsBefore, isChanged };
      }),
  );
  const removed = await Promise.all(
    Object.entries(current?.datasets ?? {})
      .filter(([dataset]) => !Object.hasOwn(entry.datasets, dataset))
      .filter(([dataset]) => shown.get(dataset)?.notebook === notebook)
      .sort()
      .map(async ([dataset, version]) => ({ dataset, ...(await place(dataset, version)) })),
  );
  const isNoop = isSamePublication(entry, current) && published.every(({ isChanged }) => !isChanged);
  const from = current === undefined ? null : state.numberOf(current);
  const next = state.publicationsOf(notebook, date).length + 1;
  return {
    ...{ notebook, date, from, to: state.numberOf(past) },
    number: isNoop && from !== null ? from : next,
    ...{ isNoop, published, removed },
  };
}
