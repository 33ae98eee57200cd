import { writeFile } from "node:fs/promises";
import { join } from "node:path";
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
    const top = reader.page.locator(".top");
    if ((options.viewport?.width ?? 1280) < 600) await top.getByRole("button", { name: "Account" }).click();
    await top.getByRole("link", { name: "Schedules" }).click();
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

  test("stands above its notebook, with the toggle, Run now and the way to the calendar", async () => {
    const reader = await story.open("sales");
    const line = reader.page.getByRole("group", { name: "Schedule" });
    await line.getByText(/20\d\d-02-29 06:00 Europe\/Madrid/).waitFor();
    await line.getByRole("switch").press("Enter");
    await line.getByText("Paused").waitFor();
    await line.getByRole("switch").press("Enter");
    await line.getByText("On", { exact: true }).waitFor();
    await line.getByRole("link", { name: "Calendar" }).press("Enter");
    await reader.page.getByRole("region", { name: "Schedule of sales" }).waitFor();
    reader.expectCalm();
  });

  test("has a calendar of run dates by outcome, which runs one by keys and backfills a range", async () => {
    const reader = await openSchedules();
    const { page } = reader;
    await page.getByRole("link", { name: "Calendar" }).click();
    const calendar = page.getByRole("region", { name: "Run dates", exact: true });
    await calendar.getByText("Choose a date").waitFor();

    await page.getByRole("button", { name: "Backfill…" }).click();
    const dialog = page.getByRole("dialog", { name: "Backfill" });
    await dialog.getByLabel("From").fill("2016-01-01");
    await dialog.getByLabel("To", { exact: true }).fill("2024-12-31");
    const row = (date: string) => dialog.getByRole("row", { name: date });
    await row("2016-02-29").getByText("never run").waitFor();
    expect(await dialog.getByRole("row").count()).toBe(4);
    await dialog.getByRole("button", { name: "Run 3 dates" }).click();
    await dialog.getByText("2 of 3 dates succeeded").waitFor();
    await row("2020-02-29").getByText("revenue: ").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();

    await page.getByRole("button", { name: "Backfill…" }).click();
    await dialog.getByLabel("From").fill("2016-01-01");
    await dialog.getByLabel("To", { exact: true }).fill("2024-12-31");
    await dialog.getByLabel("Which").selectOption("failed");
    await row("2020-02-29").getByText("its last run failed").waitFor();
    await row("2016-02-29").getByText("be left out").waitFor();
    await dialog.getByRole("button", { name: "Run 1 date" }).waitFor();
    await page.keyboard.press("Escape");

    const earlier = calendar.getByRole("button", { name: "Earlier months" });
    const failed = calendar.getByRole("button", { name: "2020-02-29: failed" });
    // Six months at a time.
    for (let step = 0; step < 40 && !(await failed.isVisible()); step++) {
      const months = await calendar.locator("caption").first().textContent();
      await earlier.click();
      await expect.poll(() => calendar.locator("caption").first().textContent()).not.toBe(months);
      if ((await calendar.locator("caption").allTextContents()).some((text) => text.includes("2020-02")))
        await failed.waitFor();
    }
    await failed.click();
    await calendar.getByRole("link", { name: "Open the run" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await calendar.getByText("no run date").waitFor();
    await calendar.getByRole("button", { name: "Run this date" }).press("Enter");
    await calendar.getByRole("button", { name: "2020-03-01: succeeded" }).waitFor();
    await failed.click();
    await page.keyboard.press("Shift+ArrowLeft");
    await calendar.getByText("2020-02-28 to 2020-02-29").waitFor();
    await calendar.getByRole("button", { name: "Backfill…" }).click();
    await row("2020-02-29").getByText("its last run failed").waitFor();
    await expect.poll(() => dialog.getByLabel("Which").inputValue()).toBe("failed");
    // Half a date is left as it is, and nothing is asked of it.
    await dialog.getByLabel("From").focus();
    await page.keyboard.press("Backspace");
    await dialog.getByText("Choose both dates").waitFor();
    await page.keyboard.type("02");
    await row("2020-02-29").getByText("its last run failed").waitFor();
    // Leap days do not come every year, which the first question says of the last one.
    expect(reader.complaints.splice(0, 2).filter((text) => !text.includes("/backfills"))).toEqual([]);
    reader.expectCalm();
  });

  test("is made, changed and taken away by a form, which keeps the rest of the file", async () => {
    const reader = await story.open("plain");
    const { page } = reader;
    const dialog = page.getByRole("dialog", { name: "Schedule" });
    const next = dialog.getByRole("region", { name: "Next times" });
    const save = dialog.getByRole("button", { name: /^(Make the schedule|Save)$/ });
    await page.getByRole("button", { name: "Schedule…" }).click();
    await next.getByRole("listitem").nth(4).waitFor();
    const zone = await page.evaluate(() => new Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(await dialog.getByRole("combobox", { name: "Time zone" }).inputValue()).toBe(zone);
    await dialog.getByLabel("Time zone", { exact: true }).last().fill("Europe/Madird");
    await dialog.getByText('Did you mean "Europe/Madrid"?').waitFor();
    await save.press("Enter");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("Time zone");
    await dialog.getByRole("combobox", { name: "Time zone" }).fill("Europe/Madrid");
    await dialog.getByLabel("How often").selectOption("week");
    await dialog.getByLabel("Day of the week").selectOption("Friday");
    await dialog.getByLabel("Time", { exact: true }).fill("07:30");
    await dialog.getByRole("combobox", { name: "Waits for others" }).selectOption("sales");
    await dialog.getByLabel("Deadline").last().fill("2h");
    await next.getByText(/07:30/).first().waitFor();
    await reader.edit(() => save.click());
    await dialog
      .getByRole("status")
      .getByText(/^The schedule is saved\. It is materialized next in \d+ days?, on/)
      .waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    const written = 'schedule: {cron: "30 7 * * 5", timezone: Europe/Madrid, after: [sales]}';
    expect(await story.read("notebooks/plain.md")).toMatch(
      `---\ntitle: Plain\n${written}\ndeadline: 2h\n---\n\n\`\`\`sql\n--| cell: plain`,
    );

    await page.getByRole("group", { name: "Schedule" }).getByRole("button", { name: "Change…" }).click();
    await dialog.getByLabel("How often").selectOption("own");
    await dialog.getByLabel("Cron expression").fill("0 6 30 2 *");
    await dialog.getByText("never fires").waitFor();
    await dialog.getByLabel("Cron expression").fill("0 6 * * MON-FRI");
    await next.getByRole("listitem").nth(4).waitFor();
    await reader.edit(() => save.click());
    await dialog.getByRole("button", { name: "Done" }).click();
    expect(await story.read("notebooks/plain.md")).toContain(
      written.replace("30 7 * * 5", "0 6 * * MON-FRI"),
    );

    await page.getByRole("group", { name: "Schedule" }).getByRole("button", { name: "Change…" }).click();
    await dialog.getByLabel("Cron expression").fill("0 7 * * MON-FRI");
    const file = join(story.root, "notebooks/plain.md");
    const now = await story.read("notebooks/plain.md");
    await writeFile(file, now.replace("MON-FRI", "SUN").replace("Europe/Madrid", "Europe/Lisbon"));
    await save.click();
    await dialog.getByText("Somebody else has changed this meanwhile. Runs: 0 6 * * SUN.").waitFor();
    expect(await dialog.getByRole("combobox", { name: "Time zone" }).inputValue()).toBe("Europe/Lisbon");
    await reader.edit(() => save.click());
    expect(await story.read("notebooks/plain.md")).toContain(
      'cron: "0 7 * * MON-FRI", timezone: Europe/Lisbon',
    );

    await dialog.getByRole("link", { name: "Calendar" }).click();
    await page.waitForURL(/#\/schedules\/plain$/);
    await page.locator(".top").getByRole("link", { name: "Schedules" }).click();
    await page.getByRole("button", { name: "Change the schedule of plain" }).click();
    await dialog.getByRole("button", { name: "Remove the schedule" }).click();
    await page.getByLabel("Schedule a notebook").selectOption("Plain");
    await next.getByRole("listitem").nth(4).waitFor();
    expect(await story.read("notebooks/plain.md")).toContain("title: Plain\ndeadline: 2h\n---");
    reader.expectCalm();
  });

  test("fits on a phone", async () => {
    const { page } = await openSchedules({ viewport: { width: 375, height: 700 } });
    await page.getByRole("link", { name: "Calendar" }).click();
    await page.getByRole("button", { name: "Backfill…" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      1,
    );
  });
});
