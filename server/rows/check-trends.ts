import type { CheckRecord, RunRecord } from "../runs/run-record.js";

/** What a check came to for a run date. */
export interface TrendPoint {
  readonly date: string;
  readonly run: string;
  readonly outcome: CheckRecord["outcome"];
  readonly failures: number;
  /** What the failures are counted among, where that is known. */
  readonly rows?: number;
}

export interface CheckTrend {
  readonly check: string;
  /** By run date, the earliest first; of each the last run that judged it. */
  readonly points: readonly TrendPoint[];
}

const MAX_DATES = 30;

/**
 * How checks came out over run dates. Only runs that were to publish count: others look at whatever somebody tries.
 * `runs`: the newest first.
 */
export function checkTrends(
  runs: readonly Pick<RunRecord, "id" | "date" | "mode" | "checks">[],
  isWanted: (check: CheckRecord) => boolean,
): readonly CheckTrend[] {
  const found = new Map<string, Map<string, TrendPoint>>();
  for (const { id, date, mode, checks } of runs) {
    if (mode !== "materialize") continue;
    for (const check of checks.filter(isWanted)) {
      const { name, outcome, failures, rows } = check;
      const points = found.get(name) ?? new Map<string, TrendPoint>();
      if (!points.has(date))
        points.set(date, { date, run: id, outcome, failures, ...(rows !== undefined && { rows }) });
      found.set(name, points);
    }
  }
  return [...found].map(([check, points]) => ({
    check,
    points: [...points.values()].sort((a, b) => (a.date < b.date ? -1 : 1)).slice(-MAX_DATES),
  }));
}
