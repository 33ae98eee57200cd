import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory } from "./story.js";

const section = (title: string, cell: string): string =>
  `## ${title}\n\n${"Much is told here of what follows.\n\n".repeat(12)}${cell}\n\n`;
const sql = (name: string, query: string): string => `\`\`\`sql\n--| cell: ${name}\n${query}\n\`\`\``;
const chart = `\`\`\`yaml\nchart: by_city\ntitle: Orders per city\nfrom: orders\nmark: bar\nx: city\ny: count()\n\`\`\``;
const text = [
  "---\ntitle: A long way\n---\n\n# A long way\n\n",
  section("What is *delivered*", sql("orders", "SELECT 1 AS id, 'MAD' AS city")),
  section("What is made of it", sql("cities", "SELECT DISTINCT city FROM orders")),
  section("A look", chart),
].join("");

const unrun = ["first", "second", "third", "fourth", "fifth"]
  .map((name) => `${sql(name, "SELECT * FROM range(40) t(n)")}\n\n`)
  .join("");

const found = `---\ntitle: Found\n---\n\n${sql("orders", "--| materialize: parquet\nSELECT 1 AS id, 'MAD' AS city")}\n\n${sql("cities", "SELECT DISTINCT city FROM orders")}\n\n${chart.replace("Orders per city", "Orders per place")}\n`;

