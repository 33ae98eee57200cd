import { escapeHtml } from "../text/escape-html.js";
import { legendOf } from "./chart-legend.js";
import { printTheme, type ChartTheme } from "./chart-theme.js";
import { chartHeight, describe, drawChart, type DrawOptions, type Figure, type Plot } from "./draw-chart.js";
import type { PlainChart } from "./chart-values.js";

export interface SvgOptions {
  readonly width: number;
  readonly caption?: string;
  readonly theme?: ChartTheme;
  /** Keys of the legend that are put away. */
  readonly hidden?: ReadonlySet<string>;
  /** Where there is no page. */
  readonly document?: unknown;
}

const FONT = "Inter, system-ui, sans-serif";
const SIDE = 16;

/** A chart with title, legend and caption as the text of an SVG file that stands alone. Needs no page. */
export function renderChartSvg<F extends Figure>(
  plot: Plot<F>,
  chart: PlainChart,
  options: SvgOptions,
): string {
  const { width, theme = printTheme, document, hidden } = options;
  const inner: DrawOptions = {
    width: width - 2 * SIDE,
    theme,
    ...(document !== undefined && { document }),
    ...(hidden !== undefined && { hidden }),
  };
  const figure = drawChart(plot, chart, inner);
  const head = renderHead(chart, theme, width, hidden);
  const height = chartHeight(chart);
  const caption = wrap(options.caption ?? "", (width - 2 * SIDE) / 5.6);
  const foot = caption.map((line, index) =>
    text(line, SIDE, head.height + height + 16 + index * 15, { size: 11, fill: theme.muted }),
  );
  const total = head.height + height + caption.length * 15 + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(total)}" viewBox="0 0 ${String(width)} ${String(total)}" font-family="${FONT}" role="img" aria-label="${escapeHtml(describe(chart))}">`,
    `<rect width="100%" height="100%" fill="${theme.raised}"/>`,
    ...head.lines,
    `<g transform="translate(${String(SIDE)},${String(head.height)})" color="${theme.text}" fill="currentColor" font-size="11" text-anchor="middle">`,
    toXml(figure),
    "</g>",
    ...foot,
    "</svg>",
    "",
  ].join("\n");
}

/** Plot's own style speaks of the page that the chart stands in; a file has none. */
function toXml(figure: Figure): string {
  for (const style of figure.querySelectorAll("style")) style.remove();
  return figure.innerHTML.replaceAll("&nbsp;", "\u00a0").replaceAll("><", ">\n<");
}

function renderHead(
  chart: PlainChart,
  theme: ChartTheme,
  width: number,
  hidden: ReadonlySet<string> = new Set(),
): { readonly lines: string[]; readonly height: number } {
  const { title, subtitle } = chart.plot;
  const lines: string[] = [];
  let y = 12;
  for (const line of wrap(title ?? "", (width - 2 * SIDE) / 8)) {
    y += 18;
    lines.push(text(line, SIDE, y, { size: 15, fill: theme.text, weight: 600 }));
  }
  for (const line of wrap(subtitle ?? "", (width - 2 * SIDE) / 6)) {
    y += 16;
    lines.push(text(line, SIDE, y, { size: 12, fill: theme.muted }));
  }
  const legend = legendOf(chart, theme);
  if (legend !== undefined) {
    y += 22;
    let x = SIDE;
    if (legend.label !== "") lines.push(text(legend.label, x, y, { size: 11, fill: theme.muted }));
    if (legend.label !== "") x += legend.label.length * 6 + 12;
    for (const { label, color, isLine = false } of legend.items.filter(({ key }) => !hidden.has(key))) {
      const shown = label.length > 28 ? `${label.slice(0, 27)}…` : label;
      const length = shown.length * 6 + 26;
      if (x + length > width - SIDE) [x, y] = [SIDE, y + 16];
      lines.push(
        isLine
          ? `<line x1="${String(x - 1)}" x2="${String(x + 11)}" y1="${String(y - 4)}" y2="${String(y - 4)}" stroke="${escapeHtml(color)}" stroke-width="2.5"/>`
          : `<rect x="${String(x)}" y="${String(y - 9)}" width="10" height="10" rx="2" fill="${escapeHtml(color)}"/>`,
      );
      lines.push(text(shown, x + 14, y, { size: 11, fill: theme.text }));
      x += length;
    }
  }
  return { lines, height: y + 10 };
}

interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly weight?: number;
}

function text(content: string, x: number, y: number, { size, fill, weight }: TextStyle): string {
  const bold = weight === undefined ? "" : ` font-weight="${String(weight)}"`;
  return `<text x="${String(x)}" y="${String(y)}" font-size="${String(size)}" fill="${fill}"${bold}>${escapeHtml(content)}</text>`;
}

function wrap(content: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(/\s+/).filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
