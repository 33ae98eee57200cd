import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

describe.skipIf(!findChromium())("checks on the page", () => {
  const story = useStory({
    "notebooks/checked.md": notebook({
      "cell: orders\n--| materialize: parquet # for readers\n--| checks: [{row_count: {min: 1}}]":
        "SELECT 'o' || range AS order_id, CASE WHEN range % 10 > 0 THEN range END AS minutes FROM range(40)",
      "cell: late\n--| materialize: parquet\n--| checks:\n--|   - not_null: {columns: [minutes], severity: warn}":
        "SELECT * FROM orders",
      "check: in_time\n--| severity: warn": "SELECT * FROM late WHERE minutes > 30",
    }),
    "notebooks/failing.md": notebook({
      "cell: many\n--| materialize: parquet\n--| checks: [{name: few, row_count: {max: 2}}]":
        "SELECT range AS n FROM range(3)",
    }),
    "notebooks/formed.md": notebook({
      "cell: trips\n--| materialize: parquet": "SELECT 'BCN' AS city, 1 AS n",
    }),
  });

  test("are added from what the rows show, have a past, and open the rows that fail with what is wrong marked", async () => {
    for (const date of ["2026-10-01", "2026-11-01"])
      await story.server.run("checked", { materialize: true, date });
    const reader = await story.open("checked");
    // A run would be of today, and what is shown is of another date.
    await reader.page.getByRole("button", { name: "for 2026-11-01" }).waitFor();
    await reader.rows("orders");
    const orders = reader.cell("orders");
    await orders.getByRole("tab", { name: "Profile" }).click();
    await orders.locator("check-suggestions summary").click();
    await reader.edit(() => orders.getByRole("button", { name: "Add these 2 checks of order_id" }).click());
    expect(await story.read("notebooks/checked.md")).toContain(
      "--| materialize: parquet # for readers\n--| checks: [{row_count: {min: 1}}, {not_null: [order_id]}, {unique: [order_id]}]\nSELECT",
    );
    await orders
      .getByRole("button", { name: "Add these 2 checks of order_id" })
      .waitFor({ state: "detached" });

    await reader.rows("late");
    const late = reader.cell("late");
    await late.getByRole("tab", { name: "Checks" }).click();
    await late.getByRole("img", { name: "2026-11-01: 4 failures (10 %)" }).waitFor();
    await late.getByRole("button", { name: "Show failing rows of late.not_null_minutes" }).click();
    await late.locator(".cell.wrong").nth(3).waitFor();
    expect(await late.locator(".cell.wrong").allInnerTexts()).toEqual(["NULL", "NULL", "NULL", "NULL"]);

    await reader.rows("in_time");
    const check = reader.cell("in_time");
    await check.getByRole("tab", { name: "Checks" }).click();
    await check.getByRole("img", { name: "2026-11-01: 9 failures" }).waitFor();
    reader.expectCalm();
  });

  test("that fail are named before somebody materializes", async () => {
    const reader = await story.open("failing");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "Materialize…" }).click();
    const dialog = page.getByRole("dialog", { name: "Materialize" });
    await dialog.getByText("Nothing is published while this check fails: many.few.").waitFor();
    await dialog.getByText("Without that, this would be published:").waitFor();
    await dialog.getByText("all rows are new").waitFor();
    await dialog.getByRole("button", { name: "Materialize", exact: true }).click();
    await dialog.getByText("3 rows, expected at most 2").waitFor();
    reader.expectCalm();
  });

  test("of any kind are made and changed by a form, which says at the field what is wrong and shows the YAML", async () => {
    const reader = await story.open("formed");
    const { page } = reader;
    const trips = reader.cell("trips");
    await trips.getByText("It never ran").waitFor();
    const settings = trips.locator("cell-settings");
    const form = settings.getByRole("form", { name: "Check" });
    const yaml = form.getByLabel("The check as YAML");
    await page.getByRole("button", { name: "Settings of trips" }).click();
    await settings.getByRole("button", { name: "Add a check…" }).click();
    await form.getByLabel("Kind of check").selectOption("accepted_values");
    await form.getByRole("button", { name: "Add check" }).click();
    await form.getByText("Choose a column.").waitFor();
    await form.getByText("Values: fill this in.").waitFor();
    await form.getByLabel("Column").selectOption("city");
    await form.getByLabel("Values").fill("BCN, VLC");
    await form.getByLabel("Rows that may fail").fill("half");
    await form.getByLabel("Only rows where").fill("n > 1");
    await form.getByText("This is a number of rows, or a share such as 0.5%.").waitFor();
    await form.getByLabel("Rows that may fail").fill("50%");
    await form.getByLabel("If it fails").selectOption("warn");
    await form.getByLabel("Put failing rows aside").check();
    const entry = [
      "accepted_values: {column: city, values: [BCN, VLC]}",
      "severity: warn",
      "max: 50%",
      'where: "n > 1"',
      "on_fail: quarantine",
    ];
    expect((await yaml.innerText()).trim()).toBe(entry.join("\n"));
    await reader.edit(() => form.getByRole("button", { name: "Add check" }).click());
    expect(await story.read("notebooks/formed.md")).toContain(`--|   - ${entry.join("\n--|     ")}\nSELECT`);
    await settings.getByRole("button", { name: /^Change accepted_values/ }).click();
    await form.getByLabel("Values").fill("BCN");
    await reader.edit(() => form.getByRole("button", { name: "Change check" }).click());
    expect(await settings.getByLabel("Settings of trips, as YAML").inputValue()).toContain("values: [BCN]}");
    await reader.edit(() => settings.getByRole("button", { name: /^Remove accepted_values/ }).click());
    expect(await story.read("notebooks/formed.md")).not.toContain("checks:");
    await reader.runBy(() => trips.getByRole("button", { name: "Run it" }).click());
    await (await reader.rows("trips")).getByText("BCN").waitFor();
    await trips.getByText("It never ran").waitFor({ state: "detached" });
    reader.expectCalm();
  });
});
