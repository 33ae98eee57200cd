import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const PASSWORD = "correct horse battery";
const people = { vera: "viewer", rob: "runner", eva: "editor", ada: "admin" } as const;

describe.skipIf(!findChromium())("a server that knows people", () => {
  const story = useStory({
    "notebooks/sales.md": notebook(
      { "cell: orders\n--| materialize: parquet": "SELECT 1 AS n" },
      'title: Sales\nschedule: {cron: "0 6 29 2 *", timezone: Europe/Madrid}',
    ),
  });

  /** As whoever started the server. */
  async function ask(method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${story.server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${story.server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.ok, path).toBe(true);
  }

  beforeAll(async () => {
    for (const [name, role] of Object.entries(people))
      await ask("POST", "/api/users", { name, role, password: PASSWORD });
  });

  async function fill(page: Page, name: string, password: string): Promise<void> {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
  }

  test("asks who is there, says at the form what was wrong, and then shows what was wanted", async () => {
    const { page } = await story.stranger();
    await page.goto(`${story.server.url}/#/notebooks/sales`);
    await page.getByRole("button", { name: "Log in" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("name");
    await fill(page, "eva", "wrong");
    await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
    await page.route("**/api/login", (route) =>
      route.fulfill({
        status: 429,
        headers: { "retry-after": "40" },
        json: { error: { code: "unauthorized", message: "Too many wrong passwords." } },
      }),
    );
    await fill(page, "eva", "wrong");
    await page
      .getByRole("alert")
      .getByText(/Too many wrong passwords\. Try again in \d+ s\./)
      .waitFor();
    expect(await page.getByRole("button", { name: "Log in" }).isEnabled()).toBe(false);
    await page.unroute("**/api/login");
    await page.reload();
    await fill(page, "ada", PASSWORD);
    await page.locator('[data-cell="orders"]').waitFor();
    expect(page.url()).toMatch(/#\/notebooks\/sales$/);
  });

  test("loses nothing that is typed while the session ends, and goes on after the password", async () => {
    await ask("POST", "/api/users", { name: "emil", role: "editor", password: PASSWORD });
    const reader = await story.stranger();
    const { page } = reader;
    await page.goto(`${story.server.url}/#/notebooks/sales`);
    await fill(page, "emil", PASSWORD);
    await reader.enter("orders");
    await ask("PUT", "/api/users/emil", { password: "another horse battery" });
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("SELECT 2 AS typed_meanwhile");
    const dialog = page.getByRole("dialog", { name: "Log in again" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await dialog.getByLabel("Name").inputValue()).toBe("emil");
    await dialog.getByLabel("Password").fill("another horse battery");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await reader.saved();
    expect(await story.read("notebooks/sales.md")).toContain("SELECT 2 AS typed_meanwhile");
  });
});
