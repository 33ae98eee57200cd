import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { createWorkspace, type Files } from "../../integration/api/harness.js";
import { ServerProcess } from "../../integration/api/processes.js";
import { closeContext, launchBrowser } from "../../support/chromium.js";

const TOKEN = "a-token-for-stories-0123456789";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** Nothing serious or moderate. */
export async function requireAccessible(page: Page, within: string): Promise<void> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (part) => (globalThis as unknown as { axe: { run(part: string): Promise<AxeResults> } }).axe.run(part),
    within,
  );
  const found = violations.filter(({ impact }) => impact !== "minor");
  expect(found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** A page, what a reader does on it, and everything about it that no page should have. */
export class Reader {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page, origin: string) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.complaints.push(`${message.text()} at ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(origin))
        this.complaints.push(`request: ${request.url()}`);
    });
  }

  cell(name: string): Locator {
    return this.page.locator(`[data-cell="${name}"]`);
  }

  async standing(name: string, mark: string): Promise<void> {
    await this.page.locator(`[data-cell="${name}"][data-standing="${mark}"]`).waitFor();
  }

  async saved(): Promise<void> {
    await this.page.locator('[data-save="saved"]').waitFor();
  }

  /** What is done changes the notebook; waits until the file has it. */
  async edit(work: () => Promise<void>): Promise<void> {
    await Promise.all([
      this.page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok()),
      work(),
    ]);
    await this.saved();
  }

  /** The grid of a cell, brought into sight, which is when its rows are asked for. */
  async rows(cell: string): Promise<Locator> {
    await this.cell(cell).locator(".result").scrollIntoViewIfNeeded();
    return this.cell(cell).locator("data-grid");
  }

  /** Brings a chart into sight, which is when it is asked for, and waits for its picture. */
  async showChart(cell: string): Promise<void> {
    const chart = this.cell(cell).locator("chart-view");
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("svg rect").first().waitFor();
  }

  /** Puts the cursor into the editor of a cell. */
  async enter(cell: string): Promise<void> {
    const editor = this.cell(cell).locator("sql-cell-editor");
    await editor.scrollIntoViewIfNeeded();
    await editor.locator(".view-lines").click();
    await editor.locator(".monaco-editor.focused").waitFor();
  }

  async typeSql(cell: string, sql: string): Promise<void> {
    await this.enter(cell);
    await this.page.keyboard.press("Control+A");
    await this.edit(() => this.page.keyboard.insertText(sql));
  }

  async runAll(): Promise<void> {
    await this.runBy(() => this.page.getByRole("button", { name: "Run all" }).click());
  }

  async runStale(): Promise<void> {
    await this.runBy(() => this.page.getByRole("button", { name: /^Run \d+ out of date$/ }).click());
  }

  /** What is done starts a run; waits until the page shows its end. Returns its id. */
  async runBy(work: () => Promise<void>): Promise<string> {
    const [response] = await Promise.all([
      this.page.waitForResponse(
        (answer) => answer.request().method() === "POST" && answer.url().endsWith("/runs"),
      ),
      work(),
    ]);
    const { id } = (await response.json()) as { readonly id: string };
    await this.page.locator(`[data-run="${id}"][data-running="false"]`).waitFor();
    return id;
  }

  /** Nothing that a console, an error handler or another host heard of. */
  expectCalm(): void {
    expect(this.complaints).toEqual([]);
  }
}

export interface Story {
  readonly root: string;
  server: ServerProcess;
  /** Logged in, at a notebook. */
  open(notebook: string, options?: BrowserContextOptions): Promise<Reader>;
  /** Not logged in, at no page yet; may ask nobody but `origin`, which is the server unless said otherwise. */
  stranger(origin?: string, options?: BrowserContextOptions): Promise<Reader>;
  read(path: string): Promise<string>;
  /** The server dies without a word and comes back at the same address. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
}

/** A started server on a workspace of its own, and a browser, for all tests of a file. `options`: of the server. */
export function useStory(
  files: Files,
  options: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Story {
  const shared = {} as Story & { root: string };
  let browser: Browser;
  beforeAll(async () => {
    shared.root = await createWorkspace(files);
    const more = await options();
    const start = (port: string): Promise<ServerProcess> =>
      ServerProcess.start(shared.root, ["--port", port, "--token", TOKEN, ...more], { isShared: true });
    [shared.server, browser] = await Promise.all([start("0"), launchBrowser()]);
    shared.read = (path) => readFile(join(shared.root, path), "utf8");
    shared.restart = async (meanwhile) => {
      const { port } = new URL(shared.server.url);
      await shared.server.kill();
      await meanwhile?.();
      shared.server = await start(port);
    };
    const enter = async (origin: string, options: BrowserContextOptions): Promise<Reader> => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      onTestFinished(() => closeContext(context));
      return new Reader(await context.newPage(), origin);
    };
    shared.stranger = (origin = shared.server.url, options = {}) => enter(origin, options);
    shared.open = async (notebook, options = {}) => {
      const reader = await enter(shared.server.url, options);
      await reader.page.goto(`${shared.server.url}/?token=${TOKEN}`);
      await reader.page.goto(`${shared.server.url}/#/notebooks/${notebook}`);
      await reader.page.locator("run-bar").waitFor();
      return reader;
    };
  });
  afterAll(async () => {
    await browser.close();
    await shared.server.kill();
    await rm(shared.root, { recursive: true, force: true });
  });
  return shared;
}
