import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const checkout = resolve(import.meta.dirname, "../../..");
const NOTEBOOK = "customer_courier_conversations";

describe.skipIf(!findChromium())("whoever changes the shipped notebook", () => {
  const story = useStory({});

  beforeAll(async () => {
    for (const folder of ["notebooks", "input"])
      await cp(join(checkout, folder), join(story.root, folder), { recursive: true });
    await story.server.run(NOTEBOOK, {});
  });

  test("breaks an aggregation and is told by its test with the row, also after the page is loaded again, and brings back what was there", async () => {
    const reader = await story.open(NOTEBOOK);
    const { page } = reader;
    const cell = reader.cell("first_message_senders");
    const before = await story.read(`notebooks/${NOTEBOOK}.md`);
    const sql = /--\| cell: first_message_senders[\s\S]*?(SELECT[\s\S]*?)\n```/.exec(before)?.[1] ?? "";
    await reader.typeSql("first_message_senders", sql.replace("arg_min(", "arg_max("));
    await reader.runBy(() => page.keyboard.press("Control+Enter"));
    const summary = cell.locator(".tests.failed");
    await summary.getByRole("button", { name: "who_wrote_first" }).waitFor();
    const outcome = page.getByRole("region", { name: "Outcome of who_wrote_first" });
    await outcome.locator("tbody tr").first().waitFor();
    const told = async (): Promise<unknown> => ({
      expected: await outcome.locator("tbody tr").first().locator("del").allInnerTexts(),
      actual: await outcome.locator("tbody tr").first().locator("ins").allInnerTexts(),
    });
    const wrong = { expected: ["courier"], actual: ["customer"] };
    expect(await told()).toEqual(wrong);
    await shoot(page, "broken", cell);

    await page.reload();
    await outcome.locator("tbody tr").first().waitFor();
    expect(await told()).toEqual(wrong);
    expect(await outcome.getByText("before the text was changed").count()).toBe(0);

    await page.getByRole("button", { name: "History…" }).click();
    const dialog = page.getByRole("dialog", { name: "History" });
    const changed = /^first_message_senders \+\d+ −\d+$/;
    await dialog.locator("small").filter({ hasText: changed }).first().waitFor();
    await shoot(page, "history");
    await dialog
      .getByRole("button", { name: /\bran\b/ })
      .last()
      .click();
    await dialog.getByLabel("what is different now").check();
    await dialog.getByRole("button", { name: "Restore first_message_senders" }).click();
    await dialog.getByText("first_message_senders is as it was on").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await outcome.getByText("before the text was changed").waitFor();
    expect(await story.read(`notebooks/${NOTEBOOK}.md`)).toBe(before);
    expect(await page.getByText("Somebody changed").count()).toBe(0);
    reader.expectCalm();
  });

  test("adds a check that its rows suggest", async () => {
    const reader = await story.open(NOTEBOOK);
    await reader.runAll();
    await reader.rows("orders");
    const orders = reader.cell("orders");
    await orders.getByRole("tab", { name: "Profile" }).click();
    await orders.locator("check-suggestions summary").click();
    const add = orders.getByRole("button", { name: /^Add .* of cityCode$/ });
    await add.waitFor();
    await shoot(reader.page, "suggestions", orders);
    await reader.edit(() => add.click());
    await add.waitFor({ state: "detached" });
    expect(await story.read(`notebooks/${NOTEBOOK}.md`)).toMatch(
      /--\| cell: orders\n(--\|.*\n)*--\| .*cityCode/,
    );
    reader.expectCalm();
  });

  test("sees which column of the input feeds a column of the result, and where it goes", async () => {
    const reader = await story.open(NOTEBOOK);
    const { page } = reader;
    const result = reader.cell(NOTEBOOK);
    await result.getByRole("tab", { name: "Lineage" }).click();
    await result.getByRole("button", { name: "city_code" }).click();
    const way = result.locator(".way");
    await way.getByText("cityCode of input/orders.json").waitFor();
    await shoot(page, "lineage", result);
    const orders = reader.cell("orders");
    await orders.getByRole("tab", { name: "Lineage" }).click();
    await orders.getByRole("button", { name: "cityCode of input/orders.json" }).click();
    await orders.locator(".way").getByText(`${NOTEBOOK}.city_code`).waitFor();
    await shoot(page, "lineage-of-file", orders);
    reader.expectCalm();
  });
});

/** Pictures for whoever wants to look, in the folder that SHOTS names. */
async function shoot(
  page: Page,
  name: string,
  near?: { scrollIntoViewIfNeeded(): Promise<void> },
): Promise<void> {
  const folder = process.env["SHOTS"];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await near?.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${String(width)}.png`) });
    }
  await page.setViewportSize({ width: 1280, height: 900 });
}
