/** `npm run docs:images`: the pictures of the documents, as the product looks now. */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { useStory, type Reader } from "../browser/stories/story.js";

const root = resolve(import.meta.dirname, "../..");
const name = "customer_courier_conversations";
const path = `notebooks/${name}.md`;
const text = await readFile(join(root, path), "utf8");
const inputs = ["customer_courier_chat_messages.json", "orders.json"];

const story = useStory({
  [path]: text,
  ...Object.fromEntries(
    await Promise.all(
      inputs.map(
        async (file) => [`input/${file}`, await readFile(join(root, "input", file), "utf8")] as const,
      ),
    ),
  ),
});

async function take({ page }: Reader, image: string, height: number): Promise<void> {
  await page.setViewportSize({ width: 1440, height });
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  // Tests that a run began, and what was told of an edit, are over.
  await page
    .getByText(/running …$/)
    .first()
    .waitFor({ state: "hidden" });
  await page.locator(".toast:not([hidden])").first().waitFor({ state: "hidden" });
  await page.screenshot({ path: join(root, "server/docs/images", `${image}.png`), animations: "disabled" });
}

test("draws what the documents show", { timeout: 300_000 }, async () => {
  await story.server.run(name, { materialize: true, date: "2026-11-01" });
  await story.server.run(name, { materialize: true });
  const reader = await story.open(name, { viewport: { width: 1440, height: 860 } });
  const { page } = reader;
  const edited = text.replace(
    "(messageSentTime, NOT chatStartedByMessage,",
    "(messageSentTime, chatStartedByMessage,",
  );
  expect(edited).not.toBe(text);
  await writeFile(join(story.root, path), edited);
  await reader.standing("first_message_senders", "stale");
  await reader.runStale();
  await page.getByRole("button", { name: "Graph", exact: true }).click();
  const cell = reader.cell(name);
  await cell.getByRole("tab", { name: "What changes" }).click();
  await cell.locator("td.before").first().waitFor();
  await cell
    .locator("table")
    .last()
    .evaluate((table) => table.scrollIntoView({ block: "center" }));
  await take(reader, "notebook", 860);

  await page.goto(`${story.server.url}/#/lake/${name}`);
  await page.getByText("Partitions by city_code").waitFor();
  await page
    .locator("data-grid [role=gridcell]")
    .getByText(/^\d{8}$/)
    .nth(3)
    .waitFor();
  await take(reader, "lake", 1100);
});
