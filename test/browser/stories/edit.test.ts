import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { requireAccessible, useStory, type Reader } from "./story.js";

/** Odd spacing on purpose: it has to survive. */
const text = (title: string): string => `---
title:   ${title}
# a comment
owner: {team:  data}
---

# ${title}

First   paragraph, with two   blanks.

\`\`\`sql
--| cell:  numbers
SELECT   1 AS n
\`\`\`


* a list
* of two

\`\`\`sql
--| cell: doubled
--| description:   twice
SELECT n * 2 AS m FROM numbers
\`\`\`
`;

describe.skipIf(!findChromium())("editing a notebook", () => {
  const names = [
    "bytes",
    "keys",
    "live",
    "mine",
    "theirs",
    "both",
    "deleted",
    "prose",
    "settings",
    "since",
    "between",
  ];
  const story = useStory(Object.fromEntries(names.map((name) => [`notebooks/${name}.md`, text(name)])));
  const file = (name: string): Promise<string> => story.read(`notebooks/${name}.md`);

  test("changes only the bytes of what was edited", async () => {
    const reader = await story.open("bytes");
    await reader.typeSql("numbers", "SELECT 7 AS n");
    expect(await file("bytes")).toBe(text("bytes").replace("SELECT   1 AS n", "SELECT 7 AS n"));
    await reader.page.getByText("First paragraph").dblclick();
    await reader.page.getByLabel("Markdown").press("Control+End");
    await reader.page.keyboard.insertText("\nmore");
    await reader.edit(() => reader.page.keyboard.press("Escape"));
    expect(await file("bytes")).toBe(
      text("bytes")
        .replace("SELECT   1 AS n", "SELECT 7 AS n")
        .replace("two   blanks.", "two   blanks.\nmore"),
    );
    reader.expectCalm();
  });

  test("a cell is made a dataset by a form, by keyboard, which leaves the other options alone", async () => {
    const reader = await story.open("settings");
    const { page } = reader;
    await page.getByRole("button", { name: "Settings of doubled" }).press("Enter");
    await reader.edit(() => page.getByLabel("Materialize as").press("p"));
    await page.getByLabel("csv too").press("Space");
    await page.getByLabel("Column for key").press("m");
    await page.getByRole("button", { name: "Add to key" }).press("Enter");
    await page.getByRole("button", { name: "Remove m from key" }).waitFor();
    await page.getByRole("button", { name: "Add a check…" }).press("Enter");
    await page.getByLabel("Kind of check").selectOption("row_count");
    await page.getByLabel("At least").fill("1");
    await reader.edit(() => page.keyboard.press("Enter"));
    const written = "materialize: [parquet, csv]\n--| key: m\n--| checks:\n--|   - row_count: {min: 1}";
    await expect
      .poll(() => file("settings"))
      .toBe(text("settings").replace("--| description:   twice", `$&\n--| ${written}`));
    expect(await page.getByLabel("Settings of doubled, as YAML").inputValue()).toContain("key: m");
    reader.expectCalm();
  });

  test("adds a cell between two, where the pointer or the focus shows how, and moves nothing by showing it", async () => {
    const reader = await story.open("between");
    const { page } = reader;
    const add = page.getByRole("button", { name: "Add a SQL cell below numbers" });
    const sign = add.locator("svg");
    const opacity = (): Promise<string> => sign.evaluate((svg) => getComputedStyle(svg).opacity);
    const place = (): Promise<unknown> => reader.cell("doubled").boundingBox();
    await page.mouse.move(1, 1);
    expect(await opacity()).toBe("0");
    const before = await place();
    await reader.cell("numbers").hover();
    await expect.poll(opacity).toBe("0.7");
    await add.hover();
    await expect.poll(opacity).toBe("1");
    await page.mouse.move(1, 1);
    await reader.cell("doubled").locator(".cell-name").focus();
    await page.keyboard.press("Escape");
    await add.focus();
    expect(await opacity()).toBe("1");
    expect(await place()).toEqual(before);
    await reader.edit(() => page.keyboard.press("Enter"));
    const now = await file("between");
    expect(now.indexOf("cell: cell_1")).toBeGreaterThan(now.indexOf("cell:  numbers"));
    expect(now.indexOf("cell: cell_1")).toBeLessThan(now.indexOf("* a list"));
    await requireAccessible(page, ".between");

    const phone = await story.open("between", { viewport: { width: 390, height: 844 }, hasTouch: true });
    const sized = phone.page.getByRole("button", { name: "Add a SQL cell below numbers" });
    expect((await sized.boundingBox())?.height).toBeGreaterThanOrEqual(24);
    expect(await sized.locator("svg").evaluate((svg) => getComputedStyle(svg).opacity)).not.toBe("0");
    await phone.edit(() => sized.tap());
    reader.expectCalm();
    phone.expectCalm();
  });

  test("the bar of a table has its rows as files, as the menu of the cell has", async () => {
    const reader = await story.open("bytes");
    const { page } = reader;
    await reader.runAll();
    const grid = await reader.rows("numbers");
    await grid.getByRole("button", { name: "Download numbers" }).click();
    expect(await grid.getByRole("menuitem").allTextContents()).toEqual([
      "Download CSV",
      "Download JSON",
      "Download Parquet",
    ]);
    const [got] = await Promise.all([
      page.waitForEvent("download"),
      grid.getByRole("menuitem", { name: "Download CSV" }).click(),
    ]);
    expect(got.suggestedFilename()).toBe("numbers.csv");
    await grid.getByRole("button", { name: "Download numbers" }).press("Enter");
    await page.keyboard.press("Escape");
    expect(await grid.getByRole("menuitem").count()).toBe(0);
    await requireAccessible(page, '[data-cell="numbers"]');
    reader.expectCalm();
  });

  test("adds, moves, renames and deletes by keyboard; z brings it back", async () => {
    const reader = await story.open("keys");
    const { page } = reader;
    const press = async (cell: string, ...keys: string[]): Promise<void> => {
      await reader.cell(cell).locator(".cell-name").focus();
      for (const key of keys) await page.keyboard.press(key);
    };
    await reader.edit(() => press("numbers", "b"));
    await reader.cell("cell_1").locator(".monaco-editor.focused").waitFor();
    await reader.typeSql("cell_1", "SELECT m FROM doubled");

    await press("doubled", "F2");
    await page.getByRole("dialog", { name: "Rename cell" }).waitFor();
    await page.keyboard.type("twice");
    await reader.edit(() => page.keyboard.press("Enter"));
    await reader.cell("twice").waitFor();
    expect(await file("keys")).toContain("SELECT m FROM twice");

    await reader.cell("twice").getByRole("button", { name: "More for twice" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Move up" }).focus();
    await reader.edit(() => page.keyboard.press("Enter"));
    const before = await file("keys");
    expect(before.indexOf("cell: twice")).toBeLessThan(before.indexOf("* a list"));

    await reader.edit(() => press("twice", "d", "d"));
    await reader.cell("twice").waitFor({ state: "detached" });
    expect(await file("keys")).not.toContain("cell: twice");
    await reader.edit(() => page.keyboard.press("z"));
    await reader.cell("twice").waitFor();
    expect(await file("keys")).toBe(before);

    await press("twice", "F2");
    await page.getByRole("dialog", { name: "Rename cell" }).waitFor();
    await page.keyboard.type("thrice");
    await reader.edit(() => page.keyboard.press("Enter"));
    await reader.cell("thrice").waitFor();
    const renamed = await file("keys");
    expect(renamed).toContain("SELECT m FROM thrice");
    await reader.edit(() => press("thrice", "z"));
    await reader.cell("twice").waitFor();
    expect(await file("keys")).toBe(before);
    await reader.edit(() => press("twice", "Shift+Z"));
    await reader.cell("thrice").waitFor();
    expect(await file("keys")).toBe(renamed);
    reader.expectCalm();
  });

  test("taking back a deleted cell leaves what was typed into another one since", async () => {
    const reader = await story.open("since");
    const { page } = reader;
    await reader.cell("doubled").locator(".cell-name").focus();
    await page.keyboard.press("d");
    await reader.edit(() => page.keyboard.press("d"));
    await reader.cell("doubled").waitFor({ state: "detached" });
    await reader.typeSql("numbers", "SELECT 42 AS n");
    await reader.cell("numbers").locator(".cell-name").focus();
    await reader.edit(() => page.keyboard.press("z"));
    await reader.cell("doubled").waitFor();
    expect(await file("since")).toBe(text("since").replace("SELECT   1 AS n", "SELECT 42 AS n"));
    reader.expectCalm();
  });

  test("shows what another program wrote into the file", async () => {
    const reader = await story.open("live");
    await writeFile(join(story.root, "notebooks/live.md"), text("live").replace("1 AS n", "77 AS n"));
    await reader.cell("numbers").getByText("77").waitFor();
    reader.expectCalm();
  });

  test("keeps prose that is being written when the file changes meanwhile", async () => {
    const reader = await story.open("prose");
    await reader.page.getByText("First paragraph").dblclick();
    await reader.page.getByLabel("Markdown").press("Control+End");
    await reader.page.keyboard.insertText(" Mine.");
    await writeFile(
      join(story.root, "notebooks/prose.md"),
      text("prose").replace("blanks.", "blanks. Theirs."),
    );
    await reader.page.keyboard.press("Escape");
    await reader.page.getByRole("group", { name: "Changed by two: text" }).waitFor();
    await reader.page.getByRole("button", { name: "Keep both" }).click();
    await reader.saved();
    expect(await file("prose")).toContain("Theirs.");
    expect(await file("prose")).toContain("Mine.");
  });

  /** Two pages type into the same cell within a moment of one another. */
  async function collide(name: string): Promise<Reader> {
    const [one, two] = [await story.open(name), await story.open(name)];
    await two.enter("numbers");
    // The second one hears nothing of the first one's save until it has typed itself.
    await two.page.route(
      "**/api/notebooks/*",
      async (route) => {
        if (route.request().method() === "PUT") await one.typeSql("numbers", "SELECT 'first' AS n");
        await route.fallback();
      },
      { times: 1 },
    );
    await two.page.keyboard.press("Control+A");
    await two.page.keyboard.insertText("SELECT 'second' AS n");
    await two.cell("numbers").getByRole("group", { name: "Changed by two: numbers" }).waitFor();
    return two;
  }

  test("two pages that edit: keep mine", async () => {
    const reader = await collide("mine");
    await reader.page.getByRole("button", { name: "Take mine" }).click();
    await reader.saved();
    expect(await file("mine")).toContain("'second'");
  });

  test("two pages that edit: take theirs", async () => {
    const reader = await collide("theirs");
    await reader.page.getByRole("button", { name: "Take theirs" }).click();
    await reader.saved();
    await reader.cell("numbers").getByText("'first'").waitFor();
    expect(await file("theirs")).toContain("'first'");
  });

  test("two pages that edit: keep both", async () => {
    const reader = await collide("both");
    // The head goes on to say that a choice is open, and what is typed elsewhere is saved all the same.
    await reader.enter("doubled");
    await reader.page.keyboard.press("Control+A");
    await reader.page.keyboard.insertText("SELECT 'more' AS m");
    await expect.poll(() => file("both")).toContain("'more'");
    expect(await file("both")).toContain("'first'");
    const { page } = reader;
    page.once("dialog", (dialog) => void dialog.accept());
    await page.reload();
    const strip = reader.cell("numbers").getByRole("group", { name: "Changed by two: numbers" });
    await strip.getByLabel("mine").getByText("'second'").waitFor();
    await strip.getByLabel("theirs").getByText("'first'").waitFor();
    await page.getByRole("button", { name: "Keep both, as two cells" }).click();
    await reader.cell("numbers_2").waitFor();
    await expect.poll(() => file("both")).toContain("--| cell:  numbers_2\nSELECT 'second' AS n\n");
    expect(await file("both")).toContain("--| cell:  numbers\nSELECT 'first' AS n\n");
    await reader.saved();
  });

  test("two pages: a cell that one deletes while the other types into it stays until that is decided", async () => {
    const [one, two] = [await story.open("deleted"), await story.open("deleted")];
    await two.enter("doubled");
    await two.page.route(
      "**/api/notebooks/*",
      async (route) => {
        if (route.request().method() === "PUT") {
          await one.cell("doubled").locator(".cell-name").focus();
          await one.page.keyboard.press("d");
          await one.edit(() => one.page.keyboard.press("d"));
        }
        await route.fallback();
      },
      { times: 1 },
    );
    await two.page.keyboard.press("Control+A");
    await two.page.keyboard.insertText("SELECT 'typed' AS m");
    const strip = two.cell("doubled").getByRole("group", { name: "Changed by two: doubled" });
    await strip.getByText("deleted this while you changed it").waitFor();
    await one.cell("doubled").waitFor();
    expect(await file("deleted")).toContain("SELECT 'typed' AS m");
    await strip.getByRole("button", { name: "Delete it" }).click();
    await one.cell("doubled").waitFor({ state: "detached" });
    await expect.poll(() => file("deleted")).not.toContain("doubled");
  });
});
