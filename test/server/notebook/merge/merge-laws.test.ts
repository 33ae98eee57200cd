import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mergeNotebooks } from "../../../../server/notebook/merge/merge.js";
import { splitNotebook } from "../../../../server/notebook/merge/units.js";
import { Random } from "../random.js";
import { read } from "../read-notebook.js";

const seed = Number(process.env["TEST_SEED"] ?? 7);
console.log(`laws of merging: TEST_SEED=${seed}`);

const folder = resolve(import.meta.dirname, "../../../notebooks");
const texts = readdirSync(folder)
  .filter((name) => !name.startsWith("."))
  .map((name) => readFileSync(resolve(folder, name, "notebook.md"), "utf8"));

let count = 0;

/** A line that is nowhere else. */
function freshLine(): string {
  return `line ${String(++count)} of its own`;
}

/** A notebook of so many cells, paragraphs and keys, each with a number. */
function whole(random: Random): string {
  const parts = Array.from({ length: 3 + random.below(6) }, (_, at) =>
    random.below(3) === 0 ? `Paragraph ${String(at)}.` : cell(`cell_${String(at)}`),
  );
  return `---\ntitle: t\nretries: 1\n---\n\n${parts.join("\n\n")}\n`;
}

function cell(name: string): string {
  return `\`\`\`sql\n--| cell: ${name}\nSELECT 1\n\`\`\``;
}

