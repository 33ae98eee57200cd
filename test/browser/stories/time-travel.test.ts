import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

const DATE = "2026-10-01";

const revenue = (rows: string): string =>
  notebook({
    "cell: revenue\n--| materialize: parquet\n--| key: city": `SELECT * FROM (VALUES ${rows}) AS t(city, revenue)`,
  });

const monthly = [
  "('BCN', 100), ('MAD', 80)",
  "('BCN', 100), ('MAD', 95), ('VLC', 12)",
  "('BCN', 40), ('MAD', 95), ('VLC', 12)",
];

describe.skipIf(!findChromium())("what was published before", () => {
  const story = useStory({ "notebooks/sales.md": revenue(monthly[0] ?? "") });

  async function publish(rows: string, date: string): Promise<void> {
    await writeFile(join(story.root, "notebooks/sales.md"), revenue(rows));
    expect(await story.server.run("sales", { materialize: true, date })).toMatchObject({
      outcome: "succeeded",
    });
  }

  async function openLake(options: Parameters<typeof story.open>[1] = {}): Promise<Reader> {
    const reader = await story.open("sales", options);
    await reader.page.goto(`${story.server.url}/#/lake/revenue`);
    await reader.page.getByRole("heading", { name: "revenue" }).waitFor();
    return reader;
  }

  test(
    "is looked at, compared with what is shown now, rolled back to and named",
    { timeout: 120_000 },
    async () => {
      await publish(monthly[0] ?? "", "2026-09-01");
      for (const rows of monthly) await publish(rows, DATE);
      const reader = await openLake();
      const { page } = reader;
      const publicationOn = (shown: Reader["page"], number: number) =>
        shown
          .getByRole("list", { name: "Publications" })
          .getByRole("listitem")
          .filter({ hasText: `Publication ${String(number)}` });
      const publication = (number: number) => publicationOn(page, number);
      const other = await openLake();
      await other.page.locator("data-grid").getByText("40", { exact: true }).waitFor();
      await publication(3).getByText("shown now").waitFor();

      await publication(1).getByRole("link").click();
      await page.getByText("This is publication 1 of 2026-10-01, which is shown no longer.").waitFor();
      await page.locator("data-grid").getByText("2 rows").waitFor();
      await page.getByRole("link", { name: "See what is shown now" }).click();
      await page.locator("data-grid").getByText("3 rows").waitFor();

      await publication(2).getByRole("button", { name: "Compare with now" }).click();
      const compare = page.getByRole("region", { name: "Compare" });
      await compare.getByText("1 of 3 rows changes").waitFor();
      const moved = compare.getByRole("region", { name: "Numbers that moved farthest" });
      expect(await moved.getByRole("row").nth(1).getByRole("cell").allTextContents()).toEqual([
        ...["revenue", "BCN", "100", "40", "-60"],
      ]);

      await publication(2).getByRole("button", { name: "Roll back…" }).click();
      const dialog = page.getByRole("dialog", { name: "Roll back" });
      await dialog.getByText("what is shown now stays as publication 3").waitFor();
      await dialog.getByRole("button", { name: "Roll back" }).click();
      await dialog
        .getByRole("status")
        .getByText("Publication 2 of 2026-10-01 is shown again, as publication 4.")
        .waitFor();
      await dialog.getByRole("link", { name: "See what changed" }).click();
      await compare.getByText("1 of 3 rows changes").waitFor();
      await publication(4).getByText("shown now").waitFor();
      await publication(4).getByText("2 again").waitFor();
      await publicationOn(other.page, 4).getByText("shown now").waitFor();
      await other.page.locator("data-grid").getByText("100", { exact: true }).waitFor();

      await publication(4).getByRole("button", { name: "Tag…" }).click();
      const tag = page.getByRole("dialog", { name: "Tag" });
      await tag.getByLabel("Name").fill("latest");
      await tag.getByRole("button", { name: "Tag" }).click();
      await tag.getByRole("alert").getByText("cannot be the name of a tag").waitFor();
      await tag.getByLabel("Name").fill("audited");
      await tag.getByRole("button", { name: "Tag" }).click();
      await publication(4).getByText("audited").waitFor();
      await publicationOn(other.page, 4).getByText("audited").waitFor();
      await publication(4).getByRole("button", { name: "Delete tag audited" }).click();
      await publication(4).getByText("audited").waitFor({ state: "detached" });

      await page.getByLabel("As of").fill("2026-09-15");
      await page.getByText("data_lake/2026-09-01/revenue").waitFor();
      expect(page.url()).toContain("#/lake/revenue/2026-09-01");
      reader.complaints.splice(
        0,
        Infinity,
        ...reader.complaints.filter((text) => !text.includes("/api/lake/tags")),
      );
      reader.expectCalm();
      other.expectCalm();
    },
  );

  test("fits on a phone", async () => {
    const { page } = await openLake({ viewport: { width: 375, height: 700 } });
    const publications = page.getByRole("list", { name: "Publications" });
    await publications.getByRole("button", { name: "Roll back…" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Roll back" });
    const verdict = dialog.getByRole("cell", { name: /^(replaced|stays|comes back)$/ }).first();
    await verdict.waitFor();
    const [box, frame] = [await verdict.boundingBox(), await dialog.boundingBox()];
    expect((box?.x ?? NaN) + (box?.width ?? NaN)).toBeLessThanOrEqual(
      (frame?.x ?? NaN) + (frame?.width ?? NaN),
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      1,
    );
  });
});
