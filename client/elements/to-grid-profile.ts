import type { Profile } from "../../server/api/protocol.js";
import type { ColumnProfile } from "../grid/profile.js";

const quantiles = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 } as const;

/** The server counts values that are not NULL, the grid counts rows. */
export function toGridProfile(profile: Profile | undefined): ColumnProfile[] {
  return (profile?.columns ?? []).map((column) => {
    const { name, key, type, kind, count, nulls, distinct, min, max, top, histogram } = column;
    const found = Object.entries(quantiles).flatMap(([key, at]) => {
      const value = column.quantiles?.[key as keyof typeof quantiles];
      return value === undefined ? [] : [{ at, value }];
    });
    return {
      name,
      key,
      type,
      kind,
      count: count + nulls,
      nulls,
      isDistinctEstimated: profile?.isApproximate ?? false,
      ...(distinct === undefined ? {} : { distinct }),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(found.length === 0 ? {} : { quantiles: found }),
      ...(histogram === undefined ? { topValues: top } : { histogram }),
    };
  });
}
