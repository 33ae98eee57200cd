/*
 * What a chart is drawn and told by. It comes with the first chart that somebody is near to, and not with the page.
 */
export { legendOf } from "../../server/chart/chart-legend.js";
export { pageTheme } from "../../server/chart/chart-theme.js";
export { chartHeight, drawChart } from "../../server/chart/draw-chart.js";
export { ChartPicking } from "./chart-picking.js";
export { downloadChart } from "./chart-download.js";
export { renderLegend } from "./chart-legend-view.js";
export { renderChartTable } from "./chart-table.js";
