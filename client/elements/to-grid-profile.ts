import type { Profile } from "../../server/api/protocol.js";
import type { KnownColumn } from "../chart/suggest-choices.js";
import { keyOf, type GridColumn } from "../grid/grid-source.js";
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

/** Columns by their keys, each with how many values it has, as far as that is known. */
export function knownColumns(
  columns: readonly GridColumn[] | undefined,
  profile: Profile | undefined,
): readonly KnownColumn[] | undefined {
  const found = new Map(profile?.columns.map((column) => [column.key ?? column.name, column]));
  return columns?.map((column) => {
    const name = keyOf(column);
    const { distinct, count, nulls } = found.get(name) ?? {};
    const isUnique = profile?.isApproximate === false && nulls === 0 && distinct === count;
    return { ...column, name, ...(distinct !== undefined && { distinct, isUnique }) };
  });
}
