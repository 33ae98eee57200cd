import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { createWorkspace, notebook } from "../../integration/api/harness.js";
import { ServerProcess } from "../../integration/api/processes.js";
import { closeContext, findChromium, launchBrowser } from "../../support/chromium.js";
import { evilTexts } from "../evil-texts.js";

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const markdown = [
  ...evilTexts,
  "[click](javascript:window.pwn=20)",
  "![x](https://evil.example/pixel.png)",
  "<script>window.pwn=21</script>",
  "[x](data:text/html,<script>window.pwn=22</script>)",
];

/** Whatever a person can write stands in a place of the page: title, prose, values, names of columns, errors. */
const evil = `---
title: ${JSON.stringify(evilTexts.join(" "))}
description: ${JSON.stringify(evilTexts.join(" "))}
---

${markdown.join("\n\n")}

\`\`\`sql
--| cell: values
--| description: ${JSON.stringify(evilTexts.join(" "))}
--| checks:
--|   - accepted_values: {column: text, values: [none], severity: warn}
SELECT * FROM (VALUES ${evilTexts.map((text) => `(${literal(text)}, {'k': ${literal(text)}})`).join(", ")}) t(text, nested)
\`\`\`

\`\`\`sql
--| cell: names
SELECT ${evilTexts.map((text, index) => `${String(index)} AS ${name(text)}`).join(", ")} /* ${evilTexts.join(" ").replaceAll("*/", "")} */
\`\`\`

\`\`\`yaml
input: pick
type: select
label: ${JSON.stringify(evilTexts.join(" "))}
description: ${JSON.stringify(evilTexts.join(" "))}
options: ${JSON.stringify(evilTexts)}
\`\`\`

\`\`\`sql
--| cell: picked
SELECT $pick AS pick, error($pick) IS NULL AS fails WHERE $pick LIKE '%<%'
\`\`\`

\`\`\`sql
--| cell: fails
SELECT error(${literal(evilTexts.join(" "))})
\`\`\`

\`\`\`yaml
chart: drawn
title: ${JSON.stringify(evilTexts.join(" "))}
from: values
mark: barY
x: text
y: count(*)
\`\`\`
`;

describe.skipIf(!findChromium())("a shared notebook in the browser", () => {
  let root: string;
  let folder: string;
  let server: ServerProcess;
  let browser: Browser;
  let link: string;

  beforeAll(async () => {
    root = await createWorkspace({
      "notebooks/evil.md": evil,
      "notebooks/plain.md": notebook({ "cell: one": "SELECT 1 AS n" }, "title: Plain"),
    });
    folder = await mkdtemp(join(tmpdir(), "lakebook-share-"));
    [server, browser] = await Promise.all([
      ServerProcess.start(root, [], { isShared: true }),
      launchBrowser(),
    ]);
    const id = await server.startRun("evil", {});
    const ended = async (): Promise<void> => {
      expect((await server.view(id)).outcome).toBe("failed");
    };
    await vi.waitFor(ended, { timeout: 30_000, interval: 200 });
    const made = (await (await ask("POST", "/api/notebooks/evil/shares", {})).json()) as { url: string };
    link = server.url + made.url;
  });
  afterAll(async () => {
    await browser.close();
    await server.kill();
    for (const path of [root, folder]) await rm(path, { recursive: true, force: true });
  });

  function ask(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A page, and everything that untrusted text could have done in it. */
  async function open(url: string, options = {}): Promise<{ page: Page; signs: string[] }> {
    const context = await browser.newContext(options);
    onTestFinished(() => closeContext(context));
    const page = await context.newPage();
    const signs: string[] = [];
    page.on("dialog", (dialog) => {
      signs.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => signs.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== url && !request.url().startsWith("data:"))
        signs.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, signs };
  }

  async function expectInert({ page, signs }: { page: Page; signs: string[] }): Promise<void> {
    expect(
      await page.locator(":is(iframe, object, embed, form, base, math, a[href^='javascript' i])").count(),
    ).toBe(0);
    expect(await page.locator("[onload], [onerror], [onmouseover]").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator(".report-section .table-bar input").count()).toBeGreaterThan(1);
    for (const text of ["<script>window.pwn = 1</script>", "<img src=x onerror=window.pwn=2>"])
      expect(await page.getByText(text).count()).toBeGreaterThan(2);
    await page.locator(".made > summary").click();
    await page.mouse.move(200, 300);
    // What the script does with such texts: search, sort, go to, present.
    await page.locator(".table-bar input").first().fill("<script>");
    for (const head of await page.locator("#values th button").all()) await head.click();
    const select = page.locator("#pick select");
    for (const index of evilTexts.keys()) {
      await select.selectOption({ index });
      expect(await page.locator("#picked .bad, #picked table").count()).toBe(1);
    }
    await page.locator(".report-outline a").first().click();
    await page.getByRole("button", { name: "Present" }).click();
    await page.getByRole("button", { name: "Leave" }).click();
    expect(await page.evaluate(() => "pwn" in window)).toBe(false);
    // A picture of Markdown is asked for by nobody: the policy stops it before the network.
    expect(signs.filter((sign) => !sign.includes("pixel.png"))).toEqual([]);
  }

  test("untrusted text stays text behind a link", async () => {
    await expectInert(await open(link));
  });

  test("untrusted text stays text in an exported file, and without its policy too", async () => {
    const html = await (await ask("GET", "/api/notebooks/evil/export?format=html")).text();
    const bare = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    expect(bare).not.toBe(html);
    for (const [file, text] of [
      ["page.html", html],
      ["bare.html", bare],
    ] as const) {
      await writeFile(join(folder, file), text);
      await expectInert(await open(pathToFileURL(join(folder, file)).href));
    }
  });

  test.each([
    { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
    { viewport: { width: 375, height: 700 }, colorScheme: "dark" },
  ])("fits $viewport.width pixels, $colorScheme", async (options) => {
    const { page } = await open(link, options);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(Number(/\d+/.exec(background)?.[0]) > 128).toBe(options.colorScheme === "light");
  });

  test("is made, copied and ended on the notebook's page, and downloaded from there", async () => {
    const { page } = await open(`${server.url}/?token=${server.token}`);
    await page.goto(`${server.url}/#/notebooks/plain`);
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog", { name: "Share" });
    await dialog.getByRole("button", { name: "Create link" }).click();
    const url = await dialog.getByLabel("Link", { exact: true }).inputValue();
    expect(url).toMatch(new RegExp(`^${server.url}/s/[\\w-]{43}$`));
    const visitor = await open(url);
    await visitor.page.getByRole("heading", { name: "Plain" }).waitFor();
    expect(await dialog.getByRole("link", { name: "Open" }).getAttribute("href")).toBe(url);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Copy");
    const downloading = page.waitForEvent("download");
    await dialog.getByRole("link", { name: "SQL" }).click();
    expect((await downloading).suggestedFilename()).toBe("plain.sql");
    await dialog.getByRole("button", { name: /^End the link/ }).click();
    await dialog.getByRole("table").waitFor({ state: "detached" });
    expect((await visitor.page.reload())?.status()).toBe(404);
  });
});
