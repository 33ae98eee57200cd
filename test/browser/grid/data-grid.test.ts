import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchBrowser } from "../../support/chromium.js";
import { buildElementPage, type ElementPage } from "./element-page.js";
import type {} from "./grid-page.js";

const html = new URL("grid-page.html", import.meta.url).pathname;
const VIEWPORT = "data-grid .viewport";

describe.skipIf(!findChromium())("<data-grid>", () => {
  let browser: Browser;
  let open: Awaited<ReturnType<typeof buildElementPage>>;

  beforeAll(async () => {
    [browser, open] = await Promise.all([launchBrowser(), buildElementPage(html)]);
  });

  afterAll(() => browser.close());

  /** Opens a grid of this many rows: order_id, city_code, sent_at, price and payload. */
  async function openGrid(totalRows: number, run: (driver: GridDriver) => Promise<void>): Promise<void> {
    const opened = await open(browser);
    await opened.page.evaluate((rows) => gridPage.mountOrders(rows), totalRows);
    await run(new GridDriver(opened));
    expect(opened.complaints).toEqual([]);
    await opened.page.context().close();
  }

  test("goes to the end of ten million rows and back", () =>
    openGrid(10_000_000, async (driver) => {
      await driver.focus();
      await driver.press("Control+End");
      expect(await driver.cursorText()).toBe("row 9999999");
      expect(await driver.lastRowIndex()).toBe(10_000_001);
      const { offset, limit } = await driver.lastRequest();
      expect([offset, limit]).toEqual([9_999_800, 200]);
      await driver.press("Control+Home");
      expect(await driver.cursorText()).toBe("1000000000000000000");
      expect(await driver.page.locator(VIEWPORT).getAttribute("aria-rowcount")).toBe("10000001");
    }));

  test("a step of the wheel passes a few rows, as many in ten million as in one", async () => {
    const passed: number[][] = [];
    for (const rows of [1_000_000, 10_000_000])
      await openGrid(rows, async (driver) => {
        await driver.page.locator(VIEWPORT).hover();
        const places: number[] = [];
        for (const delta of [120, 240]) {
          await driver.page.mouse.wheel(0, delta);
          await driver.settle();
          places.push(Number(await driver.firstRowNumber()) - 1);
        }
        passed.push(places);
      });
    const [[first = 0, second = 0] = [], longer] = passed;
    expect(first).toBeGreaterThan(1);
    expect(first).toBeLessThan(10);
    expect(second - first).toBeGreaterThan(first);
    expect(longer).toEqual([first, second]);
  });

  test("a profile asks for the columns that follow when they come near, each time once", async () => {
    const { page, complaints } = await open(browser);
    const asked = await page.evaluate(async () => {
      const described = Array.from({ length: 40 }, (_, index) => ({
        name: `c${index}`,
        type: "BIGINT",
        kind: "integer" as const,
        count: 1,
        nulls: 0,
      }));
      const counts: number[] = [];
      const isAsked = (): Promise<void> =>
        new Promise((resolve) => {
          const onMore = (event: Event): void => {
            counts.push((event.target as HTMLElementTagNameMap["column-profile"]).profile.length);
            resolve();
          };
          document.addEventListener("more-columns", onMore, { once: true });
        });
      const short = isAsked();
      const properties = { profile: described.slice(0, 3), totalColumns: 100 };
      const profile = await gridPage.mount<HTMLElementTagNameMap["column-profile"]>(
        "column-profile",
        properties,
      );
      await short;
      const scrolled = isAsked();
      profile.profile = described;
      await profile.updateComplete;
      profile.shadowRoot!.querySelector("button")!.scrollIntoView();
      await scrolled;
      return counts;
    });
    expect(asked).toEqual([3, 40]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("dragging the scroll bar to the end asks for few pages", () =>
    openGrid(10_000_000, async (driver) => {
      await driver.page.evaluate(async () => {
        const viewport = grid.shadowRoot!.querySelector(".viewport")!;
        for (let step = 1; step <= 40; step++) {
          viewport.scrollTop = (viewport.scrollHeight * step) / 40;
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      });
      await driver.page.waitForFunction(() => source.requests.some(({ offset }) => offset === 9_999_800));
      await driver.settle();
      expect(await driver.lastRowIndex()).toBe(10_000_001);
      expect(await driver.page.evaluate(() => source.requests.length)).toBeLessThan(20);
    }));

  test("moves by keys, and extends with Shift", () =>
    openGrid(500, async (driver) => {
      await driver.focus();
      await driver.press("ArrowDown", "ArrowDown", "ArrowRight");
      expect(await driver.cursorId()).toBe("cell-2-1");
      await driver.press("End");
      expect(await driver.cursorId()).toBe("cell-2-4");
      await driver.press("Home", "PageDown");
      expect(await driver.cursorId()).toMatch(/^cell-1\d-0$/);
      await driver.press("Control+Home", "Shift+ArrowDown", "Shift+ArrowRight");
      expect(await driver.selectedIds()).toEqual(["cell-0-0", "cell-0-1", "cell-1-0", "cell-1-1"]);
      await driver.press("Escape");
      expect(await driver.selectedIds()).toEqual(["cell-1-1"]);
    }));

  test("tells a second column of the same name from the first", async () => {
    const { page, complaints } = await open(browser);
    await page.evaluate(async () => {
      const columns = [
        { name: "id", type: "BIGINT", kind: "integer" as const },
        { name: "note", type: "VARCHAR", kind: "text" as const },
        { name: "id", key: "id_1", type: "BIGINT", kind: "integer" as const },
      ];
      const source = new gridPage.FakeSource(columns, 3, (row, column) => row * 10 + column);
      const grid = await gridPage.mount<HTMLElementTagNameMap["data-grid"]>("data-grid", { source });
      grid.profile = columns.map((column) => ({ ...column, count: 3, nulls: 0 }));
      await gridPage.settle(grid);
    });
    const names = page.locator("data-grid .name-cell");
    expect((await names.allInnerTexts()).map((text) => text.split("\n")[0])).toEqual(["id", "note", "id"]);
    expect(await names.locator(".namesake").allInnerTexts()).toEqual(["2"]);
    expect(await names.nth(0).getAttribute("title")).toMatch(/^id  BIGINT/);
    expect(await names.nth(2).getAttribute("title")).toMatch(/^id, number 2 of that name  BIGINT/);
    await page.getByRole("columnheader", { name: /^id .*number 2 of that name/ }).waitFor();

    await page.getByRole("button", { name: "Filter columns" }).click();
    await page.getByLabel("Filter id", { exact: true }).waitFor();
    await page.getByLabel("Filter id, number 2 of that name", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("sorts by click: ascending, descending, none", () =>
    openGrid(500, async (driver) => {
      const header = driver.page.locator("data-grid .name-cell").first();
      for (const [order, first, event] of [
        ["ascending", "1000000000000000000", { column: "order_id", direction: "asc" }],
        ["descending", "1000000000000000499", { column: "order_id", direction: "desc" }],
        ["none", "1000000000000000000", null],
      ] as const) {
        await header.locator(".name").click();
        await driver.settle();
        expect(await header.getAttribute("aria-sort")).toBe(order);
        expect(await driver.cell(0, 0).textContent()).toBe(first);
        expect(await driver.page.evaluate(() => events.at(-1))).toEqual({
          type: "sort-change",
          detail: event,
        });
      }
    }));

  test("sorts by keyboard from the header", () =>
    openGrid(500, async (driver) => {
      await driver.focus();
      await driver.press("ArrowUp", "ArrowRight", "Enter");
      expect(await driver.lastRequest()).toMatchObject({ sort: { column: "city_code", direction: "asc" } });
      await driver.press("Enter");
      expect(await driver.lastRequest()).toMatchObject({ sort: { column: "city_code", direction: "desc" } });
    }));

  test("keeps the old rows until the sorted ones are there", () =>
    openGrid(500, async (driver) => {
      await driver.page.evaluate(() => (source.isHeld = true));
      const header = driver.page.locator("data-grid .name-cell").first();
      await header.click({ clickCount: 1 });
      await header.click({ delay: 1 });
      await driver.settle();
      expect(await driver.cell(0, 0).textContent()).toBe("1000000000000000000");
      expect(await driver.page.locator(VIEWPORT).getAttribute("aria-busy")).toBe("true");
      await driver.page.evaluate(() => source.release());
      await driver.settle();
      expect(await driver.cell(0, 0).textContent()).toBe("1000000000000000499");
      expect(await driver.page.locator(VIEWPORT).getAttribute("aria-busy")).toBe("false");
    }));

  test("setting properties fires no event", () =>
    openGrid(500, async (driver) => {
      await driver.page.evaluate(() => {
        grid.source = gridPage.makeOrders(300);
        grid.profile = [];
        grid.stale = true;
      });
      await driver.settle();
      expect(await driver.page.evaluate(() => events)).toEqual([]);
    }));

  test("keeps place, cursor and sort when the same columns come again", () =>
    openGrid(5_000, async (driver) => {
      await driver.page.locator("data-grid .name-cell").first().click();
      await driver.focus();
      await driver.press("Control+End");
      await driver.page.evaluate(() => (grid.source = gridPage.makeOrders(5_000)));
      await driver.settle();
      expect(await driver.cursorId()).toBe("cell-4999-4");
      expect(await driver.cursorText()).toBe("row 4999");
      expect(await driver.page.locator("data-grid .name-cell").first().getAttribute("aria-sort")).toBe(
        "ascending",
      );
    }));

  test("keeps its place when it is hidden, or moved within the page", () =>
    openGrid(10_000_000, async (driver) => {
      await driver.focus();
      await driver.press("Control+End");
      await driver.page.evaluate(async () => {
        grid.style.display = "none";
        await gridPage.settle(grid);
        grid.style.display = "";
        document.body.append(grid);
      });
      await driver.settle();
      expect(await driver.cursorText()).toBe("row 9999999");
      await driver.focus();
      await driver.press("Control+Home");
      expect(await driver.firstRowNumber()).toBe("1");
    }));

  test("searches and filters, and clears again", () =>
    openGrid(500, async (driver) => {
      await driver.focus();
      await driver.press("/");
      await driver.page.keyboard.type("bcn");
      await driver.press("Enter");
      expect(await driver.summary()).toBe("5 of 500 rows");
      await driver.page.getByRole("button", { name: "Filter columns" }).click();
      await driver.page.getByLabel("Filter price").fill("> 5");
      await driver.page.getByLabel("Filter price").press("Enter");
      await driver.settle();
      expect(await driver.page.evaluate(() => events.at(-1))).toEqual({
        type: "filter-change",
        detail: { search: "bcn", columns: [{ column: "price", operator: "greater", value: "5" }] },
      });
      await driver.page.getByLabel("Filter city_code").fill("nothing");
      await driver.page.getByLabel("Filter city_code").press("Enter");
      await driver.settle();
      expect(await driver.summary()).toBe("0 of 500 rows");
      await driver.page.getByRole("button", { name: "Clear filters" }).click();
      await driver.settle();
      expect(await driver.summary()).toBe("500 rows");
    }));

  test("filters while one types", () =>
    openGrid(500, async (driver) => {
      await driver.page.getByLabel("Search in all columns").pressSequentially("abc");
      await driver.page.waitForFunction(() => events.length > 0);
      expect(await driver.page.evaluate(() => events)).toEqual([
        { type: "filter-change", detail: { search: "abc", columns: [] } },
      ]);
    }));

  test("resizes a column by dragging, by a double click and by keys", () =>
    openGrid(500, async (driver) => {
      const grip = driver.page.locator("data-grid .name-cell").nth(1).locator(".grip");
      const before = await driver.columnWidth(1);
      const box = (await grip.boundingBox())!;
      await driver.page.mouse.move(box.x + 4, box.y + 10);
      await driver.page.mouse.down();
      await driver.page.mouse.move(box.x + 84, box.y + 10, { steps: 4 });
      await driver.page.mouse.up();
      await driver.settle();
      expectNear(await driver.columnWidth(1), before + 80);
      await grip.dblclick();
      await driver.settle();
      expectNear(await driver.columnWidth(1), before);
      await driver.focus();
      await driver.press("ArrowRight", "Alt+ArrowRight");
      expect(await driver.columnWidth(1)).toBeGreaterThan(before + 4);
      expect(await driver.page.evaluate(() => events)).toEqual([]);
    }));

  test("copies what is selected by mouse as tab-separated text", () =>
    openGrid(500, async (driver) => {
      await driver.cell(0, 0).hover();
      await driver.page.mouse.down();
      await driver.cell(1, 1).hover();
      await driver.page.mouse.up();
      await driver.press("Control+c");
      expect(await driver.clipboard()).toBe("1000000000000000000\tBCN\n1000000000000000001\tMAD");
      await driver.page.getByRole("button", { name: "Copy with header" }).click();
      await driver.settle();
      expect(await driver.clipboard()).toBe(
        "order_id\tcity_code\n1000000000000000000\tBCN\n1000000000000000001\tMAD",
      );
      expect(await driver.summary()).toBe("Copied 2 rows");
    }));

  test("copies rows that were never scrolled to", () =>
    openGrid(2_000, async (driver) => {
      await driver.focus();
      await driver.press("Control+a", "Control+c");
      await driver.page.waitForFunction(() => grid.shadowRoot!.textContent.includes("Copied"));
      expect((await driver.clipboard()).split("\n")).toHaveLength(2_000);
    }));

  test("Enter opens the whole value, Escape gives the focus back", () =>
    openGrid(500, async (driver) => {
      await driver.focus();
      await driver.press("End", "Enter");
      const detail = driver.page.getByRole("dialog");
      expect(await detail.textContent()).toContain('{\n  "label": "row 0",\n  "tags": [\n    "a",');
      await driver.press("Escape");
      expect(await detail.isVisible()).toBe(false);
      await driver.press("ArrowDown");
      expect(await driver.cursorId()).toBe("cell-1-4");
    }));

  test("a value that came cut says so in its cell, its detail and when it is copied, and is a download", () =>
    openGrid(0, async (driver) => {
      await driver.page.evaluate(() => {
        grid.source = {
          columns: [{ name: "text", type: "VARCHAR", kind: "text", key: "text_1" }],
          totalRows: 2,
          fetchRows: () =>
            Promise.resolve({
              rows: [["short"], ["x".repeat(4096)]],
              totalRows: 2,
              cut: [{ row: 1, column: 0, length: 10_000_000 }],
            }),
          valueUrl: (row, column, { sort }) => `/value?row=${row}&column=${column}&sort=${sort?.direction}`,
        };
      });
      await driver.settle();
      const length = "Only the beginning of 10\u202f000\u202f000 characters";
      const title = (id: string) => driver.page.locator(id).getAttribute("title");
      expect([await title("#cell-0-0"), await title("#cell-1-0")]).toEqual([null, length]);
      await driver.page.locator("#cell--1-0").click();
      await driver.settle();
      await driver.press("ArrowDown", "ArrowDown", "Enter");
      const detail = driver.page.getByRole("dialog");
      expect(await detail.textContent()).toContain(length);
      const whole = detail.getByRole("link", { name: "Download the whole value" });
      expect(await whole.getAttribute("href")).toBe("/value?row=1&column=text_1&sort=asc");
      await driver.press("Escape", "Control+c");
      await driver.settle();
      expect(await driver.summary()).toBe("Copied 1 row, only the beginning of 1 long value");
    }));

  test("draws only the columns within sight of five hundred", () =>
    openGrid(0, async (driver) => {
      await driver.page.evaluate(() => {
        const columns = Array.from({ length: 500 }, (_, index) => ({
          name: `c${index}`,
          type: "INTEGER",
          kind: "integer" as const,
        }));
        grid.source = source = new gridPage.FakeSource(columns, 1_000, (row, column) => row * 1000 + column);
      });
      await driver.settle();
      await driver.focus();
      await driver.press("End");
      expect(await driver.cursorText()).toBe("499");
      expect(await driver.page.locator("data-grid .row.names [aria-colindex='501']").count()).toBe(1);
      expect(await driver.page.locator("data-grid .cell").count()).toBeLessThan(1_000);
      await driver.press("Home");
      expect(await driver.cursorText()).toBe("0");
    }));

  test("pinned columns stay in sight, and others scroll out from below them", async () => {
    const opened = await open(browser);
    const { page } = opened;
    await page.setViewportSize({ width: 700, height: 600 });
    await page.evaluate(async () => {
      const columns = Array.from({ length: 16 }, (_, index) => ({
        name: `c${index}`,
        type: "VARCHAR",
        kind: "text" as const,
      }));
      const rows = new gridPage.FakeSource(columns, 200, (row, column) => `r${row}c${column}`);
      const profile = columns.map((column) => ({ ...column, count: 200, nulls: 0, distinct: 200 }));
      globalThis.grid = await gridPage.mount("data-grid", { source: rows, profile });
    });
    const driver = new GridDriver(opened);
    const head = (name: string): Locator =>
      page.getByRole("columnheader", { name: new RegExp(`^${name}\\b`) });
    const choose = async (name: string, entry: string): Promise<void> => {
      await head(name).click({ button: "right" });
      await page.getByRole("menuitem", { name: entry, exact: true }).click();
      await page.getByRole("menu").waitFor({ state: "hidden" });
      await driver.settle();
    };
    const leftOf = (place: Locator): Promise<number> =>
      place.evaluate((element) => Math.round(element.getBoundingClientRect().left));
    const rightOf = (place: Locator): Promise<number> =>
      place.evaluate((element) => Math.round(element.getBoundingClientRect().right));
    /** Whether what is drawn at the middle of a cell is that cell. */
    const isOnTop = (place: Locator): Promise<boolean> =>
      place.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const found = (element.getRootNode() as ShadowRoot).elementFromPoint(
          left + width / 2,
          top + height / 2,
        );
        return found !== null && (found === element || element.contains(found));
      });

    await choose("c2", "Pin at the left");
    await choose("c4", "Pin at the left");
    await driver.cell(3, 0).getByText("r3c2", { exact: true }).waitFor();
    await driver.cell(3, 1).getByText("r3c4", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Filter columns" }).click();
    const filter = page.getByLabel("Filter c4");
    await filter.waitFor();
    const places = [driver.cell(3, 0), driver.cell(3, 1), head("c2"), head("c4"), filter];
    const before = await Promise.all(places.map(leftOf));

    await driver.cell(3, 3).click();
    await driver.press("Control+ArrowRight");
    expect(await driver.cursorText()).toBe("r3c15");
    expect(await Promise.all(places.map(leftOf))).toEqual(before);
    expect(await Promise.all(places.map(isOnTop))).toEqual(places.map(() => true));
    expect(await head("c4").locator(".counts").textContent()).toContain("200 distinct");

    for (let column = 14; column >= 2; column--) {
      await driver.press("ArrowLeft");
      expect(await isOnTop(driver.cell(3, column))).toBe(true);
      expect(await leftOf(driver.cell(3, column))).toBeGreaterThanOrEqual(await rightOf(driver.cell(3, 1)));
    }
    await page.locator(VIEWPORT).evaluate((element) => (element.scrollLeft = 300));
    await driver.settle();
    await driver.press("ArrowLeft");
    expect(await driver.cursorText()).toBe("r3c4");
    expect(await page.locator(VIEWPORT).evaluate(({ scrollLeft }) => scrollLeft)).toBe(300);
    await driver.cell(5, 0).click();
    expect(await driver.cursorText()).toBe("r5c2");

    const edge = await rightOf(driver.cell(5, 1));
    await driver.press("ArrowRight", "Alt+ArrowRight");
    expect(await rightOf(driver.cell(5, 1))).toBe(edge + 16);
    await choose("c2", "Hide");
    expect(await leftOf(driver.cell(5, 0))).toBe(before[0]);
    expect(await driver.cell(5, 0).textContent()).toBe("r5c4");
    await choose("c4", "Unpin");
    await driver.cell(5, 0).waitFor({ state: "detached" });

    await page.setViewportSize({ width: 390, height: 600 });
    await page.locator(VIEWPORT).evaluate((element) => (element.scrollLeft = 0));
    await choose("c0", "Pin at the left");
    await choose("c1", "Pin at the left");
    await choose("c3", "Pin at the left");
    await page.getByText("Too wide to stay in sight: it scrolls").waitFor();
    const pinned = await page.locator("data-grid .name-cell.pinned").count();
    expect(pinned).toBeLessThan(3);
    const width = await rightOf(page.locator("data-grid .name-cell.pinned.edge"));
    expect(width).toBeLessThan(390 * 0.6);
    expect(opened.complaints).toEqual([]);
    await page.context().close();
  });

  test("an empty result shows its columns", () =>
    openGrid(0, async (driver) => {
      expect(await driver.summary()).toBe("0 rows");
      expect(await driver.page.locator("data-grid .name").allTextContents()).toContain("city_code");
      await driver.focus();
      await driver.press("ArrowDown", "Control+End", "Enter", "Control+c");
      expect(await driver.page.evaluate(() => source.requests.length)).toBeLessThan(2);
    }));

  test("a failure is shown, and can be tried again", () =>
    openGrid(500, async (driver) => {
      await driver.page.evaluate(() => (source.failure = "The result is no longer there."));
      await driver.focus();
      await driver.press("Control+End");
      const alert = driver.page.getByRole("alert");
      await alert.waitFor();
      expect(await alert.textContent()).toContain("The result is no longer there.");
      await driver.page.evaluate(() => (source.failure = null));
      await driver.page.getByRole("button", { name: "Try again" }).click();
      await driver.settle();
      expect(await alert.count()).toBe(0);
      expect(await driver.cursorText()).toBe("row 499");
    }));

  test("a late answer to an older question changes nothing", () =>
    openGrid(500, async (driver) => {
      await driver.page.evaluate(() => {
        const slow = (source = gridPage.makeOrders(400));
        slow.isHeld = true;
        grid.source = slow;
      });
      await driver.settle();
      await driver.page.evaluate(() => (grid.source = gridPage.makeOrders(300)));
      await driver.settle();
      expect(await driver.summary()).toBe("300 rows");
      await driver.page.evaluate(() => source.release());
      await driver.settle();
      expect(await driver.summary()).toBe("300 rows");
    }));
});

/** Places are rounded to the pixels of the screen, whatever its density. */
function expectNear(length: number, expected: number): void {
  expect(Math.abs(length - expected), `${length} for ${expected}`).toBeLessThan(3);
}

class GridDriver {
  readonly page: Page;

  constructor({ page }: ElementPage) {
    this.page = page;
  }

  settle(): Promise<void> {
    return this.page.evaluate(() => gridPage.settle(grid));
  }

  async focus(): Promise<void> {
    await this.page.locator(VIEWPORT).focus();
    await this.settle();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      await this.settle();
    }
  }

  cell(row: number, column: number): Locator {
    return this.page.locator(`data-grid #cell-${row}-${column}`);
  }

  /** Reads the cell with the cursor once it has come. */
  async cursorText(): Promise<string | null> {
    await this.page.locator("data-grid .cell.cursor:not(.loading)").waitFor();
    const text = await this.page.locator("data-grid .cell.cursor").textContent();
    return /"label":"([^"]*)"/.exec(text ?? "")?.[1] ?? text;
  }

  cursorId(): Promise<string | null> {
    return this.page.locator(VIEWPORT).getAttribute("aria-activedescendant");
  }

  selectedIds(): Promise<string[]> {
    return this.page
      .locator("data-grid [role=gridcell][aria-selected=true]")
      .evaluateAll((cells) => cells.map(({ id }) => id));
  }

  async lastRowIndex(): Promise<number> {
    return Number(await this.page.locator("data-grid .window .row").last().getAttribute("aria-rowindex"));
  }

  firstRowNumber(): Promise<string | null> {
    return this.page.locator("data-grid .window .gutter").first().textContent();
  }

  async summary(): Promise<string | undefined> {
    const text = await this.page.locator("data-grid .summary").textContent();
    return text?.trim().replaceAll("\u202f", " ");
  }

  async columnWidth(index: number): Promise<number> {
    const box = await this.page.locator("data-grid .name-cell").nth(index).boundingBox();
    return box?.width ?? 0;
  }

  lastRequest() {
    return this.page.evaluate(() => source.requests.at(-1)!);
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}
