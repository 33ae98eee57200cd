import type { Lake } from "../lake/lake.js";
import { publishedVersions, type PublishedWanted } from "../lake/published.js";

/** A version as a publication showed it: what `lakebook.versions` and the page tell of it. */
export interface VersionListing {
  readonly dataset: string;
  readonly runDate: string;
  /** Of the publication, counted from 1 among those of its notebook and run date: `"2026-10-01@3".orders`. */
  readonly number: number;
  readonly version: string;
  readonly notebook: string;
  readonly run: string;
  readonly publishedAt: string;
  /** null after vacuum removed it. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** The date shows it now. */
  readonly isCurrent: boolean;
  /** Its rows are there. */
  readonly isKept: boolean;
  /** Number of the publication that this one, a rollback, showed again. */
  readonly restores: number | null;
  /** Of the publication. */
  readonly tags: readonly string[];
  readonly by: string | null;
}

/** In the order of the log. */
export function describeVersions({ state }: Lake, wanted: PublishedWanted = {}): VersionListing[] {
  const tags = new Map<string, string[]>();
  for (const { txn, name } of state.tags()) tags.set(txn, [...(tags.get(txn) ?? []), name]);
  return publishedVersions(state, wanted).map((item) => {
    const { dataset, version, runDate, number, notebook, publication, isCurrent, isKept } = item;
    const { run, at, txn, restores, by } = publication;
    const stored = state.store(dataset, version);
    return {
      dataset,
      runDate,
      number,
      version,
      notebook,
      run,
      publishedAt: at,
      rows: stored?.rows ?? null,
      bytes: stored?.bytes ?? null,
      isCurrent,
      isKept,
      restores: restores === undefined ? null : state.numberOf({ notebook, runDate, txn: restores }),
      tags: tags.get(txn) ?? [],
      by: by ?? null,
    };
  });
}
