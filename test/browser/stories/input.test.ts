import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const sales = notebook({ "cell: orders\n--| materialize: parquet": "SELECT * FROM 'input/orders.json'" });

describe.skipIf(!findChromium())("whoever delivers files", () => {
  const story = useStory({ "notebooks/sales.md": sales, "input/orders.json": '[{"n":1},{"n":' });
  const json = (text: string): { name: string; mimeType: string; buffer: Buffer } => ({
    name: "orders fixed.json",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });

  test(
    "sees why a file failed, replaces it, sees it published, and makes a notebook of one that nobody reads",
    { timeout: 120_000 },
    async () => {
      const reader = await story.open("sales");
      const { page } = reader;
      await page.getByRole("link", { name: "Input", exact: true }).click();
      const files = page.getByRole("region", { name: "Files" });
      const row = (path: string): Locator => files.getByRole("row").filter({ hasText: path });
      const orders = row("input/orders.json");
      await orders.getByText("no run has read it yet").waitFor();

      const body = { materialize: true, date: "2026-10-01" };
      const failed = await story.server.run("sales", body);
      expect(failed.outcome).toBe("failed");
      await orders.getByText("failed for 2026-10-01").waitFor();
      await orders.locator(".why").getByText("orders:").waitFor();

      await orders.getByRole("button", { name: "Replace input/orders.json" }).click();
      const dialog = page.getByRole("dialog", { name: "Replace" });
      await dialog.getByText("the next run of 2026-10-01 or later takes the new content").waitFor();
      await dialog.getByLabel("New file").setInputFiles(json("n\n1\n"));
      await dialog.getByRole("button", { name: "Replace" }).click();
      await dialog.getByRole("alert").waitFor();
      expect(await story.read("input/orders.json")).toBe('[{"n":1},{"n":');
      await dialog.getByLabel("New file").setInputFiles(json('[{"n":1},{"n":2}]'));
      await dialog.getByRole("button", { name: "Replace" }).click();
      await dialog.waitFor({ state: "hidden" });
      await page
        .getByRole("status")
        .getByText("To publish what it has, open sales and materialize.")
        .waitFor();
      expect(await story.read("input/orders.json")).toBe('[{"n":1},{"n":2}]');
      await orders.getByText("no run has read it yet").waitFor();

      await page.goto(`${story.server.url}/#/runs/${failed.id}`);
      const detail = page.locator(".run-detail");
      await detail.getByRole("alert").getByText("input/orders.json was replaced since").waitFor();
      await detail.getByRole("button", { name: "New run with the new input" }).click();
      await detail.locator("header").getByText("succeeded").waitFor();
      expect(await detail.getByRole("button", { name: "Retry failed" }).count()).toBe(0);
      await page.goto(`${story.server.url}/#/input`);
      await orders.getByText("published for 2026-10-01 by a run of sales").waitFor();
      await writeFile(join(story.root, "input/unread.csv"), "a\n1\n");
      await page.getByLabel("File for input/").setInputFiles({ ...json('[{"n":3}]'), name: "orders.json" });
      const taken = page.getByRole("dialog", { name: "The name is taken" });
      await taken.getByText("It is published for 2026-10-01, which stays as it is").waitFor();
      await taken.getByRole("button", { name: "Replace input/orders.json" }).click();
      await orders.getByText("changed since").waitFor();

      await page.getByLabel("Status").selectOption("changed");
      expect(await files.getByRole("row").count()).toBe(2);
      await page.getByLabel("Status").selectOption("new");
      await page.getByLabel("Search files").fill("unread");
      expect(await files.getByRole("row").count()).toBe(2);
      await page.getByRole("button", { name: "Make a notebook of input/unread.csv" }).click();
      await page.locator("notebook-page").getByText("unread").first().waitFor();
      expect(await story.read("notebooks/unread.md")).toContain("SELECT * FROM 'input/unread.csv'");
      await page.goto(`${story.server.url}/#/input`);
      await row("input/unread.csv").getByRole("link", { name: "unread" }).waitFor();
      reader.complaints.splice(
        0,
        reader.complaints.length,
        ...reader.complaints.filter((text) => !/ 4(09|22) /.test(text)),
      );
      reader.expectCalm();
    },
  );
});
