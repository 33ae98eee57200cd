import { html, nothing, svg, type TemplateResult } from "lit";
import type { CheckTrend } from "../../server/api/protocol.js";
import { formatCount, formatShare } from "../../server/text/format.js";

type TrendPoint = CheckTrend["points"][number];

const SIZE = { bar: 4, gap: 1, height: 16 };
/** A date without failures leaves a line, so that it is seen to have been looked at. */
const LEAST = 1.5;

/** A bar for each run date: how many rows failed, in the colour of what the check came to. Nothing for a single date. */
export function renderTrend(points: readonly TrendPoint[] = []): TemplateResult | typeof nothing {
  if (points.length < 2) return nothing;
  const highest = Math.max(1, ...points.map(amountOf));
  const step = SIZE.bar + SIZE.gap;
  const width = points.length * step - SIZE.gap;
  const words = points.map(describe).join("\n");
  return html`<svg
    class="trend"
    role="img"
    aria-label="Over run dates: ${words}"
    width=${width}
    height=${SIZE.height}
    viewBox="0 0 ${width} ${SIZE.height}"
  >
    <title>${words}</title>
    ${points.map((point, index) => {
      const height = Math.max(LEAST, (amountOf(point) / highest) * SIZE.height);
      return svg`<rect class=${point.outcome} x=${index * step} y=${SIZE.height - height} width=${SIZE.bar} height=${height} />`;
    })}
  </svg>`;
}

/** One that could not run stands out, whatever it would have found. */
function amountOf({ failures, outcome }: TrendPoint): number {
  return outcome === "error" ? Math.max(1, failures) : failures;
}

function describe({ date, outcome, failures, rows }: TrendPoint): string {
  if (outcome === "error") return `${date}: could not run`;
  const share =
    rows === undefined || rows === 0 || failures === 0 ? "" : ` (${formatShare(failures / rows)})`;
  return `${date}: ${failures === 0 ? "none fails" : `${formatCount(failures, "failure")}${share}`}`;
}
