import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory } from "./story.js";

describe.skipIf(!findChromium())("whoever explores a table", () => {
  const story = useStory({
    "notebooks/shop.md": notebook({
      "cell: orders\n--| materialize: parquet":
        "SELECT range AS id, ['Porto', 'Faro', NULL][1 + range % 3] AS city, range * 1.5 AS price FROM range(300)",
      "cell: wide": `SELECT ${Array.from({ length: 30 }, (_, index) => `range AS c${String(index)}`).join(", ")} FROM range(50)`,
    }),
    "notebooks/chosen.md": notebook({
      "cell: calls\n--| format: {at: epoch_seconds, share: percent}":
        "SELECT range AS id, ['VLC', 'BCN', 'MAD'][1 + range % 3] AS city, epoch_ms(TIMESTAMP '2020-06-01' + INTERVAL 1 DAY * range) // 1000 AS at, range / 100 AS share FROM range(60)",
      "cell: by_hand": "SELECT 1 AS n",
    }),
    "notebooks/calls.md": notebook({
      "cell: calls\n--| format: {at: epoch_seconds, share: percent}":
        "SELECT range AS id, epoch_ms(TIMESTAMP '2020-06-01' + INTERVAL 1 DAY * range) // 1000 AS at, range / 100 AS share FROM range(60)",
    }),
  });
  const choose = (page: Page, name: string | RegExp): Promise<void> =>
    page.getByRole("menuitem", { name, exact: true }).click();

  test(
    "sees what columns are like, sorts, filters, hides and moves them by their menus, and makes cells of what is found",
    { timeout: 120_000 },
    async () => {
      await story.server.run("shop", { materialize: true, date: "2026-10-01" });
      const reader = await story.open("shop");
      const { page } = reader;
      const grid = await reader.rows("orders");
      const head = (name: string): Locator => grid.getByRole("columnheader", { name });
      await head("city").locator(".spark").waitFor();
      expect(await head("id").locator(".counts").textContent()).toContain("300 distinct");
      expect(await head("id").getAttribute("title")).toContain("0 – 299");

      await head("id").click({ button: "right" });
      await choose(page, "Sort descending");
      await grid.locator('[id="cell-0-0"]').getByText("299").waitFor();
      await grid.locator('[id="cell-0-1"]').click();
      await page.keyboard.press("m");
      await choose(page, "Only rows with this value");
      await grid.getByText("100 of 300 rows").waitFor();
      expect(await grid.getByLabel("Filter city").inputValue()).toBe("null");
      await grid.locator('input:focus[aria-label="Filter city"]').waitFor();

      await head("city").click({ button: "right" });
      await choose(page, "Only rows where it is not NULL");
      await grid.getByText("200 of 300 rows").waitFor();
      await head("price").click({ button: "right" });
      await choose(page, "Pin at the left");
      await grid.locator('[id="cell--1-0"]').getByText("price").waitFor();
      await head("id").click({ button: "right" });
      await choose(page, "Hide");
      await head("id").waitFor({ state: "hidden" });
      await grid.locator(".of-all .spark").first().waitFor();
      expect(await head("city").getAttribute("title")).toContain("Of all rows");

      // What is hidden is said, after a reload too.
      await page.reload();
      await grid.getByRole("button", { name: "1 column hidden" }).waitFor();
      await grid.locator('[id="cell--1-0"]').getByText("price").waitFor();
      await grid.getByRole("button", { name: "1 column hidden" }).click();
      await head("id").waitFor();
      await grid.getByRole("button", { name: "1 column hidden" }).waitFor({ state: "detached" });
      expect(await grid.locator(".of-all").count()).toBe(0);
      await head("id").click({ button: "right" });
      await choose(page, "Sort descending");
      await head("city").click({ button: "right" });
      await choose(page, "Only rows where it is not NULL");
      await grid.getByText("200 of 300 rows").waitFor();
      await head("id").click({ button: "right" });
      await choose(page, "Hide");
      await head("id").waitFor({ state: "hidden" });
      await head("city").click({ button: "right" });
      await choose(page, "Show the 1 hidden");
      await head("id").waitFor();

      await head("city").click({ button: "right" });
      await reader.edit(() => choose(page, "Count rows by city in a new cell"));
      expect(await story.read("notebooks/shop.md")).toContain(
        "--| cell: orders_by_city\nSELECT city, count(*) AS rows\nFROM orders\nWHERE city IS NOT NULL\nGROUP BY ALL\nORDER BY rows DESC\n",
      );
      await head("city").click({ button: "right" });
      await reader.edit(() => choose(page, "These filtered rows as a new cell"));
      expect(await story.read("notebooks/shop.md")).toContain(
        "--| cell: orders_rows\nSELECT *\nFROM orders\nWHERE city IS NOT NULL\nORDER BY id DESC NULLS LAST\n",
      );

      const cells = (await story.read("notebooks/shop.md")).match(/(?<=cell: )\w+/g);
      expect(cells).toEqual(["orders", "orders_rows", "orders_by_city", "wide"]);
      await page.locator('notebook-cell[selected] [data-cell="orders_rows"]').waitFor();

      await head("price").click({ button: "right" });
      await reader.edit(() => choose(page, "Show two digits: 1 234.50"));
      expect(await story.read("notebooks/shop.md")).toContain('--| format: {price: "0.00"}\n');
      await grid.locator('[id="cell-0-0"]').getByText("447.00", { exact: true }).waitFor();
      await head("price").click({ button: "right" });
      await reader.edit(() => choose(page, "Show the numbers as they are"));
      expect(await story.read("notebooks/shop.md")).not.toContain("format:");
      await grid.locator('[id="cell-0-0"]').getByText("447.0", { exact: true }).waitFor();

      const heightOf = (): Promise<number> =>
        grid.evaluate((element) => element.getBoundingClientRect().height);
      await grid.locator('[id="cell-0-0"]').click();
      const before = await heightOf();
      await page.keyboard.press("Alt+ArrowDown");
      await expect.poll(heightOf).toBe(before + 48);
      await page.keyboard.press("Alt+ArrowUp");
      await page.keyboard.press("Alt+ArrowUp");
      await expect.poll(heightOf).toBe(before - 48);
      for (let times = 0; times < 9; times++) await page.keyboard.press("Alt+ArrowUp");
      await expect.poll(heightOf).toBe(120);

      await head("city").click({ button: "right" });
      await page.getByRole("menu").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("menu").waitFor({ state: "hidden" });
      await grid.locator(".viewport:focus").waitFor();
      const isFull = (): Promise<boolean> => grid.evaluate((element) => element.matches(":fullscreen"));
      await grid.getByRole("button", { name: "Full screen" }).click();
      await expect.poll(isFull).toBe(true);
      const height = (): Promise<number> =>
        grid.evaluate((element) => window.innerHeight - element.getBoundingClientRect().height);
      await expect.poll(height).toBe(0);
      await grid.getByRole("button", { name: "Full screen" }).click();
      await expect.poll(isFull).toBe(false);
      await reader.cell("orders").getByRole("button", { name: "Hide the result of orders" }).click();
      await grid.waitFor({ state: "hidden" });
      await reader.cell("orders").getByRole("button", { name: "Show the result of orders" }).click();
      await grid.waitFor();

      await head("city").click({ button: "right" });
      await choose(page, "Profile");
      await reader.cell("orders").locator("column-profile").waitFor();
      reader.expectCalm();
    },
  );

  test(
    "goes by Tab through the filters of all columns, also those out of sight",
    { timeout: 120_000 },
    async () => {
      await story.server.run("shop", { date: "2026-10-01" });
      const reader = await story.open("shop");
      const { page } = reader;
      const grid = await reader.rows("wide");
      const focused = (name: string): Promise<void> =>
        grid.locator(`input:focus[aria-label="Filter ${name}"]`).waitFor();
      await grid.getByRole("button", { name: "Filter columns" }).click();
      await focused("c0");
      for (let index = 1; index < 30; index++) {
        await page.keyboard.press("Tab");
        await focused(`c${String(index)}`);
      }
      await page.keyboard.type("= 7");
      await grid.getByText("1 of 50 rows").waitFor();
      expect(await grid.getByLabel("Filter c29").inputValue()).toBe("= 7");
      await page.keyboard.press("Shift+Tab");
      await focused("c28");
      await page.keyboard.press("Tab");
      await focused("c29");
      await page.keyboard.press("Tab");
      await grid.locator("input:focus").waitFor({ state: "hidden" });

      await grid.getByLabel("Filter c29").focus();
      await grid.locator(".viewport").evaluate((element) => (element.scrollLeft = 0));
      await grid.getByLabel("Filter c0").waitFor();
      await grid.locator(".viewport:focus").waitFor();
      reader.expectCalm();
    },
  );

  test(
    "filters by a column as it is shown, and is told at the field what to write",
    { timeout: 120_000 },
    async () => {
      await story.server.run("calls", { date: "2026-10-01" });
      const reader = await story.open("calls");
      const { page } = reader;
      const grid = await reader.rows("calls");
      await grid.getByRole("button", { name: "Filter columns" }).click();
      const [at, share] = [grid.getByLabel("Filter at"), grid.getByLabel("Filter share")];
      await at.fill(">= 2020-07-01");
      await grid.getByText("30 of 60 rows").waitFor();
      await share.fill("> 50%");
      await grid.getByText("9 of 60 rows").waitFor();

      // Nothing moves, the message is in sight, and the rows are not taken for filtered ones.
      const height = async (): Promise<number | undefined> =>
        (await reader.cell("calls").boundingBox())?.height;
      const before = await height();
      await at.fill("since July");
      await at.press("Enter");
      const problem = grid.getByRole("alert");
      await problem.getByText("Write a time as it is shown here").waitFor();
      await grid.getByText("9 of 60 rows, not filtered by at").waitFor();
      const [field, note] = [await at.boundingBox(), await problem.boundingBox()];
      expect((note?.y ?? 0) - (field?.y ?? 0) - (field?.height ?? 0)).toBeLessThan(10);
      expect(await at.getAttribute("aria-invalid")).toBe("true");
      expect(await height()).toBe(before);
      await requireAccessible(page, "data-grid");

      await at.fill("2020-07");
      await problem.waitFor({ state: "detached" });
      await grid.getByText("9 of 60 rows").waitFor();
      await grid.getByRole("columnheader", { name: "at" }).click({ button: "right" });
      await reader.edit(() => choose(page, "These filtered rows as a new cell"));
      expect(await story.read("notebooks/calls.md")).toContain(
        '--| cell: calls_rows\n--| format: {at: epoch_seconds, share: percent}\nSELECT *\nFROM calls\nWHERE "at" >= 1593561600\n  AND "at" < 1596240000\n  AND share > 0.5\n',
      );
      reader.expectCalm();
    },
  );

  test(
    "makes a control of a column, which begins with what the rows are filtered by",
    { timeout: 120_000 },
    async () => {
      await story.server.run("chosen", { date: "2026-10-01" });
      const reader = await story.open("chosen");
      const { page } = reader;
      const grid = await reader.rows("calls");
      await grid.getByRole("button", { name: "Filter columns" }).click();
      await grid.getByLabel("Filter at").fill(">= 2020-07-01");
      await grid.getByLabel("Filter id").fill("< 50");
      await grid.getByText("20 of 60 rows").waitFor();
      await grid.getByRole("columnheader", { name: "at" }).click({ button: "right" });
      await reader.edit(() => choose(page, "Choose at by a control"));
      expect(await story.read("notebooks/chosen.md")).toContain(
        "```yaml\ninput: at_from\ntype: date\ndefault: 2020-07-01\n```\n\n" +
          "```sql\n--| cell: calls_chosen\n--| format: {at: epoch_seconds, share: percent}\n" +
          'SELECT *\nFROM calls\nWHERE id < 50\n  AND "at" >= epoch($at_from)\n```',
      );
      await reader.runStale();
      const chosen = await reader.rows("calls_chosen");
      await chosen.getByText("20 rows").waitFor();
      await reader.cell("at_from").locator('input[type="date"]').fill("2020-07-10");
      await chosen.getByText("11 rows").waitFor();

      // A parameter that is written by hand gets what fits its column.
      await reader.typeSql("by_hand", 'SELECT * FROM calls WHERE city = $town AND "at" < $before -- both');
      await reader.edit(() =>
        reader.cell("by_hand").getByRole("button", { name: "Make a control town" }).click(),
      );
      await reader.edit(() =>
        reader.cell("by_hand").getByRole("button", { name: "Make a control before" }).click(),
      );
      const text = await story.read("notebooks/chosen.md");
      expect(text).toContain(
        "input: town\ntype: select\noptions: SELECT DISTINCT city FROM calls ORDER BY city\ndefault: ",
      );
      expect(text).toContain("input: before\ntype: date\ndefault: 2020-07-30\n");
      expect(text).toContain('city = $town AND "at" < epoch($before)');
      await reader.cell("by_hand").locator(".problems").waitFor({ state: "detached" });
      await reader.cell("town").locator("option").getByText("VLC").waitFor({ state: "attached" });
      reader.expectCalm();
    },
  );

  test("reaches every tab of a result on a phone", { timeout: 120_000 }, async () => {
    const reader = await story.open("shop", { viewport: { width: 390, height: 800 } });
    await reader.rows("orders");
    for (const tab of await reader.cell("orders").getByRole("tab").all()) await tab.click({ trial: true });
    reader.expectCalm();
  });
});
