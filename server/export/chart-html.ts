import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import { legendOf } from "../chart/chart-legend.js";
import { pageTheme } from "../chart/chart-theme.js";
import type { PlainChart } from "../chart/chart-values.js";
import { drawChart, type Figure } from "../chart/draw-chart.js";
import type { ReportWidth } from "../notebook/report-width.js";
import { escapeHtml, markInvalid } from "../text/escape-html.js";

/** Of the drawing in a report of its greatest width, and on a phone. */
const widths: Readonly<Record<ReportWidth, number>> = { full: 926, half: 438, third: 275 };
const NARROW = 324;
/** A drawing beyond this, in characters, is there once. */
const LARGE = 150_000;

/**
 * The legend and the drawing that the notebook's page has, as HTML without a script. Colours are custom properties,
 * which the style sheet defines. To be loaded with the first chart: Plot and a document are large.
 */
export function chartToHtml(chart: PlainChart, reportWidth: ReportWidth = "full"): string {
  if (chart.rows.length === 0) return '<p class="note">There is nothing to draw.</p>';
  const wide = draw(chart, widths[reportWidth]);
  const hasNarrow = reportWidth !== "third" && wide.length < LARGE;
  const narrow = hasNarrow ? `<div class="narrow">${draw(chart, NARROW)}</div>` : "";
  return `${legendToHtml(chart)}<div class="drawing"><div class="wide">${wide}</div>${narrow}</div>`;
}

function draw(chart: PlainChart, width: number): string {
  // Of XML: linkedom escapes what stands in attributes there only.
  const document = new DOMParser().parseFromString("<svg/>", "image/svg+xml");
  const figure = drawChart<Figure>(Plot, chart, { width, theme: pageTheme, document, tips: "titles" });
  return markInvalid(figure.outerHTML);
}

function legendToHtml(chart: PlainChart): string {
  const legend = legendOf(chart, pageTheme);
  if (legend === undefined) return "";
  const items = legend.items.map(
    ({ label, color, isLine = false }) =>
      `<li><i class="swatch${isLine ? " line" : ""}" style="background: ${escapeHtml(color)}"></i>${escapeHtml(label)}</li>`,
  );
  return `<div class="legend${legend.isRamp ? " ramp" : ""}">${escapeHtml(legend.label)}<ul>${items.join("")}</ul></div>`;
}
