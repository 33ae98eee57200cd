import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
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

describe.skipIf(!findChromium())("finding one's way in a notebook", () => {
  const story = useStory({ "notebooks/way.md": text });
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

  test("a heading is in the outline while it is typed", async () => {
    const { page } = await story.open("way");
    const outline = page.getByRole("navigation", { name: "Outline" });
    await page.getByRole("heading", { name: "What is made of it" }).dblclick();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("## Another one\n\n");
    await outline.getByText("Another one").waitFor();
  });
});
