import { freeName } from "../../server/text/free-name.js";
import { sqlOf, type Block, type NewBlock } from "./document.js";

interface Surroundings {
  /** A chart is of the cell above it. */
  readonly above?: Block | undefined;
  /** What a SQL cell begins with. */
  readonly sql?: string | undefined;
}

/** What new prose begins with, to be typed over. */
export const STARTER_PROSE = "Write here.";

const starters = {
  "insert-sql": (name: string, { sql = "SELECT 1 AS one" }: Surroundings): NewBlock => ({
    kind: "cell",
    language: "sql",
    body: `--| cell: ${name}\n${sql}`,
  }),
  "insert-check": (name: string): NewBlock => ({
    kind: "cell",
    language: "sql",
    body: `--| check: ${name}\n-- the rows that are wrong; no row means it passed\nSELECT 1 WHERE false`,
  }),
  "insert-chart": (name: string, { above }: Surroundings): NewBlock => ({
    kind: "cell",
    language: "yaml",
    body: `chart: ${name}\nfrom: ${above?.cell?.kind === "sql" ? above.cell.name : ""}\nmark: barY\nx: \ny: count()`,
  }),
  "insert-input": (name: string): NewBlock => ({
    kind: "cell",
    language: "yaml",
    body: `input: ${name}\ntype: text\ndefault: ""`,
  }),
  "insert-prose": (): NewBlock => ({ kind: "prose", text: STARTER_PROSE }),
} as const;

export type InsertAction = keyof typeof starters;

/** What a new block begins as. */
export function newBlock(
  action: InsertAction,
  taken: ReadonlySet<string>,
  surroundings: Surroundings = {},
): NewBlock {
  const stem = action === "insert-sql" ? "cell" : action.slice("insert-".length);
  return starters[action](numberedName(stem, taken), surroundings);
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
  const name = freeName(`${cell.name}_copy`, (candidate) => taken.has(candidate));
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
