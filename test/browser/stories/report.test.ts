import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const sales = `---
title: Sales of cities
---

# Sales of cities

What was sent, by city.

\`\`\`sql
--| cell: orders
--| description: Every order
SELECT range AS id, ['BCN', 'MAD'][1 + range % 2] AS city FROM range(300)
\`\`\`

## One city

\`\`\`yaml
input: city
type: select
label: City
options: [BCN, MAD]
default: BCN
\`\`\`

\`\`\`sql
--| cell: chosen
--| description: Orders of the city
--| width: half
SELECT id FROM orders WHERE city = $city
\`\`\`

\`\`\`yaml
chart: by_city
title: Orders by city
width: half
from: orders
mark: barY
x: city
y: count(*)
\`\`\`
`;

/** A city, and of it all or only the new orders. */
const choosing = `---
title: One city
---

# One city

\`\`\`sql
--| cell: orders
SELECT range AS id, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city, range % 2 = 0 AS is_new FROM range(30)
\`\`\`

\`\`\`yaml
input: city
type: select
label: City
description: Where it was ordered
options: [BCN, MAD, VLC]
default: BCN
\`\`\`

\`\`\`yaml
input: only_new
type: checkbox
label: Only new orders
default: false
\`\`\`

\`\`\`sql
--| cell: of_city
--| description: Its orders
SELECT id, is_new FROM orders WHERE city = $city
\`\`\`

\`\`\`yaml
chart: number
title: How many
from: how_many
mark: barY
x: kind
y: sum(n)
\`\`\`

\`\`\`sql
--| cell: how_many
SELECT CASE WHEN is_new THEN 'new' ELSE 'old' END AS kind, count(*) AS n
FROM of_city WHERE is_new OR NOT $only_new GROUP BY ALL ORDER BY ALL
\`\`\`
`;

