import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

const PASSWORD = "correct horse battery";
const people = { vera: "viewer", rob: "runner", eva: "editor", ada: "admin" } as const;
type Name = keyof typeof people;

describe.skipIf(!findChromium())("a server that knows people", () => {
  const story = useStory({
    "notebooks/sales.md": notebook(
      { "cell: orders\n--| materialize: parquet": "SELECT random() AS n" },
      'title: Sales\nschedule: {cron: "0 6 29 2 *", timezone: Europe/Madrid}',
    ),
    "notebooks/draft.md": notebook({ "cell: draft": "SELECT 1 AS n" }, "title: Draft"),
  });

  let run = "";
  beforeAll(async () => {
    for (const [name, role] of Object.entries(people))
      await story.server.json("POST", "/api/users", { name, role, password: PASSWORD });
    // Two publications, for there to be something to roll back to.
    for (let times = 0; times < 2; times++)
      ({ id: run } = await story.server.run("sales", { materialize: true, force: true }));
  });

  async function fill(page: Page, name: string, password: string): Promise<void> {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
  }

  /** Logged in at an address, which asks for it first. */
  async function open(name: Name, hash: string): Promise<Reader> {
    const reader = await story.stranger();
    await reader.page.goto(`${story.server.url}/${hash}`);
    await fill(reader.page, name, PASSWORD);
    await reader.page.locator(".top").waitFor();
    // That is how a browser tells of the answers that made the page ask.
    reader.complaints.splice(0, Infinity, ...reader.complaints.filter((text) => !text.includes("401")));
    return reader;
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
    await story.server.json("POST", "/api/users", { name: "emil", role: "editor", password: PASSWORD });
    const reader = await story.stranger();
    const { page } = reader;
    await page.goto(`${story.server.url}/#/notebooks/draft`);
    await fill(page, "emil", PASSWORD);
    await reader.enter("draft");
    await story.server.json("PUT", "/api/users/emil", { password: "another horse battery" });
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
    expect(await story.read("notebooks/draft.md")).toContain("SELECT 2 AS typed_meanwhile");
  });

  /** Of the page: [a role has it, where it is looked for, what it is called]. */
  const controls: readonly (readonly [
    least: Name,
    hash: string,
    role: "button" | "link" | "switch",
    name: string,
  ])[] = [
    ["eva", "#/", "button", "New notebook"],
    ["eva", "#/", "button", "Import"],
    ["eva", "#/", "button", "Delete Sales"],
    ["eva", "#/", "button", "Add a file"],
    ["rob", "#/notebooks/sales", "button", "Run all"],
    ["rob", "#/notebooks/sales", "button", "Run orders"],
    ["rob", "#/notebooks/sales", "button", "Materialize…"],
    ["rob", "#/notebooks/sales", "button", "+ Scratch"],
    ["rob", "#/notebooks/sales", "button", "Run now"],
    ["rob", "#/notebooks/sales", "switch", "Schedule of sales"],
    ["eva", "#/notebooks/sales", "button", "Change…"],
    ["eva", "#/notebooks/sales", "button", "+ SQL"],
    ["eva", "#/notebooks/sales", "button", "Settings of orders"],
    ["eva", "#/notebooks/sales", "button", "Share…"],
    ["rob", "#/schedules/sales", "button", "Run now"],
    ["rob", "#/schedules/sales", "button", "Backfill…"],
    ["eva", "#/schedules/sales", "button", "Change the schedule of sales"],
    ["rob", "#/lake/orders", "button", "Verify"],
    ["rob", "#/lake/orders", "button", "Tag…"],
    ["ada", "#/lake/orders", "button", "Vacuum…"],
    ["ada", "#/lake/orders", "button", "Roll back…"],
    ["rob", "#/runs", "button", "Re-run"],
    ["ada", "#/runs", "link", "Alerts"],
    ["eva", "#/input", "button", "Add a file"],
    ["ada", "#/people", "button", "Add user"],
    ["ada", "#/people/tokens", "button", "Make a token"],
  ];

  /** What is there once a page has what it shows. */
  const ready: Readonly<Record<string, string>> = {
    "#/": ".card",
    "#/notebooks/sales": ".schedule-line",
    "#/schedules/sales": "tbody tr .row-actions",
    "#/lake/orders": ".versions li",
    "#/runs": ".run-detail",
  };

  test.each(Object.keys(people) as Name[])("shows %s what is allowed, and nothing else", async (name) => {
    const reader = await open(name, "#/notebooks/sales");
    const { page } = reader;
    const refused: string[] = [];
    page.on("response", (answer) => {
      if (answer.status() === 403) refused.push(answer.url());
    });
    const order = Object.keys(people);
    for (const [least, hash, role, label] of controls) {
      const at = hash === "#/runs" ? `#/runs/${run}` : hash;
      if (!page.url().endsWith(at)) await page.goto(`${story.server.url}/${at}`);
      await page
        .locator(ready[hash] ?? "main h1")
        .first()
        .waitFor();
      const control = page.getByRole(role, { name: label }).first();
      if (order.indexOf(name) >= order.indexOf(least)) await control.waitFor();
      else {
        expect(await control.isVisible(), `${name}: ${label} at ${hash}`).toBe(false);
      }
    }
    // Keys do no more than buttons, and say why not.
    await page.goto(`${story.server.url}/#/notebooks/sales`);
    const cell = reader.cell("orders");
    await cell.waitFor();
    await cell.focus();
    if (name === "vera" || name === "rob") {
      for (const key of ["d", "d", "b", "m", "F2"]) await page.keyboard.press(key);
      await page.locator(".toast").getByText("Editing needs the role editor.").waitFor();
      await reader.enter("orders");
      await page.keyboard.insertText("DROP");
      expect(await cell.locator(".view-lines").textContent()).not.toContain("DROP");
      await page.keyboard.press("Escape");
    }
    if (name === "vera") {
      await page.keyboard.press("Control+Enter");
      await page.locator(".toast").getByText("Running needs the role runner.").waitFor();
    }
    await page.keyboard.press("Control+k");
    const dialog = page.getByRole("dialog", { name: "Commands" });
    await dialog.getByRole("option", { name: "Lake", exact: false }).first().waitFor();
    const has = async (label: string) => (await dialog.getByRole("option", { name: label }).count()) > 0;
    expect(await has("Run all")).toBe(name !== "vera");
    expect(await has("Undo delete")).toBe(name === "eva" || name === "ada");
    expect(await has("People")).toBe(name === "ada");
    await page.keyboard.press("Escape");
    expect(refused).toEqual([]);
    reader.expectCalm();
  });

  test("tells who else has a notebook open, in which cell, and that they saved", async () => {
    const [ada, eva] = [await open("ada", "#/notebooks/draft"), await open("eva", "#/notebooks/draft")];
    const others = ada.page.getByRole("group", { name: "Also here" });
    await others.getByRole("img", { name: "eva has this notebook open" }).waitFor();
    await eva.page.getByRole("img", { name: "ada has this notebook open" }).waitFor();
    await eva.typeSql("draft", "SELECT 3 AS n");
    await others.getByRole("img", { name: "eva is in draft" }).waitFor();
    await ada.cell("draft").getByRole("img", { name: "eva is here" }).waitFor();
    await ada.page.locator(".toast").getByText("eva changed draft").waitFor();
    await eva.page.close();
    await others.waitFor({ state: "detached" });
    ada.expectCalm();
  });
});
