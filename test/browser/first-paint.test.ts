import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { ServerProcess } from "../integration/api/processes.js";
import { findChromium, launchBrowser } from "../support/chromium.js";
import { copyShipped, createWorkspace, removeWorkspace, type TestWorkspace } from "../support/workspace.js";

const NOTEBOOK = "customer_courier_conversations";
const MAX_SCRIPT_BYTES = 200 * 1024;
const MAX_LAYOUT_SHIFT = 0.02;

interface Shift {
  readonly value: number;
  /** What moved, and from where to where. */
  readonly moved: readonly string[];
}

/** What moved by itself, as browsers count it: not within half a second of a key or a click. */
async function observeShifts(page: Page): Promise<() => Promise<readonly Shift[]>> {
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    interface Entry extends PerformanceEntry {
      readonly value: number;
      readonly hadRecentInput: boolean;
      readonly sources: readonly {
        readonly node: Node | null;
        readonly previousRect: DOMRect;
        readonly currentRect: DOMRect;
      }[];
    }
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Entry[])
        if (!hadRecentInput)
          shifts.push({
            value,
            moved: sources.map(({ node, previousRect: from, currentRect: to }) => {
              const cell = node?.parentElement?.closest<HTMLElement>("[data-cell]")?.dataset["cell"];
              const name = `${node?.nodeName ?? "?"} in ${cell ?? "no cell"}`;
              return `${name}: ${String(from.y)}, ${String(from.height)} to ${String(to.y)}, ${String(to.height)}`;
            }),
          });
    }).observe({ type: "layout-shift", buffered: true });
  });
  // Two frames, so that the last change is painted and told.
  return () =>
    page.evaluate(
      () =>
        new Promise<readonly Shift[]>((resolve) =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() => {
              resolve((window as unknown as { readonly shifts: readonly Shift[] }).shifts);
            }),
          ),
        ),
    );
}

describe.skipIf(!findChromium())("the shipped notebook, opened for the first time", () => {
  let workspace: TestWorkspace;
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    workspace = await createWorkspace();
    await copyShipped(workspace);
    [server, browser] = await Promise.all([
      ServerProcess.start(workspace.root, [], { isShared: true }),
      launchBrowser(),
    ]);
    await server.run(NOTEBOOK);
    await server.json("POST", `/api/notebooks/${NOTEBOOK}/tests`, {});
  });
  afterAll(async () => {
    await browser.close();
    await server.kill();
    await removeWorkspace(workspace);
  });

  test("loads the editor after the rows, and charts when somebody comes near", async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}/?token=${server.token}`);
    await page.locator("home-page .card").first().waitFor();
    // The browser has the shell by now: a context of its own has nothing.
    const context = await browser.newContext({ storageState: await page.context().storageState() });
    await page.context().close();
    const fresh = await context.newPage();
    await fresh.goto(`${server.url}/#/notebooks/${NOTEBOOK}`);
    await fresh.locator(".monaco-editor").first().waitFor();
    const asked = await fresh.evaluate(() =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
        .map(({ name, startTime, encodedBodySize }) => ({
          path: new URL(name).pathname,
          startTime,
          encodedBodySize,
        }))
        .sort((a, b) => a.startTime - b.startTime),
    );
    const editor = asked.findIndex(({ path }) => /\/mounted-editor-.*\.js$/.test(path));
    const rows = asked.findIndex(({ path }) => path.endsWith("/rows"));
    expect(editor).toBeGreaterThan(rows);
    expect(rows).toBeGreaterThan(0);
    const scripts = asked.slice(0, editor).filter(({ path }) => path.endsWith(".js"));
    const bytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    expect(bytes).toBeGreaterThan(50 * 1024);
    expect(bytes).toBeLessThan(MAX_SCRIPT_BYTES);

    const isChart = /\/chart$|\/chart-(parts|form)-/;
    expect(asked.filter(({ path }) => isChart.test(path))).toEqual([]);
    const chart = fresh.locator("chart-view").first();
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("svg").first().waitFor();
    await context.close();
  });

  test.each([1280, 390])("moves nothing while it is loaded and gone through, %d wide", async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const shifts = await observeShifts(page);
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    // How the tests came out is told late.
    await page.route(/\/tests$/, async (route) => {
      await isReleased;
      await route.continue();
    });
    await page.goto(`${server.url}/?token=${server.token}`);
    await page.goto(`${server.url}/#/notebooks/${NOTEBOOK}`);
    await page.locator("schedule-line a").waitFor();
    for (const cell of await page.locator("[data-cell]").all()) {
      await cell.scrollIntoViewIfNeeded();
      for (const grid of await cell.locator("data-grid").all()) {
        await grid.scrollIntoViewIfNeeded();
        await grid.getByRole("columnheader").first().waitFor();
      }
      for (const chart of await cell.locator("chart-view").all()) {
        await chart.scrollIntoViewIfNeeded();
        await chart.locator("svg").first().waitFor();
      }
    }
    const heightOf = (): Promise<number> => page.evaluate(() => document.documentElement.scrollHeight);
    const height = await heightOf();
    release();
    await page.getByText("1 of 1 test passes").first().waitFor({ state: "attached" });
    expect(await heightOf()).toBe(height);
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(5000);
    const seen = await shifts();
    const sum = seen.reduce((total, { value }) => total + value, 0);
    expect(sum, JSON.stringify(seen)).toBeLessThan(MAX_LAYOUT_SHIFT);
    await page.context().close();
  });

  test.each([1280, 700, 390, 340])("has as many lines before the editor is there, %d wide", async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    await page.route(/mounted-editor-.*\.js$/, async (route) => {
      await isReleased;
      await route.continue();
    });
    await page.goto(`${server.url}/?token=${server.token}`);
    await page.goto(`${server.url}/#/notebooks/${NOTEBOOK}`);
    await page.locator("schedule-line a").waitFor();
    const editors = page.locator("sql-cell-editor");
    const heightOf = (at: number): Promise<number> =>
      editors.nth(at).evaluate((element) => element.getBoundingClientRect().height);
    const before = await Promise.all(Array.from({ length: await editors.count() }, (_, at) => heightOf(at)));
    expect(before.length).toBeGreaterThan(8);
    release();
    for (const [at, height] of before.entries()) {
      await editors.nth(at).scrollIntoViewIfNeeded();
      await editors.nth(at).locator(".monaco-editor .view-line").first().waitFor();
      expect([at, await heightOf(at)]).toEqual([at, height]);
    }
    await page.context().close();
  });
});