describe.skipIf(!findChromium())("finding one's way in a notebook", () => {
  const story = useStory({
    "notebooks/way.md": text,
    "notebooks/found.md": found,
    "notebooks/linked.md": unrun,
    "notebooks/picked.md": unrun,
    "notebooks/files.md": notebook({
      "cell: sales": "SELECT * FROM read_csv('input/sales.csv')",
      "cell: total": "SELECT count(*) AS n FROM sales",
    }),
    "input/sales.csv": "id,city\n1,MAD\n",
  });
  /** Distance of a heading from where it is read. */
  const top = (page: Page, title: string): Promise<number> =>
    page
      .getByRole("main")
      .getByRole("heading", { name: title })
      .evaluate((heading) => heading.getBoundingClientRect().top);

  test("the outline has the headings and the charts' titles, goes there, and says where one is", async () => {
    const reader = await story.open("way");
    const { page } = reader;
    const outline = page.getByRole("navigation", { name: "Outline" });
    await outline.getByText("Orders per city").waitFor();
    expect((await outline.locator(".line").allInnerTexts()).map((line) => line.trim())).toEqual([
      "A long way",
      "What is delivered",
      "orders",
      "What is made of it",
      "cities",
      "A look",
      "Orders per city",
    ]);
    const here = outline.locator('[aria-current="location"]');
    await expect.poll(() => here.innerText()).toBe("A long way");
    await outline.getByRole("button", { name: "What is made of it" }).click();
    await expect.poll(() => here.innerText()).toBe("What is made of it");
    await expect.poll(() => top(page, "What is made of it")).toBeLessThan(150);
    expect(await outline.locator(".in-sight", { hasText: "orders" }).count()).toBe(0);
    await outline.getByRole("link", { name: "Orders per city" }).click();
    await outline.locator(".in-sight", { hasText: "Orders per city" }).waitFor();
    await reader.cell("by_city").and(page.locator(":focus")).waitFor();
    await page.evaluate(() => {
      scrollTo(0, 0);
    });
    await expect.poll(() => here.innerText()).toBe("A long way");
    await requireAccessible(page, ".outline");
    reader.expectCalm();
  });

  test.each(["linked", "picked"])(
    "what is %s stays in its place while results come above it",
    async (name) => {
      const target = name === "linked" ? "linked/fourth" : name;
      const reader = await story.open(target, { viewport: { width: 1280, height: 500 } });
      const { page } = reader;
      const fourth = page.locator('notebook-cell:has([data-cell="fourth"])');
      const place = (): Promise<number> =>
        fourth.evaluate((cell) =>
          Math.round(cell.getBoundingClientRect().top - parseFloat(getComputedStyle(cell).scrollMarginTop)),
        );
      if (name === "picked") await page.locator(".outline .line", { hasText: "fourth" }).click();
      await expect.poll(place).toBeCloseTo(0);
      await story.server.run(name);
      for (const cell of ["third", "fourth"])
        await reader.cell(cell).getByRole("columnheader").nth(1).waitFor();
      expect(await place()).toBeCloseTo(0);
      // Whoever scrolls is there from then on.
      await page.mouse.move(700, 300);
      await page.mouse.wheel(0, -200);
      await expect.poll(place).toBeCloseTo(200);
      reader.expectCalm();
    },
  );

  test("a heading is in the outline while it is typed", async () => {
    const { page } = await story.open("way");
    const outline = page.getByRole("navigation", { name: "Outline" });
    await page.getByRole("heading", { name: "What is made of it" }).dblclick();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("## Another one\n\n");
    await outline.getByText("Another one").waitFor();
  });

  test("a word is found in all texts, replaced in one place or in all, and taken back", async () => {
    const reader = await story.open("found");
    const { page } = reader;
    const before = await story.read("notebooks/found.md");
    await reader.cell("by_city").waitFor();
    await page.keyboard.press("Control+Shift+F");
    const dialog = page.getByRole("dialog", { name: "Search" });
    await dialog.getByLabel("Find").fill("CITY");
    await dialog.getByText("4 matches.").waitFor();
    expect(await dialog.locator(".match-place").allInnerTexts()).toEqual([
      "SQL · orders",
      "SQL · cities",
      "YAML · by_city",
      "YAML · by_city",
    ]);
    await dialog.getByLabel("Match case").check();
    await dialog.getByText("Nothing matches.").waitFor();
    await dialog.getByLabel("Regular expression").check();
    await dialog.getByLabel("Find").fill("(");
    await dialog.getByText("That is no regular expression").waitFor();
    await dialog.getByLabel("Find").fill("\\bcity\\b");
    await dialog.getByText("3 matches.").waitFor();
    expect(await dialog.getByRole("button", { name: /Replace|Delete/ }).count()).toBe(0);
    await dialog.getByLabel("Replace", { exact: true }).check();
    await dialog.getByRole("button", { name: "Delete all 3" }).waitFor();
    expect(await dialog.locator("del").allInnerTexts()).toEqual(["city", "city", "city"]);
    await dialog.getByLabel("Replace with").fill("town");
    await requireAccessible(page, "find-dialog");
    await reader.edit(() => dialog.getByRole("button", { name: "Replace all 3" }).click());
    await dialog.getByText("3 replaced.").waitFor();
    expect(await story.read("notebooks/found.md")).toBe(before.replace(/\bcity\b/g, "town"));
    await reader.edit(() => dialog.getByRole("button", { name: "Undo" }).click());
    expect(await story.read("notebooks/found.md")).toBe(before);
    await reader.edit(() => dialog.getByRole("button", { name: "Replace this one" }).first().click());
    expect(await story.read("notebooks/found.md")).toBe(before.replace("city", "town"));
    await dialog.getByRole("button", { name: "SQL · cities" }).click();
    await reader.cell("cities").and(page.locator(":focus")).waitFor();
    reader.expectCalm();
  });

  test("the palette has every action, and what was chosen last comes first", async () => {
    const reader = await story.open("way");
    const { page } = reader;
    await reader.cell("cities").waitFor();
    const palette = page.getByRole("dialog", { name: "Commands" });
    const choose = async (words: string): Promise<void> => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
      await page.keyboard.insertText(words);
      await page.keyboard.press("Enter");
    };
    await choose("show data");
    await page.getByRole("navigation", { name: "Data" }).waitFor();
    await choose("cities sql");
    await reader.cell("cities").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Control+k");
    const options = palette.getByRole("option");
    await expect.poll(() => options.nth(0).innerText()).toMatch(/^cities/);
    expect(await options.nth(1).innerText()).toMatch(/^Show the data/);
    const all = (await options.allInnerTexts()).join("\n");
    for (const action of [
      "Run this cell",
      "Rename this cell",
      "Search and replace",
      "Save now",
      "Show the outline",
    ])
      expect(all).toContain(action);
    await page.keyboard.insertText("search replace");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Search" }).waitFor();
  });

  test("what is published leads on: to the lake, to a query of it, to sharing it", async () => {
    const reader = await story.open("found");
    const { page } = reader;
    const dialog = page.getByRole("dialog", { name: "Materialize" });
    await page.getByRole("button", { name: "Materialize…" }).click();
    await dialog.getByRole("button", { name: "Materialize", exact: true }).click();
    await dialog.getByText(/Published for/).waitFor();
    expect(await dialog.getByRole("link", { name: "Open in the lake" }).getAttribute("href")).toMatch(
      /^#\/lake\/orders\/\d{4}-\d\d-\d\d$/,
    );
    await dialog.getByRole("button", { name: "Query it" }).click();
    const scratch = page.getByRole("region", { name: "Scratch" });
    await scratch.locator("data-grid").getByText("MAD").waitFor();
    await reader.runAll();
    const words = reader.cell("orders").getByRole("button", { name: "reused" });
    expect(await words.getAttribute("aria-expanded")).toBe("false");
    await words.click();
    await reader.cell("orders").getByText("unchanged since").waitFor();
    reader.expectCalm();
  });

  test("the graph begins with the input files, which lead to what reads them, also when it is enlarged", async () => {
    const reader = await story.open("files");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "Graph", exact: true }).click();
    const graph = page.locator("aside dependency-graph");
    const nodes = graph.getByRole("option");
    await nodes.filter({ hasText: "input/sales.csv" }).waitFor();
    const titles = await nodes.locator("title").allTextContents();
    expect(titles.map((title) => title.split(", ").slice(0, 3).join(", "))).toEqual([
      "input/sales.csv, input file",
      "sales, up to date, 1 row",
      "total, up to date, 1 row",
    ]);
    expect(titles[1]).toMatch(/\d\s(ms|s)$/);
    await page.getByRole("button", { name: "Enlarge" }).click();
    const large = page.getByRole("dialog", { name: "Graph" });
    await large.getByRole("option", { name: "input/sales.csv" }).click();
    await large.waitFor({ state: "hidden" });
    await reader.cell("sales").and(page.locator(":focus")).waitFor();
    await requireAccessible(page, "aside");
    reader.expectCalm();
  });
});
