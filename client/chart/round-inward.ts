/**
 * The ends of a range that was drawn, as values that can be told in full: whole numbers, whole seconds of a long time, no
 * more digits than a pixel is worth. Nothing that lay outside comes in. Undefined where nothing can lie within.
 */
export function roundInward(
  [from, to]: readonly [number, number],
  kind: "integer" | "number" | "time",
): readonly [number, number] | undefined {
  const step = stepOf(to - from, kind);
  if (step === undefined) return [from, to];
  const ends = [Math.ceil(from / step) * step, Math.floor(to / step) * step] as const;
  if (ends[0] > ends[1]) return undefined;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const isFraction = step < 1;
  return isFraction ? [Number(ends[0].toFixed(digits)), Number(ends[1].toFixed(digits))] : ends;
}

function stepOf(span: number, kind: "integer" | "number" | "time"): number | undefined {
  if (kind === "integer") return 1;
  if (kind === "time") return span >= 60_000 ? 1000 : 1;
  const power = Math.floor(Math.log10(span)) - 3;
  return span > 0 && Number.isFinite(span) && power > -20 ? 10 ** power : undefined;
}
