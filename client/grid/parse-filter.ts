import { formatNumberAs } from "../../server/text/column-format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { readTypedNumber, type Meant } from "../../server/text/typed-number.js";
import { readTypedTime } from "../../server/text/typed-time.js";
import { keyOf, type ColumnFilter, type FilterOperator, type GridColumn } from "./grid-source.js";

type Comparison = Exclude<FilterOperator, "contains" | "is-null" | "is-not-null">;
type Condition = readonly [operator: FilterOperator, value: string | undefined];

const operators: readonly (readonly [string, Comparison])[] = [
  ["!=", "differs"],
  ["<>", "differs"],
  ["<=", "at-most"],
  [">=", "at-least"],
  ["<", "less"],
  [">", "greater"],
  ["=", "equals"],
];

/**
 * Reads what is typed over a column, as the column shows its values: `> 5`, `!= x`, `2020-07`, `50 %`, `5 .. 10`, `null`, `not null`, or a
 * value alone, which text contains and anything else equals. Returns nothing where nothing is asked yet, and a text that
 * says what to write where it cannot be understood. `format`: how its numbers are shown.
 */
export function parseFilter(
  typed: string,
  column: GridColumn,
  format?: string,
): readonly ColumnFilter[] | string {
  const text = typed.trim();
  const conditions = conditionsOf(text, column, format);
  if (typeof conditions === "string") return conditions;
  return conditions.map(([operator, value = ""]) => ({ column: keyOf(column), operator, value }));
}

function conditionsOf(text: string, column: GridColumn, format?: string): readonly Condition[] | string {
  if (text === "") return [];
  if (/^(is\s+)?null$/i.test(text)) return [["is-null", ""]];
  if (/^(is\s+)?not\s+null$/i.test(text)) return [["is-not-null", ""]];
  const isOrdered = familyOf(column.kind) === "number" || isTime(column);
  const [, first, last] = (isOrdered ? /^(.*?)\s*\.\.\s*(.*)$/.exec(text) : null) ?? [];
  if (first !== undefined && last !== undefined) {
    const low = conditionsOf(first === "" ? "" : `>= ${first}`, column, format);
    const high = conditionsOf(last === "" ? "" : `<= ${last}`, column, format);
    return typeof low === "string" ? low : typeof high === "string" ? high : [...low, ...high];
  }
  const [sign = "", operator] = operators.find(([sign]) => text.startsWith(sign)) ?? [];
  const value = text.slice(sign.length).trim();
  if (value === "") return [];
  const meant = meantBy(value, column, format);
  if (meant === undefined) return expected(column, format);
  const isPlain = isOrdered || familyOf(column.kind) === "boolean";
  const isPartOfTime = isTime(column) && meant.from === undefined && readTypedTime(value) === undefined;
  if (operator === undefined && (!isPlain || isPartOfTime)) return [["contains", value]];
  if (operator === "differs" && meant.from !== undefined)
    return `${value} stands for many values here: write < or > instead of ${sign}.`;
  return compared(operator ?? "equals", meant);
}

function compared(operator: Comparison, { at, from, below }: Meant): readonly Condition[] {
  switch (operator) {
    case "equals": {
      if (from === undefined) return [["equals", at]];
      // Halves are rounded away from zero.
      const isNegative = at?.startsWith("-") === true;
      return [
        [isNegative || at === "0" ? "greater" : "at-least", from],
        [isNegative ? "at-most" : "less", below],
      ];
    }
    case "less":
      return [["less", at ?? from]];
    case "at-least":
      return [["at-least", at ?? from]];
    case "at-most":
      return [at === undefined ? ["less", below] : ["at-most", at]];
    case "greater":
      return [at === undefined ? ["at-least", below] : ["greater", at]];
    case "differs":
      return [["differs", at]];
  }
}

function meantBy(value: string, column: GridColumn, format: string | undefined): Meant | undefined {
  if (familyOf(column.kind) === "number") return readTypedNumber(value, format);
  const span = isTime(column) && !/[Zz+]|:\d\d.*-/.test(value) ? readTypedTime(value) : undefined;
  const isDay = column.kind === "date" && /^\d+-\d+-\d+/.test(value);
  if (span === undefined || span.from === span.below || isDay) return { at: value };
  return { from: written(span.from), below: written(span.below) };
}

function isTime({ kind }: GridColumn): boolean {
  return kind === "date" || kind === "timestamp";
}

function written(time: number): string {
  return new Date(time)
    .toISOString()
    .replace(/T00:00:00\.000Z$/, "")
    .replace("T", " ")
    .replace(/\.000Z$/, "");
}

function expected({ kind }: GridColumn, format: string | undefined): string {
  const example =
    format?.startsWith("epoch_") === true
      ? undefined
      : formatNumberAs(samples[format ?? ""] ?? 1234.5, format ?? "");
  if (format?.startsWith("epoch_") === true)
    return "Write a time as it is shown here, or a part of it: >= 2020-07-01, 2020-07, 2020-07-01 .. 2020-09-30.";
  if (example !== undefined) return `Write it as it is shown here: > ${example}.`;
  return kind === "integer"
    ? "Write a number: 5, > 5, or 5 .. 10."
    : "Write a number: 0.5, > 0.5, or 0.5 .. 2.";
}

/** Of formats that do not show an amount. */
const samples: Readonly<Record<string, number>> = { percent: 0.125, bytes: 1_500_000, duration: 5400 };

/** What is typed over a column for the rows that have a value, or for all others. */
export function filterText(value: unknown, text: string, isOthers = false): string {
  if (value === null || value === undefined) return isOthers ? "not null" : "null";
  return `${isOthers ? "!=" : "="} ${text}`;
}
