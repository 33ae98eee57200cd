import { nothing, svg, type SVGTemplateResult } from "lit";
import type { Box } from "./edge-path.js";
import type { GraphCell } from "./graph-cell.js";

type Engine = NonNullable<GraphCell["engine"]>["engine"];

/** As on the cell's badge, without the reason, which is in the words of the node. */
const labels: Readonly<Record<Engine, string>> = {
  duckdb: "duckdb",
  spark: "spark",
  none: "can't run on Spark",
};
const SIZE = 9;
/** Width of a character of the monospaced font, as a share of its size. */
const CHARACTER = 0.6;
const HEIGHT = 13;
const BOLT = "M7 0.5L2 7h3.4L4.6 11.5L10 4.8H6.4z";

/** How far the mark reaches into the line of a node's name, from its right. */
export function engineWidth({ engine: standing }: GraphCell, box: Box, isReadable: boolean): number {
  if (standing === undefined) return 0;
  const { engine } = standing;
  if (isReadable) return widthOf(engine) + 6;
  return engine === "duckdb" ? 0 : boltSize(box) + 4;
}

function widthOf(engine: Engine): number {
  return labels[engine].length * SIZE * CHARACTER + 8;
}

function boltSize({ height }: Box): number {
  return Math.min(18, height * 0.6);
}

/** Where a cell is computed, on the upper edge of its node; within one that has a single line. */
export function drawEngine(
  { engine: standing }: GraphCell,
  box: Box,
  place: { readonly isReadable: boolean; readonly isLow: boolean },
): SVGTemplateResult | typeof nothing {
  if (standing === undefined) return nothing;
  const { engine } = standing;
  if (!place.isReadable) return engine === "duckdb" ? nothing : drawBolt(engine, box);
  const width = widthOf(engine);
  const top = place.isLow ? (box.height - HEIGHT) / 2 : -HEIGHT / 2 - 1.5;
  return svg`<g class="engine ${engine}" transform="translate(${box.width - width - 6} ${top})">
    <rect width=${width} height=${HEIGHT} rx="3" />
    <text x=${width / 2} y="9.5" font-size=${SIZE}>${labels[engine]}</text>
  </g>`;
}

/** For graphs that are drawn small: crossed out where the cell cannot run. */
function drawBolt(engine: Engine, box: Box): SVGTemplateResult {
  const size = boltSize(box);
  return svg`<g class="engine ${engine}" transform="translate(${box.width - size - 4} ${(box.height - size) / 2}) scale(${size / 12})">
    <path class="bolt" d=${BOLT} />
    ${engine === "none" ? svg`<path class="crossed" d="M1 1l10 10" />` : nothing}
  </g>`;
}
