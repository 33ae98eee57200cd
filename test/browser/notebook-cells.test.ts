import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { renderMarkdown } from "../../client/elements/markdown.js";
import { createWorkspace, notebook } from "../integration/api/harness.js";
import { ServerProcess } from "../integration/api/processes.js";
import { closeContext, findChromium, launchBrowser } from "../support/chromium.js";

interface LitLike extends HTMLElement {
  addController(controller: { hostUpdated(): void }): void;
}

const orders = notebook({
  "cell: orders": "SELECT range AS id, range % 3 AS shop FROM range(30)",
  "cell: per_shop": "SELECT shop, count(*) AS orders FROM orders GROUP BY shop",
  "cell: days": "SELECT range AS day FROM range(7)",
});
const named = "Caf&eacute; &NotEqualTilde; &amp;lt; &lt;b&gt; &nope; &copy `&eacute;` [x](/a?b&percnt;3D)";
const names = ["insert", "keys", "results", "charts", "scratch", "pasted", "prose", "typing", "saving"];

describe.skipIf(!findChromium())("cells of an open notebook", () => {
  let root: string;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    root = await createWorkspace({
      ...Object.fromEntries(names.map((name) => [`notebooks/${name}.md`, orders])),
      "notebooks/named.md": `${orders}\n${named}\n`,
    });
    [server, browser] = await Promise.all([
      ServerProcess.start(root, [], { isShared: true }),
      launchBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await server.kill();
    await rm(root, { recursive: true, force: true });
  });

  async function open(name: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    onTestFinished(() => closeContext(context));
    const page = await context.newPage();
    await page.goto(`${server.url}/?token=${server.token}`);
    await page.goto(`${server.url}/#/notebooks/${name}`);
    await page.locator('[data-cell="per_shop"] .monaco-editor').waitFor();
    return page;
  }

  function fileOf(name: string): Promise<string> {
    return readFile(join(root, "notebooks", `${name}.md`), "utf8");
  }

  /** The cell whose source has the focus. */
  function focusedCell(page: Page): Promise<string | null> {
    return page.evaluate(() => {
      const field = document.activeElement?.closest(".monaco-editor, .yaml-source");
      return field?.closest<HTMLElement>("[data-cell]")?.dataset["cell"] ?? null;
    });
  }

  test("what is typed after a cell was inserted is its SQL", async () => {
    const page = await open("insert");
    await page.locator('[data-cell="per_shop"] .cell-name').focus();
    await page.keyboard.press("b");
    await expect.poll(() => focusedCell(page)).toBe("cell_1");
    await page.keyboard.insertText("SELECT 42 AS answer");
    await expect.poll(() => fileOf("insert")).toContain("--| cell: cell_1\nSELECT 42 AS answer\n```");
    await page.keyboard.press("Alt+Enter");
    await expect.poll(() => focusedCell(page)).toBe("cell_2");
    await page.keyboard.insertText("SELECT 43 AS next");
    await expect.poll(() => fileOf("insert")).toContain("--| cell: cell_2\nSELECT 43 AS next\n```");
    await page.getByRole("button", { name: "+ Chart" }).click();
    await expect.poll(() => focusedCell(page)).toBe("chart_1");
    await expect.poll(() => fileOf("insert")).toContain("chart: chart_1\nfrom: days\n");
    await page.locator('[data-cell="chart_1"]').getByText("YAML", { exact: true }).click();
    await page.getByLabel("YAML of chart_1").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("chart: chart_1\nfrom: orders\nmark: barY\nx: shop\ny: count()");
    await page.keyboard.press("Control+s");
    await expect.poll(() => fileOf("insert")).toContain("x: shop\n");
    expect(await page.locator(".message").count()).toBe(0);
  });

  test("what is typed draws its own cell anew, and no other", async () => {
    const page = await open("typing");
    await page.locator('[data-cell="orders"] .view-lines').click();
    await page.locator('[data-cell="orders"] .monaco-editor.focused').waitFor();
    await page.evaluate(() => {
      const names: string[] = [];
      for (const cell of document.querySelectorAll<LitLike>("notebook-cell")) {
        const name = cell.querySelector<HTMLElement>("[data-cell]")?.dataset["cell"] ?? "";
        cell.addController({ hostUpdated: () => names.push(name) });
      }
      // What the page draws for an edit is drawn before the next frame.
      const drawn = new Promise<readonly string[]>((resolve) => {
        const onEdit = (): number => requestAnimationFrame(() => resolve([...names]));
        document.addEventListener("cell-source-change", onEdit, { once: true });
      });
      Object.assign(window, { drawn });
    });
    await page.keyboard.insertText(" ");
    const drawn = await page.evaluate(() => (window as unknown as { drawn: Promise<string[]> }).drawn);
    expect(drawn).toEqual(["orders"]);
  });

  test("what is saved draws its own cell and those that read it, and no other", async () => {
    await server.run("saving");
    const page = await open("saving");
    await page.locator('[data-cell="orders"] .view-lines').click();
    await page.locator('[data-cell="orders"] .monaco-editor.focused').waitFor();
    await page.keyboard.press("Control+End");
    await page.evaluate(() => {
      const drawn: string[] = [];
      for (const cell of document.querySelectorAll<LitLike>("notebook-cell")) {
        const name = cell.querySelector<HTMLElement>("[data-cell]")?.dataset["cell"] ?? "";
        cell.addController({ hostUpdated: () => drawn.push(name) });
      }
      Object.assign(window, { drawn });
    });
    await page.keyboard.insertText("\nWHERE id > 3");
    await page.locator('[data-cell="per_shop"][data-standing="stale"]').waitFor();
    const drawn = await page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
    expect(new Set(drawn)).toEqual(new Set(["orders", "per_shop"]));
  });

  test("new prose is typed over what it begins with, in a field as high as its lines", async () => {
    const page = await open("prose");
    await page.getByRole("button", { name: "+ Prose" }).click();
    const field = page.getByRole("textbox", { name: "Markdown" });
    await field.waitFor();
    await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe("Write here.");
    await page.keyboard.insertText("## How to read this\n\nFrom top\n\nto bottom.");
    await expect
      .poll(() => field.evaluate((box) => box.scrollHeight - box.clientHeight))
      .toBeLessThanOrEqual(1);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "How to read this" }).waitFor();
    await expect.poll(() => fileOf("prose")).toContain("\n## How to read this\n\nFrom top\n\nto bottom.\n");
  });

  test("HTML's named characters in prose are what they are in a report", async () => {
    const page = await open("named");
    const expected = renderMarkdown(named);
    expect(expected).toContain("Café ≂̸ &amp;lt; &lt;b&gt; &amp;nope; &amp;copy");
    const shown = await page.locator("prose-block p").evaluate(({ outerHTML }) => outerHTML);
    expect(`${shown.replaceAll(/<!--.*?-->/g, "")}\n`).toBe(expected);
  });

  test("a cell that is picked in the large graph is gone to", async () => {
    const page = await open("keys");
    await page.getByRole("button", { name: "Graph" }).click();
    await page.getByRole("button", { name: "Enlarge" }).click();
    const dialog = page.getByRole("dialog", { name: "Graph" });
    await dialog.getByRole("option", { name: /^per_shop/ }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.locator('notebook-cell[selected] [data-cell="per_shop"]').waitFor();
  });

  test("F2 renames the cell that is edited", async () => {
    const page = await open("keys");
    await page.locator('[data-cell="per_shop"] .monaco-editor').click();
    await expect.poll(() => focusedCell(page)).toBe("per_shop");
    await page.keyboard.press("F2");
    await page.getByLabel("New name").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedCell(page)).toBe("per_shop");
    await page.keyboard.press("F2");
    await page.getByLabel("New name").fill("shops");
    await page.keyboard.press("Enter");
    await page.locator('[data-cell="shops"]').waitFor();
    await expect.poll(() => fileOf("keys")).toContain("--| cell: shops\n");
  });

  test("a cell's compiled SQL and plan are beside its rows", async () => {
    await server.run("results");
    const page = await open("results");
    const cell = page.locator('[data-cell="per_shop"]');
    await cell.getByRole("tab", { name: "SQL" }).click();
    await cell.locator("pre", { hasText: "SELECT shop, count(*) AS orders FROM orders" }).waitFor();
    await cell.getByRole("tab", { name: "SQL" }).press("ArrowRight");
    await cell.locator("pre", { hasText: "HASH_GROUP_BY" }).waitFor();
  });

  test("a chart is built from the columns of a cell, and becomes one itself", async () => {
    await server.run("charts");
    const page = await open("charts");
    const cell = page.locator('[data-cell="orders"]');
    await cell.getByRole("tab", { name: "Chart" }).click();
    await cell.getByLabel("X: column").selectOption("shop");
    await cell.locator("svg").first().waitFor();
    await cell.getByRole("button", { name: "Add as chart cell" }).click();
    await page.locator('[data-cell="orders_chart"] chart-view svg').first().waitFor();
    expect(await page.locator("g[aria-label]").count()).toBe(0);
    await expect.poll(() => fileOf("charts")).toContain("```yaml\nchart: orders_chart\nfrom: orders\n");
  });

  test("a scratch query shows its rows and leaves the file alone", async () => {
    const page = await open("scratch");
    const before = await fileOf("scratch");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
    await page.keyboard.insertText("scratch");
    await page.keyboard.press("Enter");
    const scratch = page.locator("scratch-cell");
    await scratch.locator(".monaco-editor.focused").waitFor();
    await page.keyboard.insertText("SELECT 40 + 2 AS answer FROM orders LIMIT 1");
    await page.keyboard.press("Control+Enter");
    await scratch.getByRole("gridcell", { name: "42" }).waitFor();
    await page.keyboard.press("Control+s");
    expect(await fileOf("scratch")).toBe(before);
    await scratch.getByRole("button", { name: "Keep as cell" }).click();
    await expect.poll(() => fileOf("scratch")).toContain("--| cell: cell_1\nSELECT 40 + 2 AS answer FROM");
  });

  test("a pasted CREATE TABLE becomes the cell that it creates", async () => {
    const page = await open("pasted");
    await page.locator('[data-cell="per_shop"] .cell-name').focus();
    await page.keyboard.press("b");
    await expect.poll(() => focusedCell(page)).toBe("cell_1");
    await page.keyboard.insertText("CREATE TABLE big_shops AS\nSELECT * FROM per_shop WHERE orders > 5;");
    await page.getByRole("button", { name: "Make this cell big_shops" }).click();
    await page.locator('[data-cell="big_shops"]').waitFor();
    const made =
      "--| cell: big_shops\n--| materialize: parquet\nSELECT * FROM per_shop WHERE orders > 5\n```";
    await expect.poll(() => fileOf("pasted")).toContain(made);
  });
});
