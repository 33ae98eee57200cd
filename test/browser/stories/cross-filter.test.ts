import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { AxeResults } from "axe-core";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { formatCount, formatNumber } from "../../../server/text/format.js";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const sales = notebook({
  "cell: sales": `SELECT DATE '2026-01-01' + range::INTEGER AS day, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city,
  range % 2 = 0 AS is_new, 10.0 + range % 7 AS price FROM range(300)`,
});

const MANY = 1_200_000;

const manySales = `SELECT DATE '2026-01-01' + (range % 300)::INTEGER AS day, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city,
  range % 2 = 0 AS is_new, 10.0 + range % 7 AS price FROM range(${String(MANY)})`;

const charts = `
\`\`\`yaml
chart: by_city
from: sales
mark: barY
x: city
y: count()
\`\`\`

\`\`\`yaml
chart: by_price
from: sales
mark: histogram
x: price
bins: 7
\`\`\`

\`\`\`yaml
chart: by_month
from: sales
mark: barY
x: day
y: count()
grain: month
fill: is_new
\`\`\`
`;

describe.skipIf(!findChromium())("a mark that is picked", () => {
  const story = useStory({
    "notebooks/sales.md": sales + charts,
    "notebooks/narrow.md": sales + charts,
    "notebooks/late.md": sales + charts,
    "notebooks/many.md": notebook({ "cell: sales": manySales }) + charts,
  });

  async function open(name = "sales", options = {}): Promise<Reader> {
    const reader = await story.open(name, options);
    await reader.page.locator("[data-cell=sales]").waitFor();
    if ((await reader.cell("by_city").locator("chart-view").count()) === 0) await reader.runAll();
    for (const chart of ["by_month", "by_price", "by_city"]) await reader.showChart(chart);
    return reader;
  }

  function mark(reader: Reader, chart: string, row: number): Locator {
    return reader.cell(chart).locator(`[data-row="${String(row)}"]`);
  }

  function line(reader: Reader, cell: string): Locator {
    return reader.cell(cell).locator("picked-line");
  }

  async function shown(reader: Reader, cell: string, text: string | RegExp): Promise<void> {
    await line(reader, cell).getByText(text).waitFor();
  }

  function dimmed(reader: Reader, chart: string, row: number): Promise<boolean> {
    return mark(reader, chart, row).evaluate((element: SVGElement) => element.style.opacity !== "");
  }

  async function grave({ page }: Reader): Promise<readonly string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(within: string): Promise<AxeResults> } }).axe.run(
        "notebook-cell",
      ),
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  test("filters the other charts and the rows, with others by Shift, and is undone", async () => {
    const reader = await open();
    await mark(reader, "by_city", 0).click();
    await shown(reader, "by_city", "city = BCN");
    await shown(reader, "by_month", "100 of 300 rows");
    await shown(reader, "sales", "100 of 300 rows");
    expect(await dimmed(reader, "by_city", 0)).toBe(false);
    expect(await dimmed(reader, "by_city", 1)).toBe(true);
    await mark(reader, "by_city", 2).click({ modifiers: ["Shift"] });
    await shown(reader, "by_month", "city = BCN or VLC · 200 of 300 rows");
    const name = reader.cell("by_month").getByRole("button", { name: "Filter the page by true" });
    await name.click();
    await shown(reader, "by_city", "city = BCN or VLC and is_new = true · 100 of 300 rows");
    expect(await grave(reader)).toEqual([]);
    await mark(reader, "by_city", 0).click();
    await shown(reader, "sales", "city = BCN and is_new = true · 50 of 300 rows");
    await mark(reader, "by_city", 0).click();
    await shown(reader, "sales", "is_new = true · 150 of 300 rows");
    await line(reader, "by_price").getByRole("button", { name: "Clear" }).click();
    await line(reader, "sales").waitFor({ state: "detached" });
    expect(await dimmed(reader, "by_city", 1)).toBe(false);
    reader.expectCalm();
  });

  test("may be a range that is dragged, of whole bins", async () => {
    const reader = await open();
    const chart = reader.cell("by_price").locator("chart-view");
    await chart.scrollIntoViewIfNeeded();
    const [first, last] = [
      await mark(reader, "by_price", 1).boundingBox(),
      await mark(reader, "by_price", 3).boundingBox(),
    ];
    if (first === null || last === null) throw new Error("The bars are not there.");
    const y = first.y + first.height / 2;
    await reader.page.mouse.move(first.x + 2, y);
    await reader.page.mouse.down();
    await reader.page.mouse.move(last.x + last.width - 2, y, { steps: 5 });
    await reader.page.mouse.up();
    await shown(reader, "by_city", "price 11 – 14");
    await shown(reader, "sales", "129 of 300 rows");
    expect(await reader.page.evaluate(() => String(getSelection()))).toBe("");
    // What says so pushes nothing from under the pointer.
    expect(await mark(reader, "by_price", 1).boundingBox()).toEqual(first);
    await reader.cell("sales").getByRole("columnheader", { name: "city" }).click({ button: "right" });
    await reader.page.getByRole("menuitem", { name: "These filtered rows as a new cell" }).waitFor();
    await reader.page.keyboard.press("Escape");
    expect([await dimmed(reader, "by_price", 0), await dimmed(reader, "by_price", 2)]).toEqual([true, false]);
    reader.expectCalm();
  });

  test("counts of many rows, at each move of a range, what plain SQL counts", async () => {
    const reader = await open("many");
    const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
    const plain = async (sql: string): Promise<unknown[][]> =>
      (await duckdb.runAndReadAll(`SELECT ${sql} GROUP BY ALL ORDER BY ALL`)).getRowsJson();
    await reader.cell("by_city").getByRole("button", { name: "Table" }).click();
    await reader.cell("by_price").locator("chart-view").scrollIntoViewIfNeeded();
    const boxes = await Promise.all([1, 3, 4, 2].map((row) => mark(reader, "by_price", row).boundingBox()));
    const [first, ...lasts] = boxes.map((box) => box ?? { x: 0, y: 0, width: 0, height: 0 });
    if (first === undefined) throw new Error("The bars are not there.");
    const y = first.y + first.height / 2;
    await reader.page.mouse.move(first.x + 2, y);
    await reader.page.mouse.down();
    for (const [index, to] of [3, 4, 2].entries()) {
      const last = lasts[index] ?? first;
      await reader.page.mouse.move(last.x + last.width - 2, y, { steps: 5 });
      const where = `FROM (${manySales}) WHERE price BETWEEN 11 AND ${String(10 + to)}`;
      const [[rows] = []] = await plain(`count(*) ${where}`);
      const words = `price 11 – ${String(11 + to)} · ${formatNumber(String(rows))} of ${formatCount(MANY, "row")}`;
      await shown(reader, "sales", words);
      await shown(reader, "by_city", words);
      await reader.cell("by_city").locator(".stage:not(.is-old)").waitFor();
      const table = await reader.cell("by_city").locator("chart-view table tbody tr").allInnerTexts();
      const cities = (await plain(`city, count(*) ${where}`)).map(([city, n]) => [
        city,
        formatNumber(String(n)),
      ]);
      expect(table.map((row) => row.trim().split("\t"))).toEqual(cities);
    }
    await reader.page.mouse.up();
    await expect.poll(() => readdir(join(story.root, "data_lake/.lake/tmp/tallies"))).not.toEqual([]);
    reader.expectCalm();
  });

  test("is reached by keys, which tell what it is, and from the table of the chart", async () => {
    const reader = await open();
    const marks = reader.cell("by_city").getByRole("group", { name: /Marks of by_city/ });
    await marks.focus();
    await reader.page.keyboard.press("ArrowRight");
    await reader.page.keyboard.press("ArrowRight");
    await marks.getByText("city = MAD: count 100").waitFor();
    await reader.page.keyboard.press("Enter");
    await shown(reader, "by_month", "city = MAD · 100 of 300 rows");
    await marks.getByText("city = MAD: count 100, picked").waitFor();
    await reader.page.keyboard.press("Escape");
    await line(reader, "by_month").waitFor({ state: "detached" });
    await reader.cell("by_city").getByRole("button", { name: "Table" }).click();
    const box = reader.cell("by_city").getByRole("checkbox", { name: "Filter the page by city VLC" });
    await box.focus();
    await reader.page.keyboard.press("Space");
    await shown(reader, "sales", "city = VLC · 100 of 300 rows");
    expect(await box.isChecked()).toBe(true);
    expect(await grave(reader)).toEqual([]);
    reader.expectCalm();
  });

  test("stays through a run that leaves its column, and is let go with a word where that is gone", async () => {
    const reader = await open("late");
    await mark(reader, "by_city", 0).click();
    await shown(reader, "sales", "100 of 300 rows");
    const text = await story.read("notebooks/late.md");
    expect(text).toBe(sales + charts);
    await reader.typeSql(
      "sales",
      "SELECT DATE '2026-01-01' + range::INTEGER AS day, ['BCN', 'MAD'][1 + range % 2] AS city, range % 2 = 0 AS is_new, 10.0 + range % 7 AS price FROM range(60)",
    );
    await reader.runAll();
    await shown(reader, "sales", "city = BCN · 30 of 60 rows");
    await mark(reader, "by_price", 0).click();
    await shown(reader, "sales", /price .* – /);
    await reader.typeSql(
      "sales",
      "SELECT DATE '2026-01-01' + range::INTEGER AS day, range % 2 = 0 AS is_new, 10.0 + range % 7 AS price FROM range(60)",
    );
    await reader.runAll();
    await reader.cell("sales").scrollIntoViewIfNeeded();
    await shown(reader, "sales", 'No longer filtered by city = BCN: Column "city" does not exist.');
    // What was picked of a column that is there stays.
    await shown(reader, "sales", /price .* – /);
  });

  test("never gives way to the late answer of an earlier one", async () => {
    const reader = await open();
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    await reader.page.route(/by_month\/chart\?.*BCN/, async (route) => {
      await isReleased;
      await route.continue().catch(() => undefined);
    });
    await mark(reader, "by_city", 0).click();
    await reader.cell("by_month").locator(".stage.is-old").waitFor();
    await mark(reader, "by_city", 1).click();
    await shown(reader, "by_month", "city = MAD · 100 of 300 rows");
    await reader.cell("by_month").locator(".stage:not(.is-old)").waitFor();
    release();
    await reader.page.unrouteAll({ behavior: "wait" });
    await reader.cell("by_month").getByRole("button", { name: "View SQL" }).click();
    await reader.cell("by_month").getByText(`"city" = 'MAD'`).waitFor();
  });

  test("never gives way to late rows of an earlier one", async () => {
    const reader = await open();
    const held: (() => void)[] = [];
    await reader.page.route(/\/sales\/rows\?.*limit=200.*BCN/, async (route) => {
      const answer = await route.fetch().catch(() => undefined);
      await new Promise<void>((resolve) => held.push(resolve));
      if (answer !== undefined) await route.fulfill({ response: answer }).catch(() => undefined);
    });
    await mark(reader, "by_city", 0).click();
    await expect.poll(() => held.length).toBe(1);
    await mark(reader, "by_city", 1).click();
    await shown(reader, "sales", "city = MAD · 100 of 300 rows");
    await reader.cell("sales").scrollIntoViewIfNeeded();
    const cities = (): Promise<string[]> =>
      reader.cell("sales").locator('data-grid .window [id$="-1"]').allInnerTexts();
    await expect.poll(async () => new Set(await cities())).toEqual(new Set(["MAD"]));
    held[0]?.();
    await reader.page.unrouteAll({ behavior: "wait" });
    // What the page asks for and is told next comes after what was held.
    await reader.page.evaluate(() => fetch("/healthz").then(() => new Promise(requestAnimationFrame)));
    expect(new Set(await cities())).toEqual(new Set(["MAD"]));
  });

  test("is seen at 390 px, in the dark", async () => {
    const reader = await open("narrow", { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await mark(reader, "by_city", 1).click();
    await shown(reader, "by_month", "city = MAD · 100 of 300 rows");
    const width = await reader.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
    expect(await grave(reader)).toEqual([]);
    reader.expectCalm();
  });

  test("is counted once the server is back", async () => {
    const reader = await open();
    await mark(reader, "by_city", 2).click();
    await shown(reader, "sales", "city = VLC · 100 of 300 rows");
    await story.restart(async () => {
      await mark(reader, "by_city", 0).click();
      await shown(reader, "sales", "city = BCN");
    });
    await shown(reader, "sales", "city = BCN · 100 of 300 rows");
  });
});
