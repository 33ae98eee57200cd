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
    ...cells.flatMap(({ text, notes = [] }) =>
      notes.length === 0 ? [text] : [`${plainSentences(notes.join(" "))}\n`, text],
    ),
    `\`\`\`sql\n--| check: ${first}_has_rows\nSELECT 'no rows' AS problem WHERE (SELECT count(*) FROM ${first}) = 0\n\`\`\`\n`,
  ].join("\n");
}

const numbersCell: NamedFence = {
  name: "numbers",
  text: "```sql\n--| cell: numbers\nSELECT range AS number FROM range(1, 11)\n```\n",
};

/** A fence around SQL. */
export function sqlFence(sql: string, header = ""): string {
  return fence("sql", header + sql);
}

/** Its marker is longer than any row of back-ticks within. */
export function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const marker = "`".repeat(longest + 1);
  return `${marker}${language}\n${text}\n${marker}`;
}

/** Sentences as prose: names of files and columns within them are no Markdown. */
export function plainSentences(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_<>[\]#|~&$]/g, "\\$&");
}
