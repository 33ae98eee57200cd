import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { afterAll, describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { shakeHands, writeRows } from "../../support/fake-rows.js";
import { FakeSpark } from "../../support/fake-spark.js";
import { useStory } from "./story.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

const sales = notebook(
  {
    "cell: orders\n--| engine: duckdb": "SELECT range AS id, range % 7 AS amount FROM range(20)",
    "cell: total\n--| materialize: parquet": "SELECT sum(amount)::BIGINT AS amount FROM orders",
    "cell: numbered": "SELECT row_number() OVER () AS place, amount FROM orders",
  },
  "engine: spark",
);

describe.skipIf(!findChromium())("a notebook whose cells ask for Spark", () => {
  let finish = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (finish = resolve));
  const fake = new FakeSpark({
    onWrite: async (write, signal) => {
      if (write.path.endsWith("/answer")) return shakeHands(write);
      await Promise.race([waiting, once(signal, "abort")]);
      if (signal.aborted) return;
      return writeRows(write, "SELECT 57::BIGINT AS amount");
    },
  });
  const story = useStory(
    {
      "notebooks/sales.md": sales,
      "notebooks/slow.md": notebook({
        "cell: one\n--| engine: spark\n--| materialize: parquet": "SELECT 1 AS n",
      }),
      "notebooks/plain.md": notebook({ "cell: one": "SELECT 1 AS n", "check: none": "FROM one WHERE n > 1" }),
    },
    async () => {
      await fake.start();
      return ["--spark", fake.url];
    },
  );
  afterAll(() => fake.kill());

  test("is stopped where it was begun, in the dialog", async () => {
    const reader = await story.open("slow");
    await reader.page.getByRole("button", { name: "Materialize…" }).click();
    const dialog = reader.page.getByRole("dialog", { name: "Materialize" });
    await dialog.getByRole("button", { name: "Materialize", exact: true }).click();
    await dialog.getByText("Working: 0 of 1 cells.").waitFor();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await dialog
      .getByText(/cancelled/)
      .first()
      .waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    reader.expectCalm();
  });

  test("says where each cell is computed, how far that is, and by which SQL", async () => {
    const reader = await story.open("sales");
    const engineOf = (name: string) => reader.cell(name).locator("cell-engine");
    await engineOf("orders").getByText("duckdb", { exact: true }).waitFor();
    await engineOf("total").getByText("spark", { exact: true }).waitFor();
    await engineOf("numbered").getByText("can't run on Spark: row_number() without ORDER BY").waitFor();
    const run = await reader.runBy(async () => {
      await reader.cell("total").getByRole("button", { name: "Run total" }).click();
      await engineOf("total").getByText("5 of 7 tasks, 2 running").waitFor();
      finish();
    });
    await (await reader.rows("total")).getByText("57").waitFor();
    expect(await engineOf("total").getByText("tasks").count()).toBe(0);

    await reader.cell("total").getByRole("tab", { name: "SQL" }).click();
    const spark = reader.page.getByRole("region", { name: "Spark's SQL of total" });
    await spark.getByText("SELECT CAST(c0 AS BIGINT) AS `amount` FROM (").waitFor();
    const duckdb = reader.page.getByRole("region", { name: "DuckDB's SQL of total" });
    await duckdb.getByText("SELECT sum(amount)::BIGINT AS amount FROM orders").waitFor();
    await reader.page.evaluate(axe);
    const found = await reader.page.evaluate(() =>
      (globalThis as unknown as { axe: { run(of: string): Promise<AxeResults> } }).axe.run(
        "compiled-cell, cell-engine",
      ),
    );
    const grave = found.violations.filter(({ impact }) => impact === "serious" || impact === "moderate");
    expect(grave.map(({ id }) => id)).toEqual([]);

    await reader.page.goto(`${story.server.url}/#/runs/${run}`);
    await reader.page.getByRole("row", { name: /total/ }).getByText("on Spark").waitFor();
    reader.expectCalm();
  });

  test("shows in the graph which cells go to Spark, and why others cannot", async () => {
    const reader = await story.open("sales");
    await reader.page.getByRole("button", { name: "Graph", exact: true }).click();
    const graph = reader.page.getByRole("listbox", { name: "Dependency graph" });
    const marks = graph.locator(".engine");
    await marks.first().waitFor();
    expect((await marks.allTextContents()).map((text) => text.trim())).toEqual([
      "duckdb",
      "spark",
      "can't run on Spark",
    ]);
    await graph.getByRole("option", { name: /^total, .*, spark$/ }).waitFor();
    const why = "can't run on Spark: row_number() without ORDER BY";
    await graph
      .getByRole("option", { name: /^numbered, .*can't run on Spark: row_number\(\) without ORDER BY$/ })
      .hover();
    await reader.page.locator("dependency-graph .caption").getByText(why).waitFor();
    reader.expectCalm();
  });

  test("names the engine of what is published", async () => {
    await story.server.run("sales", { cells: ["total"], materialize: true, date: "2026-11-01" });
    const reader = await story.open("sales");
    await reader.page.goto(`${story.server.url}/#/lake`);
    await reader.page.getByRole("row", { name: /total/ }).getByText("spark", { exact: true }).waitFor();
    await reader.page.goto(`${story.server.url}/#/lake/total`);
    await reader.page.getByText("spark 4", { exact: true }).waitFor();
    reader.expectCalm();
  });

  test("says so of cells that do not ask for it, and nothing of others than queries", async () => {
    const reader = await story.open("plain");
    await reader.cell("one").locator("cell-engine").getByText("duckdb", { exact: true }).waitFor();
    expect(await reader.cell("none").locator("cell-engine").count()).toBe(0);
    reader.expectCalm();
  });

  test("says before anything runs that Spark is not there", async () => {
    await fake.kill();
    await story.restart();
    const reader = await story.open("sales");
    const told = reader.cell("total").locator("cell-engine");
    await told
      .getByText(/can't run on Spark: Spark at .* does not answer: the connection was refused\./)
      .waitFor();
    expect(story.server.stderr).toContain("does not answer: the connection was refused.");
    reader.expectCalm();
  });
});
