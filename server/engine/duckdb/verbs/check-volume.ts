import type { CheckRule } from "../../../notebook/check-spec.js";

export interface ExpectedVolume {
  readonly middle: number;
  readonly least: number;
  readonly most: number;
}

/** Undefined where there is no run date before. */
export function expectedVolume({
  of,
  tolerance,
  earlier = [],
}: Extract<CheckRule, { kind: "volume" }>): ExpectedVolume | undefined {
  if (earlier.length === 0) return undefined;
  const middle = of === "mean" ? meanOf(earlier) : medianOf(earlier);
  const share = tolerance.percent / 100;
  return { middle, least: Math.ceil(middle * (1 - share)), most: Math.floor(middle * (1 + share)) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
