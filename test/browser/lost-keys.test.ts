import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { findChromium } from "../support/chromium.js";
import { notebook } from "../integration/api/harness.js";
import { useStory, type Reader } from "./stories/story.js";

const text = notebook({
  "cell: orders": "SELECT range AS id, range % 3 AS shop FROM range(30)",
  "cell: per_shop": "SELECT shop, count(*) AS orders FROM orders GROUP BY shop",
});
const waysToInsert: readonly (readonly [way: string, insert: (reader: Reader) => Promise<void>])[] = [
  ["b", ({ page }) => page.keyboard.press("b")],
  ["a", ({ page }) => page.keyboard.press("a")],
  [
    "Alt+Enter in an editor",
    async (reader) => {
      await reader.enter("orders");
      await reader.page.keyboard.press("Alt+Enter");
    },
  ],
  ["the button", ({ page }) => page.getByRole("button", { name: "+ SQL" }).click()],
];
const names = ["palette", "name", "chunk", "chart", "prose", "settings", "beside", "left", "rename"];
const clicked = ["click-text", "click-right", "click-below", "click-gutter"];
const files = [
  ...[...names, ...waysToInsert.keys()].map((name) => [`notebooks/n${String(name)}.md`, text]),
  ...clicked.map((name) => [`notebooks/${name}.md`, text]),
];

/** Answers to such requests are made, but do not arrive before the returned function is called. */
async function hold(page: Page, url: string, method: string): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(url, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    const response = await route.fetch();
    await released;
    await route.fulfill({ response });
  });
  return release;
}

const holdSaves = (page: Page): Promise<() => void> => hold(page, "**/api/notebooks/*", "PUT");

