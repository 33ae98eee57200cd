import { describe, expect, test } from "vitest";
import { Agent } from "../../support/agent.js";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const text = `# Numbers

\`\`\`sql
--| cell:  numbers
SELECT   1 AS n
\`\`\`

\`\`\`sql
--| cell: doubled
SELECT n * 2 AS m FROM numbers
\`\`\`

\`\`\`sql
--| cell: halved
SELECT n / 2 AS m FROM numbers
\`\`\`
`;

describe.skipIf(!findChromium())("an agent at a notebook that somebody has open", () => {
  const story = useStory({ "notebooks/numbers.md": text });

  test("proposes edits, of which each is accepted or rejected on the page, and none once the cell was changed", async () => {
    const reader = await story.open("numbers");
    const agent = await Agent.byHttp(story.server);
    await agent.call("run_cell", { notebook: "numbers", cell: "numbers" });
    await reader.page.getByRole("status").filter({ hasText: "Agent tester: run cell numbers" }).waitFor();

    const { isError } = await agent.call("propose_edit", {
      notebook: "numbers",
      reason: "One is <b>too few</b>.",
      cells: [
        { cell: "numbers", text: "--| cell:  numbers\nSELECT 2 AS n" },
        { cell: "doubled", text: "--| cell: doubled\nSELECT n * 20 AS m FROM numbers" },
        { cell: "halved", text: "--| cell: halved\nSELECT n / 20 AS m FROM numbers" },
      ],
    });
    expect(isError).toBe(false);
    const strip = (cell: string) => reader.cell(cell).getByRole("region", { name: `Proposal for ${cell}` });
    await strip("numbers").waitFor();
    await reader.page.getByRole("button", { name: "3 proposals waiting" }).waitFor();
    expect(await strip("numbers").innerText()).toContain("agent tester proposes: One is <b>too few</b>.");
    expect(await strip("numbers").locator("pre").allInnerTexts()).toEqual([
      "--| cell:  numbers\nSELECT   1 AS n",
      "--| cell:  numbers\nSELECT 2 AS n",
    ]);
    expect(await story.read("notebooks/numbers.md")).toBe(text);

    await reader.edit(() => strip("numbers").getByRole("button", { name: "Accept" }).click());
    await strip("numbers").waitFor({ state: "detached" });
    await strip("doubled").getByRole("button", { name: "Reject" }).click();
    await strip("doubled").waitFor({ state: "detached" });
    await reader.page.getByRole("button", { name: "1 proposal waiting" }).waitFor();
    await reader.typeSql("halved", "SELECT n / 4 AS m FROM numbers");
    await strip("halved").getByText("The cell has been changed since").waitFor();
    expect(await strip("halved").getByRole("button", { name: "Accept" }).isDisabled()).toBe(true);
    expect(await story.read("notebooks/numbers.md")).toBe(
      text.replace("SELECT   1 AS n", "SELECT 2 AS n").replace("n / 2", "n / 4"),
    );
    reader.expectCalm();
  });
});
