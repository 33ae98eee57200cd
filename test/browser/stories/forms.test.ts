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

describe.skipIf(!findChromium())("charts and controls made by their forms", () => {
  const story = useStory({
    "notebooks/sales.md": sales,
    "notebooks/empty.md": "Nothing yet.\n",
    "notebooks/chosen.md": sales,
    "notebooks/since.md": `${sales}\n\`\`\`sql\n--| cell: late\nSELECT * FROM sales WHERE day >= $from_then\n\`\`\`\n`,
    "notebooks/broken.md": `${sales}\n\`\`\`yaml\ninput: top # of all\ntype: slider\nmin: 5\nmax: 10\nfuture: x\n\`\`\`\n`,
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

  test("a chart starts with a picture that fits the columns, and every choice is written", async () => {
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

  test("the form of a chart keeps what it does not know, and follows the YAML", async () => {
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

  test("a control is made by choice: of a list, then of a query, with a default", async () => {
    const reader = await story.open("chosen");
    const { page } = reader;
    await reader.runAll();
    await reader.edit(() => page.getByRole("button", { name: "+ Control" }).click());
    const cell = reader.cell("control_1");
    const form = cell.getByRole("group", { name: "Options of control_1" });
    const type = form.getByLabel("Type", { exact: true });
    await type.and(page.locator("select:focus")).waitFor();
    await reader.edit(async () => {
      await type.selectOption("select");
    });
    await reader.edit(async () => {
      await form.getByLabel("Choices, one a line").fill("BCN\nMAD");
      await form.getByLabel("Label").focus();
    });
    await reader.edit(async () => {
      await form.getByLabel("Default").selectOption("MAD");
    });
    await cell
      .locator("cell-control select option:checked", { hasText: /^\s*MAD\s*$/ })
      .waitFor({ state: "attached" });
    expect(await file("chosen")).toContain(
      "input: control_1\ntype: select\noptions: [BCN, MAD]\ndefault: MAD\n",
    );
    // Another type is tried, and left again.
    await reader.edit(async () => {
      await type.selectOption("number");
    });
    expect(await file("chosen")).toContain("input: control_1\ntype: number\n```");
    await reader.edit(async () => {
      await type.selectOption("select");
    });
    expect(await file("chosen")).toContain(
      "input: control_1\ntype: select\noptions: [BCN, MAD]\ndefault: MAD\n",
    );
    await reader.edit(async () => {
      await form.getByLabel("Choices from").selectOption("query");
    });
    await reader.edit(async () => {
      await form.getByLabel("Choices: a query").fill("SELECT DISTINCT city FROM sales ORDER BY 1");
      await form.getByLabel("Label").fill("The city");
      await form.getByLabel("Default").focus();
    });
    await cell.locator("cell-control").getByLabel("The city").waitFor();
    await expect.poll(() => cell.locator("cell-control select").allInnerTexts()).toEqual(["BCN\nMAD\nVLC"]);
    expect(await file("chosen")).toContain(
      'options: SELECT DISTINCT city FROM sales ORDER BY 1\ndefault: MAD\nlabel: "The city"\n',
    );
    expect(await grave(reader)).toEqual([]);
    reader.expectCalm();
  });

  test("a control says at the field what is wrong, keeps what its form does not know, and follows the YAML", async () => {
    const reader = await story.open("broken");
    const cell = reader.cell("top");
    await cell.getByRole("button", { name: "Source of top" }).click();
    const form = cell.getByRole("group", { name: "Options of top" });
    await reader.edit(async () => {
      await form.getByLabel("Least").fill("50");
      await form.getByLabel("Greatest").focus();
    });
    const least = form.getByLabel("Least").and(cell.locator("[aria-invalid=true]"));
    await least.waitFor();
    const problem = cell.locator(`#${(await least.getAttribute("aria-describedby")) ?? ""}`);
    await problem.getByText("a min of 50 above its max of 10").waitFor();
    await reader.edit(async () => {
      await form.getByLabel("Greatest").fill("100");
      await form.getByLabel("Step").focus();
    });
    await problem.waitFor({ state: "detached" });
    expect(await file("broken")).toContain(
      "input: top # of all\ntype: slider\nmin: 50\nmax: 100\nfuture: x\n",
    );

    // Opened by the error, and still.
    const yaml = cell.getByLabel("YAML of top");
    await reader.edit(async () => {
      await yaml.fill("input: top\ntype: slider\nmin: [1\nmax: 9");
      await yaml.press("Control+s");
    });
    await cell.getByText("There is a fault in the YAML").waitFor();
    await cell
      .getByRole("alert")
      .getByText(/^line \d+:/)
      .first()
      .waitFor();
    await reader.edit(async () => {
      await yaml.fill("input: top\ntype: number\nmin: 1\nmax: 9");
      await yaml.press("Control+s");
    });
    await expect.poll(() => form.getByLabel("Type", { exact: true }).inputValue()).toBe("number");
    expect(await form.getByLabel("Greatest").inputValue()).toBe("9");
    reader.expectCalm();
  });

  test("a parameter that is not there gets a control of the type that its query needs", async () => {
    const reader = await story.open("since", { permissions: ["clipboard-read", "clipboard-write"] });
    const late = reader.cell("late");
    await reader.edit(() => late.getByRole("button", { name: "Make a control from_then" }).click());
    expect(await file("since")).toMatch(
      /input: from_then\ntype: date\ndefault: \d{4}-01-01\n```\n\n```sql\n--\| cell: late\n/,
    );
    await reader.cell("from_then").locator('input[type="date"]').waitFor();
    await late.locator(".problems").waitFor({ state: "detached" });

    // How it is used stands in its form, and comes at the sign.
    const made = reader.cell("from_then");
    await made.getByRole("button", { name: "Source of from_then" }).click();
    await made.locator("control-form").getByText("In SQL: $from_then").waitFor();
    await made.getByText("In shared links and files it stays as it is set").waitFor();
    await made.getByRole("button", { name: "Copy $from_then" }).click();
    await made.getByText("Copied").waitFor();
    expect(await reader.page.evaluate(() => navigator.clipboard.readText())).toBe("$from_then");
    await reader.enter("late");
    await reader.page.keyboard.press("Control+End");
    await reader.page.keyboard.type(" AND day < $");
    const first = reader.page.locator(".suggest-widget .monaco-list-row").first();
    await first.getByText(/^date · "\d{4}-01-01" · control$/).waitFor();
    reader.expectCalm();
  });

  test("a chart is refused where there is nothing to draw", async () => {
    const reader = await story.open("empty");
    await reader.page.getByRole("button", { name: "+ Chart" }).click();
    await reader.page.getByText("A chart draws the rows of a SQL cell: add one first.").waitFor();
    expect(await file("empty")).toBe("Nothing yet.\n");
    reader.expectCalm();
  });
});
