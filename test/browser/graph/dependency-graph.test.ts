import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchBrowser } from "../../support/chromium.js";
import { buildElementPage, type PageOptions } from "../grid/element-page.js";
import type { GraphCell, GraphEdge } from "./graph-page.js";

const html = new URL("graph-page.html", import.meta.url).pathname;

const edges: GraphEdge[] = [
  ["orders", "enhanced"],
  ["messages", "enhanced"],
  ["enhanced", "delays"],
  ["enhanced", "first_message"],
  ["delays", "conversations"],
  ["first_message", "conversations"],
  ["conversations", "check_rows"],
];

function cell(name: string, change: Partial<GraphCell> = {}): GraphCell {
  const kind = name.startsWith("check") ? "check" : "sql";
  return { name, kind, status: "idle", outcome: "none", isStale: false, ...change };
}

const cells = [
  "orders",
  "messages",
  "enhanced",
  "delays",
  "first_message",
  "conversations",
  "check_rows",
].map((name) => cell(name));

describe.skipIf(!findChromium())("<dependency-graph>", () => {
  let browser: Browser;
  let open: Awaited<ReturnType<typeof buildElementPage>>;

  beforeAll(async () => {
    [browser, open] = await Promise.all([launchBrowser(), buildElementPage(html)]);
  });

  afterAll(() => browser.close());

  async function openGraph(
    graph: { cells: readonly GraphCell[]; edges: readonly GraphEdge[] },
    run: (page: Page) => Promise<void>,
    options?: PageOptions,
  ): Promise<void> {
    const { page, complaints } = await open(browser, options);
    await page.evaluate((given) => graphPage.mountGraph(given, "height: 100vh"), graph);
    await run(page);
    expect(complaints).toEqual([]);
    await page.context().close();
  }

  const node = (page: Page, name: string) => page.locator("dependency-graph .node").filter({ hasText: name });
  const settle = (page: Page) => page.evaluate(() => graphPage.settle());

  test("says of each cell how it stands, by shape, colour and words", () => {
    const standing = [
      cell("orders", { outcome: "reused", rows: 600, durationMs: 12 }),
      cell("messages", { outcome: "failed" }),
      cell("enhanced", { outcome: "blocked" }),
      cell("delays", { outcome: "succeeded", isStale: true }),
      cell("first_message", { status: "running", progress: 40 }),
      cell("conversations", { status: "queued" }),
      cell("check_rows", { outcome: "succeeded" }),
    ];
    return openGraph({ cells: standing, edges }, async (page) => {
      const labels = await page
        .getByRole("option")
        .evaluateAll((options) =>
          options.map((option) => option.querySelector("title")?.textContent.replaceAll("\u202f", " ")),
        );
      expect(labels).toEqual([
        "orders, reused, 600 rows, 12 ms",
        "messages, failed",
        "enhanced, blocked",
        "delays, out of date",
        "first_message, running, 40 %",
        "conversations, queued",
        "check_rows, passed",
      ]);
      const marks = await page
        .locator("dependency-graph .node > g:has(circle, path)")
        .evaluateAll((groups) => groups.map((group) => group.innerHTML + getComputedStyle(group).color));
      expect(new Set(marks).size).toBe(7);
    });
  });

  test("says of each cell where it is computed, or why it cannot be, at any size", () => {
    const why = "can't run on Spark: row_number() without ORDER BY";
    const computed = [
      cell("orders", { engine: { engine: "duckdb", words: "duckdb" } }),
      cell("messages", { engine: { engine: "spark", words: "spark" } }),
      cell("enhanced", { engine: { engine: "none", words: why } }),
      ...cells.slice(3),
    ];
    return openGraph({ cells: computed, edges }, async (page) => {
      const marks = page.locator("dependency-graph .engine");
      expect(await marks.allTextContents().then((texts) => texts.map((text) => text.trim()))).toEqual([
        "duckdb",
        "spark",
        "can't run on Spark",
      ]);
      await page.getByRole("option", { name: `enhanced, never run, ${why}` }).waitFor();
      await node(page, "enhanced").hover();
      await page.locator("dependency-graph .caption").getByText(why).waitFor();
      await page.getByRole("listbox").press("Home");
      for (let count = 0; count < 6; count++) await page.getByRole("button", { name: "Zoom out" }).click();
      await settle(page);
      expect(await page.locator("dependency-graph .node.block").count()).toBe(7);
      expect(await page.locator("dependency-graph .engine .bolt").count()).toBe(2);
      expect(await page.locator("dependency-graph .engine.none .crossed").count()).toBe(1);
    });
  });

  test("nothing moves while cells run", () =>
    openGraph({ cells, edges }, async (page) => {
      const places = () =>
        page.evaluate(() => {
          const drawn = graph.shadowRoot!.querySelectorAll(".node, .edge, .plane > g");
          return Array.from(
            drawn,
            (element) => element.getAttribute("transform") ?? element.getAttribute("d"),
          );
        });
      const before = await places();
      await page.evaluate(() => {
        graph.cells = graph.cells.map((cell) => ({
          ...cell,
          status: "running",
          progress: 50,
          rows: 1_000_000,
        }));
        graph.edges = [...graph.edges];
      });
      await settle(page);
      expect(await places()).toEqual(before);
      expect(await page.locator("dependency-graph .progress").count()).toBe(7);
      expect(await page.evaluate(() => picked)).toEqual([]);
    }));

  test("a click picks a cell; setting it from outside does not tell", () =>
    openGraph({ cells, edges }, async (page) => {
      await node(page, "delays").click();
      expect(await page.evaluate(() => picked)).toEqual(["delays"]);
      await page.evaluate(() => (graph.selected = "enhanced"));
      await settle(page);
      expect(await node(page, "enhanced").getAttribute("aria-selected")).toBe("true");
      expect(await page.evaluate(() => picked)).toEqual(["delays"]);
    }));

  test("shows what is upstream and downstream of the cell under the pointer", () =>
    openGraph({ cells, edges }, async (page) => {
      await node(page, "delays").hover();
      await settle(page);
      const named = (selector: string) =>
        page
          .locator(`dependency-graph .node${selector}`)
          .evaluateAll((nodes) => nodes.map((each) => each.querySelector(".name")?.textContent));
      expect(await named(".upstream")).toEqual(["orders", "messages", "enhanced"]);
      expect(await named(".downstream")).toEqual(["conversations", "check_rows"]);
      expect(await page.locator("dependency-graph .edge.upstream").count()).toBe(3);
      expect(await page.locator("dependency-graph .edge.downstream").count()).toBe(2);
      expect(await page.locator("dependency-graph .caption").textContent()).toContain(
        "3 upstream · 2 downstream",
      );
      await page.mouse.move(1, 690);
      await settle(page);
      expect(await page.locator("dependency-graph .plane.focussed").count()).toBe(0);
    }));

  test("arrow keys lead along the edges, Enter picks", () =>
    openGraph({ cells, edges }, async (page) => {
      await page.keyboard.press("Tab");
      for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Enter"]) {
        await page.keyboard.press(key);
        await settle(page);
      }
      expect(await page.evaluate(() => picked)).toEqual(["conversations"]);
      const plane = page.getByRole("listbox");
      expect(await plane.getAttribute("aria-activedescendant")).toBe("cell-5");
      await page.keyboard.press("Home");
      await settle(page);
      expect(await plane.getAttribute("aria-activedescendant")).toBe("cell-0");
    }));

  test("can be moved and zoomed, and shows all again", () =>
    openGraph({ cells, edges }, async (page) => {
      const transform = () => page.locator("dependency-graph .plane > g").getAttribute("transform");
      const whole = await transform();
      await page.mouse.move(500, 600);
      await page.mouse.down();
      await page.mouse.move(560, 640, { steps: 4 });
      await page.mouse.up();
      await settle(page);
      const moved = await transform();
      expect(moved).not.toBe(whole);
      expect(await page.evaluate(() => picked)).toEqual([]);
      await page.getByRole("button", { name: "Zoom in" }).click();
      await settle(page);
      expect(await transform()).not.toBe(moved);
      await page.getByRole("button", { name: "Show all" }).click();
      await settle(page);
      expect(await transform()).toBe(whole);
    }));

  test("is a list in a narrow place, and names stay readable", () =>
    openGraph(
      { cells, edges },
      async (page) => {
        const left = await page
          .locator("dependency-graph .node .ground")
          .evaluateAll((nodes) => nodes.map((each) => each.getBoundingClientRect().left));
        expect(new Set(left).size).toBe(1);
        expect(await node(page, "first_message").locator(".name").textContent()).toBe("first_message");
      },
      { width: 320, height: 700 },
    ));

  test("a long list shows the edges of one cell at a time, and all of itself on request", () => {
    const many = Array.from({ length: 120 }, (_, index) => cell(`c${index}_orders`));
    const parentOf = (index: number): string => many[Math.floor(index * ((index * 0.618) % 1))]!.name;
    const tree = many.slice(1).map(({ name }, index): GraphEdge => [parentOf(index + 1), name]);
    return openGraph(
      { cells: many, edges: tree },
      async (page) => {
        const edgeCount = () => page.locator("dependency-graph .edge").count();
        expect(await edgeCount()).toBe(0);
        await page.evaluate(() => (graph.selected = "c0_orders"));
        await settle(page);
        const children = tree.filter(([parent]) => parent === "c0_orders").length;
        expect(await edgeCount()).toBe(children);
        expect(await page.locator("dependency-graph .node.downstream").count()).toBe(119);
        const last = page.locator('dependency-graph .node[data-index="119"]');
        const bottom = async () => {
          const box = (await last.boundingBox())!;
          return box.y + box.height;
        };
        expect(await bottom()).toBeGreaterThan(700);
        await page.getByRole("button", { name: "Show all" }).click();
        await settle(page);
        expect(await bottom()).toBeLessThan(700);
        await page.getByRole("button", { name: "Show all" }).click();
        await settle(page);
        expect(await bottom()).toBeGreaterThan(700);
      },
      { width: 320, height: 700 },
    );
  });

  test("draws less of each cell the smaller it is", () => {
    const many = Array.from({ length: 200 }, (_, index) => cell(`customer_orders_${index}`));
    const parentOf = (index: number): string => many[Math.floor(index * ((index * 0.618) % 1))]!.name;
    const tree = many.slice(1).map(({ name }, index): GraphEdge => [parentOf(index + 1), name]);
    return openGraph({ cells: many, edges: tree }, async (page) => {
      expect(await page.locator("dependency-graph .node.block").count()).toBe(200);
      expect(await page.locator("dependency-graph .name").count()).toBe(0);
      for (let step = 0; step < 9; step++) await page.getByRole("button", { name: "Zoom in" }).click();
      await settle(page);
      expect(await page.locator("dependency-graph .node.full").count()).toBe(200);
    });
  });

  test("names from outside stay text", async () => {
    const names = [
      "<img src=x onerror=pwned()>",
      '"><script>pwned()</script>',
      "__proto__",
      "\u202eevil",
      "${1}",
    ];
    const chain = names.slice(1).map((name, index): GraphEdge => [names[index]!, name]);
    await openGraph({ cells: names.map((name) => cell(name)), edges: chain }, async (page) => {
      await page.locator("dependency-graph .node").first().click();
      await settle(page);
      expect(await page.evaluate(() => picked)).toEqual([names[0]]);
      expect(await page.locator("dependency-graph .caption b").textContent()).toBe(names[0]);
      expect(await page.locator("dependency-graph :is(img, script)").count()).toBe(0);
      expect(await page.getByRole("option").nth(3).locator("title").textContent()).toContain("\\u202eevil");
    });
  });

  test("an empty notebook says so", () =>
    openGraph({ cells: [], edges: [] }, async (page) => {
      expect(await page.locator("dependency-graph .nothing").textContent()).toBe("No cells");
    }));
});
