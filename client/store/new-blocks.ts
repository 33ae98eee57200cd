import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { freeName } from "../../server/text/free-name.js";
import { kinds, insertedKind, STARTER_PROSE, type InsertAction } from "../kinds/kinds.js";
import type { Surroundings } from "../kinds/kind.js";
import { sqlOf, type Block } from "./document.js";
import { type NewBlock } from "./edit-document.js";

/** What a new block begins as. */
export function newBlock(
  action: InsertAction,
  taken: ReadonlySet<string>,
  surroundings: Surroundings = {},
): NewBlock {
  const kind = insertedKind(action);
  if (kind === undefined) return { kind: "prose", text: STARTER_PROSE };
  const words = kinds[kind];
  const body = words.starter(numberedName(words.stem, taken), surroundings);
  return { kind: "cell", language: cellKinds[kind].language, body };
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
  const { language, key } = cellKinds[cell.kind];
  if (language === "sql") return { kind: "cell", language, body: `--| ${key}: ${name}\n${sqlOf(block)}` };
  const body = block.source
    .slice(block.body?.start, block.body?.end)
    .replace(new RegExp(`^\\s*${key}:.*$`, "m"), `${key}: ${name}`)
    .trimEnd();
  return { kind: "cell", language, body };
}
