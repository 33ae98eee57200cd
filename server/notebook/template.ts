import { stringify } from "yaml";

/** A cell's name, and its whole fence. */
export interface NamedFence {
  readonly name: string;
  readonly text: string;
  /** Sentences that stand before it. */
  readonly notes?: readonly string[];
}

/** The text of a new notebook. */
export function starterNotebook(title: string): string {
  return notebookOfCells(title, [numbersCell]);
}

/** The text of a new notebook with these cells, of which the first one is checked for rows. */
export function notebookOfCells(title: string, cells: readonly NamedFence[]): string {
  const first = cells[0]?.name ?? "";
  return [
    `---\n${stringify({ title }, { lineWidth: 0 })}---\n`,
    "Prose is Markdown. A `sql` fence whose first line names it is a cell; other cells read it by that name.\n",
    ...cells.flatMap(({ text, notes = [] }) => (notes.length === 0 ? [text] : [prose(notes), text])),
    `\`\`\`sql\n--| check: ${first}_has_rows\nSELECT 'no rows' AS problem WHERE (SELECT count(*) FROM ${first}) = 0\n\`\`\`\n`,
  ].join("\n");
}

const numbersCell: NamedFence = {
  name: "numbers",
  text: "```sql\n--| cell: numbers\nSELECT range AS number FROM range(1, 11)\n```\n",
};

/** A fence around SQL. Its marker is longer than any row of back-ticks within. */
export function sqlFence(sql: string, header = ""): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map((match) => match[0].length));
  const marker = "`".repeat(longest + 1);
  return `${marker}sql\n${header}${sql}\n${marker}`;
}

/** Names of files and columns within the sentences are no Markdown. */
function prose(sentences: readonly string[]): string {
  const text = sentences.join(" ").replace(/\s+/g, " ");
  return `${text.replace(/[\\`*_<>[\]#|~&$]/g, "\\$&")}\n`;
}
