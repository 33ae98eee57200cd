import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import { legendOf } from "../chart/chart-legend.js";
import { pageTheme } from "../chart/chart-theme.js";
import type { PlainChart } from "../chart/chart-values.js";
import { drawChart, type Figure } from "../chart/draw-chart.js";
import { escapeHtml, markInvalid } from "../text/escape-html.js";

/** About as wide as the text of the page around it. */
const WIDTH = 880;

/**
 * The legend and the drawing that the notebook's page has, as HTML without a script. Colours are custom properties,
 * which the style sheet defines. To be loaded with the first chart: Plot and a document are large.
 */
export function chartToHtml(chart: PlainChart): string {
  if (chart.rows.length === 0) return '<p class="note">There is nothing to draw.</p>';
  // Of XML: linkedom escapes what stands in attributes there only.
  const document = new DOMParser().parseFromString("<svg/>", "image/svg+xml");
  const figure = drawChart<Figure>(Plot, chart, { width: WIDTH, theme: pageTheme, document, tips: "titles" });
  return `${legendToHtml(chart)}<div class="drawing">${markInvalid(figure.outerHTML)}</div>`;
}

function legendToHtml(chart: PlainChart): string {
  const legend = legendOf(chart, pageTheme);
  if (legend === undefined) return "";
  const items = legend.items.map(
    ({ label, color, isLine = false }) =>
      `<li><i${isLine ? ' class="line"' : ""} style="background: ${escapeHtml(color)}"></i>${escapeHtml(label)}</li>`,
  );
  return `<div class="legend${legend.isRamp ? " ramp" : ""}">${escapeHtml(legend.label)}<ul>${items.join("")}</ul></div>`;
}
