import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const sales = notebook({
  "cell: messages\n--| materialize: parquet\n--| partition_by: g\n--| incremental: by_partition":
    "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
  "cell: sums\n--| materialize: parquet\n--| key: k\n--| incremental: by_key":
    "SELECT k, sum(v) AS v FROM messages GROUP BY k",
});

describe.skipIf(!findChromium())("late rows", () => {
  const story = useStory({ "notebooks/sales.md": sales });

  async function deliver(date: string, rows: string, input?: "current"): Promise<void> {
    await writeFile(join(story.root, "input/m.csv"), `k,g,v\n${rows}\n`);
    const body = { materialize: true, date, ...(input === undefined ? {} : { input }) };
    expect(await story.server.run("sales", body)).toMatchObject({ outcome: "succeeded" });
  }

  test(
    "are told of at the cell, lead to old and new values, and a replaced delivery is run through to later dates",
    { timeout: 120_000 },
    async () => {
      await deliver("2026-01-01", "1,1,1\n2,1,5\n3,2,2\n4,3,1");
      await deliver("2026-02-01", "1,1,7\n2,1,0\n9,5,1");
      const reader = await story.open("sales");
      const { page } = reader;
      const strip = reader.cell("sums").locator(".increment");
      await strip.getByText("2 late rows restated 2 keys; 1 new, 1 changed").waitFor();
      await reader.cell("messages").getByText("2 partitions written, 2 kept").waitFor();
      await strip.getByRole("link", { name: "Old and new values" }).click();
      const compare = page.getByRole("region", { name: "Compare" });
      await compare.getByText("from 2026-01-01 to 2026-02-01").waitFor();
      expect(page.url()).toContain("#/lake/sums/2026-02-01/2026-01-01/2026-02-01");
      const changed = compare.getByRole("region", { name: "Numbers that moved farthest" });
      expect(await changed.getByRole("row").nth(1).getByRole("cell").allTextContents()).toEqual([
        ...["v", "1", "1", "8", "+7"],
      ]);

      await page.getByRole("link", { name: "2026-01-01", exact: true }).first().click();
      await page.getByText("data_lake/2026-01-01/sums").waitFor();
      expect(await page.getByLabel("Old").inputValue()).toBe("2026-01-01");
      expect(await page.getByLabel("New").inputValue()).toBe("2026-02-01");

      await page.goto(`${story.server.url}/#/runs`);
      await page.getByRole("region", { name: "All runs" }).getByRole("link").first().click();
      await page.getByText("2 late rows restated 1 partition; 3 new").waitFor();

      await deliver("2026-01-01", "1,1,2\n2,1,5\n3,2,2\n4,3,1", "current");
      await page.goto(`${story.server.url}/#/lake/sums`);
      const restated = page.getByRole("region", { name: "Restated upstream" });
      await restated.getByText("2026-02-01 stands on what 2026-01-01 had delivered before").waitFor();
      await page.locator("data-grid").getByText("8", { exact: true }).waitFor();
      await restated.getByRole("button", { name: "Run 2026-02-01 again" }).click();
      await page.locator("data-grid").getByText("9", { exact: true }).nth(1).waitFor();
      await restated.waitFor({ state: "detached" });

      await writeFile(join(story.root, "input/m.csv"), "k,g,v\n1,1,3\n");
      await page.goto(`${story.server.url}/#/notebooks/sales`);
      await page.getByLabel("run date").fill("2026-03-01");
      await page.getByRole("button", { name: "Materialize…" }).click();
      const dialog = page.getByRole("dialog", { name: "Materialize" });
      await dialog.getByText("only the keys of changed rows").waitFor();
      await dialog.getByRole("button", { name: "Materialize", exact: true }).click();
      const published = dialog.getByRole("row").filter({ hasText: "data_lake/2026-03-01/sums" });
      await published.getByText("1 late row restated 1 key; 1 changed").waitFor();
      await published.getByRole("link", { name: "Old and new values" }).click();
      await compare.getByText("from 2026-02-01 to 2026-03-01").waitFor();
      await dialog.waitFor({ state: "hidden" });
      reader.expectCalm();
    },
  );

  test("are told of on a phone", async () => {
    const reader = await story.open("sales", { viewport: { width: 375, height: 700 } });
    const { page } = reader;
    await reader.cell("sums").locator(".increment").waitFor();
    await page.goto(`${story.server.url}/#/runs`);
    await page.getByRole("region", { name: "All runs" }).getByRole("link").first().click();
    await page.getByRole("heading", { name: "What changed since the run date before" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      1,
    );
  });
});
