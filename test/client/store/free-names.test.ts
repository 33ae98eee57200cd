import { expect, test } from "vitest";
import { withFreeNames } from "../../../client/store/free-names.js";

const fence = (name: string) => `\`\`\`sql\n--| cell: ${name}\nSELECT '--| cell: ${name}'\n\`\`\`\n`;

test("a cell whose name is taken, by the notebook or an earlier one, gets the next that is free", () => {
  const fences = withFreeNames([fence("orders"), fence("days"), fence("days")], new Set(["Orders"]));
  expect(fences.map((text) => /--\| cell: (.*)/.exec(text)?.[1])).toEqual(["orders_2", "days", "days_2"]);
  expect(fences[0]).toContain("SELECT '--| cell: orders'");
});
