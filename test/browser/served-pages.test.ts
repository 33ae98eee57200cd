import { rm } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createWorkspace, notebook } from "../integration/api/harness.js";
import { ServerProcess } from "../integration/api/processes.js";
import { closeContext, findChromium, launchBrowser } from "../support/chromium.js";
import { evilTexts } from "./evil-texts.js";

const evilNotebooks = Object.fromEntries(
  evilTexts.map((text, index) => [
    `notebooks/evil${String(index)}.md`,
    notebook({ "cell: one": "SELECT 1 AS n" }, `title: ${JSON.stringify(text)}`),
  ]),
);
const files = {
  ...evilNotebooks,
  "notebooks/sales.md": notebook(
    { "cell: orders\n--| materialize: parquet": "SELECT range AS id FROM range(2500)" },
    "title: Sales of the month",
  ),
};

/** What each page shows once it is there. */
const pages = [
  ["#/", "home-page", "Sales of the month"],
  ["#/lake", "lake-page", "orders"],
  ["#/runs", "runs-page", "sales"],
  ["#/notebooks/sales", "notebook-page", "orders"],
] as const;

describe.skipIf(!findChromium())("the pages that the server serves", () => {
  let root: string;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    root = await createWorkspace(files);
    [server, browser] = await Promise.all([
      ServerProcess.start(root, [], { isShared: true }),
      launchBrowser(),
    ]);
    await server.run("sales", { materialize: true, date: "2026-11-01" });
  });
  afterAll(async () => {
    await browser.close();
    await server.kill();
    await rm(root, { recursive: true, force: true });
  });

  /** A page, and everything about it that no page should have. */
  async function open(options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    onTestFinished(() => closeContext(context));
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`request: ${request.url()}`);
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

  async function show(page: Page, hash: string, element: string, text: string): Promise<void> {
    await page.goto(`${server.url}/${hash}`);
    await page.locator(element).getByText(text).locator("visible=true").first().waitFor();
  }

  test("the printed address opens the first page and is gone from the address bar", async () => {
    const { page, complaints } = await open();
    await page.locator("home-page").getByText("Sales of the month").waitFor();
    expect(page.url()).toBe(`${server.url}/`);
    expect(complaints).toEqual([]);
  });

  test.each(pages)(
    "%s opens without a complaint of the browser, asking no other host",
    async (hash, element, text) => {
      const { page, complaints } = await open();
      await show(page, hash, element, text);
      await page.waitForLoadState("networkidle", { timeout: 5000 }).catch(() => undefined);
      expect(complaints).toEqual([]);
    },
  );

  test("the documents are pages without complaints, lead to each other, and fit a phone", async () => {
    const { page, complaints } = await open({ viewport: { width: 375, height: 800 } });
    await page.goto(`${server.url}/docs`);
    const hrefs = await page
      .locator("nav")
      .first()
      .locator("li a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(hrefs).toContain("/docs/reference");
    for (const href of hrefs) {
      await page.goto(`${server.url}${href ?? ""}`);
      await page.locator("main h1").waitFor();
      const broken = await page
        .locator("main img")
        .evaluateAll(
          (images) => images.filter((image) => (image as HTMLImageElement).naturalWidth === 0).length,
        );
      expect(broken).toBe(0);
      const targets = await page
        .locator("main a[href^='#'], main a[href^='/docs']")
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
      for (const target of new Set(targets)) {
        const { pathname, hash } = new URL(target);
        const answer = await page.request.get(`${server.url}${pathname}`);
        expect(answer.status(), target).toBe(200);
        if (hash !== "") expect(await answer.text(), target).toContain(`id="${hash.slice(1)}"`);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), href ?? "").toBe(
        true,
      );
    }
    expect(complaints).toEqual([]);
  });

  test("who has no session is told so", async () => {
    const context = await browser.newContext();
    onTestFinished(() => closeContext(context));
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole("alert").getByText("You are not logged in").waitFor();
    const wrong = await page.goto(`${server.url}/?token=wrong`);
    expect(wrong?.status()).toBe(401);
    await page.getByRole("alert").getByText("You are not logged in").waitFor();
  });

  test("shows evil titles as what they are: text", async () => {
    const { page, complaints } = await open();
    await page.locator("home-page").getByText("Sales of the month").waitFor();
    const titles = await page.locator("home-page h2").allTextContents();
    for (const text of evilTexts) expect(titles).toContain(text);
    expect(await page.evaluate(() => "pwn" in window)).toBe(false);
    expect(complaints).toEqual([]);
  });

  test.each(pages.slice(0, 3))(
    "%s shows evil answers of the API as text, whatever field they are in",
    async (hash, element) => {
      const evil = evilTexts.join(" ");
      const { page, complaints } = await open({}, async (fresh) => {
        await fresh.route(/\/api\/(?!events)/, async (route) => {
          const response = await route.fetch();
          const spoilt: unknown = JSON.parse(await response.text(), (_key, value: unknown) =>
            typeof value === "string" ? evil : value,
          );
          await route.fulfill({ response, json: spoilt });
        });
      });
      await show(page, hash, element, "<script>");
      expect(await page.evaluate(() => "pwn" in window)).toBe(false);
      expect(
        await page.locator(`${element} :is(script, img, iframe, base, meta, a[href^="javascript"])`).count(),
      ).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  test.each(pages)("%s fits a phone", async (hash, element, text) => {
    const { page, complaints } = await open({ viewport: { width: 375, height: 700 }, colorScheme: "dark" });
    await show(page, hash, element, text);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(1);
    const [text_, background] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.color, style.backgroundColor] as const;
    });
    expect(lightness(background)).toBeLessThan(lightness(text_));
    expect(complaints).toEqual([]);
  });

  test("the description of the API is a page without complaints", async () => {
    const { page, complaints } = await open();
    await page.goto(`${server.url}/api/docs`);
    await page.getByRole("heading", { name: "Lakebook API" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

/** Of `rgb(1, 2, 3)`. */
function lightness(color: string): number {
  return (color.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}
