import { mostSeries } from "./chart-limits.js";
import type { ExtentRow } from "./dimension.js";
import type { PlotChannelName } from "./plot-description.js";

/** What is known of the rows of a chart. */
export interface ChartFacts {
  readonly extent?: ExtentRow;
  /** The extent is that of the finite values. */
  readonly isFinite?: boolean;
  /** Channels that had too many values. */
  readonly capped?: readonly PlotChannelName[];
  /** The lines had too many points. */
  readonly isOver?: boolean;
}

/** Channels whose values each are a series of their own, or a small chart. */
export const seriesNames = ["color", "fx", "fy"] as const;

/** The column of the extent query with the number of the channel's values. */
export function countAlias(name: PlotChannelName): string {
  return `${name}_values`;
}

/** The facts, and what was found when the extent was asked for: the second time of the finite values only. */
export function learnExtent(facts: ChartFacts, row: ExtentRow): ChartFacts {
  const found = seriesNames.filter((name) => Number(row[countAlias(name)] ?? 0) > mostSeries(name));
  const capped = [...new Set([...(facts.capped ?? []), ...found])];
  return {
    ...facts,
    extent: { ...facts.extent, ...row },
    ...(facts.extent !== undefined && { isFinite: true }),
    ...(capped.length > 0 && { capped }),
  };
}
