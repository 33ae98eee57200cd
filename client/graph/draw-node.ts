import { nothing, svg, type SVGTemplateResult } from "lit";
import { formatCompact, formatDuration, formatNumber, showControls } from "../../server/text/format.js";
import { colourOf, markOf, shapeOf, wordOf, type Mark } from "../styles/status-mark.js";
import { shapeOfKind } from "../kinds/kinds.js";
import { drawEngine, engineWidth } from "./draw-engine.js";
import type { Box } from "./edge-path.js";
import { isRelationNode, isSource, type GraphCell, type SourceKind } from "./graph-cell.js";
import { shortenMiddle } from "./shorten.js";

/** How much of a node there is room for: all, its name, or only its shape and state. */
export type Detail = "full" | "name" | "block";

/** Width of a character of the monospaced font, as a share of its size. */
const CHARACTER = 0.6;
const NAME_SIZE = 12;
/** What a name should measure on the screen when the graph is drawn small. */
const SMALLEST_NAME = 9.5;
const MARK_SPACE = 26;
const PADDING = 8;

/** There is room for one line. */
function isLow({ height }: Box): boolean {
  return height < 30;
}

function detailAt(scale: number): Detail {
  if (scale >= 0.68) return "full";
  return scale >= 0.34 ? "name" : "block";
}

const sources: Readonly<Record<SourceKind, { readonly words: string; readonly shape: SVGTemplateResult }>> = {
  file: {
    words: "input file",
    shape: svg`<path d="M2.5 1h4.6l2.4 2.5V11h-7zM6.8 1.2v2.6h2.5" fill="none" stroke="currentColor" stroke-width="1.3" />`,
  },
  lake: {
    words: "read from the lake",
    shape: svg`<g fill="none" stroke="currentColor" stroke-width="1.3"><ellipse cx="6" cy="2.6" rx="4" ry="1.6" /><path d="M2 2.6v6.6c0 .9 1.8 1.6 4 1.6s4-.7 4-1.6V2.6M2 5.9c0 .9 1.8 1.6 4 1.6s4-.7 4-1.6" /></g>`,
  },
};

export interface DrawnNode {
  readonly cell: GraphCell;
  readonly box: Box;
  readonly index: number;
  readonly scale: number;
  readonly classes: string;
  readonly isSelected: boolean;
  /** In the place of rows and time. */
  readonly note?: string;
}

export function drawNode(node: DrawnNode): SVGTemplateResult {
  const { cell, box, index, scale, classes, isSelected, note } = node;
  const mark = markOf(cell);
  const detail = detailAt(scale);
  const radius = isRelationNode(cell.kind) ? Math.min(6, box.height / 4) : box.height / 2;
  return svg`<g
    role="option"
    id="cell-${index}"
    class="node ${detail} ${mark} ${cell.kind} ${classes}"
    style="color:${colourOf(mark)}"
    data-index=${index}
    aria-selected=${isSelected}
    transform="translate(${box.x - box.width / 2} ${box.y - box.height / 2})"
  >
    <title>${[describeCell(cell), ...engineParts(cell), ...(note === undefined ? [] : [note])].join(", ")}</title>
    <rect class="ground" width=${box.width} height=${box.height} rx=${radius} />
    ${cell.status === "running" ? drawProgress(cell, box, radius) : nothing}
    ${drawMark(cell, mark, box, detail)}
    ${detail === "block" ? nothing : drawName(cell, box, detail, scale)}
    ${detail === "full" && !isLow(box) ? drawFigures(cell, mark, box, note) : nothing}
    ${drawEngine(cell, box, { isReadable: detail === "full", isLow: isLow(box) })}
    <rect class="outline" x="-3" y="-3" width=${box.width + 6} height=${box.height + 6} rx=${radius + 3} />
  </g>`;
}

/** Returns a cell in words, which is also its accessible name. */
function describeCell(cell: GraphCell): string {
  return [showControls(cell.name), ...statusParts(cell)].join(", ");
}

