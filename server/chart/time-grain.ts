import type { ChartGrain } from "../notebook/chart-options.js";

/** From the finest to the coarsest, with what each lasts in seconds; of months and years the mean. */
const seconds: readonly (readonly [ChartGrain, number])[] = [
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
  ["week", 604_800],
  ["month", 2_629_746],
  ["quarter", 7_889_238],
  ["year", 31_556_952],
];

export const grains: readonly ChartGrain[] = seconds.map(([grain]) => grain);

export interface TimeExtent {
  /** Seconds since 1970. */
  readonly min: number;
  readonly max: number;
  /** The coarsest grain that no value is finer than, where that is known. */
  readonly natural?: ChartGrain;
}

/** The finest grain that does not make too many parts, nor parts that the data does not have. */
export function pickGrain({ min, max, natural = "minute" }: TimeExtent, mostParts: number): ChartGrain {
  const from = grains.indexOf(natural);
  const fitting = seconds.slice(from).find(([, length]) => (max - min) / length + 1 <= mostParts);
  return fitting?.[0] ?? "year";
}
