import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as Plot from "@observablehq/plot";
import type { Browser } from "playwright-core";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageTheme } from "../../../server/chart/chart-theme.js";
import { drawChart } from "../../../server/chart/draw-chart.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { createDocument } from "../../server/chart/chart-case.js";
import { useChartTable } from "../../server/chart/chart-table.js";
import { findChromium, launchBrowser } from "../../support/chromium.js";
import { buildElementPage, type ElementPage } from "../grid/element-page.js";
import type { Drawn } from "./chart-page.js";

const html = new URL("chart-page.html", import.meta.url).pathname;
const folder = resolve(import.meta.dirname, "../../charts");
const cases = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

describe.skipIf(!findChromium())("what exports and shares draw is what the page draws", () => {
  const shared = useChartTable();
  let browser: Browser;
  let open: ElementPage;

  beforeAll(async () => {
    const [launched, openPage] = await Promise.all([launchBrowser(), buildElementPage(html)]);
    browser = launched;
    // On a coarse screen Plot moves lines by half a pixel, to keep them sharp; a file does not know its screen.
    open = await openPage(browser, { density: 2 });
  });
  afterAll(() => browser.close());

  test.each(cases)("%s", async (file) => {
    const { sql, chart } = parse(readFileSync(resolve(folder, file), "utf8")) as {
      readonly sql: string;
      readonly chart: ChartOptions;
    };
    const data = await shared.table.draw(sql, chart);
    const drawn: Drawn = await open.page.evaluate((given) => chartPage.draw(given), data);
    const { outerHTML } = drawChart(Plot, data, {
      width: drawn.width,
      theme: pageTheme,
      document: createDocument(),
      tips: "titles",
    });
    const exported = await open.page.evaluate((markup) => chartPage.parse(markup), outerHTML);
    expect(exported).toEqual(drawn.lines);
    expect(exported.length).toBeGreaterThan(7);
    expect(open.complaints).toEqual([]);
  });
});