describe.skipIf(!findChromium())("people who do not read SQL", () => {
  const story = useStory({ "notebooks/sales.md": sales, "notebooks/choosing.md": choosing });

  async function openReport(options: Parameters<typeof story.open>[1] = {}): Promise<Reader> {
    const reader = await story.open("sales", options);
    await reader.runAll();
    const bar = reader.page.locator("run-bar");
    if ((options.viewport?.width ?? 1280) < 600) await bar.getByRole("button", { name: "More" }).click();
    await bar.getByRole("button", { name: "Report" }).click();
    await reader.page.locator("#orders .window .row").first().waitFor();
    await reader.page.locator("#by_city svg rect").first().waitFor();
    return reader;
  }

  async function share(notebook = "sales"): Promise<string> {
    const answer = await fetch(`${story.server.url}/api/notebooks/${notebook}/shares`, {
      method: "POST",
      headers: { authorization: `Bearer ${story.server.token}`, "content-type": "application/json" },
      body: "{}",
    });
    return story.server.url + ((await answer.json()) as { readonly url: string }).url;
  }

  /** What stands where: the same on the page, behind a link and in a file. */
  function picture(page: Page): Promise<readonly string[]> {
    return page.evaluate(() =>
      [...document.querySelectorAll(".report-main .prose, .report-card, #city")].map((element) => {
        const { left, width } = element.getBoundingClientRect();
        const name = element.id === "" ? (element.textContent.trim().split("\n")[0] ?? "") : element.id;
        return element.id === "city"
          ? name
          : `${name} at ${String(Math.round(left))}, ${String(Math.round(width))} wide`;
      }),
    );
  }

  async function faults(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    return violations
      .filter(({ impact }) => impact !== "minor")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  test("read the notebook without code, and choose", async () => {
    const reader = await openReport();
    const { page } = reader;
    expect(page.url()).toContain("?view=report");
    expect(await page.locator("sql-cell-editor, .cell-head").count()).toBe(0);
    await page.locator("#chosen").getByText("150 rows").waitFor();
    await page.getByRole("combobox", { name: "City" }).selectOption("MAD");
    await page.locator("#chosen .window").getByText("1", { exact: true }).nth(1).waitFor();
    expect(page.url()).toContain("?view=report&city=MAD");
    // A key of command mode adds nothing to what nobody sees.
    await page.locator("#orders h3").click();
    await page.keyboard.press("b");
    await page.getByRole("button", { name: "Report" }).click();
    await reader.cell("chosen").waitFor();
    expect(await story.read("notebooks/sales.md")).toBe(sales);
    reader.expectCalm();
  });

  /** An exported file, opened from the disk by somebody who may ask nobody. */
  async function openFile(notebook: string, options = {}): Promise<Reader> {
    const answer = await fetch(`${story.server.url}/api/notebooks/${notebook}/export?format=html`, {
      headers: { authorization: `Bearer ${story.server.token}` },
    });
    const path = join(story.root, `${notebook}.html`);
    await writeFile(path, await answer.text());
    const reader = await story.stranger(pathToFileURL(path).href, options);
    await reader.page.goto(pathToFileURL(path).href);
    return reader;
  }

  test.each([1280, 390])("choose another city in a file and behind a link, %i pixels wide", async (width) => {
    const maker = await story.open("choosing");
    await maker.runAll();
    const options = { viewport: { width, height: 800 } };
    const link = await story.stranger(story.server.url, options);
    await link.page.goto(await share("choosing"));
    for (const reader of [await openFile("choosing", options), link]) {
      const { page } = reader;
      const table = page.locator("#of_city");
      const bars = page.locator("#number svg:visible rect title");
      const column = table.locator("tbody tr:not([hidden]) td:first-child");
      const firstColumn = (): Promise<string[]> => column.allInnerTexts();
      expect(await firstColumn()).toEqual(["0", "3", "6", "9", "12", "15", "18", "21", "24", "27"]);
      await table.getByLabel("Search in all columns").fill("true");
      await table.getByRole("button", { name: "id" }).press("Enter");
      await table.getByRole("button", { name: "id" }).press("Enter");
      expect(await firstColumn()).toEqual(["24", "18", "12", "6", "0"]);
      const select = page.getByRole("combobox", { name: "City" });
      await select.focus();
      await page.keyboard.press("ArrowDown");
      // What somebody looks for, in an order, is looked for in the other rows too.
      expect(await firstColumn()).toEqual(["28", "22", "16", "10", "4"]);
      expect(await bars.count()).toBe(2);
      await page.getByRole("checkbox", { name: "Only new orders" }).press("Space");
      expect(await bars.count()).toBe(1);
      await page
        .getByRole("status")
        .getByText("1 result changed.")
        .or(page.getByText("2 results changed."))
        .waitFor();
      await table.getByLabel("Search in all columns").fill("");
      await select.selectOption("BCN");
      expect(await firstColumn()).toEqual(["27", "24", "21", "18", "15", "12", "9", "6", "3", "0"]);
      reader.expectCalm();
    }
  });

  test("see the same picture on the page, behind a link and in a file", async () => {
    const { page } = await openReport();
    const expected = await picture(page);
    expect(expected).toHaveLength(6);
    const stranger = await story.stranger();
    await stranger.page.goto(await share());
    expect(await picture(stranger.page)).toEqual(expected);
    const answer = await page.request.get(`${story.server.url}/api/notebooks/sales/export?format=html`);
    const path = join(story.root, "sales.html");
    await writeFile(path, await answer.text());
    const reader = await story.stranger(pathToFileURL(path).href);
    await reader.page.goto(pathToFileURL(path).href);
    expect(await picture(reader.page)).toEqual(expected);
    stranger.expectCalm();
    reader.expectCalm();
  });

  test("sort and search the rows of a link, go to a cell, and read it all without a script", async () => {
    const { page } = await openReport();
    await page.close();
    const link = await share();
    const stranger = await story.stranger();
    await stranger.page.goto(`${link}#chosen`);
    const table = stranger.page.locator("#orders");
    const firstRow = table.locator("tbody tr:not([hidden])").first();
    await table.getByRole("button", { name: "id" }).click();
    await table.getByRole("button", { name: "id" }).click();
    expect(await firstRow.locator("td").allInnerTexts()).toEqual(["299", "MAD"]);
    await table.getByLabel("Search in all columns").fill("bcn");
    expect(await firstRow.locator("td").allInnerTexts()).toEqual(["298", "BCN"]);
    await table.getByText("150 of 300 rows").waitFor();
    expect(await stranger.page.getByRole("combobox", { name: "City" }).inputValue()).toBe("BCN");
    stranger.expectCalm();

    const context = await stranger.page.context().browser()?.newContext({ javaScriptEnabled: false });
    const plain = await context?.newPage();
    await plain?.goto(link);
    expect(await plain?.locator("#orders tbody tr").count()).toBe(300);
    expect(await plain?.getByRole("button").count()).toBe(0);
    expect(await plain?.locator("#city dd").innerText()).toBe("BCN");
    expect(await plain?.locator("#by_city svg").first().isVisible()).toBe(true);
    await context?.close();
  });

  test("go to a part by the folded contents on a phone", async () => {
    const { page } = await openReport({ viewport: { width: 390, height: 800 } });
    const file = await openFile("sales", { viewport: { width: 390, height: 800 } });
    for (const phone of [page, file.page]) {
      await phone.getByText("Contents", { exact: true }).click();
      await phone.locator(".report-contents").getByRole("link", { name: "Orders of the city" }).click();
      await expect
        .poll(() => phone.locator("#chosen").evaluate((card) => card.getBoundingClientRect().top < 400))
        .toBe(true);
      expect(await phone.locator(".report-contents nav").isVisible()).toBe(false);
    }
  });

  test("print the first rows of a table with all columns, and no field", async () => {
    const { page } = await openReport();
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const card = page.locator("#orders");
    expect(await card.locator(".report-print tbody tr").count()).toBe(20);
    expect(await card.locator(".report-print tbody tr").last().innerText()).toBe("20\t19\tMAD");
    expect(await card.getByText("The first 20 of 300 rows.").isVisible()).toBe(true);
    expect(await card.locator("report-grid").isVisible()).toBe(false);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await card.locator("report-grid .window .row").first().waitFor();
  });

  test("are shown it section by section", async () => {
    const { page } = await openReport();
    const link = await share();
    const stranger = await story.stranger();
    await stranger.page.goto(link);
    for (const shown of [page, stranger.page]) {
      await shown.evaluate(() => {
        scrollTo(0, 0);
      });
      await shown.getByRole("button", { name: "Present" }).click();
      await shown.getByText("1 of 2").waitFor();
      expect(await shown.locator("#chosen").isVisible()).toBe(false);
      await shown.keyboard.press("ArrowRight");
      await shown.getByText("2 of 2").waitFor();
      expect(await shown.locator("#chosen").isVisible()).toBe(true);
      expect(await shown.locator("#orders").isVisible()).toBe(false);
      await shown.keyboard.press("Escape");
      await shown.locator(".presenting").waitFor({ state: "detached" });
      expect(await shown.locator("#orders").isVisible()).toBe(true);
    }
  });

  test.each(["light", "dark"] as const)("have no fault that axe finds, %s", async (colorScheme) => {
    const { page } = await openReport({ colorScheme });
    expect(await faults(page)).toEqual([]);
    const visitor = await page.context().newPage();
    await visitor.goto(await share());
    await visitor.locator(".made > summary").click();
    expect(await faults(visitor)).toEqual([]);
    const file = await openFile("sales", { colorScheme, viewport: { width: 390, height: 800 } });
    await file.page.locator(".report-contents summary").click();
    expect(await faults(file.page)).toEqual([]);
  });
});
