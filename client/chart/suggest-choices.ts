import type { Column } from "../../server/api/protocol.js";
import { scaleOf } from "../../server/chart/chart-column.js";
import { familyOf } from "../../server/text/type-kind.js";
import type { ChartChoices } from "./chart-choices.js";

/** A column, with what is known of its values. */
export interface KnownColumn extends Column {
  readonly distinct?: number;
  /** Each row has another value, and none is NULL. */
  readonly isUnique?: boolean;
}

/** So many bars, side by side, can be told apart. */
const MOST_BARS = 20;
/** Of more, the most frequent ones still say something. */
const MOST_CATEGORIES = 100;

/** A first chart that says something about these columns, and that can be drawn whatever they are. */
export function suggestChoices(columns: readonly KnownColumn[], name: string): ChartChoices {
  const told = columns.filter((column) => !isKey(column));
  const numbers = told.filter((column) => scaleOf(column) === "quantitative");
  const words = told.filter(({ kind }) => /^(text|boolean)$/.test(familyOf(kind))).filter(isCategory);
  const measures = numbers.filter((column) => !says(column, places));
  const time =
    columns.find((column) => scaleOf(column) === "temporal") ??
    numbers.find((column) => says(column, /^year$/) && measures.length > 0);
  const [word, second] = words;
  const [number] = measures;
  const [first, other] = measures.length > 1 ? measures : numbers;
  // One row for each mark is summed up already: its label is the name that somebody gave it.
  const isSummedUp = (time ?? word)?.isUnique === true;
  const measure =
    number === undefined ? counted : { y: number.name, yAggregate: isSummedUp ? "" : aggregateOf(number) };
  const ranked = { mark: "barY", sort: "y desc", limit: String(MOST_BARS) };
  if (time !== undefined)
    return { ...empty, name, mark: number === undefined ? "barY" : "lineY", x: time.name, ...measure };
  if (word !== undefined && number !== undefined)
    return { ...empty, name, ...ranked, x: word.name, ...measure };
  if (word !== undefined)
    return { ...empty, name, ...ranked, x: word.name, ...counted, color: second?.name ?? "" };
  if (first !== undefined && other !== undefined)
    return { ...empty, name, mark: "dot", ...across(first, other) };
  const base = number ?? first ?? columns[0];
  if (base === undefined) return { ...empty, name, mark: "number", ...counted };
  const mark = scaleOf(base) === "quantitative" ? "histogram" : "barY";
  return { ...empty, name, mark, x: base.name, ...counted };
}

const empty: Omit<ChartChoices, "name" | "mark"> = {
  title: "",
  x: "",
  xAggregate: "",
  y: "",
  yAggregate: "",
  color: "",
  colorAggregate: "",
  facet: "",
  grain: "",
  sort: "",
  limit: "",
};
const counted = { y: "", yAggregate: "count" };

/** Numbers that say when or where, or stand for a name: of no use added up. */
const places =
  /^(year|quarter|month|week|weekday|day|hour|minute|lat|latitude|lon|lng|longitude|code|zip|zipcode|postcode|fips|rank)$/;
/** Numbers that are of something, and not so many of it. */
const rates =
  /^(rate|ratio|share|pct|percent|percentage|avg|average|mean|median|temp|temperature|humidity|pressure|speed|age|score|rating)$/;

/** Whether one of the words of its name is such a one; `trips_per_year` is none. */
function says({ name }: Column, words: RegExp): boolean {
  const own = name.split(/[^\p{L}]+|(?<=\p{Ll})(?=\p{Lu})/u).map((word) => word.toLowerCase());
  return !own.includes("per") && own.some((word) => words.test(word));
}

function aggregateOf(column: Column): string {
  return says(column, rates) ? "mean" : "sum";
}

/** Numbers and words that only tell rows apart are nothing to be added up, nor bars. */
function isKey({ name }: Column): boolean {
  return /^id$|_id$|uuid/i.test(name) || /[a-z]I[dD]$/.test(name);
}

/** Not one value for all rows, nor nearly another one for each. */
function isCategory({ distinct }: KnownColumn): boolean {
  return distinct === undefined || (distinct > 1 && distinct <= MOST_CATEGORIES);
}

/** As on a map. */
function across(first: Column, other: Column): { readonly x: string; readonly y: string } {
  const isTurned = says(first, /^lat/) && says(other, /^(lon|lng)/);
  return isTurned ? { x: other.name, y: first.name } : { x: first.name, y: other.name };
}
