import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchBrowser } from "../../support/chromium.js";
import type { EditorPage } from "./editor-page.js";
import { startEditorPage } from "./editor-page.js";
import type { LogEntry } from "./page/main.js";

const suggestion = ".suggest-widget.visible .monaco-list-row";

describe.skipIf(!findChromium())("<sql-cell-editor>", () => {
  let site: EditorPage;
  let browser: Browser;
  let page: Page;
  let isOpen = false;
  let isShared = false;
  const problems: string[] = [];

  beforeAll(async () => {
    [site, browser] = await Promise.all([startEditorPage(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  afterEach(() => {
    // No error, no refusal by the content security policy, and no request to another host.
    expect(problems.splice(0)).toEqual([]);
  });

  /** A page of its own. Without `isMounted`, Monaco arrives when the returned function is called. */
  async function open(query = "", { isMounted = true } = {}): Promise<() => void> {
    if (isOpen) await page.close();
    isOpen = true;
    const opened = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    page = opened;
    isShared = false;
    opened.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    opened.on("pageerror", (error) => problems.push(String(error)));
    opened.on("request", (request) => {
      if (!request.url().startsWith(site.url)) problems.push(request.url());
    });
    let release = (): void => undefined;
    if (!isMounted) {
      const isReleased = new Promise<void>((resolve) => (release = resolve));
      await opened.route("**/mounted-editor*.js", async (route) => {
        await isReleased;
        await route.continue();
      });
    }
    await opened.goto(site.url + query);
    await opened.waitForSelector(isMounted ? "#cell-2 .view-line" : "#cell-2 .sql-cell-line");
    return release;
  }

  /** The page with three editors, as new: loading Monaco takes a second. */
  async function openShared(): Promise<void> {
    if (!isShared) await open();
    isShared = true;
    await page.mouse.move(999, 699);
    await page.evaluate(() => window.resetCells());
    await page.waitForSelector("#cell-2 .view-line");
  }

  async function log(): Promise<readonly LogEntry[]> {
    return page.evaluate(() => window.editorLog.splice(0));
  }

  /** Clicks on a word of an editor: the cursor goes into it. */
  async function clickWord(cell: number, word: string, modifiers: "Control"[] = []): Promise<void> {
    const { x, y } = await wordPlace(cell, word);
    for (const key of modifiers) await page.keyboard.down(key);
    await page.mouse.click(x, y);
    for (const key of modifiers) await page.keyboard.up(key);
  }

  async function wordPlace(cell: number, word: string): Promise<{ x: number; y: number }> {
    return page.evaluate(
      ([id = "", text = ""]) => {
        const lines = document.querySelectorAll(`#${id} :is(.view-line, .sql-cell-line)`);
        for (const line of lines) {
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = (node.textContent ?? "").replaceAll("\u00a0", " ").indexOf(text);
            if (at === -1) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + text.length);
            const box = range.getBoundingClientRect();
            return { x: box.right - 2, y: box.top + box.height / 2 };
          }
        }
        throw new Error(`No ${text} in ${id}.`);
      },
      [`cell-${cell}`, word],
    );
  }

  /** The cursor goes to the end of the text. */
  async function focusEnd(cell: number): Promise<void> {
    await clickWord(cell, "FROM");
    await page.keyboard.press("Control+End");
  }

  async function valueOf(cell: number): Promise<string> {
    return page
      .locator(`#cell-${cell}`)
      .evaluate((element) => (element as HTMLElementTagNameMap["sql-cell-editor"]).value);
  }

  async function set(cell: number, properties: object): Promise<void> {
    await page.locator(`#cell-${cell}`).evaluate(async (element, values) => {
      Object.assign(element, values);
      await (element as HTMLElementTagNameMap["sql-cell-editor"]).updateComplete;
    }, properties);
  }

  test("is registered, and shows the text before Monaco is there", async () => {
    const release = await open("", { isMounted: false });
    expect(await page.evaluate(() => customElements.get("sql-cell-editor") !== undefined)).toBe(true);
    const text = await page.locator("#cell-0").evaluate((cell) => cell.textContent.trim());
    expect(text).toContain("SELECT cityCode, 'text', 1");
    release();
    await page.waitForSelector("#cell-0 .view-line");
  });

  test("the editor takes the place of the text without a jump", async () => {
    const release = await open("", { isMounted: false });
    const edges = () =>
      page.locator("#cell-2").evaluate((cell) => {
        const { top, right, bottom, left } = cell.getBoundingClientRect();
        return [top, right, bottom, left];
      });
    const before = await edges();
    release();
    await page.waitForSelector("#cell-2 .view-line");
    const jumps = (await edges()).map((edge, at) => Math.abs(edge - (before[at] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(2);
  });

  test("typing fires the change, setting a property doesn't", async () => {
    await openShared();
    await focusEnd(1);
    await page.keyboard.type(" x");
    const typed = "--| cell: cell_1\nSELECT cityCode, 'text', 1\nFROM orders AS o x";
    expect((await log()).at(-1)).toEqual(["cell-1", "cell-source-change", typed]);
    expect(await valueOf(1)).toBe(typed);

    await set(1, { value: "SELECT 2", cellName: "other", readOnly: true, markers: [], autoFocus: true });
    expect(await page.locator("#cell-1 .view-lines").innerText()).toMatch(/SELECT\s2/);
    expect(await log()).toEqual([]);
  });

  test("the history of undo survives an echo and a change from outside", async () => {
    await openShared();
    await focusEnd(0);
    await page.keyboard.type(" one");
    await set(0, { value: await valueOf(0) });
    await set(0, { value: `${await valueOf(0)}\n-- from outside` });
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    expect(await valueOf(0)).toBe("--| cell: cell_0\nSELECT cityCode, 'text', 1\nFROM orders AS o");
  });

  test("suggests the columns of an alias with their types", async () => {
    await openShared();
    await focusEnd(1);
    await page.keyboard.type(" WHERE o.");
    await page.waitForSelector(suggestion);
    const rows = await page.locator(suggestion).allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, " ").trim())).toEqual([
      "cityCode VARCHAR · orders",
      "orderId BIGINT · orders",
    ]);
    await page.keyboard.press("Enter");
    expect(await valueOf(1)).toMatch(/WHERE o\.cityCode$/);
    expect((await log()).every(([cell]) => cell === "cell-1")).toBe(true);
  });

  test("suggests relations and files after JOIN", async () => {
    await openShared();
    await focusEnd(1);
    await page.keyboard.type("\nJOIN ");
    await page.waitForSelector(suggestion);
    expect((await page.locator(suggestion).allInnerTexts())[0]).toMatch(/^orders\s+2 columns/);
    await page.keyboard.type("inp");
    await page.keyboard.press("Enter");
    expect(await valueOf(1)).toMatch(/JOIN 'input\/orders\.json'$/);
  });

  test("what comes by itself is not taken by Enter until somebody types or chooses", async () => {
    await openShared();
    await focusEnd(1);
    await page.keyboard.type("\nWHERE ");
    await page.waitForSelector(suggestion);
    expect(await page.locator(`${suggestion}.focused`).count()).toBe(0);
    await page.keyboard.press("Enter");
    expect(await valueOf(1)).toMatch(/WHERE \n$/);
    await page.keyboard.type("true AND ");
    await page.waitForSelector(suggestion);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await valueOf(1)).toMatch(/true AND cityCode$/);
  });

  test("offers the values of a column in a string, with quotes doubled", async () => {
    await openShared();
    await focusEnd(1);
    await page.keyboard.type("\nWHERE o.cityCode = '");
    await page.waitForSelector(suggestion);
    const rows = await page.locator(suggestion).allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, " ").trim())).toEqual(["BCN 2 rows", "L'Hospitalet 2 rows"]);
    await page.keyboard.type("L");
    await page.keyboard.press("Enter");
    expect(await valueOf(1)).toMatch(/o\.cityCode = 'L''Hospitalet'$/);
    await page.keyboard.press("End");
    await page.waitForSelector(suggestion, { state: "detached" });
  });

  test("the suggestions are at the cursor, and in front of what contains the editor", async () => {
    await openShared();
    await focusEnd(2);
    await page.keyboard.type(" WHERE o.");
    await page.waitForSelector(suggestion);
    const cursor = await page.locator("#cell-2 .cursor").first().boundingBox();
    const box = await page.locator(".suggest-widget.visible").boundingBox();
    const lineHeight = cursor?.height ?? 0;
    expect(Math.abs((box?.y ?? 0) - ((cursor?.y ?? 0) + lineHeight))).toBeLessThan(lineHeight / 2);
    const isOnTop = await page
      .locator(suggestion)
      .first()
      .evaluate((row) => {
        const { x, y, width, height } = row.getBoundingClientRect();
        return row.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      });
    expect(isOnTop).toBe(true);
  });

  test.each([
    ["Control+Enter", "run"],
    ["Shift+Enter", "run-and-next"],
    ["Alt+Enter", "run-and-insert"],
    ["Control+Shift+Enter", "run-with-stale"],
  ])("%s fires %s in the editor that has the focus", async (key, mode) => {
    await openShared();
    for (const cell of [1, 0, 2]) {
      await clickWord(cell, "FROM");
      await page.keyboard.press(key);
      expect(await log()).toEqual([[`cell-${cell}`, "cell-run", mode]]);
    }
  });

  test("previews the statement, or what is selected", async () => {
    await openShared();
    await clickWord(1, "FROM");
    await page.keyboard.press("Control+Shift+Period");
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page.keyboard.press("Control+Shift+Period");
    expect(await log()).toEqual([
      ["cell-1", "run-selection", "SELECT cityCode, 'text', 1\nFROM orders AS o"],
      ["cell-1", "run-selection", "FROM orders AS o"],
    ]);
  });

  test("goes to the definition by key and by click", async () => {
    await openShared();
    await clickWord(0, "orders");
    await page.keyboard.press("F12");
    await expect.poll(log).toEqual([["cell-0", "go-to-definition", "orders"]]);
    await clickWord(2, "cityCode", ["Control"]);
    await expect.poll(log).toEqual([["cell-2", "go-to-definition", "orders"]]);
  });

  test("formats in one step of undo", async () => {
    await openShared();
    const source = "--| cell: x\nselect a,b from t";
    await set(0, { value: source });
    await clickWord(0, "from");
    await page.keyboard.press("Shift+Alt+KeyF");
    const formatted = "--| cell: x\nselect\n  a,\n  b\nfrom t";
    await expect.poll(log).toEqual([
      ["cell-0", "cell-source-change", formatted],
      ["cell-0", "cell-format"],
    ]);
    await page.keyboard.press("Control+z");
    expect(await valueOf(0)).toBe(source);
  });

  test("Escape closes what is open first, a selection too; once more asks, and a third time leaves", async () => {
    await openShared();
    await focusEnd(2);
    await page.keyboard.type(" WHERE o.");
    await page.waitForSelector(suggestion);
    await log();
    await page.keyboard.press("Escape");
    expect(await log()).toEqual([]);
    await page.keyboard.press("Tab");
    expect(await valueOf(2)).toMatch(/o\. +$/);
    await log();
    await page.keyboard.press("Shift+Home");
    await page.keyboard.press("Escape");
    expect(await log()).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await log()).toEqual([["cell-2", "cell-leaving", "true"]]);
    await page.keyboard.press("Escape");
    expect(await log()).toEqual([["cell-2", "cell-escape"]]);
  });

  test.each(["x", "ArrowLeft"])("Escape, %s, Escape stays in the editor", async (key) => {
    await openShared();
    await focusEnd(2);
    await page.keyboard.press("Escape");
    await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    const told = (await log()).filter(([, event]) => event !== "cell-source-change");
    expect(told.map(([, ...event]) => event)).toEqual([
      ["cell-leaving", "true"],
      ["cell-leaving", "false"],
      ["cell-leaving", "true"],
    ]);
  });

  test("after Escape, Tab goes on in the page", async () => {
    await openShared();
    await focusEnd(2);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("after");
    expect(await log()).toEqual([
      ["cell-2", "cell-leaving", "true"],
      ["cell-2", "cell-leaving", "false"],
    ]);
  });

  test("Ctrl+M lets Tab move the focus", async () => {
    await open();
    await focusEnd(2);
    await page.keyboard.press("Control+m");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("after");
    expect(await log()).toEqual([]);
  });

  test("leaves the page's own keys to the page", async () => {
    await open();
    await page.evaluate(() => {
      document.addEventListener("keydown", (event) => {
        if (event.ctrlKey && event.key !== "Control") {
          window.editorLog.push([event.key, String(event.defaultPrevented)]);
          event.preventDefault();
        }
      });
    });
    await clickWord(0, "FROM");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+s");
    expect(await log()).toEqual([
      ["k", "false"],
      ["s", "false"],
    ]);
  });

  test("a mark shows its message and hint when pointed at", async () => {
    await openShared();
    const startOffset = (await valueOf(1)).indexOf("orders");
    await set(1, {
      markers: [
        {
          startOffset,
          endOffset: startOffset + 6,
          severity: "error",
          message: 'Table "orders" is <img src=x onerror=alert(1)> gone.',
          hint: 'Did you mean "order"?',
        },
      ],
    });
    await page.waitForSelector("#cell-1 .squiggly-error");
    const { x, y } = await wordPlace(1, "orders");
    await page.mouse.move(x, y);
    await page.mouse.move(x - 1, y);
    const hover = page.locator(".monaco-hover:not(.hidden)", { hasText: "Did you mean" });
    await hover.waitFor();
    expect(await hover.innerText()).toContain("<img src=x onerror=alert(1)>");
    expect(await background(".monaco-hover:not(.hidden)")).not.toBe("rgba(0, 0, 0, 0)");
  });

  test("marks move along with what is typed before them", async () => {
    await openShared();
    const startOffset = (await valueOf(1)).indexOf("orders");
    const marker = { startOffset, endOffset: startOffset + 6, severity: "warning", message: "m" };
    await set(1, { markers: [marker] });
    const mark = page.locator("#cell-1 .squiggly-warning");
    const before = await mark.boundingBox();
    await clickWord(1, "FROM");
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await page.keyboard.type("  ");
    await expect.poll(async () => (await mark.boundingBox())?.x).toBeGreaterThan((before?.x ?? 0) + 2);
    // Monaco rounds each place to whole pixels.
    expect(Math.abs(((await mark.boundingBox())?.width ?? 0) - (before?.width ?? 0))).toBeLessThan(3);
  });

  test("hovers tell types, and never read a description as Markdown", async () => {
    await openShared();
    const { x, y } = await wordPlace(0, "orders");
    await page.mouse.move(x, y);
    await page.mouse.move(x - 1, y);
    const hover = page.locator(".monaco-hover:not(.hidden)", { hasText: "cityCode VARCHAR" });
    await hover.waitFor();
    expect(await hover.innerText()).toContain(
      "The *orders* and <b>their</b> cities ![](https://example.com/x.png)",
    );
    expect(await hover.locator("img").count()).toBe(0);
  });

  test("the context menu has a background and acts on its editor", async () => {
    await openShared();
    await clickWord(2, "FROM");
    const { x, y } = await wordPlace(1, "orders");
    await page.mouse.click(x, y, { button: "right" });
    const item = page.locator(".monaco-menu .action-label", { hasText: /^Run$/ });
    await item.waitFor();
    expect(await background(".monaco-menu-container .monaco-menu")).toBe("rgb(255, 255, 255)");
    // Monaco's menu takes no click in the first tenth of a second after it opened.
    const chosen = async (): Promise<readonly LogEntry[]> => {
      if (await item.isVisible()) await item.click();
      return log();
    };
    await expect.poll(chosen).toEqual([["cell-1", "cell-run", "run"]]);
  });

  async function background(selector: string): Promise<string> {
    return page
      .locator(selector)
      .last()
      .evaluate((element) => {
        for (let at: Element | null = element; at; at = at.parentElement) {
          const { backgroundColor } = getComputedStyle(at);
          if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
          if (at.matches(".monaco-menu-container, .monaco-hover")) return backgroundColor;
        }
        return "";
      });
  }

  test("moves in the page with its text, its history and the focus", async () => {
    await open();
    await focusEnd(0);
    await page.keyboard.type(" x");
    await page.evaluate(() => {
      const cells = document.querySelector("#cells");
      if (cells?.firstElementChild) cells.append(cells.firstElementChild);
    });
    await page.waitForSelector("#cell-0 .view-line");
    expect(await page.locator("#cell-0 .view-lines").innerText()).toMatch(/o\sx/);
    await page.keyboard.type("y");
    expect(await valueOf(0)).toMatch(/o xy$/);
    await page.keyboard.press("Control+z");
    expect(await valueOf(0)).toMatch(/AS o( x)?$/);
  });

  test("comes back after it was removed, and leaves nothing behind", async () => {
    await open();
    const count = await page.evaluate(async () => {
      const cell = document.querySelector("#cell-1");
      const parent = cell?.parentElement;
      cell?.remove();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const left = cell?.querySelectorAll(".monaco-editor").length;
      if (cell) parent?.append(cell);
      return left;
    });
    expect(count).toBe(0);
    await page.waitForSelector("#cell-1 .view-line");
    await clickWord(1, "FROM");
    await page.keyboard.press("Control+Enter");
    expect(await log()).toEqual([["cell-1", "cell-run", "run"]]);
  });

  test("grows with its text and with the narrowness of the page", async () => {
    await openShared();
    const heightOf = () => page.locator("#cell-0").evaluate((cell) => cell.getBoundingClientRect().height);
    const before = await heightOf();
    await set(0, { value: `SELECT ${"wide_column, ".repeat(12)}1\nFROM t` });
    await page.setViewportSize({ width: 400, height: 700 });
    await expect.poll(heightOf).toBeGreaterThan(before + 20);
    await set(0, { value: "SELECT 1" });
    await expect.poll(heightOf).toBeLessThan(before);
    expect(await log()).toEqual([]);
  });

  test("an empty and a very long text can be typed into", async () => {
    await openShared();
    await set(0, { value: "" });
    await page.mouse.click(...((await centreOf("#cell-0")) as [number, number]));
    await page.keyboard.type("FROM x");
    expect(await valueOf(0)).toBe("FROM x");
    await set(1, { value: `SELECT 1;\n`.repeat(5000) });
    const height = await page.locator("#cell-1").evaluate((cell) => cell.getBoundingClientRect().height);
    expect(height).toBeLessThan(3100);
    expect(await page.locator("#cell-1 .view-line").count()).toBeLessThan(400);
  });

  async function centreOf(selector: string): Promise<readonly [number, number]> {
    const box = await page.locator(selector).boundingBox();
    return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  }

  test("keeps the cursor in view, as the page scrolls and not the editor", async () => {
    await openShared();
    await focusEnd(0);
    await page.keyboard.insertText("\n".repeat(80));
    await page.keyboard.type("x");
    const cursor = await page.locator("#cell-0 .cursor").first().boundingBox();
    expect(cursor?.y).toBeGreaterThan(0);
    expect(cursor?.y).toBeLessThan(700);
    await page.mouse.move(500, 300);
    const before = await page.evaluate(() => scrollY);
    await page.mouse.wheel(0, -400);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeLessThan(before);
  });

  test("a press on the text, before Monaco is there, puts the cursor there", async () => {
    const release = await open("", { isMounted: false });
    await clickWord(1, "text");
    release();
    await page.waitForSelector("#cell-1 .view-line");
    await expect.poll(() => page.locator("#cell-1 .monaco-editor.focused").count()).toBe(1);
    await page.keyboard.type("!");
    expect(await valueOf(1)).toMatch(/'(tex!t|text!)'/);
  });

  test("the colours follow the page", async () => {
    await open();
    const colour = () =>
      page
        .locator("#cell-0 .view-line", { hasText: "FROM" })
        .locator("span span")
        .first()
        .evaluate((word) => getComputedStyle(word).color);
    await expect.poll(colour).toBe("rgb(21, 90, 132)");
    await page.evaluate(() => (document.documentElement.dataset["theme"] = "dark"));
    await expect.poll(colour).toBe("rgb(124, 192, 230)");
    await page.evaluate(() => (document.documentElement.dataset["theme"] = "light"));
    await expect.poll(colour).toBe("rgb(21, 90, 132)");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(() => delete document.documentElement.dataset["theme"]);
    await expect.poll(colour).toBe("rgb(124, 192, 230)");
  });

  test("a hundred editors: only those in view are mounted, and scrolling stays smooth", async () => {
    await open("?cells=100");
    expect(await page.locator(".sql-cell-monaco .view-lines").count()).toBeLessThan(20);
    await page.evaluate(() => (window.mostMountedAtOnce = 0));
    await page.mouse.move(500, 300);
    const isAtEnd = () => page.evaluate(() => scrollY + innerHeight > document.body.scrollHeight - 2);
    while (!(await isAtEnd())) {
      await page.mouse.wheel(0, 700);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    await page.waitForSelector("#cell-99 .view-line");
    // One editor takes some 10 ms to mount.
    expect(await page.evaluate(() => window.mostMountedAtOnce)).toBeLessThanOrEqual(2);
    await page.locator("#cell-99").scrollIntoViewIfNeeded();
    await clickWord(99, "FROM");
    await page.keyboard.press("Shift+Enter");
    expect(await log()).toEqual([["cell-99", "cell-run", "run-and-next"]]);
  });
});
