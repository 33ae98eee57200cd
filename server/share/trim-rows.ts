/** Of one value, in characters. */
const LONGEST_VALUE = 2000;
/** Of all rows of one cell, as JSON. */
const LONGEST_PAGE = 2 * 1024 * 1024;

/** The rows from the top that fit into a file that people send each other; values that are longer than a page are cut. */
export function trimRows(rows: readonly (readonly unknown[])[]): unknown[][] {
  const kept: unknown[][] = [];
  let length = 0;
  for (const row of rows) {
    const trimmed = row.map(trimValue);
    length += JSON.stringify(trimmed).length;
    if (length > LONGEST_PAGE && kept.length > 0) break;
    kept.push(trimmed);
  }
  return kept;
}

function trimValue(value: unknown): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? cut(text) : value;
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
