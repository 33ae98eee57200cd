import { describe, expect, test } from "vitest";
import { endless, notebook } from "../../integration/api/harness.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const slow = notebook({
  "cell: quick": "SELECT 1 AS n",
  "cell: slow": endless,
  "cell: after_slow": "SELECT * FROM slow",
});

describe.skipIf(!findChromium())("a run that takes long", () => {
  const story = useStory({
    "notebooks/stopped.md": slow,
    "notebooks/reloaded.md": slow,
    "notebooks/edited.md": slow,
    "notebooks/unread.md": notebook({
      "cell: unread\n--| materialize: parquet": "SELECT 1 AS n",
      "cell: reader": "SELECT * FROM unread",
    }),
    "notebooks/shared.md": `${notebook({ "cell: shared_one": "SELECT 1 AS n" })}\n# Mine\n`,
    "notebooks/restarted.md": notebook({ "cell: one": "SELECT 1 AS n" }),
  });

  test("stops when it is told to, and keeps what was done", async () => {
    const reader = await story.open("stopped");
    await reader.page.getByRole("button", { name: "Run all" }).click();
    await reader.standing("quick", "succeeded");
    await reader.standing("slow", "running");
    await reader.page.getByRole("toolbar").getByRole("button", { name: "Stop" }).click();
    await reader.standing("slow", "cancelled");
    await reader.standing("quick", "succeeded");
    reader.expectCalm();
  });

  test("is the same run after a reload, and in another window", async () => {
    const reader = await story.open("reloaded");
    await reader.page.getByRole("button", { name: "Run all" }).click();
    await reader.standing("slow", "running");
    await reader.page.reload();
    await reader.standing("slow", "running");
    await reader.page.locator(".run-progress").getByText("1 of 3 cells").waitFor();
    const other = await story.open("reloaded");
    await other.standing("slow", "running");
    await other.page.getByRole("toolbar").getByRole("button", { name: "Stop" }).click();
    await reader.standing("slow", "cancelled");
    reader.expectCalm();
    other.expectCalm();
  });

  test("the SQL of a cell whose parents were never run, and its explanation, say so without an error", async () => {
    const reader = await story.open("unread");
    for (const tab of ["SQL", "Explain"]) {
      await reader.cell("reader").getByRole("tab", { name: tab, exact: true }).click();
      await reader
        .cell("reader")
        .getByRole("tabpanel", { name: tab })
        .getByText("has not been run")
        .waitFor();
    }
    reader.expectCalm();
  });

  test("a cell that is edited while it runs says that what runs is old", async () => {
    const reader = await story.open("edited");
    await reader.page.getByRole("button", { name: "Run all" }).click();
    await reader.standing("slow", "running");
    await reader.typeSql("slow", "SELECT 2 AS n");
    await reader.standing("slow", "running");
    await reader.cell("slow").locator(".why").getByText("changed since it began").waitFor();
    await reader.page.getByRole("toolbar").getByRole("button", { name: "Stop" }).click();
    await reader.standing("slow", "cancelled");
    reader.expectCalm();
  });

  test("what two pages do to different places is merged without a question", async () => {
    const [reader, other] = [await story.open("shared"), await story.open("shared")];
    await reader.page.getByRole("heading", { name: "Mine" }).dblclick();
    await reader.page.getByRole("textbox", { name: "Markdown" }).fill("# Mine, edited");
    await other.typeSql("shared_one", "SELECT 3 AS n");
    await other.runAll();
    // Told of the run, the page was told of the save before it.
    await reader.standing("shared_one", "succeeded");
    await reader.page.keyboard.press("Escape");
    await expect.poll(() => story.read("notebooks/shared.md")).toContain("# Mine, edited\n");
    await reader.saved();
    expect(await story.read("notebooks/shared.md")).toContain("SELECT 3 AS n");
    reader.expectCalm();
  });

  test("finds the server again after it was restarted, saves what was typed meanwhile and shows what could not be asked for", async () => {
    const reader = await story.open("restarted");
    await reader.enter("one");
    const restarted = story.restart();
    await reader.page.getByText("no connection").waitFor();
    await reader.page.keyboard.press("Control+A");
    await reader.page.keyboard.insertText("SELECT 2 AS n");
    // Its code and what it shows are asked for while nobody answers.
    await reader.cell("one").getByRole("tab", { name: "Lineage" }).click();
    await restarted;
    await reader.page.getByText("no connection").waitFor({ state: "hidden" });
    await reader.saved();
    await expect.poll(() => story.read("notebooks/restarted.md")).toContain("SELECT 2 AS n");
    await reader.cell("one").getByText("Computed from").waitFor();
    await reader.runAll();
    await reader.standing("one", "succeeded");
  });
});
