import type { Span } from "../../../base/source.js";
import { foldCase } from "../../../text/sql-names.js";
import type { MappedPart, PrintedText } from "./piece.js";
import { quoteName } from "./quote.js";
import { NotPrinted, type Refusal } from "./refusal.js";
import { nameOf, parseType, sparkType } from "./types.js";

/** A column of the result: its name, and the type that the lake stores it with, in DuckDB's words. */
export interface ContractColumn {
  readonly name: string;
  readonly type: string;
  /** The query's own, where the lake stores it as another one. */
  readonly from?: string;
}

export type Contract =
  | { readonly ok: true; readonly printed: PrintedText }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * The statement that Spark runs: the printed query's columns by their places, with the names, the order and the stored types
 * that DuckDB gives them. A value that the type cannot hold is an error.
 */
export function contract(printed: PrintedText, columns: readonly ContractColumn[], span?: Span): Contract {
  const refusals: Refusal[] = [];
  const known = new Set<string>();
  const add = (reason: string, hint?: string): string => {
    refusals.push({ reason, ...(hint !== undefined && { hint }), ...(span !== undefined && { span }) });
    return "";
  };
  const list = columns.map(({ name, type, from }, index) => {
    const own = parseType(from ?? type);
    // What Spark has no type for it would write in its own words.
    const parsed = own.kind !== "null" && sparkType(own) === undefined ? own : parseType(type);
    if (known.has(foldCase(name))) return add(`two columns called ${name}`, "name one of them with AS");
    known.add(foldCase(name));
    const spark = sparkType(parsed);
    if (spark === undefined)
      return add(`the column ${name} of the type ${nameOf(parsed)}`, hintFor(parsed.kind, from ?? type));
    return attempt(() => `CAST(c${index} AS ${spark}) AS ${quoteName(name)}`, add);
  });
  if (refusals.length > 0) return { ok: false, refusals };
  const names = columns.map((_, index) => `c${index}`);
  const before = `SELECT ${list.join(", ")} FROM (\n`;
  const text = `${before}${printed.text}\n) AS q(${names.join(", ")})`;
  return { ok: true, printed: { text, map: moved(printed.map, before.length) } };
}

function moved(map: readonly MappedPart[], by: number): readonly MappedPart[] {
  return map.map(({ printed, place }) => ({
    printed: { start: printed.start + by, end: printed.end + by },
    place,
  }));
}

function attempt(print: () => string, add: (reason: string, hint?: string) => string): string {
  try {
    return print();
  } catch (error) {
    if (error instanceof NotPrinted) return add(error.message, error.hint);
    throw error;
  }
}

function hintFor(kind: string, type: string): string | undefined {
  if (kind === "interval") return "use epoch(...) or date_diff(...)";
  if (/^U\w*INT/.test(type)) return "cast it to BIGINT";
  return kind === "null" || kind === "unknown"
    ? "cast it"
    : "cast it to VARCHAR before, in a cell that runs on DuckDB";
}
