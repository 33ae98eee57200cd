import { unlinkSync } from "node:fs";
import { isAppError, isSystemError, messageOf } from "../base/errors.js";
import { keepBallast } from "./ballast.js";
import type { Lake } from "./lake.js";
import { readPublication } from "./log-file.js";
import type { ExpireDraft } from "./log.js";
import type { PublishEntry, StoreEntry } from "./model.js";
import type { VersionName } from "./state.js";
import { maybeNames, maybeStat } from "./tree.js";

export interface VacuumOptions {
  /** So many run dates of each notebook stay published; defaults to 12. */
  readonly keepDates?: number;
  /** Versions that nothing names may take so much; defaults to 10 GiB. */
  readonly maxDraftBytes?: number;
  /** What is open. */
  readonly pinned?: readonly VersionName[];
  /** SHA-256 of input that a run may still be resumed with. */
  readonly pinnedInputs?: readonly string[];
  /** Transactions of publications that stay, whatever their run date. */
  readonly pinnedPublications?: readonly string[];
}

export interface VacuumPlan {
  /** The last entry of the log that the plan was made on: it is good for no other. */
  readonly seq: number;
  readonly plannedAt: Date;
  readonly publications: readonly Pick<PublishEntry, "notebook" | "runDate" | "txn">[];
  readonly versions: readonly PlannedVersion[];
  readonly inputs: readonly { readonly sha256: string; readonly bytes: number }[];
  /** At most: what versions share by hard links is counted in each. */
  readonly bytes: number;
}

export interface PlannedVersion extends VersionName {
  readonly bytes: number;
  /** Its run date is too long ago, nothing was published with it, or it cannot be used. */
  readonly reason: "old-date" | "draft" | "damaged";
}

export interface VacuumResult {
  /** Paths below `data_lake/` that are public no longer. */
  readonly removed: readonly string[];
  /** What could not be done; the next opening does it. */
  readonly problems: readonly string[];
}

/** Run dates of each notebook that stay published. */
export const KEPT_DATES = 12;
const DEFAULT_DRAFT_BYTES = 10 * 1024 ** 3;
const HOUR_MS = 60 * 60 * 1000;

/**
 * Kept are the last run dates of each notebook, what is tagged or pinned, and as many drafts (versions that no current
 * publication names) as fit, the newest first; of these, what is damaged goes. A draft of the last hour, input that was pinned within the last day and
 * what somebody reads stay in any case: a run may be at work on them.
 */
export async function planVacuum(lake: Lake, options: VacuumOptions = {}): Promise<VacuumPlan> {
  const now = lake.parts.now();
  const tagged = taggedPublications(lake);
  const retired = new Set(retiredPublications(lake, options));
  const kept = [...lake.publications().filter((publication) => !retired.has(publication)), ...tagged];
  const versions = await planVersions(lake, kept, [...retired], options, now);
  const going = new Set(versions.map(keyOf));
  const staying = lake.state.stores().filter((entry) => !going.has(keyOf(entry)));
  // What a damaged one named is not known: its input goes the next time.
  const hasDamaged = versions.some(({ reason }) => reason === "damaged");
  const inputs = (hasDamaged ? [] : await unnamedInputs(lake, kept, staying))
    .filter((sha256) => !lake.leases.isHeld(lake.inputFile(sha256)))
    .filter((sha256) => !options.pinnedInputs?.includes(sha256) && !isFresh(lake, sha256, now))
    .map((sha256) => ({ sha256, bytes: maybeStat(lake.inputFile(sha256))?.size ?? 0 }));
  return {
    seq: lake.state.seq,
    plannedAt: now,
    publications: [...retired].map(({ notebook, runDate, txn }) => ({ notebook, runDate, txn })),
    versions,
    inputs,
    bytes: sumBytes(versions) + sumBytes(inputs),
  };
}

async function planVersions(
  lake: Lake,
  kept: readonly PublishEntry[],
  retired: readonly PublishEntry[],
  { pinned = [], maxDraftBytes = DEFAULT_DRAFT_BYTES }: VacuumOptions,
  now: Date,
): Promise<PlannedVersion[]> {
  const named = new Set([...kept.flatMap(versionKeysOf), ...pinned.map(keyOf)]);
  const wasPublished = new Set(retired.flatMap(versionKeysOf));
  const isRead = ({ dataset, version }: StoreEntry): boolean =>
    lake.leases.isHeld(lake.versionFolder(dataset, version));
  const unnamed = lake.state.stores().filter((entry) => !named.has(keyOf(entry)) && !isRead(entry));
  const old = unnamed.filter((entry) => wasPublished.has(keyOf(entry)));
  const others = unnamed.filter((entry) => !wasPublished.has(keyOf(entry)));
  const damaged = await damagedVersions(
    lake,
    others.filter(({ at }) => !isWithin(HOUR_MS, now.getTime() - Date.parse(at))),
  );
  const drafts = others.filter((entry) => !damaged.includes(entry));
  return [
    ...old.map((entry) => toPlanned(entry, "old-date")),
    ...damaged.map((entry) => toPlanned(entry, "damaged")),
    ...surplusDrafts(drafts, maxDraftBytes, now).map((entry) => toPlanned(entry, "draft")),
  ];
}

