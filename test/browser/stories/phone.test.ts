import { expect, test, describe } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory } from "./story.js";

const names = Array.from({ length: 8 }, (_, index) => `cell_${String(index)}`);
const chain = Object.fromEntries(
  names.map((name, index) => [
    `cell: ${name}`,
    index === 0 ? "SELECT 1 AS n" : `SELECT n FROM ${names[index - 1] ?? ""}`,
  ]),
);

describe.skipIf(!findChromium())("a notebook on a phone", () => {
  const story = useStory({
    "notebooks/chain.md": notebook(chain, "title: A chain"),
    "notebooks/links.md": notebook({ "cell: one": "SELECT 1 AS one" }, "title: Links"),
  });

  test("its graph and its list of cells open over it, and close on the cell that is picked", async () => {
    const reader = await story.open("chain", { viewport: { width: 375, height: 700 } });
    const { page } = reader;
    const isInSight = (name: string): Promise<void> =>
      expect
        .poll(() =>
          reader.cell(name).evaluate((cell) => {
            const { top, bottom } = cell.getBoundingClientRect();
            const middle = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
            return cell.contains(document.elementFromPoint(innerWidth / 2, middle));
          }),
        )
        .toBe(true);
    const expectFits = async (): Promise<void> => {
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(1);
    };

    const [graph, list] = [page.locator("aside.graph-pane"), page.locator("nav.outline")];
    await page.getByRole("button", { name: "Graph", exact: true }).click();
    const node = graph.locator("dependency-graph .node", { hasText: "cell_7" });
    await node.waitFor();
    await expectFits();
    await node.click();
    await graph.waitFor({ state: "detached" });
    await isInSight("cell_7");

    const open = page.getByRole("button", { name: "Outline", exact: true });
    await open.click();
    await list.getByText("cell_0").waitFor();
    await expectFits();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    await open.click();
    await list.getByText("cell_0").click();
    await list.waitFor({ state: "hidden" });
    await isInSight("cell_0");
    reader.expectCalm();
  });

  test("Escape closes its graph and its list of cells, and goes back to the button", async () => {
    const { page } = await story.open("chain", { viewport: { width: 375, height: 700 } });
    for (const [name, panel] of [
      ["Graph", page.locator("aside.graph-pane")],
      ["Outline", page.locator("nav.outline")],
    ] as const) {
      const button = page.getByRole("button", { name, exact: true });
      await button.click();
      await panel.waitFor();
      await page.keyboard.press("Escape");
      await panel.waitFor({ state: "hidden" });
      await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
    }
  });

  test("its bar has two lines, also after a run, and the rest behind a button", async () => {
    const reader = await story.open("chain", { viewport: { width: 375, height: 700 } });
    const bar = reader.page.getByRole("toolbar");
    const expectTwoLines = async (): Promise<void> => {
      const [height, line] = await bar.evaluate((element) => [
        element.getBoundingClientRect().height,
        element.querySelector(".primary")?.getBoundingClientRect().height ?? 0,
      ]);
      expect(height).toBeLessThan(3 * line);
    };
    await expectTwoLines();
    await reader.runAll();
    await bar.getByText("succeeded").waitFor();
    await expectTwoLines();
    const share = bar.getByRole("button", { name: "Share…" });
    expect(await share.isVisible()).toBe(false);
    await bar.getByRole("button", { name: "More" }).click();
    await share.waitFor();
    await bar.getByLabel("run date").waitFor();
    await share.click();
    await reader.page.getByRole("dialog", { name: "Share" }).waitFor();
    expect(await bar.getByLabel("run date").isVisible()).toBe(false);
    reader.expectCalm();
  });

  test("its title stands above it, four buttons below, and the rest is reached by keys", async () => {
    const { page } = await story.open("links", { viewport: { width: 390, height: 800 } });
    const bar = page.getByRole("toolbar");
    await bar.getByRole("button", { name: "Run 1" }).waitFor();
    expect(await bar.getByRole("button").allInnerTexts()).toEqual([
      "Run all",
      "Run 1",
      "Materialize…",
      "",
      "Outline",
      "Graph",
    ]);
    const more = bar.getByRole("button", { name: "More" });
    await more.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest("label")?.innerText))
      .toMatch(/run date/);
    await requireAccessible(page, "run-bar");
    await page.keyboard.press("Escape");
    await expect.poll(() => more.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("link", { name: "Runs" }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    await page
      .getByRole("navigation", { name: "Main" })
      .getByRole("link", { name: "Notebooks" })
      .waitFor({ state: "hidden" });
    await page.goBack();
    await page.getByRole("button", { name: "Links" }).click();
    await page.getByRole("dialog", { name: "Notebooks" }).waitFor();
  });

  test("what is pressed is large enough for a finger, and no page is wider than the screen", async () => {
    const { page } = await story.open("chain", { viewport: { width: 390, height: 800 } });
    for (const [hash, heading] of [
      ["notebooks/chain", "cell_0"],
      ["", "Notebooks"],
      ["runs", "Runs"],
      ["lake", "Lake"],
      ["schedules", "Schedules"],
      ["input", "Input"],
      ["alerts", "Alerts"],
      ["people", "People"],
    ] as const) {
      await page.goto(`${story.server.url}/#/${hash}`);
      await page.getByText(heading, { exact: true }).locator("visible=true").first().waitFor();
      const found = await page.evaluate(() => ({
        over: document.documentElement.scrollWidth - innerWidth,
        small: [...document.querySelectorAll("button, select, summary, input, .top a, .parts a")]
          .filter((element) => element.closest(".monaco-editor") === null)
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && Math.min(box.width, box.height) < 24)
          .map(({ element }) => element.outerHTML),
      }));
      expect(found, hash).toEqual({ over: 0, small: [] });
    }
  });
});