/** What an editor of a notebook does: each step keeps it a notebook. */
function edit(text: string, random: Random, added: string[]): string {
  const { units } = splitNotebook(text);
  const at = random.below(units.length || 1);
  const blocks = units.map((unit) => unit.text);
  const line = freshLine();
  const step = blocks.length < 2 ? 2 : random.below(5);
  if (step === 0) blocks.splice(at, 1);
  if (step === 1) blocks.splice(random.below(blocks.length), 0, ...blocks.splice(at, 1));
  if (step === 2) blocks.splice(at, 0, `New ${line}`);
  if (step === 3)
    blocks.splice(at, 0, cell(`new_${String(count)}`).replace("SELECT 1", `SELECT 1 -- ${line}`));
  if (step === 4) blocks[at] = blocks[at]!.replace(/(\n```)?$/, ` -- ${line}$1`);
  if (step >= 2) added.push(line);
  return `${text.slice(0, text.indexOf("---\n", 4) + 4)}\n${blocks.join("\n\n")}\n`;
}

function edited(text: string, random: Random, added: string[] = []): string {
  let now = text;
  for (let steps = 1 + random.below(4); steps > 0; steps--) now = edit(now, random, added);
  return now;
}

/** Anything whatever: pieces of notebooks, cut and doubled, and what breaks fences and front matter. */
function broken(text: string, random: Random): string {
  const pieces = [
    "```",
    "~~~",
    "---\n",
    "\r\n",
    "\uFEFF",
    "```sql\n--| cell: a\n",
    "--| cell: __proto__",
    "a: [",
    "\n\n",
    "```yaml\nchart: constructor\n",
  ];
  let now = text.slice(0, 4000);
  for (let steps = 1 + random.below(4); steps > 0; steps--) {
    const [from, to] = [random.below(now.length + 1), random.below(now.length + 1)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const put = random.below(2) === 0 ? random.pick(pieces) : now.slice(from, from + 80);
    now = now.slice(0, from) + put + now.slice(random.below(2) === 0 ? from : Math.min(to, from + 60));
  }
  return now;
}

function linesOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split(/\r\n?|\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  );
}

function unitsOf(text: string): string[] {
  return splitNotebook(text)
    .units.map((unit) => unit.text)
    .sort();
}

function lost(line: string, text: string, told: readonly unknown[]): boolean {
  return !text.includes(line) && !JSON.stringify(told).includes(line);
}

describe("merging", () => {
  test("gives what one made where the other did nothing, also when something is done elsewhere", () => {
    const random = new Random(seed);
    for (let round = 0; round < 300; round++) {
      const base = whole(random);
      const mine = edited(base, random);
      expect(mergeNotebooks({ base, mine, theirs: base }).text).toBe(mine);
      expect(mergeNotebooks({ base, mine: base, theirs: mine }).text).toBe(mine);
      const titled = (text: string): string => text.replace("title: t", "title: other");
      const one = mergeNotebooks({ base, mine, theirs: titled(base) });
      expect(one).toEqual({ text: titled(mine), conflicts: [], renamed: [] });
      const other = mergeNotebooks({ base, mine: titled(base), theirs: mine });
      expect(other).toEqual({ text: titled(mine), conflicts: [], renamed: [] });
    }
  });

  test("loses no line that either added, and is the same both ways but for the order", () => {
    const random = new Random(seed + 1);
    for (let round = 0; round < 500; round++) {
      const base = whole(random);
      const added: string[] = [];
      const [mine, theirs] = [edited(base, random, added), edited(base, random, added)];
      const { text, conflicts } = mergeNotebooks({ base, mine, theirs });
      const back = mergeNotebooks({ base, mine: theirs, theirs: mine });
      const kept = added.filter((line) => mine.includes(line) || theirs.includes(line));
      expect(kept.filter((line) => lost(line, text, conflicts))).toEqual([]);
      expect(
        read(text).codes.filter((code) => code === "duplicate-cell" || code === "unclosed-fence"),
      ).toEqual([]);
      expect(back.conflicts).toHaveLength(conflicts.length);
      if (conflicts.length === 0) expect(unitsOf(back.text)).toEqual(unitsOf(text));
      // What was merged has nothing more to take from either.
      if (conflicts.length === 0)
        expect(mergeNotebooks({ base: theirs, mine: text, theirs }).text).toBe(text);
    }
  });

  test("has every edit where no two touch one cell", () => {
    const random = new Random(seed + 2);
    for (let round = 0; round < 300; round++) {
      const names = Array.from({ length: 8 }, (_, at) => `cell_${String(at)}`);
      const base = names.map((name) => `${cell(name)}\n`).join("\n");
      const lines = names.map(() => freshLine());
      const by = (side: number): string =>
        names.reduce(
          (text, name, at) =>
            at % 2 === side && random.below(2) === 0
              ? text.replace(`${name}\nSELECT 1`, `${name}\nSELECT 1 -- ${lines[at]!}`)
              : text,
          base,
        );
      const [mine, theirs] = [by(0), by(1)];
      const { text, conflicts } = mergeNotebooks({ base, mine, theirs });
      expect(conflicts).toEqual([]);
      for (const line of lines)
        expect(text.includes(line)).toBe(mine.includes(line) || theirs.includes(line));
      expect(text.split("\n")).toHaveLength(base.split("\n").length);
    }
  });

  test("has each key of a map as one of both made it, and asks exactly where both made another thing of one", () => {
    const random = new Random(seed + 5);
    for (let round = 0; round < 300; round++) {
      const isBlock = random.below(2) === 0;
      const write = (map: ReadonlyMap<string, string>): string => {
        const pairs = [...map].map(([key, value]) => `${key}: ${value}`);
        const lines = isBlock ? pairs.map((pair) => `\n  ${pair}`).join("") : ` {${pairs.join(", ")}}`;
        return `---\ntitle: t\nalerts:${lines}\n---\n`;
      };
      const base = new Map(["a", "b", "c", "d", "e"].map((key) => [key, "[1, {x: 2}]"]));
      const change = (who: string): Map<string, string> => {
        const changed = new Map(base);
        for (const key of ["a", "b", "c", "d", "e", "f", "g"]) {
          const step = random.below(6);
          if (step === 0) changed.delete(key);
          if (step === 1) changed.set(key, random.pick([`"${who}"`, "{x: 2}", "same"]));
        }
        return changed.size === 0 ? base : changed;
      };
      const [mine, theirs] = [change("mine"), change("theirs")];
      const keys = [...new Set([...base.keys(), ...mine.keys(), ...theirs.keys()])];
      const isBoth = (key: string): boolean =>
        mine.get(key) !== theirs.get(key) &&
        mine.get(key) !== base.get(key) &&
        theirs.get(key) !== base.get(key);
      const merged = mergeNotebooks({ base: write(base), mine: write(mine), theirs: write(theirs) });
      const expected = keys.flatMap((key) => {
        const value = mine.get(key) === base.get(key) ? theirs.get(key) : mine.get(key);
        return value === undefined ? [] : [[key, value] as const];
      });
      if (expected.length === 0) continue;
      const told = { round, mine: write(mine), theirs: write(theirs), text: merged.text };
      if (keys.some(isBoth)) expect(merged.conflicts, JSON.stringify(told)).toHaveLength(1);
      else {
        expect(merged.conflicts, JSON.stringify(told)).toEqual([]);
        const written = `alerts: {${expected.map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
        expect(parse(splitNotebook(merged.text).head.keys[1]?.text ?? "")).toEqual(parse(written));
      }
    }
  });

  test("reads any text whatever, and loses no line of a cell or paragraph", () => {
    const random = new Random(seed + 3);
    for (let round = 0; round < 300; round++) {
      const base = random.pick(texts).slice(0, 4000);
      const [mine, theirs] = [broken(base, random), broken(base, random)];
      const { text, conflicts } = mergeNotebooks({ base, mine, theirs });
      read(text);
      const told = [text, ...conflicts.flatMap((conflict) => [conflict.mine ?? "", conflict.theirs ?? ""])];
      const kept = linesOf(told.join("\n"));
      const known = linesOf(base);
      for (const line of [...linesOf(mine), ...linesOf(theirs)])
        if (!known.has(line) && !kept.has(line)) expect({ round, line }).toBe("kept");
      for (const { span } of conflicts) expect(span.end).toBeLessThanOrEqual(text.length);
    }
  });

  test("splits any text into pieces that are the file", () => {
    const random = new Random(seed + 4);
    for (let round = 0; round < 300; round++) {
      const text = broken(random.pick(texts), random);
      const { head, lead, units } = splitNotebook(text);
      const keys = head.keys.map((unit) => unit.text + unit.tail).join("");
      const top = head.mark + head.opening + head.lead + keys + head.closing;
      expect(top + lead + units.map((unit) => unit.text + unit.tail).join("")).toBe(text);
    }
  });
});
