import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const text = `---
title: Tested
---

\`\`\`sql
--| cell: messages
--| materialize: parquet
SELECT * FROM (VALUES (1, 'a', 5), (1, 'b', 3), (2, 'c', 7), (2, NULL, 9)) t(k, who, sent)
\`\`\`

\`\`\`sql
--| cell: firsts
--| materialize: parquet
--| key: k
SELECT k, arg_min(who, sent) AS who FROM messages GROUP BY k
\`\`\`
`;

const withTest = `---
title: With a test
---

\`\`\`sql
--| cell: doubled
--| materialize: parquet
SELECT 2 * n AS n FROM (VALUES (1)) t(n)
\`\`\`

\`\`\`yaml
test: doubled_test
cell: doubled
expect:
  - {n: 2}
\`\`\`
`;

describe.skipIf(!findChromium())("tests on the page", () => {
  const story = useStory({ "notebooks/tested.md": text, "notebooks/with_test.md": withTest });

  test("are made of a row with the rows of its parents, run with the cell, and say which row is wrong", async () => {
    const reader = await story.open("tested");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "More for firsts" }).click();
    await page.getByRole("menuitem", { name: "Make a test of its rows…" }).click();
    const dialog = page.getByRole("dialog", { name: "Make a test" });
    await dialog.getByLabel("Row 1, b").check();
    await reader.edit(() => dialog.getByRole("button", { name: "Make a test of 1 row" }).click());
    await reader.cell("firsts").getByText("1 of 1 test passes").waitFor();
    expect(await story.read("notebooks/tested.md")).toContain(
      [
        "test: firsts_test",
        "cell: firsts",
        "given:",
        "  messages:",
        "    - {k: 1, who: a, sent: 5}",
        "    - {k: 1, who: b, sent: 3}",
        "expect:",
        "  - {k: 1, who: b}",
      ].join("\n"),
    );
    await reader.typeSql("firsts", "SELECT k, arg_max(who, sent) AS who FROM messages GROUP BY k");
    await reader.cell("firsts").getByText("before the text was changed").waitFor();
    await page.keyboard.press("Control+Enter");
    await reader.cell("firsts").getByText("0 of 1 test passes").waitFor();
    const outcome = page.getByRole("region", { name: "Outcome of firsts_test" });
    expect(await outcome.locator("tbody del").allTextContents()).toEqual(["b"]);
    expect(await outcome.locator("tbody ins").allTextContents()).toEqual(["a"]);
    await reader.typeSql("firsts", "SELECT k, arg_min(who, sent) AS who FROM messages GROUP BY k");
    await page.getByRole("button", { name: "Run this test" }).click();
    await outcome.getByText("passed", { exact: true }).waitFor();
    reader.expectCalm();
  });

  test("that could not be run are not said to fail, and why is said, before something is published", async () => {
    const reader = await story.open("with_test");
    const { page } = reader;
    await page.route("**/tests", (route) => {
      const error = { code: "internal", message: "The engine is gone." };
      return route.fulfill({ status: 500, json: { error } });
    });
    await page.getByRole("button", { name: "Materialize", exact: true }).first().click();
    const dialog = page.getByRole("dialog", { name: "Materialize" });
    await dialog.getByText("The tests could not be run: The engine is gone.").waitFor();
    expect(await dialog.getByText("not pass").count()).toBe(0);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.unroute("**/tests");
    await page.getByRole("button", { name: "Materialize", exact: true }).first().click();
    await dialog.getByText("1 test passes.").waitFor();
    await dialog.getByRole("button", { name: "Materialize" }).click();
    await dialog.getByText("Published for").waitFor();
  });
});
