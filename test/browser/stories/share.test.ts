import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

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

describe.skipIf(!findChromium())("a colleague without a token", () => {
  const story = useStory({ "notebooks/shared.md": pipeline });

  test("reads what a link shows, and nothing else", async () => {
    const reader = await story.open("shared");
    await reader.runAll();
    await reader.page.getByRole("button", { name: "Share…" }).click();
    const dialog = reader.page.getByRole("dialog", { name: "Share" });
    await dialog.getByRole("button", { name: "Create link" }).click();
    const link = await dialog.getByLabel("Link", { exact: true }).inputValue();

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