/** Throws `conflict` if the log moved on since the plan was made. */
export async function vacuum(lake: Lake, plan: VacuumPlan): Promise<VacuumResult> {
  const versions = plan.versions.map(({ dataset, version }) => ({ dataset, version }));
  const draft: ExpireDraft = { type: "expire", versions, publications: plan.publications };
  const { removed, problems } = await lake.expire(draft, plan.seq);
  // Whatever is left when the process ends here goes at the next opening, and input with the next vacuum.
  for (const { dataset, version } of versions) await lake.leases.remove(lake.versionFolder(dataset, version));
  for (const { sha256 } of plan.inputs) removeInput(lake, sha256, plan.plannedAt);
  await keepBallast(lake.paths.ballast);
  return { removed, problems: problems.map(messageOf) };
}

/** In one go with the question whether a run has asked for it since the plan was made. */
function removeInput(lake: Lake, sha256: string, plannedAt: Date): void {
  if (lake.parts.inputs.pinnedAtMs(sha256) >= plannedAt.getTime()) return;
  if (lake.leases.isHeld(lake.inputFile(sha256))) return;
  try {
    unlinkSync(lake.inputFile(sha256));
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}

/** Of each notebook all but its greatest run dates, and what is pinned. */
function retiredPublications(
  lake: Lake,
  { keepDates = KEPT_DATES, pinnedPublications = [] }: VacuumOptions,
): PublishEntry[] {
  const tagged = new Set(lake.state.tags().map(({ txn }) => txn));
  const byNotebook = new Map<string, PublishEntry[]>();
  for (const publication of lake.publications()) {
    byNotebook.set(publication.notebook, [...(byNotebook.get(publication.notebook) ?? []), publication]);
  }
  return [...byNotebook.values()]
    .flatMap((publications) => publications.slice(0, Math.max(0, publications.length - keepDates)))
    .filter(({ txn }) => !pinnedPublications.includes(txn) && !tagged.has(txn));
}

/** Also those that were replaced since: with all that it takes to show them again. */
function taggedPublications({ state, paths }: Lake): PublishEntry[] {
  const txns = new Set(state.tags().map(({ txn }) => txn));
  return state
    .history()
    .filter(({ txn }) => txns.has(txn))
    .map((past) => readPublication(paths.log, past));
}

async function damagedVersions(lake: Lake, entries: readonly StoreEntry[]): Promise<StoreEntry[]> {
  const damaged: StoreEntry[] = [];
  for (const entry of entries) {
    try {
      if (!lake.isWhole(await lake.manifest(entry.dataset, entry.version))) damaged.push(entry);
    } catch (error) {
      if (!isAppError(error, "damaged")) throw error;
      damaged.push(entry);
    }
  }
  return damaged;
}

/** The oldest go until the rest fits. */
function surplusDrafts(drafts: readonly StoreEntry[], maxBytes: number, now: Date): StoreEntry[] {
  let bytes = sumBytes(drafts);
  const surplus: StoreEntry[] = [];
  for (const draft of drafts) {
    if (bytes <= maxBytes) break;
    if (isWithin(HOUR_MS, now.getTime() - Date.parse(draft.at))) continue;
    bytes -= draft.bytes;
    surplus.push(draft);
  }
  return surplus;
}

/** None while a manifest is damaged: what it named is not known. */
async function unnamedInputs(
  lake: Lake,
  kept: readonly PublishEntry[],
  versions: readonly StoreEntry[],
): Promise<string[]> {
  const named = new Set(kept.flatMap((publication) => publication.inputs.map((input) => input.sha256)));
  try {
    for (const { dataset, version } of versions) {
      for (const { sha256 } of (await lake.manifest(dataset, version)).inputs) named.add(sha256);
    }
  } catch (error) {
    if (isAppError(error, "damaged")) return [];
    throw error;
  }
  return maybeNames(lake.paths.inputs).filter((name) => /^[0-9a-f]{64}$/.test(name) && !named.has(name));
}

/** The time of the last link or copy: content never changes. */
function isFresh(lake: Lake, sha256: string, now: Date): boolean {
  const changedMs = maybeStat(lake.inputFile(sha256))?.ctimeMs ?? 0;
  const isRecent = (timeMs: number): boolean => isWithin(24 * HOUR_MS, now.getTime() - timeMs);
  return isRecent(changedMs) || isRecent(lake.parts.inputs.pinnedAtMs(sha256));
}

/** What is far ahead of the clock was written while that was wrong: it is not young for years. */
function isWithin(limitMs: number, ageMs: number): boolean {
  return Math.abs(ageMs) < limitMs;
}

function versionKeysOf({ datasets }: PublishEntry): string[] {
  return Object.entries(datasets).map(([dataset, version]) => keyOf({ dataset, version }));
}

function keyOf({ dataset, version }: VersionName): string {
  return `${dataset}/${version}`;
}

function toPlanned(
  { dataset, version, bytes }: StoreEntry,
  reason: PlannedVersion["reason"],
): PlannedVersion {
  return { dataset, version, bytes, reason };
}

function sumBytes(items: readonly { readonly bytes: number }[]): number {
  return items.reduce((total, { bytes }) => total + bytes, 0);
}
