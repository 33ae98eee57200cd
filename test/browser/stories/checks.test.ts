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
    }),
  });

  test("are added from what the rows show, have a past, and open the rows that fail with what is wrong marked", async () => {
    for (const date of ["2026-10-01", "2026-11-01"])
      await story.server.run("checked", { materialize: true, date });
    const reader = await story.open("checked");
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
    reader.expectCalm();
  });
});
