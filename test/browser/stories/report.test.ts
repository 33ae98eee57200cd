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

describe.skipIf(!findChromium())("people who do not read SQL", () => {
  const story = useStory({ "notebooks/sales.md": sales });

  async function openReport(options = {}): Promise<Reader> {
    const reader = await story.open("sales", options);
    await reader.runAll();
    await reader.page.getByRole("button", { name: "Report" }).click();
    await reader.page.locator("#orders .window .row").first().waitFor();
    await reader.page.locator("#by_city svg rect").first().waitFor();
    return reader;
  }

  async function share(): Promise<string> {
    const answer = await fetch(`${story.server.url}/api/notebooks/sales/shares`, {
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
    expect(await stranger.page.locator("#city dd").innerText()).toBe("BCN");
    stranger.expectCalm();

    const context = await stranger.page.context().browser()?.newContext({ javaScriptEnabled: false });
    const plain = await context?.newPage();
    await plain?.goto(link);
    expect(await plain?.locator("#orders tbody tr").count()).toBe(300);
    expect(await plain?.getByRole("button").count()).toBe(0);
    expect(await plain?.locator("#by_city svg").first().isVisible()).toBe(true);
    await context?.close();
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
    await visitor.locator("summary").click();
    expect(await faults(visitor)).toEqual([]);
  });
});
