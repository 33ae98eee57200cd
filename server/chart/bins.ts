/** Bins of equal width, whose edges are multiples of it. */
export interface Bins {
  readonly step: number;
  /** Number of the last bin, counted from zero. */
  readonly last: number;
  /** Digits behind the point that the edges have. */
  readonly digits: number;
  /** The greatest value lies on an edge, and belongs to the bin below it. */
  readonly isClosed: boolean;
}

export interface NumberExtent {
  readonly min: number;
  readonly max: number;
}

/** About as many bins as wished, of a width that people count in: 1, 2 or 5 times a power of ten. */
export function pickBins({ min, max }: NumberExtent, wished: number, areIntegers: boolean): Bins {
  const size = Math.max(Math.abs(min), Math.abs(max));
  // Narrower ones would have edges that are the same number.
  const least = areIntegers ? (size > 2 ** 53 ? niceStep(size * 8 * Number.EPSILON) : 1) : Number.MIN_VALUE;
  const raw = (max - min) / wished;
  const step =
    raw > 0 && Number.isFinite(raw) ? Math.max(niceStep(raw), least) : areIntegers ? 1 : singleStep(max);
  const top = Math.floor(round(max / step));
  const isClosed = !areIntegers && max > min && round(max / step) === top;
  const digits = Math.min(15, Math.max(0, -Math.floor(Math.log10(step))));
  return { step, last: isClosed ? top - 1 : top, digits, isClosed };
}

/** Width of the only bin there is. */
function singleStep(value: number): number {
  const size = Math.abs(value);
  return size === 0 || !Number.isFinite(size) ? 1 : niceStep(size / 10);
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const ratio = raw / power;
  const factor = ratio > 5 ? 10 : ratio > 2 ? 5 : ratio > 1 ? 2 : 1;
  return Number((factor * power).toPrecision(12));
}

/** 0.3 / 0.1 is a little below 3: the noise of the division must not move a value into the bin below. */
function round(value: number): number {
  return Number(value.toFixed(9));
}
