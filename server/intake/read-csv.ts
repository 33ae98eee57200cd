import { isAppError, type AppError } from "../base/errors.js";
import type { Column } from "../engine/engine.js";
import {
  findAmbiguousDates,
  formatOf,
  isoOf,
  meaningOf,
  type DateOrder,
  type WrittenDates,
} from "./date-order.js";
import { readCsvHead, type CsvHead } from "./csv-head.js";
import type { CsvOptions } from "../engine/verbs.js";
import type { FileEnds } from "./file-kind.js";
import type { FoundEncoding } from "./text-encoding.js";
import type { Trial } from "./trial.js";

export interface ReadTable {
  readonly sql: string;
  readonly columns: readonly Column[];
  /** Sentences for people: what was decided, and what is not as in the file. */
  readonly notes: readonly string[];
  readonly delimiter?: string;
  /** Of CSV: what the engine is told. */
  readonly options?: CsvOptions;
}

interface Reading {
  readonly options: CsvOptions;
  readonly columns: readonly Column[];
  /** Columns that are text since their numbers have too many digits. */
  readonly lost?: readonly string[];
}

/**
 * The query that reads a CSV file, tried on the whole of it. What the engine guesses from the first lines is helped
 * where people's files differ from that: decimal commas, short lines, a type that does not hold to the end.
 * Fails with code input where nothing reads it.
 */
export async function readCsv(
  trial: Trial,
  path: string,
  file: FileEnds,
  { encoding, hasLateQuotes = false }: Pick<FoundEncoding, "encoding"> & { readonly hasLateQuotes?: boolean },
): Promise<ReadTable> {
  const head = readCsvHead(decode(file.head, encoding), file.isWhole);
  const base: CsvOptions = {
    ...(encoding === "latin-1" ? { encoding } : encoding.startsWith("utf-16") ? { encoding: "utf-16" } : {}),
    ...(file.compression === "gzip" && !/\.gz$/.test(path) ? { compression: "gzip" } : {}),
    ...(head.skip > 0 ? { skip: head.skip, delimiter: head.delimiter ?? "," } : {}),
  };
  const context: Context = { trial, path, head };
  const reading = await withExactNumbers(context, await findQuotedReading(context, base, hasLateQuotes));
  const settled = await settleDates(context, reading);
  return {
    sql: trial.query({ type: "csv", path, options: settled.reading.options }),
    columns: settled.reading.columns,
    options: settled.reading.options,
    notes: [...notesOf(settled.reading, head), ...settled.notes],
    ...(head.delimiter === undefined || file.compression === "zstd" ? {} : { delimiter: head.delimiter }),
  };
}

/** Quotes that the engine does not expect are quotes, unless that makes nonsense of the lines: `5" pipe`. */
async function findQuotedReading(
  context: Context,
  base: CsvOptions,
  hasLateQuotes: boolean,
): Promise<Reading> {
  if (!hasLateQuotes) return findReading(context, base);
  const quoted = await findReading(context, { ...base, quote: '"' });
  if (quoted.options.acceptsLooseQuotes !== true) return quoted;
  const plain = await findReading(context, base);
  return plain.options.acceptsLooseQuotes === true ? quoted : plain;
}

/** Lines of more than 2 MB are looked for only where nothing else reads all of every line: they take much memory. */
async function findReading(context: Context, base: CsvOptions): Promise<Reading> {
  const isLong =
    context.head.endsInLongLine && (await bind(context, { ...base, isAllText: true })) === undefined;
  const short = isLong ? undefined : await readingOrFailure(context, base);
  if (short !== undefined && "options" in short && short.options.acceptsLooseQuotes !== true) return short;
  const long = await readingOrFailure(context, { ...base, hasLongLines: true });
  const found = [long, short].filter((reading) => reading !== undefined && "options" in reading);
  const [best] = found.sort((a, b) => looseness(a) - looseness(b));
  if (best !== undefined) return best;
  // What is said of the file is what was wrong first.
  throw (short ?? long) as AppError;
}

function looseness({ options }: Reading): number {
  return (options.acceptsLooseQuotes === true ? 2 : 0) + (options.hasLongLines === true ? 1 : 0);
}

async function readingOrFailure(context: Context, base: CsvOptions): Promise<Reading | AppError> {
  try {
    return await findReadingOf(context, base);
  } catch (error) {
    if (!isAppError(error, "input")) throw error;
    return error;
  }
}