describe.skipIf(!findChromium())("no key is lost", () => {
  const story = useStory(Object.fromEntries(files) as Record<string, string>);
  const fileOf = (name: string): Promise<string> => story.read(`notebooks/${name}.md`);

  /** The file but for one fence, and for how many blank lines there are. */
  async function restOf(name: string, first: string): Promise<string> {
    const fences = (await fileOf(name)).split(/^(?=```\w)/m).filter((part) => !part.includes(first));
    return fences.join("").replace(/\n+/g, "\n");
  }

  async function openAt(name: string, cell: string): Promise<Reader> {
    const reader = await story.open(name);
    await reader.cell(cell).locator(".monaco-editor").waitFor();
    await reader.cell(cell).locator(".cell-name").focus();
    return reader;
  }

  test.each([...waysToInsert.entries()])(
    "between the insertion of a cell and the answer to its save: %i",
    async (at, [, insert]) => {
      const name = `n${String(at)}`;
      const reader = await openAt(name, "per_shop");
      const release = await holdSaves(reader.page);
      await insert(reader);
      // Most of these letters are commands where nothing is typed into.
      await reader.page.keyboard.type("SELECT 'add jkbaz', 1\n");
      release();
      await reader.page.keyboard.type("AS mm");
      const sql = "--| cell: cell_1\nSELECT 'add jkbaz', 1\nAS mm\n```";
      await expect.poll(() => fileOf(name)).toContain(sql);
      await reader.saved();
      await reader.page.keyboard.type("dd");
      await expect.poll(() => fileOf(name)).toContain("AS mmdd\n```");
      expect(await restOf(name, "cell_1")).toBe(text.replace(/\n+/g, "\n"));
    },
  );

  test("before the editor's code is there, nor where the cursor stood", async () => {
    const reader = await story.stranger();
    const { page } = reader;
    const release = await hold(page, "**/mounted-editor*.js", "GET");
    await page.goto(`${story.server.url}/?token=${story.server.token}`);
    await page.goto(`${story.server.url}/#/notebooks/nchunk`);
    await reader.cell("per_shop").locator(".cell-name").focus();
    await page.keyboard.press("b");
    await page.keyboard.type("SELECT 'add', 2\n");
    await page.keyboard.press("Tab");
    await page.keyboard.type("AS b");
    await reader.saved();
    await page.keyboard.press("Home");
    release();
    await page.keyboard.type("-- jk");
    await reader.cell("cell_1").locator(".monaco-editor.focused").waitFor();
    await page.keyboard.type(" ba\n");
    const sql = "--| cell: cell_1\nSELECT 'add', 2\n-- jk ba\n  AS b\n```";
    await expect.poll(() => fileOf("nchunk")).toContain(sql);
    expect(await restOf("nchunk", "cell_1")).toBe(text.replace(/\n+/g, "\n"));
    reader.expectCalm();
  });

  const places = ["text", "right", "below", "gutter"] as const;
  test.each(places)("after a click on a query that is no editor yet: %s", async (place) => {
    const reader = await story.stranger();
    const { page } = reader;
    const name = `click-${place}`;
    const release = await hold(page, "**/mounted-editor*.js", "GET");
    await page.goto(`${story.server.url}/?token=${story.server.token}`);
    await page.goto(`${story.server.url}/#/notebooks/${name}`);
    const field = reader.cell("per_shop").locator(".sql-cell-placeholder");
    const { width, height } = (await field.boundingBox()) ?? { width: 0, height: 0 };
    const at = { text: [60, 12], right: [width - 20, 12], below: [80, height - 2], gutter: [6, 12] }[place];
    await field.click({ position: { x: at[0] ?? 0, y: at[1] ?? 0 } });
    await page.keyboard.press("Control+a");
    await page.keyboard.type("SELECT 'jk add', 7");
    release();
    await expect.poll(() => fileOf(name)).toContain("--| cell: per_shop\nSELECT 'jk add', 7\n");
    reader.expectCalm();
  });

  test("in a new chart before its save is answered, and after", async () => {
    const reader = await openAt("nchart", "per_shop");
    const { page } = reader;
    const release = await holdSaves(page);
    await page.getByRole("button", { name: "+ Chart" }).click();
    await page.locator("chart-form select:focus").waitFor();
    await page.locator(".yaml-text summary").click();
    await page.getByLabel("YAML of chart_1").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("chart: shops\nfrom: per_shop\nmark: barY\n");
    release();
    await page.keyboard.type("x: shop\n");
    await page.keyboard.press("Control+s");
    await reader.saved();
    await page.keyboard.type("y: orders");
    await page.keyboard.press("Control+s");
    await expect
      .poll(() => fileOf("nchart"))
      .toContain("```yaml\nchart: shops\nfrom: per_shop\nmark: barY\nx: shop\ny: orders\n```");
    await reader.cell("shops").waitFor();
  });

  test("in new prose before its save is answered", async () => {
    const reader = await openAt("nprose", "per_shop");
    const release = await holdSaves(reader.page);
    await reader.page.keyboard.press("m");
    await reader.page.keyboard.type("Add bad jokes");
    release();
    await reader.page.keyboard.type(", zz.");
    await reader.page.keyboard.press("Escape");
    await expect.poll(() => fileOf("nprose")).toContain("\nAdd bad jokes, zz.\n");
    expect((await fileOf("nprose")).match(/```sql/g)).toHaveLength(2);
  });

  test("in new prose beside other prose, after which the keys go on from there", async () => {
    const reader = await openAt("nbeside", "per_shop");
    const { page } = reader;
    for (const prose of ["Above.", "Below."]) {
      await page.keyboard.press("m");
      await page.keyboard.type(prose);
      await reader.edit(() => page.keyboard.press("Escape"));
    }
    await expect.poll(() => fileOf("nbeside")).toContain("```\n\nAbove.\n\nBelow.\n");
    expect(await page.locator("prose-block").count()).toBe(1);
    await page.keyboard.press("k");
    await page.locator('notebook-cell[selected] [data-cell="per_shop"]').waitFor();
  });

  test("in settings that somebody else changes meanwhile", async () => {
    const reader = await openAt("nsettings", "orders");
    await reader.cell("orders").getByRole("button", { name: "Settings of orders" }).click();
    const field = reader.page.getByLabel("Settings of orders, as YAML");
    await field.press("Control+End");
    await reader.page.keyboard.type("\ndescription: mine ");
    const theirs = text.replace("--| cell: orders", "--| cell: orders\n--| description: theirs");
    await writeFile(join(story.root, "notebooks/nsettings.md"), theirs);
    await reader.cell("per_shop").locator(".cell-name").focus();
    await reader.page.getByRole("button", { name: "Take mine" }).click();
    await reader.saved();
    await expect.poll(() => fileOf("nsettings")).toContain("--| cell: orders\n--| description: mine\nSELECT");
  });

  test("while a cell is renamed", async () => {
    const reader = await openAt("nrename", "orders");
    await reader.enter("orders");
    await reader.page.keyboard.press("Control+End");
    await reader.page.keyboard.press("F2");
    await reader.page.getByLabel("New name").fill("all_orders");
    const release = await hold(reader.page, "**/rename", "POST");
    const releaseSave = await holdSaves(reader.page);
    await reader.page.keyboard.press("Enter");
    await reader.cell("orders").locator(".monaco-editor.focused").waitFor();
    await reader.page.keyboard.type(" LIMIT 1");
    release();
    await reader.page.keyboard.type("2");
    releaseSave();
    await reader.cell("all_orders").waitFor();
    await expect.poll(() => fileOf("nrename")).toContain("FROM range(30) LIMIT 12\n```");
    await expect.poll(() => fileOf("nrename")).toContain("--| cell: all_orders\n");
    await expect.poll(() => fileOf("nrename")).toContain("FROM all_orders GROUP BY");
  });

  test("before the code of what a key opens is there", async () => {
    const reader = await story.stranger();
    const { page } = reader;
    await page.goto(`${story.server.url}/?token=${story.server.token}`);
    for (const [name, chunk, key, field] of [
      ["npalette", "command-palette", "Control+k", page.getByRole("combobox")],
      ["nname", "rename-dialog", "F2", page.getByLabel("New name")],
    ] as const) {
      const release = await hold(page, `**/${chunk}*.js`, "GET");
      await page.goto(`${story.server.url}/#/notebooks/${name}`);
      await reader.cell("orders").locator(".cell-name").focus();
      await page.keyboard.press("j");
      await page.keyboard.press(key);
      // Some of these letters are commands where nothing is typed into.
      await page.keyboard.type("ddzz");
      await page.keyboard.press("Backspace");
      release();
      await expect.poll(() => field.inputValue()).toBe("ddz");
      await page.keyboard.type("bb");
      expect(await field.inputValue()).toBe("ddzbb");
      await page.keyboard.press("Escape");
      await page.reload();
      await reader.cell("orders").waitFor();
      expect(await fileOf(name)).toBe(text);
    }
    reader.expectCalm();
  });

  test("and entered, before the code of what a key opens is there", async () => {
    const reader = await story.stranger();
    const { page } = reader;
    await page.goto(`${story.server.url}/?token=${story.server.token}`);
    const release = await hold(page, "**/command-palette*.js", "GET");
    await page.goto(`${story.server.url}/#/notebooks/npalette`);
    await reader.cell("orders").locator(".cell-name").focus();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("lake");
    await page.keyboard.press("Enter");
    // Not of the page either: twice deletes a cell.
    await page.keyboard.type("dd");
    release();
    await page.waitForURL(/#\/lake/);
    expect(await page.locator("dialog[open]").count()).toBe(0);

    await page.goto(`${story.server.url}/#/notebooks/nname`);
    await page.reload();
    const releaseName = await hold(page, "**/rename-dialog*.js", "GET");
    await page.reload();
    await reader.cell("orders").locator(".cell-name").focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("all_orders");
    await page.keyboard.press("Enter");
    releaseName();
    await reader.cell("all_orders").waitFor();
    await expect.poll(() => fileOf("nname")).toContain("FROM all_orders GROUP BY");
    expect(await fileOf("npalette")).toBe(text);
    reader.expectCalm();
  });

  test("in settings that are left by going back", async () => {
    const reader = await openAt("nleft", "orders");
    const { page } = reader;
    await reader.cell("orders").getByRole("button", { name: "Settings of orders" }).click();
    await page.getByLabel("Settings of orders, as YAML").press("Control+End");
    await page.keyboard.type("\ndescription: of  all  ");
    await page.keyboard.type("shops\n");
    expect(await page.getByLabel("Settings of orders, as YAML").inputValue()).toBe(
      "cell: orders\ndescription: of  all  shops\n",
    );
    await page.evaluate(() => {
      history.back();
    });
    await expect.poll(() => fileOf("nleft")).toContain("--| description: of  all  shops\n");
  });
});
