import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory, type Reader } from "./story.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const sales = notebook({
  "cell: sales": `SELECT DATE '2026-01-01' + range::INTEGER AS day, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city,
  range % 2 = 0 AS is_new, 10.0 + range % 7 AS price FROM range(400)`,
});

describe.skipIf(!findChromium())("a chart made by its form", () => {
  const story = useStory({
    "notebooks/sales.md": sales,
    "notebooks/empty.md": "Nothing yet.\n",
    "notebooks/commented.md": `${sales}\n\`\`\`yaml\nchart: by_city # the question\nfrom: sales\nmark: bar\nx: city # where\ny: [sum(price), count()]\n\`\`\`\n`,
  });

  function file(name: string): Promise<string> {
    return story.read(`notebooks/${name}.md`);
  }

  async function grave(reader: Reader): Promise<readonly string[]> {
    await reader.page.evaluate(axe);
    const { violations } = await reader.page.evaluate(() =>
      (globalThis as unknown as { axe: { run(within: string): Promise<AxeResults> } }).axe.run(
        "notebook-cell",
      ),
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  test("starts with a picture that fits the columns, and every choice is written", async () => {
    const reader = await story.open("sales");
    await reader.runAll();
    await reader.edit(() => reader.page.getByRole("button", { name: "+ Chart" }).click());
    expect(await file("sales")).toContain(
      "chart: chart_1\nfrom: sales\nmark: lineY\nx: day\ny: sum(price)\n",
    );
    await reader.cell("chart_1").locator("chart-view svg circle").first().waitFor();
    const form = reader.cell("chart_1").getByRole("group", { name: "Options of chart_1" });
    await form.getByLabel("Mark", { exact: true }).and(reader.page.locator("select:focus")).waitFor();
    await reader.edit(async () => {
      await form.getByLabel("Mark", { exact: true }).selectOption("barY");
    });
    await reader.edit(async () => {
      await form.getByLabel("Colour", { exact: true }).selectOption("city");
    });
    await reader.edit(async () => {
      await form.getByLabel("Parts", { exact: true }).selectOption("percent");
    });
    expect(await file("sales")).toContain("mark: barY\nx: day\ny: sum(price)\nfill: city\nlayout: percent\n");
    await reader.showChart("chart_1");
    expect(await grave(reader)).toEqual([]);
    reader.expectCalm();
  });

  test("keeps what it does not know, and follows the YAML", async () => {
    const reader = await story.open("commented");
    const cell = reader.cell("by_city");
    await cell.getByRole("button", { name: "Source of by_city" }).click();
    await cell.getByText("set in the YAML").waitFor();
    await reader.edit(async () => {
      await cell.getByLabel("Mark", { exact: true }).selectOption("barX");
    });
    expect(await file("commented")).toContain(
      "chart: by_city # the question\nfrom: sales\nmark: barX\nx: [sum(price), count()] # where\ny: city\n",
    );
    await cell.getByText("YAML", { exact: true }).click();
    await reader.edit(async () => {
      await cell
        .getByLabel("YAML of by_city")
        .fill("chart: by_city\nfrom: sales\nmark: dot\nx: day\ny: price");
      await cell.getByLabel("YAML of by_city").press("Control+s");
    });
    await expect.poll(() => cell.getByLabel("Mark", { exact: true }).inputValue()).toBe("dot");
    expect(await cell.getByLabel("Y", { exact: true }).inputValue()).toBe("price");
    reader.expectCalm();
  });

  test("is refused where there is nothing to draw", async () => {
    const reader = await story.open("empty");
    await reader.page.getByRole("button", { name: "+ Chart" }).click();
    await reader.page.getByText("A chart draws the rows of a SQL cell: add one first.").waitFor();
    expect(await file("empty")).toBe("Nothing yet.\n");
    reader.expectCalm();
  });
});
