import { stringify } from "yaml";
import { reservedNames, toName } from "./names.js";

/** A cell's name, and its whole fence. */
export interface NamedFence {
  readonly name: string;
  readonly text: string;
}

/** The text of a new notebook; with paths, it begins with a cell for each of these files. */
export function starterNotebook(title: string, paths: readonly string[] = []): string {
  const taken = new Set(reservedNames);
  const cells = paths.map((path) => readerCell(takeName(path, taken), path));
  return notebookOfCells(title, cells.length > 0 ? cells : [numbersCell]);
}

/** The text of a new notebook with these cells, of which the first one is checked for rows. */
export function notebookOfCells(title: string, cells: readonly NamedFence[]): string {
  const first = cells[0]?.name ?? "";
  return [
    `---\n${stringify({ title }, { lineWidth: 0 })}---\n`,
    "Prose is Markdown. A `sql` fence whose first line names it is a cell; other cells read it by that name.\n",
    ...cells.map((cell) => cell.text),
    `\`\`\`sql\n--| check: ${first}_has_rows\nSELECT 'no rows' AS problem WHERE (SELECT count(*) FROM ${first}) = 0\n\`\`\`\n`,
  ].join("\n");
}

const numbersCell: NamedFence = {
  name: "numbers",
  text: "```sql\n--| cell: numbers\nSELECT range AS number FROM range(1, 11)\n```\n",
};

function readerCell(name: string, path: string): NamedFence {
  const sql = `SELECT * FROM '${path.replaceAll("'", "''")}'`;
  return { name, text: `\`\`\`sql\n--| cell: ${name}\n${sql}\n\`\`\`\n` };
}

/** Named after the file: `input/Orders 2020.csv` becomes `orders_2020`. */
function takeName(path: string, taken: Set<string>): string {
  const wanted = toName((path.split("/").at(-1) ?? "").replace(/\..*$/, ""));
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  taken.add(name);
  return name;
}