async function findReadingOf(context: Context, base: CsvOptions): Promise<Reading> {
  const shaped = await findShape(context, base);
  const best = shaped === undefined ? undefined : await findForms(context, shaped);
  return tryAll(context, best, base);
}

/** Numbers are looked at to the end of the file: there may be longer ones than in its first lines. */
async function withExactNumbers(context: Context, reading: Reading): Promise<Reading> {
  const { trial, path } = context;
  const { options, columns } = reading;
  const lost = await trial.lostDigits({ type: "csv", path, options }, columns);
  if (lost.length === 0) return reading;
  const types = new Map([...(options.types ?? []), ...lost.map((name) => [name, { kind: "text" }] as const)]);
  const casts = options.casts?.filter((name) => !lost.includes(name));
  const exact = await bind(context, { ...options, types, ...(casts === undefined ? {} : { casts }) });
  return exact === undefined ? reading : { ...exact, lost };
}

/** So many rows tell how the engine takes a date. */
const TELLING_ROWS = 200;

/**
 * Where day and month may be either, the cell says which is which, and so do the notes: the engine's guess is seen by nobody, and
 * another delivery might change it.
 */
async function settleDates(
  context: Context,
  reading: Reading,
): Promise<{ readonly reading: Reading; readonly notes: readonly string[] }> {
  const { trial, path, head } = context;
  let settled = reading;
  const notes: string[] = [];
  for (const [index, { name, kind }] of reading.columns.entries()) {
    if (kind !== "date" && kind !== "timestamp") continue;
    const key = kind === "date" ? "dateFormat" : "timestampFormat";
    const texts = textsOf(head, index);
    const dates = findAmbiguousDates(texts);
    if (dates === undefined) continue;
    const query = (options: CsvOptions): string => trial.query({ type: "csv", path, options });
    const taken =
      orderWritten(dates, settled.options[key]) ??
      (await orderTaken(context, query(settled.options), { index, texts, dates }));
    if (taken === undefined) continue;
    // Further down a day may stand that tells.
    const others: DateOrder[] = [];
    for (const order of dates.orders) {
      if (order === taken) continue;
      const other = await bind(context, { ...settled.options, [key]: formatOf(dates, order) });
      const isSame = other?.columns.every((column, at) => column.kind === reading.columns[at]?.kind) === true;
      if (isSame && (await trial.failure(query(other.options))) === undefined) others.push(order);
    }
    if (others.length === 0) continue;
    const written = await bind(context, { ...settled.options, [key]: formatOf(dates, taken) });
    if (written?.columns.every((column, at) => column.kind === reading.columns[at]?.kind) === true)
      settled = { ...settled, options: written.options, columns: written.columns };
    notes.push(dateNote(name, dates, { taken, others, option: key.toLowerCase() }));
  }
  return { reading: settled, notes };
}

function orderWritten(dates: WrittenDates, format: string | undefined): DateOrder | undefined {
  return dates.orders.find((order) => formatOf(dates, order) === format);
}

/** Found by what became of the file's texts. Nobody writes the year first with two digits and a slash or point. */
async function orderTaken(
  { trial }: Context,
  sql: string,
  {
    index,
    texts,
    dates,
  }: { readonly index: number; readonly texts: readonly string[]; readonly dates: WrittenDates },
): Promise<DateOrder | undefined> {
  const rows = await trial.firstRows(sql, TELLING_ROWS);
  const read = rows.map((row) => row[index]).filter((value) => value !== null);
  const at = texts.indexOf(dates.example);
  const value = read[at];
  if (typeof value !== "string") return undefined;
  const taken = dates.orders.find((order) => isoOf(dates, order) === value.slice(0, 10));
  return taken === "ymd" && dates.separator !== "-" ? "dmy" : taken;
}

function dateNote(
  name: string,
  dates: WrittenDates,
  {
    taken,
    others,
    option,
  }: { readonly taken: DateOrder; readonly others: readonly DateOrder[]; readonly option: string },
): string {
  const instead = others.map(
    (order) => `${meaningOf(dates, order)}: ${option} = '${formatOf(dates, order)}'`,
  );
  return `"${name}": ${dates.example} is taken as ${meaningOf(dates, taken)}, and no value of it tells. If it is ${instead.join(", or ")} in the cell.`;
}

