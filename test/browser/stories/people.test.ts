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
      await reader.enter("orders");
      await page.keyboard.press("x");
      await page.locator(".toast").getByText("Editing needs the role editor.").waitFor();
      await page.keyboard.press("Escape");
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

  test("an admin adds somebody, gives another role and shuts out, and each counts at once", async () => {
    const ada = await open("ada", "#/people");
    const form = ada.page.getByRole("form", { name: "New user" });
    const add = async (name: string): Promise<void> => {
      await form.getByLabel("Name").fill(name);
      await form.getByLabel("Role").selectOption("runner");
      await form.getByLabel("Password").fill(PASSWORD);
      await form.getByLabel("Once more").fill(`${PASSWORD}!`);
      await form.getByRole("button", { name: "Add user" }).click();
      expect(await form.getByLabel("Once more").evaluate((field) => field.matches(":invalid"))).toBe(true);
      await form.getByLabel("Once more").fill(PASSWORD);
      await form.getByRole("button", { name: "Add user" }).click();
    };
    await add("eva");
    await form.getByRole("alert").getByText('User "eva" exists.').waitFor();
    expect(await form.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
    await add("max");
    await ada.page
      .getByRole("status")
      .getByText(`max can log in now. Send the address ${story.server.url}`)
      .waitFor();
    expect(await form.getByLabel("Password").inputValue()).toBe("");

    const { page } = await story.stranger();
    const logIn = async (password: string): Promise<void> => {
      await page.goto(`${story.server.url}/#/notebooks/sales`);
      await page.reload();
      await fill(page, "max", password);
    };
    const runAll = page.getByRole("button", { name: "Run all" });
    const isLoggedOut = () => page.getByRole("button", { name: "Log in" }).waitFor();
    await logIn(PASSWORD);
    await runAll.waitFor();

    const role = ada.page.getByLabel("Role of max");
    await ada.page.route("**/api/users/max", (route) =>
      route.fulfill({ status: 500, json: { error: { code: "internal", message: "The disk is full." } } }),
    );
    await role.selectOption("viewer");
    await ada.page.getByRole("alert").getByText("The disk is full.").waitFor();
    expect(await role.inputValue()).toBe("runner");
    await ada.page.unroute("**/api/users/max");
    await role.selectOption("viewer");
    await ada.page.getByText("max is viewer from now on.").waitFor();
    // The open page looks for that now and then, and when it comes into sight.
    const comesIntoSight = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await comesIntoSight();
    await runAll.waitFor({ state: "hidden" });
    await role.selectOption("runner");
    await ada.page.getByText("max is runner from now on.").waitFor();
    await comesIntoSight();
    await runAll.waitFor();

    await ada.page.getByRole("button", { name: "Log max out everywhere" }).click();
    await ada.page.getByText("max is logged out everywhere.").waitFor();
    await page.reload();
    await isLoggedOut();
    await fill(page, "max", PASSWORD);
    await page.locator('[data-cell="orders"]').waitFor();

    await ada.page.getByRole("button", { name: "Disable max" }).click();
    await ada.page.getByRole("row", { name: /max/ }).getByText("disabled").waitFor();
    await logIn(PASSWORD);
    await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
    await ada.page.getByRole("button", { name: "Enable max" }).click();
    await ada.page.getByRole("button", { name: "New password for max" }).click();
    const dialog = ada.page.getByRole("dialog", { name: "New password" });
    await dialog.getByLabel("Password").fill("another horse battery");
    await dialog.getByLabel("Once more").fill("another horse battery");
    await dialog.getByRole("button", { name: "Change" }).click();
    await dialog.waitFor({ state: "hidden" });
    await ada.page.getByRole("status").getByText("max has another password.").waitFor();
    await logIn("another horse battery");
    await page.locator('[data-cell="orders"]').waitFor();

    await ada.page.getByRole("button", { name: "Remove max" }).click();
    await ada.page
      .getByRole("dialog", { name: "Remove user" })
      .getByRole("button", { name: "Remove" })
      .click();
    await ada.page.getByRole("row", { name: /max/ }).waitFor({ state: "detached" });
    await page.reload();
    await isLoggedOut();
  });

  test("an admin makes and revokes a token, closes a link, and reads who did what", async () => {
    const ada = await open("ada", "#/people/tokens");
    const { page } = ada;
    const status = async (token: string) =>
      (await fetch(`${story.server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    await page.getByRole("form", { name: "New token" }).getByLabel("Name").fill("nightly");
    await page.getByRole("button", { name: "Make a token" }).click();
    const token = await page.getByLabel("Token nightly").inputValue();
    expect(await status(token)).toBe(200);
    await page.getByRole("button", { name: "Revoke nightly" }).click();
    await page.getByText("There is no token yet.").waitFor();
    expect(await status(token)).toBe(401);
    expect(await page.getByLabel("Token nightly").isVisible()).toBe(false);

    const { url } = await story.server.json<{ readonly url: string }>(
      "POST",
      "/api/notebooks/sales/shares",
      {},
    );
    const link = new URL(url, story.server.url);
    expect((await fetch(link)).status).toBe(200);
    await page.getByRole("link", { name: "Shares", exact: true }).click();
    await page.getByRole("button", { name: /^End the link to Sales/ }).click();
    await page.getByText("No link is open.").waitFor();
    expect((await fetch(link)).status).toBe(404);

    await page.getByRole("link", { name: "Audit", exact: true }).click();
    const lines = page.getByRole("list", { name: "What was done" }).getByRole("listitem");
    await lines.getByText("ada ended a link").waitFor();
    await page.getByLabel("What", { exact: true }).fill("publish");
    await lines.getByText("owner published sales").first().waitFor();
    await lines.getByText("ada ended a link").waitFor({ state: "detached" });
    await lines.first().getByText("owner published sales").click();
    await lines.first().getByRole("link", { name: "the run" }).click();
    await page.locator(".run-detail").getByText("Sales").first().waitFor();
    ada.expectCalm();
  });

  test("everybody changes their own password, which ends their other sessions", async () => {
    await story.server.json("POST", "/api/users", { name: "kim", role: "viewer", password: PASSWORD });
    const [here, there] = [await story.stranger(), await story.stranger()];
    for (const { page } of [here, there]) {
      await page.goto(`${story.server.url}/#/lake`);
      await fill(page, "kim", PASSWORD);
      await page.locator(".top").waitFor();
    }
    await here.page.getByRole("button", { name: "Account of kim" }).click();
    await here.page.getByRole("button", { name: "Change password…" }).click();
    const dialog = here.page.getByRole("dialog", { name: "Change password" });
    const change = async (current: string): Promise<void> => {
      await dialog.getByLabel("Password now").fill(current);
      await dialog.getByLabel("New password").fill("another horse battery");
      await dialog.getByLabel("Once more").fill("another horse battery");
      await dialog.getByRole("button", { name: "Change" }).click();
    };
    await change("wrong");
    await dialog.getByRole("alert").getByText("This is not your password.").waitFor();
    await change(PASSWORD);
    await dialog.getByText("Your other sessions have ended.").waitFor();
    await here.page.reload();
    await here.page.getByRole("button", { name: "Account of kim" }).waitFor();
    await there.page.reload();
    await fill(there.page, "kim", PASSWORD);
    await there.page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
  });

  test("whoever has the start token finds the page of people and all others, also on a phone", async () => {
    const { page } = await story.open("draft", { viewport: { width: 375, height: 700 } });
    await page.getByRole("button", { name: "Account of owner" }).click();
    for (const name of ["Notebooks", "Lake", "Runs", "Schedules", "Input", "Docs"])
      await page.getByRole("link", { name, exact: true }).waitFor();
    await page.getByRole("link", { name: "People…" }).click();
    await page.getByRole("button", { name: "Add user" }).waitFor();
    const head = page.getByRole("navigation", { name: "Main" });
    expect(await head.evaluate((nav) => nav.scrollWidth - nav.clientWidth)).toBe(0);
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

  test("shows both texts where two changed one cell, loses neither, and does what is chosen", async () => {
    const [ada, eva] = [await open("ada", "#/notebooks/draft"), await open("eva", "#/notebooks/draft")];
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await ada.page.route("**/api/notebooks/draft", async (route) => {
      if (route.request().method() === "PUT") await held;
      await route.continue();
    });
    await ada.enter("draft");
    await ada.page.keyboard.press("Control+A");
    await ada.page.keyboard.insertText("SELECT 1 AS same,\n  'ada' AS who");
    await eva.typeSql("draft", "SELECT 1 AS same,\n  'eva' AS who");
    letGo();
    const strip = ada.cell("draft").getByRole("group", { name: "Changed by two: draft" });
    await strip.getByText("eva changed this too.").waitFor();
    for (const [name, who] of [
      ["mine", "ada"],
      ["eva", "eva"],
    ] as const)
      expect(await strip.getByLabel(name, { exact: true }).locator("mark").allTextContents()).toEqual([
        `  '${who}' AS who`,
      ]);
    expect(await story.read("notebooks/draft.md")).toContain("'eva'");
    await ada.page.locator(".toast").getByText("choose there").waitFor();

    // It is asked until it is decided: on the page, after another page, and in another tab.
    await ada.page.locator(".outline a", { hasText: "draft" }).getByText("choose").waitFor();
    await ada.page.getByRole("link", { name: "Notebooks", exact: true }).click();
    await ada.page.getByRole("button", { name: "New notebook" }).waitFor();
    await ada.page.goBack();
    await strip.waitFor();
    const tab = await ada.page.context().newPage();
    await ada.page.close();
    await tab.goto(`${story.server.url}/#/notebooks/draft`);
    await tab.getByRole("button", { name: "1 choice open" }).click();
    const asked = tab.getByRole("group", { name: "Changed by two: draft" });
    await asked.locator("button:focus").waitFor();
    await asked.getByRole("button", { name: "Keep both, as two cells" }).click();
    await asked.waitFor({ state: "detached" });
    await tab.locator('[data-save="saved"]').waitFor();
    expect(await tab.getByRole("button", { name: "1 choice open" }).isVisible()).toBe(false);
    await eva.cell("draft_2").waitFor();
    expect(await story.read("notebooks/draft.md")).toMatch(
      /cell: draft\n[^`]*'eva'[^]*cell: draft_2\n[^`]*'ada'/,
    );
  });
});
