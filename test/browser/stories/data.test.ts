import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory } from "./story.js";

const odd = 'it\'s "odd" <script>alert(1)<∕script> é [1].csv';
const wide = Array.from({ length: 500 }, (_, index) => `column ${String(index)}`);
const many = Array.from(
  { length: 2000 },
  (_, index) => [`input/many/f${String(index)}.csv`, "a,b\n1,2\n"] as const,
);

describe.skipIf(!findChromium())("whoever looks what data there is", () => {
  const story = useStory({
    "notebooks/sales.md": notebook({
      "cell: orders\n--| materialize: parquet":
        "SELECT * FROM read_csv('input/day/orders_*.csv', delim = ';', decimal_separator = ',')",
      "cell: big": "SELECT city FROM orders",
    }),
    "notebooks/other.md": notebook({ "cell: one": "SELECT 1 AS n" }),
    "input/day/orders_1.csv": "city;amount\nPorto;1,5\n;2,5\n",
    "input/day/orders_2.csv": "city;amount\nFaro;3,5\n",
    "input/german.csv": "name;price\nA;1,5\nB;2,25\n",
    "input/wide.csv": `${wide.join(",")}\n${wide.map((_, index) => String(index)).join(",")}\n`,
    "input/broken.json": '{"a": ',
    [`input/${odd}`]: 'a "b"\n1\n2\n',
    ...Object.fromEntries(many),
  });
  beforeAll(async () => {
    await story.server.run("sales", { materialize: true, date: "2026-10-01" });
  });
  const tree = (page: Page): Locator => page.getByRole("tree", { name: "Data" });
  const item = (page: Page, name: string | RegExp): Locator => tree(page).getByRole("treeitem", { name });
  const openData = async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: "Data", exact: true }).click();
    await item(page, /^Lake/).waitFor();
    await page.locator('[role="tree"][aria-busy="false"]').waitFor();
  };
  const active = (page: Page): Promise<string | null> =>
    tree(page).evaluate((element) => {
      const id = element.getAttribute("aria-activedescendant") ?? "";
      return (element.getRootNode() as ShadowRoot).getElementById(id)?.getAttribute("aria-label") ?? null;
    });

  test(
    "finds files, datasets and cells by keyboard, and puts names where the cursor is",
    { timeout: 120_000 },
    async () => {
      const reader = await story.open("sales");
      const { page } = reader;
      await reader.enter("big");
      await page.keyboard.press("Control+End");
      await openData(page);
      await tree(page).focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowDown");
      expect(await active(page)).toBe("day/orders_*.csv, 2 files");
      await page.keyboard.press("ArrowRight");
      await item(page, "city, varchar, 33 % nulls, column of input/day/orders_*.csv").waitFor();
      await page.keyboard.press("ArrowRight");
      expect(await active(page)).toBe("2 files");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      expect(await item(page, /column of/).count()).toBe(0);

      await page.keyboard.press("o");
      await expect.poll(() => active(page)).toBe("orders, 2026-10-01");
      await page.keyboard.press("ArrowRight");
      await item(page, "amount, double, no nulls, column of orders").waitFor();
      await page.keyboard.press("End");
      expect(await active(page)).toMatch(/^big/);

      await page.getByLabel("Search files").fill("amount");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await reader.edit(() => page.keyboard.press("Enter"));
      expect(await story.read("notebooks/sales.md")).toContain("SELECT city FROM orders amount\n");
      await page.locator(".monaco-editor.focused").waitFor();
      // One after the other they are a list.
      const column = page.getByRole("tree", { name: "Data" }).locator('[aria-selected="true"] .label');
      await reader.edit(() => column.click());
      expect(await story.read("notebooks/sales.md")).toContain("SELECT city FROM orders amount, amount\n");
      await page.getByLabel("Search files").fill("odd");
      await item(page, /odd/).locator(".label").click();
      await page.locator('[data-save="saved"]').waitFor();
      await expect
        .poll(() => story.read("notebooks/sales.md"))
        .toContain("amount, read_csv('input/it''s \"odd\" <script>alert(1)<∕script> é [[]1].csv')");
      reader.expectCalm();
    },
  );

  test(
    "drags a name into a cell, and makes cells of files that nobody reads",
    { timeout: 120_000 },
    async () => {
      const reader = await story.open("sales");
      const { page } = reader;
      await openData(page);
      await reader.enter("big");
      await reader.edit(() =>
        item(page, /^german/).dragTo(reader.cell("big").locator(".view-lines"), {
          targetPosition: { x: 4, y: 4 },
        }),
      );
      expect(await story.read("notebooks/sales.md")).toContain("read_csv('input/german.csv')");

      await item(page, /^it's "odd"/)
        .locator(".twisty")
        .click();
      await reader.edit(() => item(page, "Read in a new cell").click());
      expect(await story.read("notebooks/sales.md")).toContain(
        "SELECT * FROM 'input/it''s \"odd\" <script>alert(1)<∕script> é [[]1].csv'",
      );
      await item(page, /^it's "odd".*it_s_odd/).waitFor();

      await item(page, /^broken/)
        .locator(".twisty")
        .click();
      await item(page, /is not valid JSON/).waitFor();
      await item(page, /^many/).click();
      await item(page, "Read all 2 000 files in a new cell").waitFor();
      await tree(page).press("End");
      expect(await item(page, /./).count()).toBeLessThan(60);
      reader.expectCalm();
    },
  );

  test("finds the panel as it was left after a reload, also in another notebook", async () => {
    const reader = await story.open("sales");
    const { page } = reader;
    await openData(page);
    await item(page, /^orders, 2026-10-01/)
      .locator(".twisty")
      .click();
    await item(page, "amount, double, no nulls, column of orders").waitFor();
    await item(page, /^Files/).click();
    await item(page, /german/).waitFor({ state: "hidden" });
    for (const name of ["sales", "other"]) {
      await page.goto(`${story.server.url}/#/notebooks/${name}`);
      await page.reload();
      await item(page, "amount, double, no nulls, column of orders").waitFor();
      expect(await item(page, /german/).count()).toBe(0);
    }
    await page.getByRole("button", { name: "Outline", exact: true }).click();
    await page.reload();
    await page.locator(".outline .line").first().waitFor();
    expect(await page.locator("data-panel").count()).toBe(0);
    reader.expectCalm();
  });

  test("says how a file is read, and sees its first rows before", { timeout: 120_000 }, async () => {
    const reader = await story.open("sales");
    const { page } = reader;
    await openData(page);
    const dialog = page.getByRole("dialog", { name: "How the file is read" });
    const chosen = page.waitForEvent("filechooser");
    await page.getByTitle("Add a file to input/, and").click();
    await (
      await chosen
    ).setFiles({ name: "new prices.csv", mimeType: "text/csv", buffer: Buffer.from("n;p\nA;1,5\nB;2\n") });
    await dialog.getByRole("cell", { name: "1.5" }).waitFor();
    await requireAccessible(page, "read-dialog");
    await dialog.getByLabel("Type of n").selectOption("text");
    await dialog.getByLabel("Decimal sign").selectOption("comma");
    await dialog.getByLabel("Delimiter").selectOption("semicolon");
    await dialog.getByLabel("SQL of the cell").getByText("decimal_separator = ','").waitFor();
    await reader.edit(() => dialog.getByRole("button", { name: "Make the cell" }).click());
    expect(await story.read("notebooks/sales.md")).toContain(
      "--| cell: new_prices\nSELECT * FROM read_csv('input/new prices.csv', delim = ';', decimal_separator = ',', types = {'n': 'VARCHAR'})",
    );
    reader.expectCalm();
  });

  test(
    "sees files that come while it is open, and reads them as an upload does",
    { timeout: 120_000 },
    async () => {
      const reader = await story.open("sales");
      const { page } = reader;
      const width = (): Promise<number> =>
        page.locator(".outline").evaluate((element) => element.getBoundingClientRect().width);
      const before = await width();
      await openData(page);
      expect(await width()).toBe(before);
      const euros = "stadt;betrag\nKöln;74.967,97\nBonn;1.234,50\n";
      const read = "decimal_separator = ',', thousands = '.'";
      await reader.edit(() =>
        page
          .locator("file-drop input[type=file]")
          .setInputFiles({ name: "sent.csv", mimeType: "text/csv", buffer: Buffer.from(euros) }),
      );
      await item(page, "sent.csv, sent").waitFor();
      await expect
        .poll(() => story.read("notebooks/sales.md"))
        .toContain(`SELECT * FROM read_csv('input/sent.csv', ${read})`);
      await writeFile(join(story.root, "input/put.csv"), euros);
      await item(page, "put.csv").locator(".twisty").click();
      await item(page, "betrag, double, no nulls, column of input/put.csv").waitFor();
      await item(page, /^Choose how it is read/).click();
      const dialog = page.getByRole("dialog", { name: "How the file is read" });
      await dialog.getByLabel("SQL of the cell").getByText("thousands = '.'").waitFor();
      await dialog.getByLabel("Thousands sign").selectOption("none");
      await dialog.getByLabel("SQL of the cell").getByText("decimal_separator = ',')").waitFor();
      await page.keyboard.press("Escape");
      await reader.edit(() => item(page, "Read in a new cell").click());
      expect(await story.read("notebooks/sales.md")).toContain(
        `SELECT * FROM read_csv('input/put.csv', ${read})`,
      );

      await writeFile(join(story.root, "input/nothing.csv"), "");
      await item(page, "nothing.csv").locator(".twisty").click();
      await item(page, '"nothing.csv" is empty: it has 0 bytes. Deliver it again.').waitFor();
      expect(await item(page, "Read in a new cell").count()).toBe(0);
      await page.getByLabel("Added files").waitFor();
      await page.goto(`${story.server.url}/#/notebooks/other`);
      await reader.cell("one").waitFor();
      await page.getByLabel("Added files").waitFor({ state: "hidden" });
      reader.expectCalm();
    },
  );

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)(
    "sees 500 columns as they come into sight, in %s at %i px",
    { timeout: 120_000 },
    async (colorScheme, width) => {
      const reader = await story.open("sales", { colorScheme, viewport: { width, height: 800 } });
      const { page } = reader;
      if (width < 900) await page.getByRole("button", { name: "Outline", exact: true }).first().click();
      const asked: string[] = [];
      page.on("request", (request) => {
        if (request.url().endsWith("/look")) asked.push(request.postData() ?? "");
      });
      await openData(page);
      expect(asked).toEqual([]);
      await item(page, /^wide/).locator(".twisty").click();
      await item(page, /^column 0, bigint, no nulls/).waitFor();
      await tree(page).focus();
      await page.keyboard.press("End");
      await page.keyboard.press("w");
      expect(await active(page)).toBe("wide.csv");
      await page.getByLabel("Search files").fill("column 499");
      await item(page, /^column 499, bigint, no nulls/).waitFor();
      // 20 columns at a time: 500 would be 25 requests.
      expect(asked.length).toBeLessThan(5);
      await requireAccessible(page, ".outline");
      const { clientWidth, scrollWidth } = await page.evaluate(() => {
        const { clientWidth, scrollWidth } = document.documentElement;
        return { clientWidth, scrollWidth };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
      reader.expectCalm();
    },
  );

  test("who may only look sees what there is, and is told why files stay closed", async () => {
    const password = "correct horse battery";
    await story.server.json("POST", "/api/users", { name: "vera", role: "viewer", password });
    const reader = await story.stranger();
    const { page } = reader;
    await page.goto(`${story.server.url}/#/notebooks/sales`);
    await page.getByLabel("Name").fill("vera");
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
    await page.locator("run-bar").waitFor();
    reader.complaints.length = 0;
    await openData(page);
    await item(page, /^german/).click();
    await item(page, "SQL of your own needs the role runner.").waitFor();
    expect(await item(page, /Read|Choose/).count()).toBe(0);
    await item(page, /^orders, 2026/).click();
    await item(page, "amount, double, no nulls, column of orders").click();
    await page.locator("data-panel .about").getByText("3 distinct").waitFor();
    expect(await page.getByTitle("Add a file to input/, and").count()).toBe(0);
    reader.expectCalm();
  });
});
