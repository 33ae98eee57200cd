import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const sales = notebook({
  "cell: sales": `SELECT DATE '2026-01-01' + range::INTEGER AS day, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city,
  range % 2 = 0 AS is_new, 10.0 + range % 7 AS price FROM range(300)`,
});

const charts = `
\`\`\`yaml
chart: by_city
from: sales
mark: barY
x: city
y: count()
\`\`\`

\`\`\`yaml
chart: by_month
from: sales
mark: barY
x: day
y: count()
grain: month
fill: is_new
\`\`\`
`;

describe.skipIf(!findChromium())("a mark that is picked", () => {
  const story = useStory({ "notebooks/sales.md": sales + charts });

  async function open(options = {}): Promise<Reader> {
    const reader = await story.open("sales", options);
    if ((await reader.cell("by_city").locator("chart-view").count()) === 0) await reader.runAll();
    await reader.showChart("by_month");
    await reader.showChart("by_city");
    return reader;
  }

  function bar(reader: Reader, chart: string, row: number): Locator {
    return reader.cell(chart).locator(`[data-row="${String(row)}"]`);
  }

  async function grave({ page }: Reader): Promise<readonly string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(within: string): Promise<AxeResults> } }).axe.run(
        "notebook-cell",
      ),
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  function line(reader: Reader, cell: string): Locator {
    return reader.cell(cell).locator("picked-line");
  }

  test("filters the other charts and the rows, and is undone", async () => {
    const reader = await open();
    await bar(reader, "by_city", 0).click();
    await line(reader, "by_city").getByText("city = BCN").waitFor();
    await line(reader, "by_month").getByText("100 of 300 rows").waitFor();
    await line(reader, "sales").getByText("100 of 300 rows").waitFor();
    expect(await bar(reader, "by_city", 1).evaluate((mark: SVGElement) => mark.style.opacity)).toBe("0.25");
    expect(await grave(reader)).toEqual([]);
    await line(reader, "by_month").getByRole("button", { name: "Clear" }).click();
    await line(reader, "sales").waitFor({ state: "detached" });
    reader.expectCalm();
  });
});
