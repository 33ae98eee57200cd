/** What the beginning of a CSV file looks like, for a person. */
export interface CsvHead {
  /** Undefined: one column. */
  readonly delimiter: string | undefined;
  /** Columns of most lines. */
  readonly width: number;
  readonly isRagged: boolean;
  /** Lines before the first that belongs to the table: Excel's `sep=;`. */
  readonly skip: number;
  readonly rows: readonly (readonly string[])[];
  /** One line and nothing else, of names. */
  readonly isHeaderOnly: boolean;
  /** What is cut off is a line that may have any length. */
  readonly endsInLongLine: boolean;
  readonly numbers: NumberForms;
  /** A form that the engine does not guess: `31.12.2025 10:30`. */
  readonly timestampFormat: string | undefined;
}

export interface NumberForms {
  /** Indexes of columns of numbers with a decimal comma. */
  readonly decimalComma: readonly number[];
  /** With a decimal point, in a file where others have a comma. */
  readonly decimalPoint: readonly number[];
  /** Digits and points that are no numbers: addresses, versions. */
  readonly dotted: readonly number[];
  readonly thousands: "." | "," | undefined;
  /** Whole numbers of which some have more digits than 64 bits hold: numbers of tickets, accounts, parcels. */
  readonly manyDigits: readonly number[];
}

/** Those that people mean as soon as they are regular, first. */
const DELIMITERS = ["\t", "|", ";", ","];
const MAX_ROWS = 1000;
const LONG_LINE = 100_000;

const COMMA_NUMBER = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/;
const GROUPED_BY_POINT = /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/;
const POINT_NUMBER = /^[+-]?\d+(\.\d+)?$/;
const WHOLE_NUMBER = /^[+-]?\d+$/;
const MANY_DIGITS = /^[+-]?0*[1-9]\d{18}/;
const GROUPED_BY_COMMA = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;

/** Reads the beginning of a text; `isWhole` tells that nothing follows. */
export function readCsvHead(text: string, isWhole: boolean): CsvHead {
  const named = /^sep=(.)\r?\n/i.exec(text);
  const body = text.slice(named?.[0].length ?? 0);
  const found = named?.[1] ?? findDelimiter(body, isWhole);
  const isOneColumn = found === "," && isListOfNumbers(body, isWhole);
  const delimiter = isOneColumn ? undefined : found;
  const rows = parseRows(body, delimiter, isWhole);
  const widths = rows.map((row) => row.length);
  const width = mostFrequent(widths)?.value ?? 1;
  return {
    delimiter,
    width,
    isRagged: widths.some((other) => other !== width),
    skip: named === null ? 0 : 1,
    rows,
    isHeaderOnly: isWhole && rows.length === 1 && isHeader(rows[0] ?? []),
    endsInLongLine: !isWhole && text.length - text.lastIndexOf("\n") > LONG_LINE,
    numbers: numberForms(rows, delimiter),
    timestampFormat: timestampFormat(rows),
  };
}

/** Each value another one that begins with a letter. */
function isHeader(row: readonly string[]): boolean {
  return row.every((value) => /^\s*[\p{L}_]/u.test(value)) && new Set(row).size === row.length;
}

function findDelimiter(text: string, isWhole: boolean): string | undefined {
  let best: { readonly delimiter: string; readonly share: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const rows = parseRows(text, delimiter, isWhole);
    const mode = mostFrequent(rows.map((row) => row.length).filter((width) => width > 1));
    const share = (mode?.count ?? 0) / Math.max(1, rows.length);
    if (share >= 0.4 && share > (best?.share ?? 0) + 0.02) best = { delimiter, share };
  }
  return best?.delimiter;
}

/** One name, and then numbers like `1,5`: no comma parts anything. */
function isListOfNumbers(text: string, isWhole: boolean): boolean {
  const [first, ...others] = parseRows(text, undefined, isWhole);
  return (
    first !== undefined &&
    others.length > 0 &&
    !/[,\d]/.test(first[0] ?? "") &&
    others.every(([value = ""]) => COMMA_NUMBER.test(value))
  );
}

/** Lines without any character do not count. */
function parseRows(text: string, delimiter: string | undefined, isWhole: boolean): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < MAX_ROWS) {
    const field = readField(text, at, delimiter);
    row.push(field.value);
    at = field.end;
    if (delimiter !== undefined && text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      row.push("");
    }
    // What is cut off tells nothing.
    if (at >= text.length && !isWhole && rows.length > 0) break;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  return rows;
}

