import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory, type Reader } from "./story.js";

const pipeline = `${notebook(
  {
    "cell: orders": "SELECT range AS id, ['BCN', 'MAD'][1 + range % 2] AS city FROM range(100)",
    "cell: totals": "SELECT city, count(*) AS orders, sum(id) AS total FROM orders GROUP BY city",
    "check: no_empty_city": "SELECT * FROM totals WHERE orders = 0",
  },
  "title: Orders of cities",
)}
\`\`\`yaml
chart: by_city
title: Orders by city
from: orders
mark: barY
x: city
y: count(*)
\`\`\`
`;

const control = (name: string, ...lines: readonly string[]): string =>
  `\n\`\`\`yaml\ninput: ${name}\n${lines.join("\n")}\n\`\`\`\n`;
const chosen =
  notebook({
    "cell: first": "SELECT $since AS first_day",
    "cell: second": "SELECT $since AS second_day",
    "cell: apart": "SELECT 1 AS n",
  }) + control("since", "type: date", "label: From this day on", 'default: "2025-01-01"');
const numbers = Array.from(
  { length: 20 },
  (_, at) => `1234567890${String(100 + at)} AS number_${String(at)}`,
);
const wide = notebook({
  "cell: wide": `SELECT ${numbers.join(", ")}`,
  "cell: some": `SELECT ${numbers.slice(0, 6).join(", ")}, 'somebody wrote this' AS words`,
});

describe.skipIf(!findChromium())("a colleague without a token", () => {
  const story = useStory({
    "notebooks/shared.md": pipeline,
    "notebooks/chosen.md": chosen,
    "notebooks/wide.md": wide,
  });

  /** What whoever made it copies. */
  async function linkOf(reader: Reader): Promise<string> {
    await reader.page.getByRole("button", { name: "Share…" }).click();
    const dialog = reader.page.getByRole("dialog", { name: "Share" });
    await dialog.getByRole("button", { name: "Create link" }).click();
    return dialog.getByLabel("Link", { exact: true }).inputValue();
  }

  test.each([
    ["apart", "2025-01-01"],
    ["second", "2025-03-01"],
  ])(
    "sees rows of the date that is shown, after somebody chose another and ran %s alone",
    async (cell, shown) => {
      const reader = await story.open("chosen");
      await reader.runAll();
      const field = reader.page.getByLabel("From this day on");
      await field.fill("2025-03-01");
      await field.press("Tab");
      await (await reader.rows("first")).getByRole("gridcell", { name: "2025-03-01" }).waitFor();
      await reader.runBy(() =>
        reader
          .cell(cell)
          .getByRole("button", { name: `Run ${cell}` })
          .click(),
      );
      const link = await linkOf(reader);

      const stranger = await story.stranger();
      await stranger.page.setViewportSize({ width: 390, height: 844 });
      await stranger.page.goto(link);
      const values = await stranger.page.locator("#since dd, #first td, #second td").allInnerTexts();
      expect(values).toEqual([shown, shown, shown]);
      expect(await stranger.page.getByText("Out of date").count()).toBe(0);
      const why = "Only this choice is shown: results for every other date would be too many to store.";
      expect(await stranger.page.getByText(why).isVisible()).toBe(true);
      await requireAccessible(stranger.page, "body");
      stranger.expectCalm();
      reader.expectCalm();
    },
  );

  test("has no number broken or cut on paper", async () => {
    const reader = await story.open("wide");
    await reader.runAll();
    const link = await linkOf(reader);
    const stranger = await story.stranger();
    // As wide as A4 between its margins.
    await stranger.page.setViewportSize({ width: 688, height: 1000 });
    await stranger.page.emulateMedia({ media: "print" });
    await stranger.page.goto(link);
    const numbers = await stranger.page.locator("td.number").evaluateAll((cells) =>
      cells.map((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        const { left, right } = text.getBoundingClientRect();
        const box = cell.getBoundingClientRect();
        const isInside = left >= box.left && right <= box.right && right <= innerWidth;
        return { lines: text.getClientRects().length, isInside };
      }),
    );
    expect(numbers).toEqual(numbers.map(() => ({ lines: 1, isInside: true })));
    expect(numbers.length).toBe(26);
  });

  test("reads what a link shows, and nothing else", async () => {
    const reader = await story.open("shared");
    await reader.runAll();
    const link = await linkOf(reader);

    const stranger = await story.stranger();
    await stranger.page.goto(link);
    await stranger.page.getByRole("heading", { name: "Orders of cities" }).waitFor();
    await stranger.page.getByText("2450").first().waitFor();
    await stranger.page.locator("svg rect").first().waitFor();
    stranger.expectCalm();
    expect((await stranger.page.request.get(`${story.server.url}/api/notebooks/shared`)).status()).toBe(401);
    reader.expectCalm();
  });

  test("opens an exported file with no server", async () => {
    const reader = await story.open("shared");
    await reader.runAll();
    await reader.page.getByRole("button", { name: "Share…" }).click();
    const downloading = reader.page.waitForEvent("download");
    await reader.page.getByRole("dialog", { name: "Share" }).getByRole("link", { name: "HTML" }).click();
    const path = join(story.root, "shared.html");
    await (await downloading).saveAs(path);

    const stranger = await story.stranger(pathToFileURL(path).href);
    await stranger.page.goto(pathToFileURL(path).href);
    await stranger.page.getByRole("heading", { name: "Orders of cities" }).waitFor();
    await stranger.page.getByText("2450").first().waitFor();
    await stranger.page.locator("svg rect").first().waitFor();
    stranger.expectCalm();
    reader.expectCalm();
  });
});
