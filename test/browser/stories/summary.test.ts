import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory, type Reader } from "./story.js";

describe.skipIf(!findChromium())("whoever groups rows", () => {
  const story = useStory({
    "notebooks/shop.md": notebook({
      "cell: orders\n--| materialize: parquet": `SELECT range AS id, ['Porto', 'Faro', NULL][1 + range % 3] AS city, ['paid', '', NULL, 'rows'][1 + range % 4] AS state,
        DATE '2026-01-01' + CAST(range AS INTEGER) AS day, range * 1.5 AS price FROM range(90)`,
    }),
  });

  async function open(options: Parameters<typeof story.open>[1] = {}): Promise<Reader> {
    await story.server.run("shop", { materialize: true, date: "2026-10-01" });
    return story.open("shop", options);
  }
  const dialogOf = (page: Page): Locator => page.getByRole("dialog", { name: "Group and pivot" });
  const settled = (dialog: Locator): Promise<void> =>
    dialog.locator('.summary-rows[aria-busy="false"]').waitFor();
  /** Heads and rows, as far as they are in sight. */
  const rowsOf = (grid: Locator): Promise<string[]> =>
    grid.evaluate((element) => {
      const rows = [...(element.shadowRoot?.querySelectorAll("[role=row]") ?? [])];
      const texts = rows.map((row) =>
        [...row.querySelectorAll(".name, [role=gridcell]")].map((cell) => cell.textContent).join("|"),
      );
      return texts.sort();
    });

  test(
    "sees at once what groups, measures and a pivot give, and makes a cell of it that gives the same",
    { timeout: 240_000 },
    async () => {
      const reader = await open();
      const { page } = reader;
      const grid = await reader.rows("orders");
      await grid.getByRole("columnheader", { name: "city" }).waitFor();
      await grid.getByLabel("Search in all columns").fill("o");
      await grid.getByText("67 of 90 rows").waitFor();
      await grid.getByRole("button", { name: "Group and pivot" }).click();
      const dialog = dialogOf(page);
      await settled(dialog);
      await dialog.getByText("Of the rows that the table is filtered by. 3 rows.").waitFor();
      await requireAccessible(page, "dialog.summary");

      await dialog.getByRole("button", { name: "+ Rows by" }).click();
      await dialog.getByLabel("Row 2", { exact: true }).selectOption("day");
      await dialog.getByLabel("Row 2: unit").selectOption("quarter");
      await dialog.getByRole("button", { name: "+ Measure" }).click();
      await dialog.getByLabel("Measure 2", { exact: true }).and(page.locator(":focus")).waitFor();
      await dialog.getByLabel("Measure 2: column").selectOption("price");
      await dialog.getByLabel("Measure 2", { exact: true }).selectOption("median");
      await dialog.getByLabel("Columns", { exact: true }).selectOption("state");
      await dialog
        .getByText("Each value of state that there is now has a column; one that comes later has none.")
        .waitFor();
      await dialog.getByLabel("all others as one column").check();
      await dialog.getByText("those that come later are in “(other)”").waitFor();
      await settled(dialog);
      await requireAccessible(page, "dialog.summary");
      const seen = await rowsOf(dialog.locator("data-grid"));
      expect(await dialog.getByLabel("Name of the cell").inputValue()).toBe("orders_by_city_quarter_state");
      await reader.edit(() => dialog.getByRole("button", { name: "As a new cell" }).click());
      await dialog.waitFor({ state: "hidden" });
      const text = await story.read("notebooks/shop.md");
      expect(text).toContain(
        "--| cell: orders_by_city_quarter_state\nSELECT\n  city,\n  date_trunc('quarter', day) AS day_quarter,\n",
      );
      expect(text).toContain('  median(price) FILTER (WHERE state IS NULL) AS "NULL_median_price",\n');
      await reader.runAll();
      const made = await reader.rows("orders_by_city_quarter_state");
      await made.getByRole("columnheader", { name: "city" }).waitFor();
      await expect.poll(() => rowsOf(made)).toEqual(seen);
      reader.expectCalm();
    },
  );

  test("does so by keyboard alone", { timeout: 240_000 }, async () => {
    const reader = await open();
    const { page } = reader;
    const grid = await reader.rows("orders");
    await grid.getByRole("columnheader", { name: "price" }).waitFor();
    await grid.locator(".viewport").focus();
    for (const key of ["ArrowRight", "ArrowUp", "m"]) await page.keyboard.press(key);
    const menu = page.getByRole("menuitem", { name: "Group by city …" });
    await menu.focus();
    await page.keyboard.press("Enter");
    const dialog = dialogOf(page);
    await settled(dialog);
    await dialog.locator('select:focus[aria-label="Row 1"]').waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await dialog.getByLabel("Row 1", { exact: true }).waitFor({ state: "hidden" });
    await dialog.locator("button:focus").getByText("+ Rows by").waitFor();
    await page.keyboard.press("Tab");
    await dialog.locator('select:focus[aria-label="Columns"]').waitFor();
    await page.keyboard.type("city");
    await dialog.getByText("Each value of city").waitFor();
    await settled(dialog);
    await dialog.locator("data-grid").getByText("Porto").waitFor();
    await dialog.getByLabel("Name of the cell").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("orders");
    await dialog.getByRole("alert").waitFor();
    await page.keyboard.type("_wide");
    await dialog.getByRole("alert").waitFor({ state: "hidden" });
    await reader.edit(() => page.keyboard.press("Enter"));
    expect(await story.read("notebooks/shop.md")).toContain("--| cell: orders_wide\nSELECT");

    await grid.getByRole("button", { name: "Group and pivot" }).focus();
    await page.keyboard.press("Enter");
    await settled(dialog);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    reader.expectCalm();
  });

  test("sees what was chosen while the server was away as soon as it is back", async () => {
    const reader = await open();
    const grid = await reader.rows("orders");
    await grid.getByRole("button", { name: "Group and pivot" }).click();
    const dialog = dialogOf(reader.page);
    await settled(dialog);
    await story.restart(async () => {
      await dialog.getByLabel("Columns", { exact: true }).selectOption("state");
      await dialog.getByText("The server cannot be reached.").waitFor();
    });
    await dialog.getByText("Each value of state").waitFor();
    await settled(dialog);
    await dialog.getByText("The server cannot be reached.").waitFor({ state: "hidden" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  test("fits a phone, in the dark", { timeout: 120_000 }, async () => {
    const reader = await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    const { page } = reader;
    const grid = await reader.rows("orders");
    await grid.getByRole("button", { name: "Group and pivot" }).click();
    const dialog = dialogOf(page);
    await settled(dialog);
    await dialog.getByLabel("Columns", { exact: true }).selectOption("day");
    await settled(dialog);
    await requireAccessible(page, "dialog.summary");
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    reader.expectCalm();
  });
});
