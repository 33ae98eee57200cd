import { readDatedName } from "../base/run-date.js";
import type { PastPublication } from "./model.js";
import type { LakeState, VersionName } from "./state.js";

/** A version as one publication of its notebook and run date showed it. */
export interface PublishedVersion extends VersionName {
  readonly runDate: string;
  readonly notebook: string;
  /** Counted from 1 among the publications of its notebook and run date. */
  readonly number: number;
  readonly publication: PastPublication;
  /** The date shows it now. */
  readonly isCurrent: boolean;
  /** False after vacuum removed it. */
  readonly isKept: boolean;
}

export interface PublishedWanted {
  readonly dataset?: string | undefined;
  readonly notebook?: string | undefined;
  readonly runDate?: string | undefined;
}

/** Every version of every publication that is wanted, in the order of the log. */
export function publishedVersions(
  state: LakeState,
  { dataset: wanted, notebook, runDate }: PublishedWanted = {},
): PublishedVersion[] {
  const isWanted = (past: PastPublication): boolean =>
    (notebook === undefined || past.notebook === notebook) &&
    (runDate === undefined || past.runDate === runDate);
  const shown = new Map<string, ReadonlyMap<string, string>>();
  const txnShown = (dataset: string, date: string): string | undefined => {
    const dates =
      shown.get(dataset) ??
      new Map(state.placementsOf(dataset).map((placement) => [placement.runDate, placement.publication.txn]));
    shown.set(dataset, dates);
    return dates.get(date);
  };
  const counts = new Map<string, number>();
  return state.history().flatMap((publication) => {
    const place = `${publication.notebook}@${publication.runDate}`;
    const number = (counts.get(place) ?? 0) + 1;
    counts.set(place, number);
    if (!isWanted(publication)) return [];
    return Object.entries(publication.datasets)
      .filter(([dataset]) => wanted === undefined || dataset === wanted)
      .map(([dataset, version]) => ({
        dataset,
        version,
        runDate: publication.runDate,
        notebook: publication.notebook,
        number,
        publication,
        isCurrent: txnShown(dataset, publication.runDate) === publication.txn,
        isKept: state.store(dataset, version) !== undefined,
      }));
  });
}

/** What SQL calls `lake`, or a command `latest`: the greatest run date. */
export function isNewest(place: string): boolean {
  return place === "lake" || place === "latest";
}

/**
 * The version that a place shows: of the greatest run date (`lake`, `latest`), of a run date, or of one of its
 * publications (`2026-10-01@3`). Undefined where there is none; `whyMissing` tells why.
 */
export function findPublished(
  state: LakeState,
  dataset: string,
  place: string,
): PublishedVersion | undefined {
  const dated = readDatedName(place);
  const runDate = isNewest(place) ? state.placementsOf(dataset).at(-1)?.runDate : dated?.runDate;
  if (runDate === undefined) return undefined;
  if (dated?.number === undefined) return shownVersion(state, dataset, runDate);
  const all = publishedVersions(state, { dataset, runDate });
  const [found, ...others] = all.filter(({ number }) => number === dated.number);
  return others.length === 0 && found?.isKept === true ? found : undefined;
}

function shownVersion(state: LakeState, dataset: string, runDate: string): PublishedVersion | undefined {
  const placement = state.placementsOf(dataset).find((shown) => shown.runDate === runDate);
  if (placement === undefined) return undefined;
  return { ...placement, number: state.numberOf(placement.publication), isCurrent: true, isKept: true };
}

export interface MissingPublication {
  readonly message: string;
  /** Where something like it is there. */
  readonly hint?: string;
}

/** Why `findPublished` finds nothing. */
export function whyMissing(state: LakeState, dataset: string, place: string): MissingPublication {
  const { runDate, number } = readDatedName(place) ?? {};
  const when = runDate === undefined ? (isNewest(place) ? "" : ` for ${place}`) : ` for ${runDate}`;
  const all = runDate === undefined ? [] : publishedVersions(state, { dataset, runDate });
  const [first] = all;
  if (number === undefined || first === undefined)
    return { message: `Dataset "${dataset}" has not been published${when}.` };
  const [found, other] = all.filter((version) => version.number === number);
  if (found !== undefined && other !== undefined)
    return {
      message: `"${place}".${dataset} is two datasets: the notebooks "${found.notebook}" and "${other.notebook}" both have published it.`,
      hint: `"${runDate ?? ""}".${dataset} is what is shown now.`,
    };
  const hint = `There ${listNumbers(all.filter(({ isKept }) => isKept).map((version) => version.number))}.`;
  if (found !== undefined)
    return { message: `Publication ${number} of "${dataset}"${when} was removed by vacuum.`, hint };
  const exists = number <= state.publicationsOf(first.notebook, first.runDate).length;
  return exists
    ? { message: `Publication ${number}${when} has no dataset "${dataset}".`, hint }
    : { message: `Publication ${number} of "${dataset}"${when} does not exist.`, hint };
}

/** More than these nobody reads. */
const LISTED = 12;

/** `is 3`, `are 1, 2 and 3`. */
export function listNumbers(numbers: readonly number[]): string {
  const listed = [...new Set(numbers)].slice(-LISTED).map(String);
  const last = listed.pop();
  if (last === undefined) return "is none";
  return listed.length === 0 ? `is ${last}` : `are ${listed.join(", ")} and ${last}`;
}
