import { rm } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createWorkspace, endless, notebook } from "../integration/api/harness.js";
import { ServerProcess } from "../integration/api/processes.js";
import { findChromium, launchBrowser } from "../support/chromium.js";
import { evilTexts } from "./evil-texts.js";

const evilTitles = Object.fromEntries(
  evilTexts.map((text, index) => [
    `notebooks/evil${String(index)}.md`,
    notebook({ "cell: one": "SELECT 1 AS n" }, `title: ${JSON.stringify(text)}`),
  ]),
);
const files = {
  ...evilTitles,
  "notebooks/sales.md": notebook(
    { "cell: orders\n--| materialize: parquet": "SELECT range AS id FROM range(2500)" },
    "title: Sales of the month",
  ),
  "notebooks/broken.md": notebook({ "cell: bad": "SELECT * FROM nowhere" }, "title: Broken"),
  "notebooks/endless.md": notebook({ "cell: waits": endless }, "title: Endless"),
};

describe.skipIf(!findChromium())("the status page", () => {
  let root: string;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    root = await createWorkspace(files);
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

  /** A page, and everything about it that no page should have. */
  async function open(options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>) {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() !== "log") complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== server.url) complaints.push(`request: ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await prepare?.(page);
    await page.goto(`${server.url}/?token=${server.token}`);
    return { page, complaints };
  }

  test("shows notebooks, runs and datasets to whoever opened the printed address", async () => {
    const id = await server.startRun("sales", { materialize: true, date: "2026-11-01" });
    await expect.poll(async () => (await server.view(id)).outcome).toBe("succeeded");
    const { page, complaints } = await open();
    await page.getByRole("heading", { name: "Published datasets" }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
    expect(await page.getByRole("status").textContent()).toBe("The server is running.");
    const row = (name: string) => page.getByRole("row", { name }).first().innerText();
    expect(await row("Sales of the month")).toMatch(/sales\s+no problems\s+1 cell\s+1 dataset/);
    expect(await row("Broken")).toContain("1 error");
    expect(await row("materialized for 2026-11-01")).toMatch(/succeeded\s+0 of 1 cell reused/);
    expect(await row("data_lake/2026-11-01/orders")).toMatch(/orders\s+data_lake.*\s+2,500 rows/);
    expect(complaints).toEqual([]);
  });

  test("follows a run", async () => {
    const { page, complaints } = await open();
    const id = await server.startRun("endless");
    const status = page.getByRole("status");
    await page.reload();
    await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe("1 run in progress.");
    await server.json("POST", `/api/runs/${id}/cancel`);
    await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe("The server is running.");
    expect(await page.getByRole("row", { name: "endless" }).nth(1).innerText()).toContain("cancelled");
    expect(complaints).toEqual([]);
  });

  test("tells who has no session where to find one", async () => {
    const { page } = await open({}, async (fresh) => {
      await fresh.route(/token=/, (route) => route.continue({ url: `${server.url}/?token=wrong` }));
    });
    await expect
      .poll(() => page.getByRole("status").textContent())
      .toContain("Open the address that the server printed");
    expect(await page.getByRole("table").count()).toBe(0);
  });

  test("shows evil titles as what they are: text", async () => {
    const { page, complaints } = await open();
    await page.getByRole("heading", { name: "Notebooks" }).waitFor();
    const names = await page
      .locator("#notebooks th")
      .evaluateAll((cells) => cells.map((cell) => cell.firstChild?.nodeValue));
    for (const text of evilTexts) expect(names).toContain(text);
    expect(await page.evaluate(() => "pwn" in window)).toBe(false);
    expect(complaints).toEqual([]);
  });

  test("shows evil answers of the API as text, whatever field they are in", async () => {
    const evil = evilTexts.join(" ");
    const { page, complaints } = await open({}, async (fresh) => {
      await fresh.route("**/api/**", async (route) => {
        const response = await route.fetch();
        const spoilt: unknown = JSON.parse(await response.text(), (_key, value: unknown) =>
          typeof value === "string" ? evil : value,
        );
        await route.fulfill({ response, json: spoilt });
      });
    });
    await page.getByRole("heading", { name: "Published datasets" }).waitFor();
    expect(await page.locator("#datasets th").first().innerText()).toContain("<script>");
    expect(await page.evaluate(() => "pwn" in window)).toBe(false);
    expect(await page.locator("main :is(script, img, iframe, svg, a[href^=javascript])").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test.each([
    { width: 375, height: 700, colorScheme: "light" as const },
    { width: 320, height: 600, colorScheme: "dark" as const },
    { width: 1440, height: 900, colorScheme: "dark" as const },
  ])("fits $width pixels, $colorScheme", async ({ width, height, colorScheme }) => {
    const { page, complaints } = await open({ viewport: { width, height }, colorScheme });
    await page.getByRole("heading", { name: "Notebooks" }).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const [text, background] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.color, style.backgroundColor] as const;
    });
    const isDark = lightness(background) < lightness(text);
    expect(isDark).toBe(colorScheme === "dark");
    expect(complaints).toEqual([]);
  });

  test("the description of the API is a page without complaints", async () => {
    const { page, complaints } = await open();
    await page.getByRole("link", { name: "API" }).click();
    await page.getByRole("heading", { name: "Lakebook API" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

/** Of `rgb(1, 2, 3)`. */
function lightness(color: string): number {
  return (color.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}
