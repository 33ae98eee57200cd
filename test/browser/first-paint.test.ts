import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { ServerProcess } from "../integration/api/processes.js";
import { findChromium, launchBrowser } from "../support/chromium.js";
import { copyShipped, createWorkspace, removeWorkspace, type TestWorkspace } from "../support/workspace.js";

const NOTEBOOK = "customer_courier_conversations";
const MAX_SCRIPT_BYTES = 200 * 1024;

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
});
