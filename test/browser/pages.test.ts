import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createWorkspace, endless, notebook } from "../integration/api/harness.js";
import { ServerProcess } from "../integration/api/processes.js";
import { closeContext, findChromium, launchBrowser } from "../support/chromium.js";

const files = {
  "notebooks/sales.md": notebook(
    { "cell: orders\n--| materialize: parquet": "SELECT range AS id FROM range(2500)" },
    "title: Sales of the month\ndescription: What was sold",
  ),
  "notebooks/parts.md": notebook({
    "cell: whole\n--| materialize: parquet": "SELECT range AS id, range % 3 AS rest FROM range(10)",
    "cell: parted\n--| materialize: parquet\n--| partition_by: [rest]\n--| checks:\n--|   - not_null: [id]":
      "SELECT * FROM whole",
  }),
  "notebooks/broken.md": notebook({
    "cell: good": "SELECT 1 AS n",
    "cell: bad": "SELECT error('<b>this went wrong</b>') AS n FROM good",
    "cell: later": "SELECT * FROM bad",
  }),
  "notebooks/slow.md": notebook({ "cell: slow": endless }),
  "notebooks/dated.md": notebook({ "cell: dated\n--| materialize: parquet": "SELECT $run_date AS day" }),
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
    await server.run("parts", { materialize: true, date: "2026-11-01" });
    await server.run("parts", { materialize: true, date: "2026-11-02" });
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
      await page.getByRole("button", { name: "Import…" }).click();
      await page.getByLabel("Notebook to import").setInputFiles({
        name: "Quarterly.sql",
        mimeType: "application/sql",
        buffer: Buffer.from("CREATE TABLE totals AS SELECT 42 AS n;"),
      });
      await page.locator("notebook-page").getByText("totals").first().waitFor();
      expect(page.url()).toContain("#/notebooks/quarterly");
    });

    test("says of a notebook of another program what is not as it was", async () => {
      const page = await open("#/");
      await page.getByRole("button", { name: "Import…" }).click();
      const cells = [
        { cell_type: "code", source: "%%sql\nSELECT 42 AS n", outputs: [{ text: "big" }] },
        { cell_type: "code", source: "plot(df)", outputs: [] },
      ];
      await page.getByLabel("Notebook to import").setInputFiles({
        name: "Explore.ipynb",
        mimeType: "application/json",
        buffer: Buffer.from(JSON.stringify({ cells })),
      });
      const dialog = page.getByRole("dialog", { name: "Import" });
      await dialog.getByText("1 cell; 1 place not as it was:").waitFor();
      await dialog.getByText("as it is Python: a cell is one query.").waitFor();
      await dialog.getByRole("link", { name: "Open it" }).click();
      await page.locator("notebook-page").getByText("cell_1").first().waitFor();
      expect(page.url()).toContain("#/notebooks/explore");
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
      onTestFinished(() => closeContext(context));
      const page = await context.newPage();
      await page.goto(server.url);
      await page.getByText("Log in with the server's token").waitFor();
      await page.getByLabel("Token").fill(server.token);
      await page.keyboard.press("Enter");
      await card(page, "Sales of the month").waitFor();
      expect(page.url()).not.toContain("token");
    });
  });

  test("the title of a notebook leads to the others by their titles, and so does Ctrl+K", async () => {
    const page = await open("#/notebooks/weather");
    const title = (text: string) => page.locator(".top").getByRole("button", { name: text });
    await title("Weather").press("Enter");
    await page.getByRole("dialog", { name: "Notebooks" }).waitFor();
    await page.keyboard.insertText("sales");
    await page.getByRole("option", { name: "Sales of the month sales" }).waitFor();
    await page.keyboard.press("Enter");
    await title("Sales of the month").waitFor();
    expect(page.url()).toContain("#/notebooks/sales");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
    await page.keyboard.insertText("broken");
    await page.getByRole("option", { name: "broken" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator('notebook-cell:has-text("later")').first().waitFor();
    expect(page.url()).toContain("#/notebooks/broken");
  });

  test("Ctrl+K finds the pages from every page, says where nothing matches, and the window tells the page", async () => {
    const page = await open("#/notebooks/weather");
    await page.locator(".top").getByRole("button", { name: "Weather" }).waitFor();
    await expect.poll(() => page.title()).toBe("Weather · Lakebook");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
    await page.keyboard.insertText("lake page");
    await page.keyboard.press("Enter");
    await page.locator("lake-page").waitFor();
    await expect.poll(() => page.title()).toBe("Lake · Lakebook");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
    await page.keyboard.insertText("no such thing");
    await page.getByRole("dialog", { name: "Pages" }).getByText("Nothing matches.").waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("docs");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/docs");
    await page.goBack();
    await page.locator(".top").getByRole("link", { name: "Docs" }).click();
    await page.waitForURL("**/docs");
  });

  describe("a data file", () => {
    const path = (name: string) => join(root, "input", name);

    function drop(page: Page, name: string, text: string): Promise<void> {
      return page.evaluate(
        ([fileName, content]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content], fileName));
          for (const type of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(
              new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
            );
        },
        [name, text] as const,
      );
    }

    test("that is dropped on the home page becomes a notebook, and tells what was found in it", async () => {
      const page = await open("#/");
      await page.locator(".card").first().waitFor();
      await drop(page, "Trips 2026.csv", "id;city\n1;Málaga\n2;León\n");
      const report = page.getByLabel("Added files");
      await report.getByText("UTF-8 · delimiter semicolon · 2 columns").waitFor();
      expect(await report.getByRole("row").allInnerTexts()).toEqual(["id\tBIGINT", "city\tVARCHAR"]);
      await page.locator("notebook-page").getByText("trips_2026").first().waitFor();
      expect(page.url()).toContain("#/notebooks/trips_2026");
      expect(await readFile(path("Trips 2026.csv"), "utf8")).toBe("id;city\n1;Málaga\n2;León\n");
      const { outcome } = await server.run("trips_2026");
      expect(outcome).toBe("succeeded");
    });

    test("of a name that is taken asks for another one, and replaces nothing", async () => {
      await writeFile(path("days.csv"), "a\n1\n");
      const page = await open("#/notebooks/weather");
      await page.locator("notebook-cell").first().waitFor();
      await page.getByLabel("File for input/").setInputFiles({
        name: "days.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("b\n2\n"),
      });
      await page.getByRole("heading", { name: "input/days.csv exists already" }).waitFor();
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("days_2.csv");
      await page.keyboard.press("Enter");
      await page.locator('notebook-cell:has-text("days_2")').first().waitFor();
      expect(await readFile(path("days.csv"), "utf8")).toBe("a\n1\n");
      expect(await readFile(path("days_2.csv"), "utf8")).toBe("b\n2\n");
      await expect
        .poll(() => readFile(join(root, "notebooks/weather.md"), "utf8"))
        .toMatch(/--\| cell: days_2\nSELECT \* FROM 'input\/days_2.csv'\n```\n/);
    });

    test("that is large shows how far it is, and can be cancelled", async () => {
      const page = await open("#/notebooks/weather");
      await page.locator("notebook-cell").first().waitFor();
      const client = await page.context().newCDPSession(page);
      await client.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: 2_000_000,
      });
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["a\n", "1\n".repeat(40_000_000)], "large.csv"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      });
      const report = page.getByLabel("Added files");
      const sent = report.getByRole("progressbar", { name: "Sent of large.csv" });
      await expect.poll(() => sent.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);
      await report.getByText("of 80").waitFor();
      await report.getByRole("button", { name: "Cancel" }).click();
      await report.getByText("Cancelled: large.csv was not added.").waitFor();
      await expect.poll(() => readdir(join(root, ".lakebook/uploads"))).toEqual([]);
      expect(await readdir(join(root, "input"))).not.toContain("large.csv");
    });

    test("that is none is refused, and the page stays", async () => {
      const page = await open("#/");
      await page.locator(".card").first().waitFor();
      await drop(page, "paper.pdf", "%PDF-1.7");
      await page.getByRole("alert").getByText('"paper.pdf" is a PDF').waitFor();
    });
  });

  describe("the lake", () => {
    test("shows all datasets at a glance, each with its latest run date", async () => {
      const page = await open("#/lake");
      const row = page.getByRole("region", { name: "All datasets" }).getByRole("row", { name: "parted" });
      await row.waitFor();
      const cells = await row.getByRole("cell").allTextContents();
      expect(cells.map((text) => text.trim()).slice(0, 7)).toEqual([
        "parted",
        "10",
        expect.stringMatching(/B$/),
        "3",
        "2026-11-02",
        "2",
        "parts",
      ]);
    });

    test("is verified, and vacuumed after it was shown what would go", async () => {
      for (const day of Array.from({ length: 13 }, (_, index) => String(index + 1).padStart(2, "0")))
        await server.run("dated", { materialize: true, date: `2025-01-${day}` });
      const page = await open("#/lake");
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByText("Nothing is missing or damaged: the lake is what its log says.").waitFor();
      await page.getByRole("button", { name: "Vacuum…" }).click();
      const dialog = page.getByRole("dialog", { name: "Vacuum" });
      await dialog.getByText("Would remove 1 publication").waitFor();
      await dialog.getByText("dated of 2025-01-01").waitFor();
      await dialog.getByRole("button", { name: "Remove" }).click();
      await dialog.getByText("Removed 1 publication").waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      const row = page.getByRole("region", { name: "All datasets" }).getByRole("row", { name: "dated" });
      await expect.poll(() => row.getByRole("cell").nth(5).textContent()).toBe("12");
    });

    test("shows a dataset's partitions, what it was computed of, and its checks", async () => {
      const page = await open("#/lake/parted");
      const bars = page.locator(".partition-strip span");
      await bars.first().waitFor();
      expect(await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute("title")))).toEqual([
        "rest 0: 4 rows",
        "rest 1: 3 rows",
        "rest 2: 3 rows",
      ]);
      await page.getByRole("button", { name: "bytes" }).press("Enter");
      await expect.poll(() => bars.first().getAttribute("title")).toMatch(/^rest 0: .*B$/);
      await page.locator(".checks").getByText("passed", { exact: true }).waitFor();
      await page.locator("data-grid").getByText("10 rows").waitFor();
      await page.locator(".reads").getByRole("link", { name: "whole" }).press("Enter");
      await page.getByRole("heading", { name: "whole", exact: true }).waitFor();
      expect(page.url()).toContain("#/lake/whole/2026-11-02");
    });

    test("shows each run date, and downloads the one that is shown", async () => {
      const page = await open("#/lake/parted");
      await page
        .getByRole("navigation", { name: "Run dates" })
        .getByRole("link", { name: "2026-11-01" })
        .click();
      await page.getByText("data_lake/2026-11-01/parted").waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Download CSV" }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("parted_2026-11-01.csv");
      const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
      expect([lines[0], lines.length]).toEqual(["id,rest", 11]);
    });

    test("tells how many partitions it does not show", async () => {
      const page = await open("#/lake");
      await page.route("**/api/lake/*/parted", async (route) => {
        const response = await route.fetch();
        const { partitions, ...detail } = (await response.json()) as { partitions: unknown[] };
        await route.fulfill({ response, json: { ...detail, partitions: partitions.slice(0, 1) } });
      });
      await page.getByRole("link", { name: "parted" }).click();
      await page.locator(".partition-ends").getByText("and 2 more").waitFor();
      await page.getByText("3 partitions as a table").click();
      await page.getByRole("region", { name: "Table of partitions" }).getByText("and 2 more").waitFor();
    });

    test("says so where a dataset is not published for a date", async () => {
      const page = await open("#/lake/parted/2020-01-01");
      await page.getByRole("alert").getByText("parted is not published for 2020-01-01.").waitFor();
    });
  });

  describe("the runs", () => {
    test("tell what failed and why, and are tried once more", async () => {
      const { id } = await server.run("broken", { date: "2026-11-03" });
      const page = await open(`#/runs/${id}`);
      await page.locator(".run-log").getByText("<b>this went wrong</b>").waitFor();
      const row = (cell: string) => page.locator(".gantt tr").filter({ hasText: cell });
      expect(await row("good").locator(".bar").count()).toBe(1);
      expect(await row("later").locator(".bar").count()).toBe(0);
      await row("later").getByText("blocked", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Retry failed" }).press("Enter");
      await page.locator(".attempts").getByText("attempt 2").waitFor();
      await expect.poll(async () => (await server.view(id)).isRunning).toBe(false);
      expect((await server.view(id)).attempts.length).toBe(2);
    });

    test("are cancelled where they are shown", async () => {
      const id = await server.startRun("slow");
      const page = await open(`#/runs/${id}`);
      await page.getByRole("button", { name: "Cancel" }).press("Enter");
      await page.locator(".run-detail header").getByText("cancelled").waitFor();
    });

    test("are run again for the same date, with what was published from the same input", async () => {
      const before = await server.run("sales", { materialize: true, date: "2026-11-01" });
      const page = await open(`#/runs/${before.id}`);
      await page.getByRole("link", { name: "orders" }).first().waitFor();
      await page.getByRole("button", { name: "Re-run" }).press("Enter");
      await expect.poll(() => page.url()).not.toContain(before.id);
      const detail = page.locator(".run-detail");
      await detail.getByRole("heading", { name: "Materialization of sales for 2026-11-01" }).waitFor();
      await detail.locator(".outcome.reused").waitFor();
    });

    test("are run again from a cell on, as another attempt", async () => {
      const { id } = await server.run("sales", { materialize: true, date: "2026-11-06" });
      const page = await open(`#/runs/${id}`);
      await page.getByRole("combobox", { name: "Run again from a cell on" }).selectOption("orders");
      await page.locator(".attempts").getByText("attempt 2").waitFor();
      await expect.poll(async () => (await server.view(id)).isRunning).toBe(false);
      expect((await server.view(id)).cells.find(({ name }) => name === "orders")).toMatchObject({
        outcome: "succeeded",
        reason: "forced",
      });
    });

    test("appear and end as they do elsewhere, without being asked for", async () => {
      const page = await open("#/runs");
      await page.locator(".list tbody tr").first().waitFor();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const id = await server.startRun("slow");
      const row = page.locator(".list tbody tr").filter({ has: page.locator(`a[href="#/runs/${id}"]`) });
      await row.getByText("running", { exact: true }).waitFor();
      await server.json("POST", `/api/runs/${id}/cancel`, {});
      await row.getByText("cancelled", { exact: true }).waitFor();
      expect(asked.filter((url) => url.includes("/api/"))).toEqual([]);
    });

    test("of one notebook are shown alone", async () => {
      const page = await open("#/runs");
      await page.getByLabel("Runs of").selectOption("parts");
      await expect.poll(() => page.locator(".list tbody tr").count()).toBe(2);
    });

    test("that do not exist say so", async () => {
      const page = await open("#/runs/20200101-000000-000000");
      await page.getByRole("alert").waitFor();
    });

    test("lead to the alerts: who is told, what became of each message, and a test that says what is missing", async () => {
      const file = join(root, "notebooks/told.md");
      onTestFinished(() => rm(file));
      const cells = { "cell: told\n--| materialize: parquet": "SELECT error('gone') AS n" };
      await writeFile(file, notebook(cells, "alerts: {to: [ana@example.com]}"));
      const { id } = await server.run("told", { materialize: true, date: "2026-11-04" });
      const page = await open("#/runs");
      await page.locator(".page-head").getByRole("link", { name: "Alerts" }).press("Enter");
      await page.getByRole("region", { name: "Who is told" }).getByText("ana@example.com").waitFor();
      await page.getByRole("button", { name: "Send a test" }).press("Enter");
      await page.getByRole("status").getByText("LAKEBOOK_SMTP_URL names no mail server.").waitFor();
      const messages = page.getByRole("region", { name: "Messages" });
      await messages.getByText("waiting").waitFor();
      await messages.getByRole("link", { name: "told failed for 2026-11-04: told" }).press("Enter");
      await page.waitForURL(`**/#/runs/${id}`);
    });
  });
});
