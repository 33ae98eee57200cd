import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchBrowser } from "../../support/chromium.js";
import { buildElementPage } from "./element-page.js";
import type {} from "./grid-page.js";

/** Text that would run, load or break out if it were ever taken for more than text. */
const corpus = [
  "<script>pwned()</script>",
  "<img src=x onerror=pwned()>",
  "<svg onload=pwned()>",
  '"><svg/onload=pwned()>',
  "' onmouseover='pwned()",
  "</style><script>pwned()</script>",
  "</title><img src=//evil.example/x onerror=pwned()>",
  "javascript:pwned()",
  "${pwned()}",
  "{{constructor.constructor('pwned()')()}}",
  "url(//evil.example/x)",
  "red;background:url(//evil.example/x)",
  "<!--><img src=x onerror=pwned()>-->",
  "&lt;img src=x onerror=pwned()&gt;",
  "__proto__",
  "constructor",
  "\u202e<img src=x onerror=pwned()>",
  "\u0000<img src=x onerror=pwned()>",
];

describe.skipIf(!findChromium())("values, names and messages from outside", () => {
  let browser: Browser;
  let open: Awaited<ReturnType<typeof buildElementPage>>;

  beforeAll(async () => {
    const html = new URL("grid-page.html", import.meta.url).pathname;
    [browser, open] = await Promise.all([launchBrowser(), buildElementPage(html)]);
  });

  afterAll(() => browser.close());

  test("stay text in the grid, its header, filters and details", async () => {
    const { page, complaints } = await open(browser);
    await page.evaluate(async (texts) => {
      gridPage.watchForScripts();
      const columns = texts.map((text, index) => ({
        name: text,
        type: index % 3 === 0 ? text : "VARCHAR",
        kind: "text" as const,
      }));
      const profile = columns.map((column) => ({
        ...column,
        count: 9,
        nulls: 1,
        distinct: 2,
        min: texts[0],
        max: texts[1],
        topValues: texts.map((value) => ({ value, count: 1 })),
      }));
      globalThis.source = new gridPage.FakeSource(columns, 50, (row, column) =>
        row % 2 === 0 ? texts[(row + column) % texts.length] : { [texts[column]!]: texts },
      );
      const properties = {
        source,
        profile,
        label: texts[1],
        problem: texts[1],
        style: "--grid-max-height: 900px",
      };
      globalThis.grid = await gridPage.mount("data-grid", properties);
      await gridPage.mount("column-profile", { profile });
    }, corpus);
    expect(await page.locator("data-grid #cell-0-1").textContent()).toBe(corpus[1]);
    expect(await page.locator("data-grid .name").nth(1).textContent()).toBe(corpus[1]);
    expect(await page.getByRole("alert").textContent()).toContain(corpus[1]);

    await page.getByRole("button", { name: "Filter columns" }).click();
    await page.locator("data-grid .viewport").focus();
    for (const key of ["ArrowRight", "Enter", "Escape", "ArrowDown", "Enter"]) {
      await page.keyboard.press(key);
      await page.evaluate(() => gridPage.settle(grid));
    }
    expect(await page.getByRole("dialog").textContent()).toContain(corpus[1]);
    await page.keyboard.press("Escape");
    await page.locator("data-grid .viewport").evaluate((viewport) => (viewport.scrollLeft = 100_000));
    await page.evaluate(() => gridPage.settle(grid));
    expect(await page.evaluate(() => gridPage.foreignElements())).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("stay text among the checks", async () => {
    const { page, complaints } = await open(browser);
    await page.evaluate(async (texts) => {
      gridPage.watchForScripts();
      const checks = texts.map((text) => ({
        name: text,
        severity: "warn",
        outcome: "fail",
        failures: 1,
        message: text,
      }));
      globalThis.events = [];
      document.body.addEventListener("show-failures", ({ check }) => globalThis.events.push(check));
      await gridPage.mount("check-list", { checks });
    }, corpus);
    expect(await page.locator("check-list .message").allTextContents()).toEqual(corpus);
    await page.getByRole("button").nth(1).click();
    expect(await page.evaluate(() => events)).toEqual([corpus[1]]);
    expect(await page.evaluate(() => gridPage.foreignElements())).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
