import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory, type Reader } from "./story.js";

const chart = (name: string, from: string): string =>
  `\n\`\`\`yaml\nchart: ${name}\ntitle: By city\nfrom: ${from}\nmark: barY\nx: city\ny: count(*)\n\`\`\`\n`;

const pipeline = (title: string): string =>
  notebook(
    {
      "cell: orders\n--| materialize: parquet\n--| key: id":
        "SELECT range AS id, ['BCN', 'MAD'][1 + range % 2] AS city FROM range(100)",
      "cell: totals\n--| materialize: parquet\n--| key: city":
        "SELECT city, count(*) AS orders, sum(id) AS total FROM orders GROUP BY city",
      "cell: report": "SELECT * FROM totals ORDER BY city",
      "cell: elsewhere": "SELECT 42 AS answer",
      "check: no_empty_city": "SELECT * FROM totals WHERE orders = 0",
    },
    `title: ${title}`,
  ) + chart("by_city", "orders");

const withInput = `${notebook({ "cell: days": "SELECT range AS day FROM range(10)" }, "title: Inputs\nparameters:\n  extra: {type: integer, default: 0}")}
\`\`\`yaml
input: top
type: number
label: How many
default: 3
\`\`\`

\`\`\`sql
--| cell: first_days
SELECT * FROM days WHERE day < $top + $extra
\`\`\`
`;

/** What a choice alone computes is looked at elsewhere: here it computes nothing. */
async function leaveToRuns({ page }: Reader): Promise<void> {
  await page.route("**/explore", (route) => route.fulfill({ json: { cells: [], blocked: [] } }));
}