function readField(
  text: string,
  start: number,
  delimiter: string | undefined,
): { readonly value: string; readonly end: number } {
  let at = start;
  if (text[start] === '"') {
    do at = text.indexOf('"', at + 1) + 1;
    while (at > 0 && text[at] === '"');
    if (at > 0 && isEnd(text[at], delimiter))
      return { value: text.slice(start + 1, at - 1).replaceAll('""', '"'), end: at };
    at = start;
  }
  while (at < text.length && !isEnd(text[at], delimiter)) at++;
  return { value: text.slice(start, at), end: at };
}

function isEnd(character: string | undefined, delimiter: string | undefined): boolean {
  return character === undefined || character === "\n" || character === "\r" || character === delimiter;
}

function mostFrequent(
  values: readonly number[],
): { readonly value: number; readonly count: number } | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const all = [...counts].map(([value, count]) => ({ value, count }));
  return all.sort((a, b) => b.count - a.count || b.value - a.value)[0];
}

function numberForms(rows: readonly (readonly string[])[], delimiter: string | undefined): NumberForms {
  const columns = columnsOf(rows);
  const manyDigits = columns.flatMap((values, index) =>
    values.every((value) => WHOLE_NUMBER.test(value)) && values.some((value) => MANY_DIGITS.test(value))
      ? [index]
      : [],
  );
  const grouped = columns.flatMap((values, index) => (isGroupedByComma(values, delimiter) ? [index] : []));
  const decimalComma = columns.flatMap((values, index) =>
    !grouped.includes(index) &&
    values.every((value) => COMMA_NUMBER.test(value)) &&
    values.some((value) => value.includes(","))
      ? [index]
      : [],
  );
  if (decimalComma.length === 0)
    return {
      decimalComma,
      decimalPoint: [],
      dotted: [],
      thousands: grouped.length > 0 ? "," : undefined,
      manyDigits,
    };
  const hasGroups = decimalComma.some((index) =>
    columns[index]?.some((value) => value.includes(",") && GROUPED_BY_POINT.test(value)),
  );
  const withPoints = columns.flatMap((values, index) =>
    !decimalComma.includes(index) && values.some((value) => /^[+-]?\d+(\.\d+)+$/.test(value)) ? [index] : [],
  );
  const others = withPoints.filter(
    (index) => !hasGroups || columns[index]?.every((value) => COMMA_NUMBER.test(value)) !== true,
  );
  const decimalPoint = others.filter((index) => columns[index]?.every((value) => POINT_NUMBER.test(value)));
  const dotted = others.filter((index) => !decimalPoint.includes(index) && !isDates(columns[index] ?? []));
  return { decimalComma, decimalPoint, dotted, thousands: hasGroups ? "." : undefined, manyDigits };
}

/** `1,234.5`: not where the comma may as well be a decimal one. */
function isGroupedByComma(values: readonly string[], delimiter: string | undefined): boolean {
  if (!values.some((value) => value.includes(","))) return false;
  if (!values.every((value) => GROUPED_BY_COMMA.test(value))) return false;
  return delimiter === "," || values.some((value) => /,\d{3}[,.]/.test(value));
}

function isDates(values: readonly string[]): boolean {
  return values.every((value) => /^\d{1,2}\.\d{1,2}\.\d{2,4}$/.test(value));
}

/** By column, what is not empty; without the first line, which may be the header. */
function columnsOf(rows: readonly (readonly string[])[]): string[][] {
  const body = rows.length > 1 ? rows.slice(1) : rows;
  const width = Math.max(0, ...body.map((row) => row.length));
  return Array.from({ length: width }, (_, index) =>
    body.map((row) => (row[index] ?? "").trim()).filter((value) => value !== ""),
  );
}

function timestampFormat(rows: readonly (readonly string[])[]): string | undefined {
  const forms = [
    { form: /^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}$/, format: "%d.%m.%Y %H:%M" },
    { form: /^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}$/, format: "%d.%m.%Y %H:%M:%S" },
  ];
  const columns = columnsOf(rows).filter((values) => values.length > 0);
  return forms.find(({ form }) => columns.some((values) => values.every((value) => form.test(value))))
    ?.format;
}