/** What is not empty in a column, from its first date on: what stands above is a header or a title. */
function textsOf({ rows }: CsvHead, index: number): string[] {
  const values = rows.map((row) => (row[index] ?? "").trim());
  const start = values.findIndex((value) => /^\d{1,2}[/.-]\d/.test(value));
  return start < 0 ? [] : values.slice(start).filter((value) => value !== "");
}

interface Context {
  readonly trial: Trial;
  readonly path: string;
  readonly head: CsvHead;
}

async function bind({ trial, path }: Context, options: CsvOptions): Promise<Reading | undefined> {
  const columns = await trial.columns(trial.query({ type: "csv", path, options }));
  return columns === undefined ? undefined : { options, columns };
}

/** The engine's own guess, unless it sees another table than the lines show. */
async function findShape(context: Context, base: CsvOptions): Promise<Reading | undefined> {
  const { head } = context;
  const guessed = await bind(context, head.isHeaderOnly ? { ...base, header: true } : base);
  if (head.isHeaderOnly) return guessed;
  if (guessed?.columns.length === head.width && !head.isRagged) return guessed;
  if (head.rows.length === 0) return guessed;
  const delimiter = head.delimiter ?? absentDelimiter(head);
  const plain = head.isRagged ? undefined : await bind(context, { ...base, delimiter });
  if (plain?.columns.length === head.width) return plain;
  const filled = await bind(context, { ...base, delimiter, fillsShortLines: true });
  // A title above the table is what the engine finds by itself.
  if (guessed?.columns.length === head.width && head.rows[0]?.length === 1) return guessed;
  return filled ?? plain ?? guessed;
}

/** One column has no delimiter, and the engine would find one. */
function absentDelimiter({ rows }: CsvHead): string {
  return [";", "|", "\t", "~"].find((sign) => rows.every(([value = ""]) => !value.includes(sign))) ?? "\x01";
}

/** Numbers and times that the engine takes for text, where that makes numbers and times of them. */
async function findForms(context: Context, shaped: Reading): Promise<Reading> {
  const { numbers, timestampFormat } = context.head;
  const { columns } = shaped;
  const nameOf = (index: number): string => columns[index]?.name ?? "";
  const texts = numbers.thousands === "." ? [...numbers.decimalPoint, ...numbers.dotted] : [];
  const hasComma = numbers.decimalComma.length > 0;
  const forms: CsvOptions = {
    ...(hasComma ? { decimal: "," } : {}),
    ...(numbers.thousands === undefined ? {} : { thousands: numbers.thousands }),
    ...(texts.length === 0
      ? {}
      : { types: new Map(texts.map((index) => [nameOf(index), { kind: "text" }] as const)) }),
    ...(numbers.decimalPoint.length === 0 ? {} : { casts: numbers.decimalPoint.map(nameOf) }),
  };
  let best = shaped;
  const candidates = [
    ...(hasComma || numbers.thousands !== undefined ? [forms] : []),
    ...(timestampFormat === undefined ? [] : [{ timestampFormat }, { ...forms, timestampFormat }]),
  ];
  for (const candidate of candidates) {
    const reading = await bind(context, { ...shaped.options, ...candidate });
    if (reading !== undefined && countTexts(reading) < countTexts(best)) best = reading;
  }
  return withAllDigits(context, best);
}

/** The engine reads whole numbers that 64 bits do not hold as DOUBLE, where 16 digits are kept of them. */
async function withAllDigits(context: Context, reading: Reading): Promise<Reading> {
  const long = longNumbers(reading, context.head).map((name) => [name, { kind: "text" }] as const);
  if (long.length === 0) return reading;
  const types = new Map([...(reading.options.types ?? []), ...long]);
  return (await bind(context, { ...reading.options, types })) ?? reading;
}

function longNumbers({ columns }: Reading, { numbers }: CsvHead): string[] {
  return numbers.manyDigits.flatMap((index) => {
    const column = columns[index];
    return column?.kind === "float" ? [column.name] : [];
  });
}

function countTexts({ columns }: Reading): number {
  return columns.filter(({ kind }) => kind === "text").length;
}

