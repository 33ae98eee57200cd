import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const suggestion = ".suggest-widget.visible .monaco-list-row";

const cells = {
  "cell: orders\n--| materialize: parquet":
    "SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'L''Hospitalet' ELSE 'Girona' END AS city FROM range(30) t(i)",
  "cell: by_city": "SELECT city FROM orders",
};

describe.skipIf(!findChromium())("SQL, while somebody writes it", () => {
  const story = useStory({
    "notebooks/offered.md": notebook(cells),
    "notebooks/wrong.md": notebook({ ...cells, "cell: after": "SELECT 1 AS n" }),
  });

  test("offers relations, columns with examples and the values of a column, without being asked", async () => {
    const reader = await story.open("offered");
    const { page } = reader;
    await reader.runAll();
    const examples = page.waitForResponse(
      (answer) => answer.url().includes("/orders/profile?") && answer.url().includes("limit=20"),
    );
    const offered = async (text: string): Promise<void> => {
      await page.locator(suggestion, { hasText: text }).first().waitFor();
    };
    await reader.enter("by_city");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("SELECT city FROM ");
    await offered("orders2 columns");
    await page.keyboard.type("orders\nWHERE ");
    await offered("city");
    await page.keyboard.press("Escape");
    await examples;
    await page.keyboard.type("id > 0 AND ");
    await offered("VARCHAR · Girona, L'Hospitalet · orders");
    await page.keyboard.press("Escape");
    await page.keyboard.type("city = '");
    await offered("Girona20 rows");
    await page.keyboard.press("ArrowDown");
    await reader.edit(() => page.keyboard.press("Enter"));
    expect(await story.read("notebooks/offered.md")).toContain("WHERE id > 0 AND city = 'L''Hospitalet'\n");
    reader.expectCalm();
  });

  test("says what is wrong once nothing is typed or chosen any more, and moves nothing until somebody goes", async () => {
    const reader = await story.open("wrong");
    const { page } = reader;
    await reader.runAll();
    await reader.rows("by_city");
    await reader.enter("by_city");
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("SELECT  FROM orders");
    await page.keyboard.press("Home");
    for (let step = 0; step < "SELECT ".length; step++) await page.keyboard.press("ArrowRight");
    const place = async (): Promise<number> =>
      ((await reader.cell("after").boundingBox())?.y ?? 0) -
      ((await reader.cell("by_city").boundingBox())?.y ?? 0);
    const before = await place();
    const problems = reader.cell("by_city").getByRole("alert");
    await reader.edit(() => page.keyboard.type("cit"));
    await page.locator(suggestion).first().waitFor();
    // The page knows by now; it was saved while the suggestions were open.
    expect(await problems.count()).toBe(0);
    expect(await reader.cell("by_city").getAttribute("data-standing")).not.toBe("failed");
    await page.keyboard.press("Escape");
    await problems.getByText('"cit" not found').waitFor();
    await reader.standing("by_city", "failed");
    expect(await place()).toBe(before);
    await reader.edit(() => page.keyboard.type("y"));
    await page.keyboard.press("Escape");
    await problems.waitFor({ state: "detached" });
    expect(await place()).toBe(before);

    await page.keyboard.type("_");
    await problems.waitFor();
    await reader.cell("after").getByRole("button", { name: "Run after" }).click();
    await expect.poll(place).toBeGreaterThan(before);
    reader.expectCalm();
  });
});
