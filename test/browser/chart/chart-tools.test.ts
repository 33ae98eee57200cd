import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { useChartTable } from "../../server/chart/chart-table.js";
import { findChromium, launchBrowser } from "../../support/chromium.js";
import { buildElementPage, type ElementPage } from "../grid/element-page.js";

const html = new URL("chart-page.html", import.meta.url).pathname;
const sql = "FROM (VALUES ('a', 'x', 5), ('b', 'x', 3), ('b', 'y', 4), ('c', 'z', 1)) AS t(name, kind, n)";

describe.skipIf(!findChromium())("the tools of a chart", () => {
  const shared = useChartTable();
  let browser: Browser;
  let open: (browser: Browser) => Promise<ElementPage>;

  beforeAll(async () => {
    [browser, open] = await Promise.all([launchBrowser(), buildElementPage(html)]);
  });
  afterAll(() => browser.close());

  async function show(
    options: ChartOptions = { mark: "barY", x: "name", y: "sum(n)", fill: "kind" },
  ): Promise<ElementPage> {
    const opened = await open(browser);
    const data = await shared.table.draw(sql, options);
    await opened.page.evaluate((given) => chartPage.draw(given), data);
    return opened;
  }

  test("a name in the legend is put away, and stands alone, also by keyboard", async () => {
    const { page, complaints } = await show();
    const bars = page.locator("chart-view svg rect");
    const x = page.getByRole("button", { name: "x", exact: true });
    const drawn = async (count: number): Promise<void> => {
      await page.waitForFunction(
        (wanted) =>
          document.querySelector("chart-view")?.shadowRoot?.querySelectorAll(".canvas svg rect").length ===
          wanted,
        count,
      );
    };
    await drawn(4);
    await x.press("Enter");
    expect(await x.getAttribute("aria-pressed")).toBe("false");
    await drawn(2);
    await x.press("Shift+Enter");
    await drawn(2);
    expect(await page.getByRole("button", { name: "y", exact: true }).getAttribute("aria-pressed")).toBe(
      "false",
    );
    await x.press("Enter");
    await drawn(4);
    expect(await bars.count()).toBe(4);
    expect(complaints).toEqual([]);
  });

  test.each([
    ["the others", { mark: "barY", x: "name", y: "sum(n)", limit: 1, other: true }, "name b sum of n 7"],
    ["lying bars", { mark: "barX", y: "name", x: "sum(n)" }, "sum of n 5 name a"],
    ["ranges", { mark: "histogram", x: "n" }, "n 1 count 1"],
    ["dots", { mark: "dot", x: "n", y: "name" }, "n 5 name a"],
    ["a line", { mark: "lineY", x: "name", y: "sum(n)" }, "name a sum of n 5"],
    ["parts", { mark: "barY", x: "name", y: "sum(n)", fill: "kind" }, "name a sum of n 5 kind x ■"],
  ] as const)("the tip of %s tells values, and no paint", async (_, options, expected) => {
    const { page, complaints } = await show({ ...options });
    const mark = page.locator("chart-view .canvas svg [data-row]").first();
    await mark.hover({ force: true });
    const tip = page.locator('chart-view .canvas [aria-label="tip"] text').first();
    await tip.waitFor();
    const words = await tip.locator("xpath=./*").evaluateAll((lines) =>
      lines
        .map(({ textContent }) => textContent.replaceAll(/[\s\u200b]+/g, " ").trim())
        .filter((line) => line !== "")
        .join(" "),
    );
    expect(words).toBe(expected);
    expect(complaints).toEqual([]);
  });

  test("it is saved as SVG, PNG and CSV", async () => {
    const { page, complaints } = await show();
    await page.locator("chart-view").hover();
    const save = async (format: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Download ${format}` }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`chart.${format.toLowerCase()}`);
      return readFile(await download.path());
    };
    expect((await save("SVG")).toString()).toMatch(/^<svg xmlns/);
    expect((await save("CSV")).toString()).toContain("name,sum of n,kind\r\na,5,x\r\n");
    const png = await save("PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThan(900);
    expect(complaints).toEqual([]);
  });
});
