import { freeName } from "../text/free-name.js";
import { SheetColumnForms, sheetText, type SheetColumn, type SheetValue } from "./sheet-columns.js";

export interface SheetTable {
  readonly columns: readonly SheetColumn[];
  readonly rows: number;
  readonly notes: readonly string[];
}

/** Rows that are looked at before the first is written: the header is one of them. */
const LOOKED_AT = 20;

/**
 * Makes a table of the rows of a sheet: a line of names above, no empty rows, every value as text for CSV with quotes.
 * `write` takes the lines.
 */
export class SheetTableWriter {
  readonly #write: (line: string) => void;
  readonly #first: (readonly SheetValue[])[] = [];
  /** Empty rows before each of the first ones. */
  readonly #gaps: number[] = [];
  readonly #forms: SheetColumnForms[] = [];
  #names: readonly string[] | undefined;
  #titles: readonly string[] = [];
  #width = 0;
  #rows = 0;
  #empty = 0;
  #emptyNow = 0;
  #lastIndex = -1;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** `index` counts from 0; rows that hold nothing may be left out. */
  add(values: readonly SheetValue[], index: number): void {
    this.#emptyNow += Math.max(0, index - this.#lastIndex - 1);
    this.#lastIndex = index;
    if (values.every((value) => value === null || value === "")) {
      this.#emptyNow++;
      return;
    }
    if (this.#names === undefined) {
      this.#gaps.push(this.#emptyNow);
      this.#emptyNow = 0;
      this.#first.push(values);
      if (this.#first.length >= LOOKED_AT) this.#begin();
      return;
    }
    this.#empty += this.#emptyNow;
    this.#emptyNow = 0;
    this.#addRow(values);
  }

  /** Undefined: the sheet holds nothing. */
  end(): SheetTable | undefined {
    if (this.#names === undefined) this.#begin();
    const names = this.#names ?? [];
    const width = Math.max(names.length, this.#width);
    if (width === 0) return undefined;
    const columns = this.#columns(names, width);
    const errors = this.#forms.reduce((sum, form) => sum + form.errors, 0);
    return {
      columns,
      rows: this.#rows,
      notes: [
        ...this.#titles.map((title) => `The line "${title}" above the table is left out.`),
        ...(this.#empty === 0 ? [] : [`Empty rows between others are left out: ${String(this.#empty)}.`]),
        ...(errors === 0 ? [] : [`Errors of formulas, such as #N/A, are NULL: ${String(errors)}.`]),
      ],
    };
  }

  #columns(names: readonly string[], width: number): SheetColumn[] {
    const taken = new Set<string>();
    return Array.from({ length: width }, (_, index) => {
      const name = names[index] ?? "";
      const isEmpty = name.trim() === "" && this.#forms[index]?.isEmpty !== false;
      const kind = this.#forms[index]?.kind ?? "text";
      return { name: isEmpty ? `empty ${String(index)}` : takeName(name, index, taken), kind, isEmpty };
    });
  }

  /** The header is the first line of nothing but texts, under lines that hold a single one. */
  #begin(): void {
    const rows = this.#first.splice(0);
    const widest = Math.max(0, ...rows.map(countValues));
    let at = 0;
    while (widest > 1 && at < rows.length - 1 && countValues(rows[at] ?? []) === 1) at++;
    const header = rows[at] ?? [];
    const isHeader = rows.length > 0 && header.every((value) => value === null || typeof value === "string");
    this.#titles = rows
      .slice(0, at)
      .map((row) => sheetText(row.find((value) => value !== null) ?? null) ?? "");
    this.#names = isHeader ? header.map((value) => sheetText(value) ?? "") : [];
    const start = isHeader ? at + 1 : at;
    this.#empty = this.#gaps.slice(Math.max(1, start)).reduce((sum, gap) => sum + gap, 0);
    for (const row of rows.slice(start)) this.#addRow(row);
  }

  #addRow(values: readonly SheetValue[]): void {
    this.#rows++;
    const texts = values.map((value, index) => {
      (this.#forms[index] ??= new SheetColumnForms()).add(value);
      const text = sheetText(value);
      if (text === undefined) return "";
      this.#width = Math.max(this.#width, index + 1);
      return `"${text.replaceAll('"', '""')}"`;
    });
    this.#write(`${texts.join(",")}\n`);
  }
}

function countValues(row: readonly SheetValue[]): number {
  return row.filter((value) => value !== null && value !== "").length;
}

/** Without a name of its own, a column has its letters. */
function takeName(wanted: string, index: number, taken: Set<string>): string {
  const base = wanted.replace(/\s+/g, " ").trim() || lettersOf(index);
  const name = freeName(base, (candidate) => taken.has(candidate.toLowerCase()));
  taken.add(name.toLowerCase());
  return name;
}

/** `A` to `Z`, `AA` ... */
function lettersOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : lettersOf(Math.floor(index / 26) - 1) + letter;
}
