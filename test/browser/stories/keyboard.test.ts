import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { endless, notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const text = notebook({
  "cell: numbers": "SELECT range AS n, range % 3 AS rest FROM range(20)",
  "cell: doubled": "SELECT n * 2 AS m FROM numbers",
});

/** Where the focus is, in words; shadow roots included. */
function focus(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent.trim() ?? "";
  });
}

describe.skipIf(!findChromium())("a notebook without a mouse", () => {
  const story = useStory({
    "notebooks/walk.md": text,
    "notebooks/grid.md": text,
    "notebooks/slow.md": notebook({ "cell: slow": endless }),
  });
  const order = async (name: string): Promise<readonly string[]> =>
    [...(await story.read(`notebooks/${name}.md`)).matchAll(/cell: (\w+)/g)].map((match) => match[1] ?? "");

  test("cells are walked through, opened, left, moved, run and deleted", async () => {
    const reader = await story.open("walk");
    const { page } = reader;
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await reader.cell("doubled").waitFor();
    await press("j");
    await expect.poll(() => focus(page)).toBe("Cell numbers");
    await press("Enter");
    await reader.cell("numbers").locator(".monaco-editor.focused").waitFor();
    await reader.cell("numbers").getByText("Editing · Esc Esc: command mode").waitFor();
    await press("Escape");
    await reader
      .cell("numbers")
      .getByRole("status")
      .getByText("Esc again: command mode, Tab: go on")
      .waitFor();
    await reader.cell("numbers").locator(".monaco-editor.focused").waitFor();
    await press("Escape");
    await reader.cell("numbers").getByText("Command mode · Enter: edit, ?: keys").waitFor();
    await expect.poll(() => focus(page)).toBe("Cell numbers");

    await reader.edit(() => press("Alt+Shift+ArrowDown"));
    expect(await order("walk")).toEqual(["doubled", "numbers"]);
    await expect.poll(() => focus(page)).toBe("Cell numbers");
    await reader.edit(() => press("Alt+Shift+ArrowUp"));
    expect(await order("walk")).toEqual(["numbers", "doubled"]);

    await reader.runBy(() => press("Shift+Enter"));
    await reader.standing("numbers", "succeeded");
    await expect.poll(() => focus(page)).toBe("Cell doubled");
    await reader.runBy(() => press("Control+Enter"));
    await reader.standing("doubled", "succeeded");

    await press("Enter");
    await reader.cell("doubled").locator(".monaco-editor.focused").waitFor();
    await press("Escape");
    await press("Tab");
    expect(await focus(page)).toBe("Table");
    await press("k");
    await press("j");
    await expect.poll(() => focus(page)).toBe("Cell doubled");
    await reader.edit(async () => {
      await press("d");
      await press("d");
    });
    await expect.poll(() => focus(page)).toBe("Cell numbers");
    reader.expectCalm();
  });

  test("a table is sorted, filtered, widened, searched and opened", async () => {
    const reader = await story.open("grid");
    const { page } = reader;
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await reader.runAll();
    const grid = reader.cell("numbers").locator("data-grid");
    await grid.getByRole("gridcell", { name: "0", exact: true }).first().waitFor();
    await grid.getByRole("grid").focus();
    await press("ArrowUp");
    await press("Enter");
    await press("Enter");
    await grid.locator('[aria-sort="descending"]').waitFor();
    await grid.locator("#cell-0-0").getByText("19").waitFor();
    const header = grid.locator("#cell--1-0");
    const width = async (): Promise<number> => (await header.boundingBox())?.width ?? 0;
    const before = await width();
    await press("Alt+ArrowRight");
    await expect.poll(width).toBeGreaterThan(before);
    await press("ArrowDown");
    await press("Enter");
    await grid.locator("cell-detail").getByText("19").waitFor();
    await press("Escape");
    await expect.poll(() => focus(page)).toContain("n");
    await press("/");
    await page.keyboard.insertText("7");
    await press("Enter");
    await grid.getByText("2 of 20 rows").waitFor();
    reader.expectCalm();
  });

  test("dialogs keep the focus and give it back", async () => {
    const reader = await story.open("grid");
    const { page } = reader;
    for (const [button, dialog] of [
      ["Materialize…", "Materialize"],
      ["Share…", "Share"],
    ] as const) {
      await page.getByRole("button", { name: button }).focus();
      await page.keyboard.press("Enter");
      const opened = page.getByRole("dialog", { name: dialog });
      await opened.waitFor();
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press("Tab");
        const isInside = await page.evaluate(
          () =>
            document.activeElement === document.body || document.activeElement?.closest("dialog") !== null,
        );
        expect(isInside).toBe(true);
      }
      await page.keyboard.press("Escape");
      await opened.waitFor({ state: "hidden" });
      await expect.poll(() => focus(page)).toBe(button);
    }
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Commands" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focus(page)).toBe("Share…");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText("move the cell").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focus(page)).toBe("Share…");
  });

  test("i i stops a run", async () => {
    const reader = await story.open("slow");
    await reader.cell("slow").waitFor();
    await reader.page.keyboard.press("j");
    await reader.page.keyboard.press("Control+Enter");
    await reader.standing("slow", "running");
    await reader.page.keyboard.press("i");
    await reader.page.keyboard.press("i");
    await reader.standing("slow", "cancelled");
  });
});
