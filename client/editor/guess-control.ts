import { familyOf, type TypeKind } from "../../server/text/type-kind.js";
import { writeText } from "../../server/notebook/edit-options.js";
import type { ControlType } from "../../server/notebook/notebook.js";
import { quoteName } from "./sql-words.js";

/** What is known of the column that a control is to choose among. */
export interface ControlColumn {
  readonly name: string;
  readonly kind: TypeKind;
  /** How its numbers are shown. */
  readonly format?: string | undefined;
  /** As it is written in a FROM; absent where its values are stored nowhere. */
  readonly relation?: string | undefined;
  readonly distinct?: number | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  /** The most frequent value. */
  readonly top?: string | undefined;
  /** What the control is to begin with. */
  readonly begin?: string | undefined;
}

export interface GuessedControl {
  readonly type: ControlType;
  /** The YAML of the control. */
  readonly yaml: string;
  /** The parameter is a date, and the column seconds or milliseconds since 1970: what makes one of the other. */
  readonly since1970?: "epoch" | "epoch_ms";
}

/** More are no choice, but something to look for. */
const MOST_CHOICES = 500;
/** Of numbers, and the most steps that a hand can tell apart. */
const MOST_NUMBERS = 20;
const MOST_STEPS = 1000;

const nameWords: readonly (readonly [RegExp, TypeKind])[] = [
  [/(^|_)(date|day|since|from|until|till|before|after|start|end)(_|$)/i, "date"],
  [/(^|_)(n|min|max|limit|count|top|year|month|days|hours|minutes|percent)(_|$)/i, "integer"],
  [/^(is|has|only|with)_/i, "boolean"],
];
const typeWords: readonly (readonly [RegExp, TypeKind])[] = [
  [/^(date|timestamp|datetime)/i, "date"],
  [/^bool/i, "boolean"],
  [/^(u?(tiny|small|big|huge)?int|u?integer)/i, "integer"],
  [/^(float|real|double|decimal|numeric)/i, "decimal"],
  [/^(varchar|text|string|char)/i, "text"],
];

/** What the text says of a parameter by itself: what it is cast to, or that it counts rows. */
export function kindInText(name: string, sql: string): TypeKind | undefined {
  const parameter = `\\$${name}(?!\\w)`;
  const cast = new RegExp(`${parameter}\\s*(?:::|\\bAS\\b)\\s*(\\w+)`, "i").exec(sql)?.[1] ?? "";
  const byCast = typeWords.find(([word]) => word.test(cast))?.[1];
  const isLimit = new RegExp(`\\b(LIMIT|OFFSET)\\s+${parameter}`, "i").test(sql);
  return byCast ?? (isLimit ? "integer" : undefined);
}

export function kindOfName(name: string): TypeKind {
  return nameWords.find(([word]) => word.test(name))?.[1] ?? "text";
}

/**
 * A control that fits the values of a column. `isEqual`: its value is one of them, not a bound of them. `today`: as a run date.
 */
export function controlFor(
  name: string,
  column: ControlColumn,
  isEqual: boolean,
  today: string,
): GuessedControl {
  const since1970 = { epoch_seconds: "epoch", epoch_milliseconds: "epoch_ms" } as const;
  const shown = Object.entries(since1970).find(([format]) => format === column.format)?.[1];
  if (shown !== undefined) return { ...dateControl(name, column, today), since1970: shown };
  if (column.kind === "date" || column.kind === "timestamp") return dateControl(name, column, today);
  const family = familyOf(column.kind);
  if (family === "boolean") return written(name, "checkbox", ["default: true"]);
  if (family === "number") return numberControl(name, column, isEqual);
  const isFew = column.relation !== undefined && (column.distinct ?? 1) <= MOST_CHOICES;
  if (family !== "text" || !isEqual || !isFew) return written(name, "text", ['default: ""']);
  return selectControl(name, column);
}

function dateControl(
  name: string,
  { format, min, max, begin }: ControlColumn,
  today: string,
): GuessedControl {
  const isEnd = /(^|_)(until|till|to|before|end)(_|$)/i.test(name);
  const found = dayOf(begin ?? (isEnd ? max : min), format) ?? (isEnd ? today : `${today.slice(0, 4)}-01-01`);
  return written(name, "date", [`default: ${found}`]);
}

function dayOf(value: string | undefined, format: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const scale = format === "epoch_seconds" ? 1000 : format === "epoch_milliseconds" ? 1 : undefined;
  const time = new Date(Number(value) * (scale ?? 1));
  const text = scale === undefined ? value : Number.isNaN(time.getTime()) ? "" : time.toISOString();
  return /^\d{4}-\d\d-\d\d(?!\d)/.exec(text)?.[0];
}

function selectControl(name: string, column: ControlColumn): GuessedControl {
  const { relation = "", begin, top, min } = column;
  const first = begin ?? top ?? min;
  const value = quoteName(column.name);
  return written(name, "select", [
    `options: ${quoted(`SELECT DISTINCT ${value} FROM ${relation} ORDER BY ${value}`)}`,
    ...(first === undefined ? [] : [`default: ${writeText(first)}`]),
  ]);
}

function numberControl(name: string, column: ControlColumn, isEqual: boolean): GuessedControl {
  const { kind, relation, distinct = Infinity, top, min, max, begin } = column;
  const isWhole = kind === "integer";
  if (isEqual && isWhole && relation !== undefined && distinct <= MOST_NUMBERS) {
    const value = quoteName(column.name);
    const options = quoted(`SELECT DISTINCT ${value} FROM ${relation} ORDER BY ${value}`);
    return written(name, "select", [`options: ${options}`, `default: ${begin ?? top ?? min ?? "0"}`]);
  }
  const [low, high] = [Number(min ?? NaN), Number(max ?? NaN)];
  const isKnown = Number.isFinite(low) && Number.isFinite(high) && low < high;
  if (isEqual || !isKnown)
    return written(name, "number", [`default: ${begin ?? (isKnown && isWhole ? low : 10)}`]);
  const step = stepOf(high - low, isWhole);
  const [from, to] = [Math.floor(low / step), Math.ceil(high / step)].map((steps) => round(steps * step));
  return written(name, "slider", [
    `min: ${from}`,
    `max: ${to}`,
    `step: ${step}`,
    `default: ${begin ?? from}`,
  ]);
}

/** One, two or five times a power of ten. */
function stepOf(width: number, isWhole: boolean): number {
  if (isWhole && width <= MOST_STEPS) return 1;
  const least = width / 200;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= least) ?? power;
  return round(isWhole ? Math.max(1, step) : step);
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** Plain where YAML reads the same text back. */
function quoted(sql: string): string {
  return /:\s|\s#|:$/.test(sql) ? JSON.stringify(sql) : sql;
}

function written(name: string, type: ControlType, lines: readonly string[]): GuessedControl {
  return { type, yaml: [`input: ${name}`, `type: ${type}`, ...lines].join("\n") };
}
