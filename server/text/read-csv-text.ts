/** A field and whether it stood in quotes: an empty one without is no value. */
export interface CsvField {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Rows of a short CSV text with commas; quotes are doubled within quotes. Lines that are blank are left out. */
export function readCsvText(text: string): readonly (readonly CsvField[])[] {
  const rows: CsvField[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\r|$)/gy;
  let row: CsvField[] = [];
  while (pattern.lastIndex <= text.length) {
    const match = pattern.exec(text);
    if (match === null) break;
    const [all, quoted, plain = "", end] = match;
    const field =
      quoted === undefined
        ? { text: plain.trim(), isQuoted: false }
        : { text: quoted.replaceAll('""', '"'), isQuoted: true };
    row.push(field);
    if (end !== ",") {
      const isBlank = row.length === 1 && field.text === "" && !field.isQuoted;
      if (!isBlank) rows.push(row);
      row = [];
    }
    if (all === "" || (end === "" && pattern.lastIndex >= text.length)) break;
  }
  return rows;
}
