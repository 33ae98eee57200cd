import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createWorkspace, notebook } from "../integration/api/harness.js";
import { ServerProcess } from "../integration/api/processes.js";
import { findChromium, launchBrowser } from "../support/chromium.js";

const files = {
  "notebooks/sales.md": notebook(
    { "cell: orders\n--| materialize: parquet": "SELECT range AS id FROM range(2500)" },
    "title: Sales of the month\ndescription: What was sold",
  ),
  "notebooks/weather.md": notebook({ "cell: days": "SELECT 1 AS n" }, "title: Weather"),
};

describe.skipIf(!findChromium())("the pages beside the notebook", () => {
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

  /** A page of somebody who is logged in; nothing may complain by the end of the test. */
  async function open(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(`${server.url}/?token=${server.token}`);
    await page.goto(`${server.url}/${hash}`);
    return page;
  }

  describe("home", () => {
    const card = (page: Page, title: string) => page.locator(".card").filter({ hasText: title });

    test("shows of each notebook what it is about, its datasets and its last run", async () => {
      const page = await open("#/");
      const sales = card(page, "Sales of the month");
      await sales.getByText("What was sold").waitFor();
      await sales.getByText("1 dataset, 1 published").waitFor();
      await sales.getByRole("link", { name: "orders" }).waitFor();
      await sales.getByText("succeeded").waitFor();
      await card(page, "Weather").getByText("never run").waitFor();
    });

    test("finds notebooks by words of title, description and datasets", async () => {
      const page = await open("#/");
      await card(page, "Weather").waitFor();
      await page.getByLabel("Search notebooks").fill("sold orders");
      await card(page, "Weather").waitFor({ state: "detached" });
      expect(await page.locator(".card").count()).toBe(1);
    });

    test("duplicates, renames and deletes by keyboard, and takes a deletion back", async () => {
      const page = await open("#/");
      await page.getByRole("button", { name: "Duplicate Weather", exact: true }).press("Enter");
      await page.getByRole("status").getByText("weather is copied to weather_copy.").waitFor();
      await page.getByRole("button", { name: "Rename Weather (copy)" }).press("Enter");
      await page.getByLabel("New name").fill("Not a name");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").getByText("cannot be the name").waitFor();
      await page.getByLabel("New name").fill("climate");
      await page.keyboard.press("Enter");
      await page.getByRole("status").getByText("weather_copy is now climate.").waitFor();
      await page.getByRole("button", { name: "Delete Weather (copy)" }).press("Enter");
      await page.getByRole("status").getByText("climate is deleted").waitFor();
      await page.locator(".undo:focus").waitFor();
      expect(await readdir(join(root, "notebooks"))).not.toContain("climate.md");
      await page.keyboard.press("Enter");
      await page.getByRole("status").getByText("climate is back.").waitFor();
      expect(await readdir(join(root, "notebooks"))).toContain("climate.md");
    });

    test("imports a SQL script as a notebook", async () => {
      const page = await open("#/");
      await page.getByLabel("Notebook to import").setInputFiles({
        name: "Quarterly.sql",
        mimeType: "application/sql",
        buffer: Buffer.from("CREATE TABLE totals AS SELECT 42 AS n;"),
      });
      await page.locator("notebook-page").getByText("totals").first().waitFor();
      expect(page.url()).toContain("#/notebooks/quarterly");
    });

    test("makes a new notebook of a title", async () => {
      const page = await open("#/");
      await page.getByRole("button", { name: "New notebook" }).click();
      await page.getByLabel("Title").fill('Costs "2026" / Q1');
      await page.keyboard.press("Enter");
      await page.locator("notebook-page").getByRole("heading", { name: 'Costs "2026" / Q1' }).waitFor();
    });

    test("tells who is not logged in what to do, and takes the token", async () => {
      const context = await browser.newContext();
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(server.url);
      await page.getByText("Open the address that the server printed").waitFor();
      await page.getByLabel("Token").fill(server.token);
      await page.keyboard.press("Enter");
      await card(page, "Sales of the month").waitFor();
      expect(page.url()).not.toContain("token");
    });
  });
});
