import { svg, type SVGTemplateResult } from "lit";

export interface BarsSize {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** Draws counts side by side on one base line. A count that is not zero always leaves a trace. */
export function renderBars(counts: readonly number[], { width, height, gap }: BarsSize): SVGTemplateResult {
  const highest = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const barWidth = Math.max(0.5, step - gap);
  return svg`${counts.map((count, index) => {
    const barHeight = count === 0 ? 0 : Math.max(1, (count / highest) * height);
    return svg`<rect x=${round(index * step)} y=${round(height - barHeight)} width=${round(barWidth)} height=${round(barHeight)} />`;
  })}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
