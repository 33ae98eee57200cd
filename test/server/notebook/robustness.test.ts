import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeNotebook, parseNotebook } from "../../../server/notebook/parse.js";
import { notebookDiagnosticCodes } from "../../../server/notebook/diagnostic-codes.js";
import { Random } from "./random.js";

const shapes = [
  "conversations",
  "every-option",
  "wrong-values",
  "bad-yaml",
  "near-misses",
  "unicode",
  "crlf",
].map((name) => readFileSync(resolve(import.meta.dirname, "../../notebooks", name, "notebook.md"), "utf8"));

const fragments =
  "```|```sql\n--| cell: a\n|```yaml\nchart: b\n|~~~|--| |\n|\r\n|\r|---\n|: |[|{|&a |*a|<<: *a|- |? |!x |!!str |||> |\uFEFF|\0|'|\"|#|\t|  |checks:|\uD800|😀|key: [a, b]|incremental: by_key|<!--|-->"
    .split("|")
    .concat("|", "--|");

/** Whatever the text, the notebook covers it and every place lies within it. */
function checkLaws(text: string): void {
  const { notebook, diagnostics } = parseNotebook("x", "x.md", text);
  const { blocks, cells } = notebook;
  let at = blocks[0]?.span.start ?? text.length;
  for (const { span } of blocks) {
    expect(span.start).toBe(at);
    expect(span.end).toBeGreaterThan(at);
    at = span.end;
  }
  expect(at).toBe(text.length);
  expect(cells.map((cell) => cell.span)).toEqual(
    blocks.filter((block) => block.type === "cell").map((block) => block.span),
  );
  for (const { span, code } of diagnostics) {
    expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
    expect(notebookDiagnosticCodes).toHaveProperty(code);
  }
  for (const cell of cells) {
    if (cell.kind === "sql" || cell.kind === "check")
      expect(text.slice(cell.sqlSpan.start, cell.sqlSpan.end)).toBe(cell.sql);
    const isWrong = diagnostics.some(
      ({ severity, span }) =>
        severity === "error" &&
        span.start >= cell.span.start &&
        span.end <= cell.span.end &&
        span.start < cell.span.end,
    );
    expect(cell.hasErrors).toBe(isWrong);
  }
}

function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let left = random.below(12) + 1; left > 0; left--) {
    const at = random.below(mutated.length + 1);
    const cut = random.below(3) === 0 ? random.below(30) : 0;
    mutated = mutated.slice(0, at) + random.pick(fragments) + mutated.slice(at + cut);
  }
  return mutated;
}

describe("parseNotebook", () => {
  test("makes a notebook of any text", { timeout: 60_000 }, () => {
    const random = new Random(1);
    for (let round = 0; round < 200; round++) checkLaws(mutate(random.pick(shapes), random));
  });

  test("makes a notebook of any bytes", { timeout: 60_000 }, () => {
    const random = new Random(2);
    for (let round = 0; round < 100; round++) {
      const bytes = new TextEncoder().encode(random.pick(shapes));
      for (let left = random.below(20); left > 0; left--)
        bytes[random.below(bytes.length)] = random.below(256);
      checkLaws(decodeNotebook(bytes).text);
      checkLaws(decodeNotebook(Uint8Array.from({ length: 300 }, () => random.below(256))).text);
    }
  });

  test("parses what it parsed to the same", () => {
    for (const text of shapes)
      expect(parseNotebook("x", "x.md", text)).toEqual(parseNotebook("x", "x.md", text));
  });
});

const tenThousandCells = Array.from(
  { length: 10_000 },
  (_, n) =>
    `Prose ${n}.\n\n\`\`\`sql\n--| cell: c${n}\n--| materialize: parquet\n--| checks:\n--|   - not_null: [a]\nSELECT 1\n\`\`\`\n`,
).join("\n");

const bomb = Array.from(
  { length: 9 },
  (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(",")}]\n`,
).join("");

/** About a megabyte each. Quadratic time would take minutes. */
const large: Readonly<Record<string, string>> = {
  "ten thousand cells": tenThousandCells,
  "one line of back-ticks": "`".repeat(1_000_000),
  "lines of back-ticks": "```\n".repeat(250_000),
  "cells that are never closed": "```sql\n--| cell: a\n".repeat(20_000),
  "nested quotations": "> ".repeat(500_000),
  "nested lists": "- ".repeat(500_000),
  "fences in quotations": "> ```sql\n> --| cell: a\n".repeat(40_000),
  "cells of one name": "```sql\n--| cell: a\nSELECT 1\n```\n".repeat(20_000),
  "late options": `\`\`\`sql\n--| cell: a\nSELECT\n${"--| x\n".repeat(150_000)}\`\`\`\n`,
  "many options": `\`\`\`sql\n--| cell: a\n${Array.from({ length: 9_000 }, (_, n) => `--| x${n}: 1\n`).join("")}\`\`\``,
  "many checks": `\`\`\`sql\n--| cell: a\n--| checks:\n${"--| - expression: a\n".repeat(5_000)}\`\`\``,
  "front matter": `---\n${"a: 1\n".repeat(200_000)}---\n`,
  "deep YAML": `---\na: ${"[".repeat(90_000)}\n---\n`,
  "an alias bomb": `---\na0: &a0 [x,x,x,x,x,x,x,x,x]\n${bomb}parameters: *a9\n---\n`,
  "a heading of brackets": `# ${"[".repeat(1_000_000)}`,
  "thematic breaks": "---\n".repeat(250_000),
  "carriage returns": "\r".repeat(1_000_000),
};

describe("parseNotebook, in linear time", () => {
  test.each(Object.keys(large))("reads %s", { timeout: 30_000 }, (name) => {
    expect(parseNotebook("x", "x.md", large[name] ?? "").notebook.blocks.length).toBeGreaterThanOrEqual(0);
  });
});
