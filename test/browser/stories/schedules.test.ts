import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

/** On leap days: none comes while this runs, and four years lie between two. */
const schedule = 'schedule: {cron: "0 6 29 2 *", timezone: Europe/Madrid}';
const revenue = "cell: revenue\n--| materialize: parquet";

describe.skipIf(!findChromium())("a schedule on the page", () => {
  const story = useStory({
    "notebooks/sales.md": notebook(
      { [revenue]: "SELECT if($run_date = DATE '2020-02-29', error('no rates'), 1) AS n" },
      `title: Sales of leap days\n${schedule}`,
    ),
    "notebooks/plain.md": notebook({ "cell: plain": "SELECT 1 AS n" }, "title: Plain"),
  });

  async function openSchedules(options: Parameters<typeof story.open>[1] = {}): Promise<Reader> {
    const reader = await story.open("sales", options);
    await reader.page.locator(".top").getByRole("link", { name: "Schedules" }).click();
    await reader.page.getByRole("heading", { name: "Schedules" }).waitFor();
    return reader;
  }

  test("is listed with its next time and its last outcome, paused, resumed and run; other pages follow", async () => {
    const [reader, other] = [await openSchedules(), await openSchedules()];
    const rowOf = ({ page }: Reader) => page.getByRole("row", { name: "Sales of leap days" });
    const row = rowOf(reader);
    await row.getByText("At 06:00, on day 29 of the month, only in February").waitFor();
    await row.getByText(/20\d\d-02-29 06:00 Europe\/Madrid/).waitFor();
    await row.getByText("none yet").waitFor();

    const toggle = row.getByRole("switch", { name: "Schedule of sales" });
    await toggle.press("Enter");
    await row.getByText("Paused").waitFor();
    await rowOf(other).getByText("Paused").waitFor();
    await toggle.press("Enter");
    await rowOf(other).getByText("On", { exact: true }).waitFor();

    await row.getByRole("button", { name: "Run now" }).press("Enter");
    await rowOf(other).getByText("succeeded").waitFor();
    await row.getByText("succeeded").waitFor();
    await row.getByRole("cell").nth(3).getByRole("link").press("Enter");
    await reader.page.locator(".run-detail").getByText("Materialization of sales").waitFor();
    reader.expectCalm();
    other.expectCalm();
  });

  test("fits on a phone", async () => {
    const { page } = await openSchedules({ viewport: { width: 375, height: 700 } });
    await page.getByRole("button", { name: "Run now" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      1,
    );
  });
});
