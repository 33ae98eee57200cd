import type { HistoryEntry } from "./history-line.js";

/** What one person saves within a minute is one entry. */
const ONE_ENTRY_MS = 60_000;
/** For so long every entry stays; of older saves the last of each hour does. */
const ALL_KEPT_MS = 30 * 24 * 60 * 60_000;
const HOUR_CHARACTERS = "2026-11-29T21".length;

/** What is to be noted. */
export type Noted = Pick<HistoryEntry, "kind" | "by" | "etag" | "run" | "restored">;

/**
 * The entry that the history ends with afterwards: a new one, or the last with this in it; undefined where there is
 * nothing new. A run's text is never replaced.
 */
export function nextEntry(
  last: HistoryEntry | undefined,
  noted: Noted,
  at: string,
  newId: () => string,
): HistoryEntry | undefined {
  const { kind, by, etag } = noted;
  const isSame = last?.etag === etag;
  if (kind === "save" && isSame) return undefined;
  const joins =
    last?.kind === kind &&
    last.by === by &&
    (kind === "run" ? isSame : by !== undefined && isWithinMinute(last.at, at)) &&
    noted.restored === undefined &&
    last.restored === undefined;
  return joins
    ? { ...last, ...noted, until: at, count: (last.count ?? 1) + 1 }
    : { id: newId(), at, ...noted };
}

function isWithinMinute(from: string, to: string): boolean {
  const passed = Date.parse(to) - Date.parse(from);
  return passed >= 0 && passed < ONE_ENTRY_MS;
}

export interface Limits {
  /** Entries and bytes of saves; runs stay. */
  readonly entries: number;
  readonly bytes: number;
}

/** What stays of a history; the oldest comes first. What a run used stays, and so does the text that is there. */
export function thin<T extends HistoryEntry>(
  entries: readonly T[],
  sizeOf: (entry: T) => number,
  now: number,
  limits: Limits,
): T[] {
  const kept: T[] = [];
  const hours = new Set<string>();
  let bytes = 0;
  for (const [index, entry] of entries.toReversed().entries()) {
    const hour = entry.at.slice(0, HOUR_CHARACTERS);
    const isOld = now - Date.parse(entry.at) > ALL_KEPT_MS;
    const size = sizeOf(entry);
    const isWanted =
      index === 0 ||
      entry.kind === "run" ||
      (!(isOld && hours.has(hour)) && kept.length < limits.entries && bytes + size <= limits.bytes);
    if (!isWanted) continue;
    if (entry.kind === "save") hours.add(hour);
    bytes += size;
    kept.push(entry);
  }
  return kept.reverse();
}
