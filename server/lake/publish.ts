import { ownValue } from "../base/own-value.js";
import { AppError, isAppError, messageOf } from "../base/errors.js";
import { assertDatasetName, assertNotebookName, assertRunDate } from "./layout.js";
import type { Manifest, PinnedInput, PublishEntry } from "./model.js";
import type { LakeState } from "./state.js";

export interface PublishRequest {
  readonly notebook: string;
  readonly runDate: string;
  readonly run: string;
  readonly attempt: number;
  /** Dataset name to version: all that the notebook publishes for the date. What is missing here goes. */
  readonly datasets: Readonly<Record<string, string>>;
  readonly inputs: readonly PinnedInput[];
  /** What `_runs/<notebook>.json` shows besides: cells, checks. */
  readonly record: Readonly<Record<string, unknown>>;
  /** txn of the notebook's publication of that date that this one was planned on; null for none. */
  readonly expectedTxn?: string | null;
  /** txn of the earlier publication that is shown again. */
  readonly restores?: string;
  /** Who publishes. */
  readonly by?: string;
}

export interface PublishedDataset {
  readonly dataset: string;
  readonly version: string;
  /** Relative to the workspace, e.g. `data_lake/2026-11-01/orders`. */
  readonly path: string;
  readonly rows: number;
  /** False where the date showed this version before. */
  readonly isChanged: boolean;
}

export interface PublishResult {
  readonly entry: PublishEntry;
  readonly datasets: readonly PublishedDataset[];
  /** The date's publication was the same already: nothing was committed. */
  readonly isNoop: boolean;
}

export function assertPublishable({ notebook, runDate, datasets }: PublishRequest): void {
  assertNotebookName(notebook);
  assertRunDate(runDate);
  for (const dataset of Object.keys(datasets)) assertDatasetName(dataset);
}

/** Throws `conflict` where the log has moved on from what the request was planned on. */
export function assertStillFits(request: PublishRequest, state: LakeState): void {
  const { notebook, runDate, expectedTxn, datasets } = request;
  const current = state.publication(notebook, runDate)?.txn ?? null;
  if (expectedTxn !== undefined && expectedTxn !== current)
    throw conflict(`"${notebook}" was published for ${runDate} by somebody else meanwhile`);
  for (const [dataset, version] of Object.entries(datasets)) {
    if (state.store(dataset, version) === undefined)
      throw conflict(`"${dataset}/${version}" is not in the lake any longer`);
  }
}

export function isSamePublication(
  request: Pick<PublishRequest, "datasets" | "inputs">,
  current: PublishEntry | undefined,
): boolean {
  if (current === undefined) return false;
  return contentOf(request) === contentOf(current);
}

export function toResult(
  folderName: string,
  entry: PublishEntry,
  before: PublishEntry | undefined,
  isNoop: boolean,
  manifests: readonly Manifest[],
): PublishResult {
  const datasets = manifests.map(({ dataset, version, rows, formats }) => ({
    dataset,
    version,
    path: publishedPath(`${folderName}/${entry.runDate}`, dataset, formats),
    rows,
    isChanged: ownValue(before?.datasets, dataset) !== version,
  }));
  return { entry, datasets, isNoop };
}

/** Where the first of its formats lies: Parquet is a folder, the other formats are single files. */
export function publishedPath(dateFolder: string, dataset: string, [format]: Manifest["formats"]): string {
  return `${dateFolder}/${dataset}${format === undefined || format === "parquet" ? "" : `.${format}`}`;
}

/** What was published is committed, yet not all of it is to be seen. */
export function projectionFailed(entry: PublishEntry, problem: unknown): AppError {
  const { notebook, runDate, txn, seq } = entry;
  const what = `"${notebook}" is published for ${runDate}, but its public folders are not up to date`;
  return new AppError(isAppError(problem) ? problem.code : "disk", `${what}: ${messageOf(problem)}`, {
    hint: "Nothing is lost. Solve that, then publish again or restart: the folders are repaired then.",
    cause: problem,
    details: { isCommitted: true, txn, seq },
  });
}

function contentOf({ datasets, inputs }: Pick<PublishRequest, "datasets" | "inputs">): string {
  const files = inputs.map(({ path, sha256, isPinned }) => `${path}\n${sha256}\n${isPinned}`);
  return JSON.stringify([Object.entries(datasets).sort(), files.sort()]);
}

function conflict(message: string): AppError {
  return new AppError("conflict", message, { hint: "Run it again: it will go on from what is there now." });
}
