import type { SimpleKind } from "../text/type-kind.js";

/** A cell of a sheet; a Date is a moment in UTC. */
export type SheetValue = string | number | boolean | Date | null;

export interface SheetColumn {
  readonly name: string;
  /** Of a type that holds every value of the column. */
  readonly kind: SimpleKind;
  /** It has neither a name nor a value. */
  readonly isEmpty: boolean;
}

type Form = "text" | "integer" | "number" | "boolean" | "date" | "timestamp" | "time" | "duration" | "error";

const DAY_MS = 86_400_000;
/** Day 0 of a workbook; what lies before day 1 has no date, only a time. */
const DAY_ZERO = Date.UTC(1899, 11, 31);
const EARLIEST_DATE = Date.UTC(1901, 0, 1);
const ERRORS = /^#(DIV\/0!|N\/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)$/;

/** Follows the values of one column of a sheet, and says what type holds them all. */
export class SheetColumnForms {
  readonly #forms = new Set<Form>();
  errors = 0;

  add(value: SheetValue): void {
    const form = formOf(value);
    if (form === "error") this.errors++;
    else if (form !== undefined) this.#forms.add(form);
  }

  get isEmpty(): boolean {
    return this.#forms.size === 0 && this.errors === 0;
  }

  get kind(): SimpleKind {
    const forms = this.#forms;
    const only = (...allowed: readonly Form[]): boolean =>
      forms.size > 0 && [...forms].every((form) => allowed.includes(form));
    if (only("integer")) return "integer";
    if (only("integer", "number")) return "float";
    if (only("boolean")) return "boolean";
    if (only("date")) return "date";
    if (only("date", "timestamp")) return "timestamp";
    if (only("time")) return "time";
    if (only("time", "duration")) return "interval";
    return "text";
  }
}

/** A value as the engine reads it back, whatever the type of its column; undefined is NULL. */
export function sheetText(value: SheetValue): string | undefined {
  switch (formOf(value)) {
    case undefined:
    case "error":
      return undefined;
    case "integer":
      return BigInt(value as number).toString();
    case "time":
    case "duration":
      return clockOf((value as Date).getTime() - DAY_ZERO);
    case "date":
      return (value as Date).toISOString().slice(0, 10);
    case "timestamp":
      return (value as Date)
        .toISOString()
        .replace("T", " ")
        .replace(/(\.000)?Z$/, "");
    case "text":
    case "number":
    case "boolean":
      return String(value);
  }
}

function formOf(value: SheetValue): Form | undefined {
  if (value === null || value === "") return undefined;
  if (typeof value === "string") return ERRORS.test(value) ? "error" : "text";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return isWide(value) ? "number" : "integer";
  const time = value.getTime();
  if (Number.isNaN(time)) return "error";
  if (time < DAY_ZERO + DAY_MS) return "time";
  if (time < EARLIEST_DATE) return "duration";
  return time % DAY_MS === 0 ? "date" : "timestamp";
}

/** Not an integer of 64 bits. */
function isWide(value: number): boolean {
  return !Number.isInteger(value) || Math.abs(value) >= 2 ** 63;
}

function clockOf(milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const seconds = Math.floor(rounded / 1000);
  const rest = rounded % 1000;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return rest === 0 ? clock : `${clock}.${String(rest).padStart(3, "0")}`;
}
