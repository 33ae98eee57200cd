import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const shop = `---
title: Shop
parameters:
  least: 0
---

\`\`\`yaml
input: city
type: select
options: [VLC, MAD, Ávila]
default: VLC
\`\`\`

\`\`\`yaml
input: pieces
label: Pieces
type: number
default: 2
\`\`\`

\`\`\`yaml
input: label
type: text
default: "1"
\`\`\`

\`\`\`sql
--| cell: orders
--| materialize: parquet
SELECT * FROM (VALUES ('VLC', 3), ('MAD', 5), ('Ávila', 8)) t(city, n)
\`\`\`

\`\`\`sql
--| cell: chosen
SELECT city, n * $pieces AS n FROM orders WHERE city = $city AND n > $least
\`\`\`

\`\`\`yaml
chart: bars
from: chosen
mark: barY
x: city
y: sum(n)
\`\`\`

\`\`\`sql
--| cell: whole
SELECT CAST($label AS INTEGER) AS n
\`\`\`

\`\`\`sql
--| cell: edited
SELECT 1 AS n, $pieces AS p
\`\`\`
`;

describe.skipIf(!findChromium())("controls", () => {
  const story = useStory({
    "notebooks/bounded.md": shop.replace("default: 2\n", "default: 2\nmin: 0\nmax: 100\n"),
    "notebooks/drawn.md": shop,
    "notebooks/shop.md": shop,
    "notebooks/more.md": shop,
    "notebooks/dim.md": shop,
    "notebooks/bookmark.md": shop,
    "notebooks/dates.md":
      "```yaml\ninput: since\ntype: date\ndefault: 2020-07-01\n```\n\n```sql\n--| cell: shown\nSELECT $since AS d\n```\n",
  });

  test("change rows and charts at once, for whoever chooses alone, and no run begins", async () => {
    const reader = await story.open("shop");
    await reader.runAll();
    const { page } = reader;
    const runs: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/runs")) runs.push(request.url());
    });
    await reader.showChart("bars");
    const grid = await reader.rows("chosen");
    await grid.getByRole("gridcell", { name: "VLC" }).waitFor();

    await page.getByLabel("city", { exact: true }).selectOption({ label: "Ávila" });
    await grid.getByRole("gridcell", { name: "Ávila" }).waitFor();
    await grid.getByRole("gridcell", { name: "16" }).waitFor();
    await reader.cell("chosen").getByText("computed for what you chose; nobody else sees it").waitFor();
    await reader.cell("bars").locator("chart-view svg").getByText("Ávila").waitFor();

    await page.getByRole("spinbutton", { name: "Pieces" }).fill("10");
    await page.getByRole("spinbutton", { name: "Pieces" }).press("Enter");
    await grid.getByRole("gridcell", { name: "80" }).waitFor();
    expect(new URL(page.url()).hash).toBe("#/notebooks/shop?city=%C3%81vila&pieces=10");
    expect(runs).toEqual([]);

    const other = await story.open("shop");
    const theirs = await other.rows("chosen");
    await theirs.getByRole("gridcell", { name: "VLC" }).waitFor();

    await page.reload();
    await (await reader.rows("chosen")).getByRole("gridcell", { name: "80" }).waitFor();
    await page.goBack();
    await (await reader.rows("chosen")).getByRole("gridcell", { name: "16" }).waitFor();
    await page.goBack();
    await (await reader.rows("chosen")).getByRole("gridcell", { name: "VLC" }).waitFor();
    reader.expectCalm();
  });

  test("compute what depends on them alone, and say what cannot be computed for a value", async () => {
    const reader = await story.open("more");
    await reader.runAll();
    const { page } = reader;
    await reader.typeSql("edited", "SELECT 2 AS n, 1 AS p");
    await reader.standing("edited", "stale");
    await page.getByRole("textbox", { name: "label" }).fill("many");
    await page.getByRole("textbox", { name: "label" }).press("Enter");
    await reader.standing("whole", "failed");
    await reader.cell("whole").getByText("cannot be computed for what you chose").waitFor();
    await reader.cell("whole").getByText("Could not convert string 'many' to INTEGER.").waitFor();
    await reader.cell("whole").locator("data-grid[stale]").waitFor();
    await reader.standing("edited", "stale");
    await page.getByRole("textbox", { name: "label" }).fill("7");
    await page.getByRole("textbox", { name: "label" }).press("Enter");
    await reader.standing("whole", "reused");
    await (await reader.rows("whole")).getByRole("gridcell", { name: "7" }).waitFor();
    reader.expectCalm();
  });

  test("dim what is of other values, until what was chosen is there", async () => {
    const reader = await story.open("dim");
    await reader.runAll();
    const { page } = reader;
    await reader.showChart("bars");
    let proceed = (): void => undefined;
    const held = new Promise<void>((resolve) => (proceed = resolve));
    await page.route("**/explore", async (route) => {
      await held;
      await route.continue();
    });
    await page.getByLabel("city", { exact: true }).selectOption({ label: "MAD" });
    await reader.standing("chosen", "running");
    await reader.cell("chosen").getByText("computing for what you chose").waitFor();
    await reader.cell("bars").locator("chart-view .is-old").waitFor();
    await reader.cell("chosen").locator("data-grid[stale]").waitFor();
    proceed();
    await reader.standing("chosen", "reused");
    await reader.cell("bars").locator("chart-view svg").getByText("MAD").waitFor();
    await reader.cell("bars").locator("chart-view .is-old").waitFor({ state: "detached" });
    reader.expectCalm();
  });

  test.each([
    [1280, true],
    [390, false],
  ])("that follow each other stand in a row where there is room: %i wide", async (width, isRow) => {
    const reader = await story.open("shop", { viewport: { width, height: 900 } });
    const tops = await Promise.all(
      ["city", "pieces", "label"].map(async (name) => (await reader.cell(name).boundingBox())?.y),
    );
    expect(new Set(tops).size === 1).toBe(isRow);
    expect(
      await reader.page.evaluate(
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
      ),
    ).toBe(true);
    reader.expectCalm();
  });

  test("show again what is chosen where something is not taken, each time, and say why", async () => {
    const reader = await story.open("bounded");
    const { page } = reader;
    const field = page.getByRole("spinbutton", { name: "Pieces" });
    for (const [text, leave] of [
      ["101", "Enter"],
      ["-1", "Tab"],
      ["-1", "Enter"],
    ] as const) {
      await field.fill(text);
      await field.press(leave);
      await page.getByText(`"${text}" is not taken. This must be a whole number from 0 up to 100.`).waitFor();
      await expect.poll(() => field.inputValue()).toBe("2");
    }
    await field.fill("3");
    await field.press("Enter");
    await page.getByText("is not taken").waitFor({ state: "detached" });
    expect(page.url()).toContain("pieces=3");
    reader.expectCalm();
  });

  test("that are given what they do not offer leave the marks of all that does not depend on them", async () => {
    const reader = await story.open("bookmark");
    const { page } = reader;
    await reader.runAll();
    await reader.standing("orders", "reused");
    const path = join(story.root, "notebooks/bookmark.md");
    await writeFile(path, (await readFile(path, "utf8")).replace("('MAD', 5)", "('MAD', 6)"));
    await reader.standing("orders", "stale");
    for (const address of ["?city=Porto", "?view=report&city=Porto"]) {
      await page.goto(`${story.server.url}/#/notebooks/bookmark${address}`);
      await page.getByText("must be one of the options").first().waitFor();
      if (!address.includes("report")) await reader.standing("orders", "stale");
      else await page.locator("report-view").getByText("Out of date").first().waitFor();
    }
  });

  test.each(["01152025", "10032025", "10012020", "07152020"])(
    "take the date that is typed digit by digit: %s",
    async (keys) => {
      const reader = await story.open("dates");
      const { page } = reader;
      await reader.runAll();
      const field = reader.cell("since").locator("input[type=date]");
      await field.focus();
      const grid = await reader.rows("shown");
      for (const key of keys) {
        await page.keyboard.press(key);
        // What a key brings about is done before the next one comes.
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      }
      await page.keyboard.press("Tab");
      const typed = `${keys.slice(4)}-${keys.slice(0, 2)}-${keys.slice(2, 4)}`;
      expect(await field.inputValue()).toBe(typed);
      await grid.getByRole("gridcell", { name: typed }).waitFor();
      expect(new URL(page.url()).hash).toBe(`#/notebooks/dates?since=${typed}`);
      expect(await reader.cell("since").getByRole("alert").count()).toBe(0);
      reader.expectCalm();
    },
  );

  test("keep what is typed while the notebook is drawn anew", async () => {
    const reader = await story.open("drawn");
    const { page } = reader;
    const field = page.getByRole("spinbutton", { name: "Pieces" });
    await field.fill("7");
    const path = join(story.root, "notebooks/drawn.md");
    // At once, as editors do: a file that is empty for a moment has no control, and so no field either.
    await writeFile(`${path}.new`, (await readFile(path, "utf8")).replace("label: Pieces", "label: Parts"));
    await rename(`${path}.new`, path);
    const renamed = page.getByRole("spinbutton", { name: "Parts" });
    await renamed.waitFor();
    expect(await renamed.inputValue()).toBe("7");
    await renamed.press("Enter");
    await page.waitForURL(/pieces=7/);
    reader.expectCalm();
  });
});
