import { reservedNames, toName } from "../notebook/names.js";
import type { SniffedText } from "../workspace/upload-sniff.js";

export interface StarterCell {
  readonly name: string;
  readonly sql: string;
  /** The whole fence. */
  readonly text: string;
}

const READABLE = /\.(csv|tsv|txt|json|jsonl|ndjson|parquet)(\.(gz|zst))?$/i;

/** A cell that reads a file; undefined for a kind of file that SQL cannot read. */
export function starterCell(path: string, sniffed: SniffedText | undefined): StarterCell | undefined {
  const ending = READABLE.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  const literal = `'${path.replaceAll("'", "''")}'`;
  const wanted = toName((path.split("/").at(-1) ?? "").replace(/\..*$/, ""));
  const name = reservedNames.includes(wanted) ? `my_${wanted}` : wanted;
  const isCsv = /^(csv|tsv|txt)$/.test(ending);
  const encoding =
    isCsv && sniffed !== undefined && sniffed.encoding !== "utf-8"
      ? `, encoding = '${sniffed.encoding}'`
      : "";
  const from = encoding !== "" || ending === "txt" ? `read_csv(${literal}${encoding})` : literal;
  const sql = `SELECT * FROM ${from}`;
  return { name, sql, text: `\`\`\`sql\n--| cell: ${name}\n${sql}\n\`\`\`\n` };
}
