import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const cells = {
  "cell: orders\n--| materialize: parquet":
    "SELECT i AS id, 'city ' || (i % 3) AS city, i * 2 AS price FROM range(20000) t(i)",
  "cell: by_city": "SELECT city FROM orders",
  "cell: heavy": "FROM 'input/big.csv'",
};

const withControl = `${notebook({ "cell: one": "SELECT 1 AS a", "cell: times": "SELECT a * $n AS b FROM one" })}
\`\`\`yaml
input: n
type: number
default: 2
\`\`\`
`;

describe.skipIf(!findChromium())("Live, while somebody types", () => {
  const story = useStory({
    "notebooks/shop.md": notebook(cells),
    "notebooks/other.md": notebook(cells),
    "notebooks/meant.md": notebook(cells),
    "notebooks/back.md": notebook({ "cell: one": "SELECT 1 AS a" }),
    "notebooks/defined.md": withControl,
    "notebooks/chosen.md": withControl,
    "notebooks/read.md": `${withControl}\n\`\`\`sql\n--| cell: reads\nSELECT b FROM times\n\`\`\`\n`,
    "input/big.csv": `a\n${`${"x".repeat(1000)}\n`.repeat(70_000)}`,
  });

  test("shows what the cell gives, of a sample, and nothing moves", async () => {
    const reader = await story.open("shop");
    const { page } = reader;
    await reader.runBy(() => page.getByRole("button", { name: "Run by_city" }).click());
    await reader.rows("by_city");
    await page.getByRole("button", { name: "Live" }).click();
    await reader.enter("by_city");
    const live = reader.cell("by_city").getByRole("region", { name: "Live" });
    await live.locator("data-grid").getByRole("gridcell", { name: "city 0" }).first().waitFor();
    const below = async (): Promise<number> =>
      ((await reader.cell("heavy").boundingBox())?.y ?? 0) -
      ((await reader.cell("by_city").boundingBox())?.y ?? 0);
    const before = await below();

    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("SELECT city, count(*) AS n FROM orders GROUP BY city ORDER BY city");
    await live
      .getByText("Live: 3 rows, a sample: of what it reads only the first 10,000 rows each")
      .waitFor();
    await live
      .locator("data-grid")
      .getByRole("gridcell", { name: /^3,?334$/ })
      .waitFor();
    expect(await below()).toBe(before);

    // Of an error the last rows stay, dimmed, and nothing moves either.
    await page.keyboard.type(" nonsens");
    await live.getByText("nonsens").waitFor();
    await live
      .locator("data-grid[stale]")
      .getByRole("gridcell", { name: /^3,?334$/ })
      .waitFor();
    expect(await below()).toBe(before);
    reader.expectCalm();
  });

  test("answers for the WITH query at the cursor, and asks nothing where it is switched off", async () => {
    const reader = await story.open("other");
    const { page } = reader;
    await reader.runBy(() => page.getByRole("button", { name: "Run orders" }).click());
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/live")) asked.push(request.url());
    });
    await reader.typeSql(
      "by_city",
      "WITH cheap AS (SELECT id, price FROM orders WHERE id < 2) SELECT sum(price) AS total FROM cheap",
    );
    expect(asked).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: /^(Commands|Pages)$/ }).waitFor();
    await page.keyboard.insertText("Live: answers");
    await page.keyboard.press("Enter");
    await reader.enter("by_city");
    const live = reader.cell("by_city").getByRole("region", { name: "Live" });
    await page.keyboard.press("Control+End");
    await live.locator("data-grid").getByRole("columnheader", { name: "total" }).waitFor();
    await page.keyboard.press("Control+Home");
    for (let step = 0; step < "WITH cheap AS (SELECT".length; step++) await page.keyboard.press("ArrowRight");
    await live.locator("data-grid").getByRole("columnheader", { name: "price" }).waitFor();

    await reader.enter("heavy");
    await reader
      .cell("heavy")
      .getByText(
        '"input/big.csv" is too large to be read with every key. At most 64 MB of files are. Run the cell.',
      )
      .waitFor();
    await page.reload();
    expect(await page.getByRole("button", { name: "Live" }).getAttribute("aria-pressed")).toBe("true");
    reader.expectCalm();
  });

  test("follows what is chosen, and what runs anew", async () => {
    const reader = await story.open("chosen");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "Live" }).click();
    await reader.enter("times");
    const cell = reader.cell("times").getByRole("region", { name: "Live" }).getByRole("gridcell");
    await cell.getByText("2", { exact: true }).waitFor();
    await page.getByRole("spinbutton", { name: "n" }).fill("7");
    await page.getByRole("spinbutton", { name: "n" }).press("Enter");
    await cell.getByText("7", { exact: true }).waitFor();
    await reader.typeSql("one", "SELECT 10 AS a");
    await reader.runBy(() => page.getByRole("button", { name: "Run one" }).click());
    await reader.enter("times");
    await cell.getByText("70", { exact: true }).waitFor();
    reader.expectCalm();
  });

  test("follows what the saved notebook says of a parameter", async () => {
    const reader = await story.open("defined");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "Live" }).click();
    await reader.typeSql("times", "SELECT a * $n + $m AS b FROM one");
    const live = reader.cell("times").getByRole("region", { name: "Live" });
    await live.getByText('"$m" is not defined. Define it in the front matter or by a control.').waitFor();
    const path = join(story.root, "notebooks/defined.md");
    await writeFile(
      path,
      `${await readFile(path, "utf8")}\n\`\`\`yaml\ninput: m\ntype: number\ndefault: 40\n\`\`\`\n`,
    );
    await live.getByRole("gridcell").getByText("42", { exact: true }).waitFor();
    await writeFile(path, (await readFile(path, "utf8")).replace("default: 2\n", "default: 3\n"));
    await live.getByRole("gridcell").getByText("43", { exact: true }).waitFor();
  });

  test("reads what is shown of a cell for what is chosen, says what is of before, and offers no order", async () => {
    const reader = await story.open("read");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "Live" }).click();
    await page.getByRole("spinbutton", { name: "n" }).fill("7");
    await page.getByRole("spinbutton", { name: "n" }).press("Enter");
    await reader.standing("times", "reused");
    await reader.enter("reads");
    const live = reader.cell("reads").getByRole("region", { name: "Live" });
    await live.getByRole("gridcell").getByText("7", { exact: true }).waitFor();
    await live.getByRole("columnheader", { name: /^b/ }).click();
    expect(await live.getByRole("columnheader", { name: /^b/ }).getAttribute("aria-sort")).toBe("none");

    await reader.typeSql("times", "SELECT a * $n + 1 AS b FROM one");
    await reader.cell("times").getByRole("gridcell").getByText("8", { exact: true }).waitFor();
    await live.getByText("of times as last run, before what changed since").waitFor();
    await live.locator("data-grid[stale]").waitFor();
  });

  test("writes the name that was meant, and takes it back", async () => {
    const reader = await story.open("meant");
    const { page } = reader;
    await reader.typeSql("by_city", "SELECT citi FROM orders");
    const problems = reader.cell("by_city").getByRole("alert");
    await reader.edit(() => problems.getByRole("button", { name: "city", exact: true }).click());
    await problems.waitFor({ state: "detached" });
    expect(await story.read("notebooks/meant.md")).toContain("SELECT city FROM orders");
    await reader.enter("by_city");
    await reader.edit(() => page.keyboard.press("Control+z"));
    expect(await story.read("notebooks/meant.md")).toContain("SELECT citi FROM orders");
    reader.expectCalm();
  });

  test("answers again once the server is back", async () => {
    const reader = await story.open("back");
    const { page } = reader;
    await reader.runAll();
    await page.getByRole("button", { name: "Live" }).click();
    await reader.enter("one");
    const live = reader.cell("one").getByRole("region", { name: "Live" });
    await live.getByRole("gridcell").getByText("1", { exact: true }).waitFor();
    await story.restart(async () => {
      await page.keyboard.press("Control+A");
      await page.keyboard.insertText("SELECT 2 AS a");
      await live.getByText("cannot be reached").waitFor();
    });
    await live.getByRole("gridcell").getByText("2", { exact: true }).waitFor();
    await live.getByText("cannot be reached").waitFor({ state: "hidden" });
  });
});