/** The first way that reads every line. */
async function tryAll(context: Context, best: Reading | undefined, base: CsvOptions): Promise<Reading> {
  const { trial, path, head } = context;
  const options = best?.options ?? base;
  const loose: CsvOptions = {
    ...options,
    delimiter: options.delimiter ?? head.delimiter ?? absentDelimiter(head),
    fillsShortLines: true,
  };
  const ways: (() => Promise<Reading | undefined>)[] = [
    () => Promise.resolve(best),
    () => typedByAllLines(context, options, best),
    () => typedByAllLines(context, loose, undefined),
    () => bind(context, { ...options, acceptsLooseQuotes: true }),
    () => typedByAllLines(context, { ...loose, acceptsLooseQuotes: true }, undefined),
    () => bind(context, { ...withoutForms(loose), isAllText: true, acceptsLooseQuotes: true }),
  ];
  let failure: unknown;
  for (const way of ways) {
    const reading = await way();
    if (reading === undefined) continue;
    failure = await trial.failure(trial.query({ type: "csv", path, options: reading.options }));
    if (failure === undefined) return reading;
  }
  throw trial.refusal(failure);
}

/** As all lines show it, with the types written down that the first lines do not show. */
async function typedByAllLines(
  context: Context,
  options: CsvOptions,
  guessed: Reading | undefined,
): Promise<Reading | undefined> {
  const { head } = context;
  const first = guessed ?? (await bind(context, options));
  const isCommaPossible = head.delimiter !== "," && options.decimal === undefined;
  let all = await bind(context, { ...options, looksAtAllLines: true });
  if (isCommaPossible) {
    const decimal = await bind(context, { ...options, decimal: ",", looksAtAllLines: true });
    if (decimal !== undefined && (all === undefined || countTexts(decimal) < countTexts(all))) all = decimal;
  }
  if (all === undefined) return undefined;
  const { looksAtAllLines: _, ...kept } = all.options;
  const types = all.columns.filter(({ type }, index) => first?.columns[index]?.type !== type);
  const written = new Map([...(kept.types ?? []), ...types.map((column) => [column.name, column] as const)]);
  return bind(context, written.size === 0 ? kept : { ...kept, types: written });
}

function withoutForms({
  decimal: _d,
  thousands: _t,
  timestampFormat: _f,
  types: _y,
  casts: _c,
  ...kept
}: CsvOptions): CsvOptions {
  return kept;
}

/** Of a file whose numbers have more digits than a column of numbers keeps. */
export function longNumbersNote(names: readonly string[]): string {
  return `${list(names)}: text, as its numbers have more digits than a column of numbers keeps.`;
}

function notesOf({ options, columns, lost = [] }: Reading, head: CsvHead): string[] {
  const names = (indexes: readonly number[]): string =>
    list(indexes.map((index) => columns[index]?.name ?? ""));
  const { decimalComma, decimalPoint, manyDigits } = head.numbers;
  const typed = [...(options.types ?? [])].flatMap(([name, { kind }]) => (kind === "text" ? [name] : []));
  const isLong = (name: string): boolean =>
    lost.includes(name) || manyDigits.some((index) => columns[index]?.name === name);
  const [long, texts] = [typed.filter(isLong), typed.filter((name) => !isLong(name))];
  return [
    ...(options.encoding === undefined ? [] : ["The text is Latin-1."]),
    ...(options.decimal === undefined
      ? []
      : [`A comma is the decimal sign${decimalComma.length === 0 ? "" : ` of ${names(decimalComma)}`}.`]),
    ...(options.thousands === undefined
      ? []
      : [`${options.thousands === "." ? "A point" : "A comma"} parts the thousands.`]),
    ...(options.decimal === undefined && decimalComma.length > 0
      ? [`${names(decimalComma)}: numbers with a decimal comma are text here.`]
      : []),
    ...(options.casts === undefined ? [] : [`A point is the decimal sign of ${names(decimalPoint)}.`]),
    ...(options.fillsShortLines === true ? ["Lines differ in length: what a line lacks is NULL."] : []),
    ...(options.acceptsLooseQuotes === true
      ? [
          "Some lines have more values than the others, or quotes or line ends that are not as CSV has them: what does not fit is left out. Compare the rows with the file.",
        ]
      : []),
    ...(options.isAllText === true ? ["All columns are text: no other types hold for all lines."] : []),
    ...(long.length === 0 ? [] : [longNumbersNote(long)]),
    ...(texts.length === 0
      ? []
      : [`${list(texts)}: text, as not all lines hold a number, date or time there.`]),
  ];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}

function decode(head: Buffer, encoding: FoundEncoding["encoding"]): string {
  return new TextDecoder(encoding === "latin-1" ? "windows-1252" : encoding).decode(head);
}
