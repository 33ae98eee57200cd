import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { notebook } from "../../integration/api/harness.js";
import { evilTexts } from "../evil-texts.js";
import { useStory, type Reader } from "./story.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** The first one twice, so that a profile shows it. */
const often = [evilTexts[0] ?? "", ...evilTexts];
const evilColumns = evilTexts.map((text, index) => `1 AS "${text.replaceAll('"', '""')} ${String(index)}"`);
const evil = `${notebook(
  {
    "cell: evil_values": `SELECT unnest([${often.map(quoted).join(", ")}]) AS value`,
    "cell: evil_columns": `SELECT ${evilColumns.join(", ")}`,
    "cell: evil_error": `SELECT error(${quoted(evilTexts.join(" "))}) AS n`,
  },
  `title: ${JSON.stringify(evilTexts[0])}`,
)}
${evilTexts.join("\n\n")}

[click](javascript:window.pwn=1) ![image](https://evil.example/x.png)

\`\`\`yaml
chart: evil_chart
title: ${JSON.stringify(evilTexts[1])}
from: evil_values
mark: barY
x: value
y: count(*)
\`\`\`
`;

const calm = `${notebook(
  {
    "cell: orders\n--| materialize: parquet\n--| key: id\n--| checks:\n--|   - row_count: {min: 1}":
      "SELECT range AS id, 'BCN' AS city FROM range(20)",
    "check: none_missing": "SELECT * FROM orders WHERE id IS NULL",
  },
  'title: Calm\nschedule: {cron: "0 6 29 2 *"}\nparameters:\n  city: {type: string, default: BCN}',
)}
# Calm

\`\`\`yaml
chart: by_city
from: orders
mark: barY
x: city
y: count(*)
\`\`\`

\`\`\`yaml
input: top
type: number
label: How many
default: 3
\`\`\`
`;

describe.skipIf(!findChromium())("what readers must not suffer", () => {
  const story = useStory({ "notebooks/calm.md": calm, "notebooks/evil.md": evil });

  /** Faults that keep somebody from using the page. */
  async function faults({ page }: Reader): Promise<string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  test.each(["light", "dark"] as const)("axe finds no fault on any page, %s", async (colorScheme) => {
    await story.server.run("calm", { materialize: true, date: "2026-11-01" });
    const reader = await story.open("calm", { colorScheme });
    const { page } = reader;
    await reader.runAll();
    await reader.showChart("by_city");
    await (await reader.rows("orders")).getByText("BCN").first().waitFor();
    expect(await faults(reader)).toEqual([]);
    await page.getByRole("button", { name: "Graph" }).click();
    await page.locator("dependency-graph .node", { hasText: "orders" }).first().waitFor();
    expect(await faults(reader)).toEqual([]);
    const pages = [
      ["#/", "home-page .card"],
      ["#/lake/orders", "lake-page data-grid"],
      ["#/runs", "runs-page table.list a"],
      ["#/schedules/calm", "run-calendar .day"],
    ] as const;
    for (const [hash, sign] of pages) {
      await page.goto(`${story.server.url}/${hash}`);
      await page.locator(sign).first().waitFor();
      expect(await faults(reader)).toEqual([]);
    }
    reader.expectCalm();
  });

  test("evil values, columns, errors, prose and titles stay text in a notebook", async () => {
    const reader = await story.open("evil");
    const { page } = reader;
    await reader.runAll();
    await reader.cell("evil_error").locator(".problems").waitFor();
    for (const name of ["evil_values", "evil_columns"]) {
      const cell = reader.cell(name);
      await cell.scrollIntoViewIfNeeded();
      await cell.locator("data-grid").getByText("<script>").first().waitFor();
      await cell.getByRole("tab", { name: "Profile" }).click();
      await cell.locator("column-profile").getByText("<script>").first().waitFor();
    }
    await reader.showChart("evil_chart");
    expect(await page.evaluate(() => "pwn" in window)).toBe(false);
    expect(
      await page.locator('notebook-page :is(script, img, iframe, base, meta, a[href^="javascript"])').count(),
    ).toBe(0);
    reader.expectCalm();
  });
});
