import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const mended = `\`\`\`sql
--| cell: numbers
--| materialize: parquet
SELECT n, n * 2 AS m FROM range(5) t(n)
\`\`\`

\`\`\`sql
--| cell: doubles
--| materialize: parquet
SELECT n, m * 2 AS q FROM numbers
\`\`\`
`;

const text = `---
title: Sums
---

# Sums

\`\`\`sql
--| cell: numbers
--| materialize: parquet
--| key: n
SELECT n, n * 2 AS m FROM range(5) t(n)
\`\`\`

\`\`\`sql
--| cell: total
SELECT sum(m) AS s FROM numbers
\`\`\`
`;

describe.skipIf(!findChromium())("the history of a notebook", () => {
  const story = useStory({ "notebooks/sums.md": text, "notebooks/mended.md": mended });

  test("shows what changed between two runs, text and rows, and brings one cell back", async () => {
    const reader = await story.open("sums");
    const { page } = reader;
    await reader.runAll();
    await reader.typeSql("numbers", "SELECT n, n * 3 AS m FROM range(5) t(n)");
    await reader.typeSql("total", "SELECT max(m) AS s FROM numbers");
    await reader.runAll();
    await page.getByRole("button", { name: "History…" }).click();
    const dialog = page.getByRole("dialog", { name: "History" });
    const changes = dialog.locator(".history-change");
    await changes.filter({ hasText: "Results" }).waitFor();
    await changes.getByRole("heading", { name: "total" }).waitFor();
    expect(await changes.locator("h3 code").allTextContents()).toEqual(["numbers", "total"]);
    expect((await changes.first().locator("mark").allTextContents()).map((line) => line.trim())).toEqual([
      "SELECT n, n * 2 AS m FROM range(5) t(n)",
      "SELECT n, n * 3 AS m FROM range(5) t(n)",
    ]);
    await dialog.getByRole("button", { name: "Compare numbers" }).click();
    await dialog.getByText("4 of 5 rows change").waitFor();
    await dialog.locator(".history-entries small").filter({ hasText: "total +1 −1" }).first().waitFor();
    // The first run, as the notebook was then.
    await dialog
      .getByRole("button", { name: /\bran\b/ })
      .last()
      .click();
    await dialog.getByLabel("what is different now").check();
    await dialog.getByRole("button", { name: "Restore numbers" }).click();
    await dialog.getByText("numbers is as it was on").waitFor();
    await dialog.getByRole("button", { name: "Restore numbers" }).waitFor({ state: "detached" });
    await dialog.getByRole("button", { name: "Close" }).click();
    expect(await story.read("notebooks/sums.md")).toBe(
      text.replace("SELECT sum(m) AS s", "SELECT max(m) AS s"),
    );
    await reader.cell("numbers").getByText("n * 2").waitFor();
    expect(await page.getByText("Somebody changed").count()).toBe(0);
    reader.expectCalm();
  });

  test("leaves nothing blocked, and nothing unsaid, where a text that could not run is taken back", async () => {
    const reader = await story.open("mended");
    const { page } = reader;
    const bar = page.locator("run-bar .run-stale");
    await reader.runAll();
    await bar.getByText("Up to date").waitFor();
    await reader.typeSql("numbers", "SELECT n, n * FROM range(5) t(n)");
    await reader.runAll();
    await reader.standing("doubles", "blocked");
    await expect.poll(() => bar.textContent()).toMatch(/Run \d+ out of date/);
    await page.getByRole("button", { name: "History…" }).click();
    const dialog = page.getByRole("dialog", { name: "History" });
    await dialog
      .getByRole("button", { name: /\bran\b/ })
      .last()
      .click();
    await dialog.getByLabel("what is different now").check();
    const close = dialog.getByRole("button", { name: "Close" });
    const restore = dialog.getByRole("button", { name: "Restore numbers" });
    const place = await close.boundingBox();
    await restore.click();
    await dialog.getByText("numbers is as it was on").waitFor();
    expect(await close.boundingBox()).toEqual(place);
    await close.click();
    await bar.getByText("Up to date").waitFor();
    await reader.standing("numbers", "reused");
    await reader.standing("doubles", "reused");
    expect(await page.locator("notebook-outline .outline-mark svg").count()).toBe(2);
    reader.expectCalm();
  });

  test("knows what another program wrote, and brings all of it back", async () => {
    const reader = await story.open("sums");
    const { page } = reader;
    await reader.saved();
    const before = await story.read("notebooks/sums.md");
    await writeFile(join(story.root, "notebooks/sums.md"), before.replace("# Sums", "# Differences"));
    await page.getByRole("heading", { name: "Differences" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
    await page.keyboard.type("history");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "History" });
    await dialog
      .getByRole("button", { name: /written by another program/ })
      .first()
      .waitFor();
    await dialog
      .getByRole("button", { name: /saved|restored/ })
      .first()
      .click();
    await dialog.getByRole("button", { name: "Restore all of it" }).click();
    await dialog.getByText("The notebook is as it was on").waitFor();
    expect(await story.read("notebooks/sums.md")).toBe(before);
    reader.expectCalm();
  });
});
