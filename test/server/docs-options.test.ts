import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseNotebook } from "../../server/notebook/parse.js";

const reference = readFileSync(new URL("../../server/docs/reference.md", import.meta.url), "utf8");

/** What the notebook's reader says is known, where it meets a key that is not. */
function knownKeys(first: string, rest = ""): string[] {
  const text = `\`\`\`yaml\n${first}: c\nqqqqqqqq: 1\n${rest}\`\`\`\n`;
  const { diagnostics } = parseNotebook("n", "notebooks/n.md", text);
  const hint = diagnostics.find(({ code }) => code === "unknown-key")?.hint ?? "";
  return [...hint.replace(/^Known here: /, "").matchAll(/[a-z_]+/g)].map(([key]) => key);
}

test.each([
  ["chart", "### Options of a chart"],
  ["input", "### Options of a control"],
])("the reference names every key of a cell that begins with %s", (first, title) => {
  const keys = knownKeys(first);
  expect(keys.length).toBeGreaterThan(7);
  const section = reference.slice(reference.indexOf(title)).split(/\n#{2,3} /)[0] ?? "";
  for (const key of keys) expect(section, key).toMatch(new RegExp(`[\`"]${key}\\b`));
});

test("the reference names the marks of charts as the notebook's reader does", () => {
  const { diagnostics } = parseNotebook(
    "n",
    "notebooks/n.md",
    "```yaml\nchart: c\nfrom: a\nmark: zzzz\n```\n",
  );
  const message = diagnostics.find(({ code }) => code === "invalid-option")?.message ?? "";
  const marks = /there are (.*)$/.exec(message)?.[1] ?? "";
  expect(marks).toMatch(/^barY \(bar, column\), /);
  expect(reference.replaceAll("`", "")).toContain(`the cell; ${marks} `);
});
