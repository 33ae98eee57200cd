import { sqlOf, type Block, type NewBlock } from "./document.js";

const starters = {
  "insert-sql": (name: string): NewBlock => ({
    kind: "cell",
    language: "sql",
    body: `--| cell: ${name}\nSELECT 1 AS one`,
  }),
  "insert-check": (name: string): NewBlock => ({
    kind: "cell",
    language: "sql",
    body: `--| check: ${name}\n-- the rows that are wrong; no row means it passed\nSELECT 1 WHERE false`,
  }),
  "insert-chart": (name: string, from: string): NewBlock => ({
    kind: "cell",
    language: "yaml",
    body: `chart: ${name}\nfrom: ${from}\nmark: barY\nx: \ny: count()`,
  }),
  "insert-input": (name: string): NewBlock => ({
    kind: "cell",
    language: "yaml",
    body: `input: ${name}\ntype: text\ndefault: ""`,
  }),
  "insert-prose": (): NewBlock => ({ kind: "prose", text: "Write here.\n" }),
} as const;

export type InsertAction = keyof typeof starters;

/** What a new block begins as. `neighbour`: the cell above, which a chart is of. */
export function newBlock(
  action: InsertAction,
  taken: ReadonlySet<string>,
  neighbour: Block | undefined,
): NewBlock {
  const stem = action === "insert-sql" ? "cell" : action.slice("insert-".length);
  const from = neighbour?.cell?.kind === "sql" ? neighbour.cell.name : "";
  return starters[action](numberedName(stem, taken), from);
}

/** `cell_1`, `cell_2`: the first that is free. */
function numberedName(stem: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = `${stem}_${String(number)}`;
    if (!taken.has(name)) return name;
  }
}

/** The same cell under a name that is free; a copy has none of the SQL cell's settings, as a dataset has one cell. */
export function copyOfCell(block: Block, taken: ReadonlySet<string>): NewBlock | undefined {
  const { cell } = block;
  if (cell === undefined) return undefined;
  let name = `${cell.name}_copy`;
  while (taken.has(name)) name += "_";
  if (cell.kind === "sql" || cell.kind === "check") {
    const key = cell.kind === "sql" ? "cell" : "check";
    return { kind: "cell", language: "sql", body: `--| ${key}: ${name}\n${sqlOf(block)}` };
  }
  const body = block.source
    .slice(block.body?.start, block.body?.end)
    .replace(/^\s*(chart|input):.*$/m, `${cell.kind}: ${name}`)
    .trimEnd();
  return { kind: "cell", language: "yaml", body };
}