describe.skipIf(!findChromium())("running a notebook", () => {
  const story = useStory({
    "input/days.csv": "day\n1\n",
    "notebooks/delivered.md": notebook({
      "cell: delivered\n--| materialize: parquet": "SELECT * FROM read_csv('input/days.csv')",
    }),
    "notebooks/first.md": pipeline("First"),
    "notebooks/broken.md": pipeline("Broken").replaceAll("orders", "purchases").replaceAll("totals", "sums"),
    "notebooks/inputs.md": withInput,
    "notebooks/choices.md": `${notebook({
      "cell: shown\n--| checks:\n--|   - expression: {sql: text NOT LIKE '%BCN', severity: warn}":
        "SELECT 'rows of ' || $town AS text",
      "check: none_of_mad": "SELECT * FROM shown WHERE text LIKE '%MAD'",
    })}\n\`\`\`yaml\ninput: town\ntype: select\noptions: [BCN, VLC, MAD]\ndefault: BCN\n\`\`\`\n`,
    "notebooks/renamed.md": notebook({
      "cell: trips\n--| materialize: parquet": "SELECT range AS trip FROM range(7)",
    }),
    "notebooks/reader.md": notebook({ "cell: count_trips": "SELECT count(*) FROM lake.trips" }),
    "notebooks/published.md": pipeline("Published")
      .replaceAll("orders", "sales")
      .replaceAll("totals", "sales_by_city"),
  });

  test("shows tables and charts after Run all", async () => {
    const reader = await story.open("first");
    await reader.cell("by_city").getByText("The chart appears once").waitFor();
    await reader.runAll();
    await (await reader.rows("totals")).getByText("2450").waitFor();
    await reader.cell("no_empty_city").getByText("No row fails").waitFor();
    await reader.showChart("by_city");
    await reader.cell("by_city").getByText("By city").waitFor();
    const toast = reader.page.locator(".toast");
    await toast.getByRole("button", { name: "See what would be published" }).click();
    await reader.page
      .getByRole("dialog", { name: "Materialize" })
      .getByRole("button", { name: "Cancel" })
      .click();
    await reader.runAll();
    await toast.getByRole("link", { name: "Read it as a report" }).click();
    await reader.page.locator("report-view").getByText("By city").first().waitFor();
    await toast.waitFor({ state: "hidden" });
    // Nobody is told of Spark where there is none.
    expect(await reader.page.locator("cell-engine").count()).toBe(0);
    reader.expectCalm();
  });

  test("a column that is picked shows its way, beside it and in the graph, until all is to be seen again", async () => {
    const reader = await story.open("first");
    const totals = reader.cell("totals");
    await totals.getByRole("tab", { name: "Lineage" }).click();
    await totals.getByRole("button", { name: "total", exact: true }).click();
    const way = totals.locator("dl.way");
    await way.getByText("orders.id", { exact: true }).waitFor();
    expect((await way.innerText()).split("\n").filter((line) => line !== "")).toEqual([
      "Computed from",
      "orders.id",
      "Rows decided by",
      "orders.city",
      "Goes into",
      "report.total",
      "check no_empty_city",
    ]);
    const stops = reader.page.locator("dependency-graph .node.on-way");
    await stops.first().waitFor();
    const roles = await stops.evaluateAll((nodes) =>
      nodes.map((node) => [
        node
          .querySelector("title")
          ?.textContent.split(", ")
          .filter((_, place, all) => place % (all.length - 1) === 0),
        /by-(\w+)/.exec(node.getAttribute("class") ?? "")?.[1],
      ]),
    );
    expect(roles).toEqual([
      [["orders", "id"], "value"],
      [["totals", "total"], "value"],
      [["report", "total"], "value"],
      [["no_empty_city", "looks at it"], "value"],
    ]);
    await reader.page.locator("dependency-graph").getByRole("button", { name: "Show all" }).last().click();
    await stops.first().waitFor({ state: "detached" });
    reader.expectCalm();
  });

  test("a misspelt column is marked where it is, blocks what reads it, and is mended by running what is needed", async () => {
    const reader = await story.open("broken");
    await reader.runAll();
    await reader.typeSql("sums", "SELECT ctiy, count(*) AS purchases\nFROM purchases GROUP BY ALL");
    await reader.standing("sums", "failed");
    await reader.cell("sums").locator(".squiggly-error").waitFor();
    const lines = (await story.read("notebooks/broken.md")).split("ctiy")[0]?.split("\n") ?? [];
    const place = `line ${String(lines.length)}, column ${String((lines.at(-1) ?? "").length + 1)} of the file`;
    const problem = reader.cell("sums").locator(".problems li", { hasText: "Did you mean" });
    await problem.getByRole("button", { name: "city" }).waitFor();
    expect(await problem.getByText("line 1:").getAttribute("title")).toBe(place);
    await reader.runAll();
    await reader.standing("report", "blocked");
    const why = reader.cell("report").locator(".why");
    expect(await why.innerText()).toBe("blocked by sums");
    await why.getByRole("link", { name: "sums" }).click();
    await reader.page.locator('notebook-cell[selected] [data-cell="sums"]').waitFor();
    await reader.standing("elsewhere", "reused");
    await reader.page.getByRole("link", { name: "failed", exact: true }).waitFor();
    await reader.page.getByRole("button", { name: "Go to sums" }).click();
    await reader.page.locator('notebook-cell[selected] [data-cell="sums"]').waitFor();

    await reader.typeSql("sums", "SELECT city, count(*) AS purchases\nFROM purchases GROUP BY ALL");
    await reader.runStale();
    await reader.standing("report", "succeeded");
    const runs = await story.server.json<{ runs: { cells: { name: string; outcome: string }[] }[] }>(
      "GET",
      "/api/runs?notebook=broken",
    );
    const ran = runs.runs[0]?.cells.filter((cell) => cell.outcome === "succeeded").map((cell) => cell.name);
    expect(ran).not.toContain("purchases");
    expect(ran).toContain("sums");
    reader.expectCalm();
  });

  test("another value of an input marks what depends on it, and reaches the run with the parameters", async () => {
    const reader = await story.open("inputs");
    await leaveToRuns(reader);
    await reader.runAll();
    await reader.cell("first_days").getByText("3 rows").first().waitFor();
    const field = reader.cell("top").getByRole("spinbutton");
    await field.fill("5");
    await field.press("Enter");
    await reader.standing("first_days", "stale");
    await reader.standing("days", "succeeded");
    await reader.runStale();
    await reader.cell("first_days").getByText("5 rows").first().waitFor();
    await reader.page.getByText("Parameters", { exact: false }).first().click();
    const extra = reader.page.locator("parameter-bar").getByRole("spinbutton");
    await extra.fill("2");
    await extra.press("Enter");
    await reader.standing("first_days", "stale");
    await reader.page.getByRole("button", { name: "Auto-run" }).click();
    await field.fill("6");
    await field.press("Enter");
    await reader.cell("first_days").getByText("8 rows").first().waitFor();
    reader.expectCalm();
  });

  test("what is chosen is what is shown: after a reload, on the way back, and beside another page", async () => {
    const reader = await story.open("choices");
    await leaveToRuns(reader);
    const { page } = reader;
    const cell = reader.cell("shown");
    const choose = (value: string): Promise<unknown> =>
      reader.cell("town").getByRole("combobox").selectOption({ label: value });
    const shows = async (value: string, mark: string): Promise<void> => {
      await reader.standing("shown", mark);
      await cell.locator("data-grid").getByText(`rows of ${value}`).first().waitFor();
    };
    await reader.runAll();
    await shows("BCN", "check-warned");
    const found = "check warned";
    await cell.locator(".why", { hasText: `${found}: 1 of` }).waitFor();
    await page.locator("nav.outline a", { hasText: "shown" }).getByText(found).waitFor();
    await choose("VLC");
    await reader.standing("shown", "stale");
    await reader.standing("none_of_mad", "stale");
    await reader.runStale();
    await shows("VLC", "succeeded");
    expect(page.url()).toContain("?town=VLC");

    await page.reload();
    await shows("VLC", "succeeded");
    await page.goBack();
    await shows("BCN", "check-warned");
    await reader.standing("none_of_mad", "passed");
    await cell.getByRole("tab", { name: "Checks 1" }).click();
    await cell.getByRole("button", { name: /rows/i }).click();
    await cell.locator("data-grid").getByText("rows of BCN").first().waitFor();
    await cell.getByRole("button", { name: "Show all rows" }).click();
    expect(await reader.cell("town").getByRole("combobox").inputValue()).toBe("0");
    await page.goForward();
    await shows("VLC", "succeeded");
    await page.getByRole("link", { name: "Lake", exact: true }).click();
    await page.locator("lake-page").waitFor();
    await page.goto(`${story.server.url}/#/notebooks/choices`);
    await shows("BCN", "check-warned");

    const other = await story.open("choices?town=MAD&nothing=x");
    await other.page.getByText("There is no parameter nothing.").waitFor();
    await other.standing("shown", "reused");
    await other.runStale();
    await (await other.rows("shown")).getByText("rows of MAD").first().waitFor();
    await reader.page
      .locator(`[data-run="${(await other.page.locator(".run-bar").getAttribute("data-run")) ?? ""}"]`)
      .waitFor();
    await shows("BCN", "check-warned");
    await choose("MAD");
    await shows("MAD", "reused");
    await reader.cell("none_of_mad").getByText("1 row").first().waitFor();

    const { runs } = await story.server.json<{
      runs: { id: string; checks: { name: string; outcome: string }[] }[];
    }>("GET", "/api/runs?notebook=choices");
    const warned = runs.find(({ checks }) => checks.some(({ outcome }) => outcome === "warn"));
    await page.goto(`${story.server.url}/#/runs/${warned?.id ?? ""}`);
    await page
      .locator(".run-log")
      .getByRole("link", { name: /^shown\./ })
      .click();
    await page.locator("failing-rows data-grid").getByText("rows of BCN").first().waitFor();
    reader.expectCalm();
    other.expectCalm();
  });

  test("publishes through the dialog, then says which rows an edit changes", async () => {
    const reader = await story.open("published");
    const { page } = reader;
    await page.getByRole("button", { name: "Materialize…" }).click();
    const dialog = page.getByRole("dialog", { name: "Materialize" });
    await dialog.getByText("compute: never run").first().waitFor();
    await dialog.getByRole("button", { name: "Materialize", exact: true }).click();
    await dialog.getByText(/Published for/).waitFor();
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(1);
    const path = await dialog.locator("td code").first().textContent();
    expect((await readdir(join(story.root, path ?? ""))).some((name) => name.endsWith(".parquet"))).toBe(
      true,
    );
    await dialog.getByRole("button", { name: "Close" }).click();
    const notes = reader.cell("sales_by_city").getByRole("list", { name: "Notes" });
    await notes.getByText('column "total" is stored as DECIMAL(38,0) instead of HUGEINT').waitFor();

    await reader.typeSql(
      "sales_by_city",
      "SELECT city, count(*) AS sales, sum(id) + if(city = 'BCN', 1, 0)::INT AS total FROM sales GROUP BY city",
    );
    await reader.standing("sales_by_city", "stale");
    await reader.runBy(() => page.keyboard.press("Control+Enter"));
    const cell = reader.cell("sales_by_city");
    await cell
      .getByRole("tab", { name: "What changes" })
      .getByTitle(/^\d+ of \d+ rows? changes?$/)
      .waitFor();
    await cell.getByRole("tab", { name: "What changes" }).click();
    await cell.locator(".headline").getByText("1 of 2 rows changes").waitFor();
    expect(await cell.locator("td.before").first().textContent()).toBe("2450");
    expect(await cell.locator("td.after").first().textContent()).toBe("2451");
    await cell.getByLabel("Compare with").selectOption("last run");
    await cell.locator(".headline").getByText("against the run before").waitFor();
    await requireAccessible(page, "cell-changes");
    await page.getByRole("button", { name: "Materialize…" }).click();
    await dialog.getByText("1 of 2 rows changes").waitFor();
    await requireAccessible(page, "materialize-dialog dialog");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await reader.typeSql("sales_by_city", "SELECT city, 1 AS sales, 2 AS total FROM sales GROUP BY city");
    await cell.getByText("before what changed since: run the cell").waitFor();
    reader.expectCalm();
  });

  test("asks before a dataset goes that the notebook has no more", async () => {
    await story.server.run("renamed", { materialize: true });
    const file = join(story.root, "notebooks/renamed.md");
    await writeFile(file, (await story.read("notebooks/renamed.md")).replace("cell: trips", "cell: rides"));
    const reader = await story.open("renamed");
    await reader.page.getByRole("button", { name: "Materialize…" }).click();
    const dialog = reader.page.getByRole("dialog", { name: "Materialize" });
    await dialog.getByText("no cell of that name").waitFor();
    await dialog.getByRole("link", { name: "count_trips in reader" }).waitFor();
    const publish = dialog.getByRole("button", { name: "Materialize", exact: true });
    expect(await publish.isDisabled()).toBe(true);
    await dialog.getByRole("checkbox", { name: /Remove it from/ }).check();
    await publish.click();
    await dialog.getByText(/Gone from/).waitFor();
    expect(await readdir(join(story.root, "data_lake/latest"))).not.toContain("trips");
    reader.expectCalm();
  });

  test("asks which input is meant for a date that was published from other input", async () => {
    await story.server.run("delivered", { materialize: true });
    await writeFile(join(story.root, "input/days.csv"), "day\n1\n2\n");
    const reader = await story.open("delivered");
    await reader.page.getByRole("button", { name: "Materialize…" }).click();
    const dialog = reader.page.getByRole("dialog", { name: "Materialize" });
    await dialog.getByText("input/days.csv differs").waitFor();
    await dialog.getByRole("button", { name: "Current input" }).click();
    await dialog.getByRole("button", { name: "Materialize", exact: true }).click();
    await dialog.getByText(/Published for/).waitFor();
    reader.expectCalm();
  });
});