export function statusParts(cell: GraphCell): string[] {
  if (isSource(cell.kind)) return [sources[cell.kind].words];
  const parts = [wordOf(markOf(cell))];
  if (cell.status === "running" && cell.progress !== undefined) parts.push(`${Math.round(cell.progress)} %`);
  if (cell.rows !== undefined) parts.push(`${formatNumber(cell.rows)} ${cell.rows === 1 ? "row" : "rows"}`);
  if (cell.durationMs !== undefined) parts.push(formatDuration(cell.durationMs));
  return parts;
}

/** Where it is computed, or why not on Spark. */
export function engineParts({ engine }: GraphCell): string[] {
  return engine === undefined ? [] : [engine.words];
}

function drawMark(cell: GraphCell, mark: Mark, box: Box, detail: Detail): SVGTemplateResult {
  const size = { full: 12, name: 17, block: 26 }[detail] * (isLow(box) ? 0.85 : 1);
  const x = detail === "block" ? (box.width - size) / 2 : 15 - size / 2 + (detail === "name" ? 2 : 0);
  const shape = isSource(cell.kind)
    ? sources[cell.kind].shape
    : mark === "never"
      ? (shapeOfKind(cell.kind) ?? shapeOf(mark))
      : shapeOf(mark);
  return svg`<g transform="translate(${x} ${(box.height - size) / 2}) scale(${size / 12})">${shape}</g>`;
}

function drawName(cell: GraphCell, box: Box, detail: Detail, scale: number): SVGTemplateResult {
  const isSmall = isLow(box);
  const size =
    detail === "full"
      ? isSmall
        ? 11
        : NAME_SIZE
      : Math.min(isSmall ? 20 : 26, Math.max(NAME_SIZE, SMALLEST_NAME / scale));
  const left = MARK_SPACE + (detail === "name" ? 4 : 0);
  const behind = detail === "full" && !isSmall ? 0 : engineWidth(cell, box, detail === "full");
  const room = Math.floor((box.width - left - PADDING - behind) / (size * CHARACTER));
  const hasFigures = detail === "full" && !isSmall;
  const y = box.height / 2 + size * 0.35 - (hasFigures ? 7 : 0);
  return svg`<text class="name" x=${left} y=${y} font-size=${size}>${shortenMiddle(showControls(cell.name), room)}</text>`;
}

/** The second line: rows and time, or in their place what is wrong or under way. */
function drawFigures(cell: GraphCell, mark: Mark, box: Box, note?: string): SVGTemplateResult {
  if (note !== undefined) {
    const room = Math.floor((box.width - MARK_SPACE - PADDING) / (10.5 * CHARACTER));
    return svg`<text class="figures" x=${MARK_SPACE} y=${box.height / 2 + 13}>${shortenMiddle(showControls(note), room)}</text>`;
  }
  const figures = [
    cell.rows === undefined ? "" : `${formatCompact(cell.rows)} ${cell.rows === 1 ? "row" : "rows"}`,
    cell.durationMs === undefined ? "" : formatDuration(cell.durationMs),
  ].filter((figure) => figure !== "");
  const isQuiet = mark === "succeeded" || mark === "reused";
  const words = isQuiet && figures.length > 0 ? figures : [wordOf(mark), ...figures];
  return svg`<text class="figures" x=${MARK_SPACE} y=${box.height / 2 + 13}>${fitWords(words)}</text>`;
}

/** As many as fit on the line. */
function fitWords(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  return rest.reduce((line, word) => (line.length + word.length > 20 ? line : `${line} · ${word}`), first);
}

function drawProgress({ progress }: GraphCell, box: Box, radius: number): SVGTemplateResult {
  const length = box.width - 2 * radius;
  const isKnown = progress !== undefined && progress >= 0;
  return svg`<g transform="translate(${radius} ${box.height - 2})">
    <rect class="track" width=${length} height="2" rx="1" />
    <rect class=${isKnown ? "progress" : "progress unknown"} width=${isKnown ? (length * Math.min(progress, 100)) / 100 : length / 3} height="2" rx="1" />
  </g>`;
}
