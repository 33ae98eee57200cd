import { AppError, isAppError } from "../../base/errors.js";
import type { Span } from "../../base/source.js";
import { lostWithin } from "../../engine/exact-text.js";
import type { Column, Engine } from "../../engine/engine.js";
import type { GivenTable, GivenValue } from "../../engine/given.js";
import type { TestRow, TestValue } from "../../notebook/notebook.js";
import type { SimpleKind, TypeKind } from "../../text/type-kind.js";

/** Rows that are in hand, wherever they were written. */
export interface WrittenRows {
  readonly columns: readonly string[];
  /** With their places where they stand in the notebook. */
  readonly rows: readonly (Pick<TestRow, "values"> & Partial<TestRow>)[];
}

export const NO_ROWS: WrittenRows = { columns: [], rows: [] };

/**
 * What has the rows: its columns, where they are known, and the others by the values; those left out are NULL. Fails with code
 * usage, and the place of the row as `span`, for a value that the column's type would change. `of`: what people call the rows.
 */
export function toGivenTable(
  engine: Pick<Engine, "toColumn">,
  { columns: names, rows }: WrittenRows,
  known: readonly Column[] | undefined,
  of: string,
): GivenTable {
  const places = new Map(names.map((name, index) => [name.toLowerCase(), index]));
  const columns =
    known ??
    names.map((name, index) =>
      guessColumn(
        engine,
        name,
        rows.map(({ values }) => values[index] ?? null),
      ),
    );
  return {
    columns,
    rows: rows.map(({ values, span }, index) =>
      columns.map((column) => {
        const place = places.get(column.name.toLowerCase());
        const value = place === undefined ? null : toGiven(values[place] ?? null, column);
        const lost = value === null ? undefined : lostOf(value, column);
        if (lost !== undefined)
          throw changedValue(
            `Row ${String(index + 1)} of "${of}"`,
            lost.text,
            { ...column, type: lost.type },
            span,
          );
        return value;
      }),
    ),
  };
}

/** Those of the columns that are named, in the order of the names. */
export function namedColumns(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  return names.flatMap(
    (name) => columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ?? [],
  );
}

function toGiven(value: TestValue, { kind }: Column): GivenValue {
  if (value === null) return null;
  if ("json" in value) return { json: value.json };
  if (kind !== "json") return value.text;
  return { json: isJsonText(value.value) ? value.text : JSON.stringify(value.value) };
}

/** A text that is an object, a list or JSON's own null: as CSV has them. */
function isJsonText(value: unknown): boolean {
  if (typeof value !== "string" || !/^\s*(?:[[{]|null\s*$)/.test(value)) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

const nested: ReadonlySet<TypeKind> = new Set(["list", "struct", "map"]);

function lostOf(value: NonNullable<GivenValue>, column: Column): ReturnType<typeof lostWithin> {
  const text = typeof value === "string" ? value : value.json;
  if (!nested.has(column.kind)) return typeof value === "string" ? lostWithin(value, column.type) : undefined;
  try {
    return lostWithin(JSON.parse(text), column.type);
  } catch {
    // As the engine writes it: `{'a': 1}`.
    return undefined;
  }
}

/** The first value that its column cannot have, as far as that is told without the engine. `columns`: of the relation, all known. */
export function misfitOf(
  engine: Pick<Engine, "toColumn">,
  written: WrittenRows,
  columns: readonly Column[],
  of: string,
): AppError | undefined {
  try {
    const { rows } = toGivenTable(engine, written, columns, of);
    for (const [index, row] of rows.entries())
      for (const [place, column] of columns.entries()) {
        const value = row[place];
        if (typeof value !== "string" || !isNoValue(value, column)) continue;
        const message = `Row ${String(index + 1)} of "${of}" gives "${column.name}" ${value}, which is no ${column.type}.`;
        const span = written.rows[index]?.span;
        return new AppError("usage", message, {
          hint: "A value does not fit the type of its column.",
          ...(span !== undefined && { details: { span } }),
        });
      }
    return undefined;
  } catch (error) {
    if (isAppError(error, "usage")) return error;
    throw error;
  }
}

const wantsDigits: ReadonlySet<TypeKind> = new Set([
  "integer",
  "decimal",
  "float",
  "date",
  "time",
  "timestamp",
]);

function isNoValue(value: string, { kind }: Column): boolean {
  if (!wantsDigits.has(kind) || /\d/.test(value)) return false;
  return !/^\s*(?:[+-]?(?:inf|infinity)|nan|epoch|now|today|yesterday|tomorrow)\s*$/i.test(value);
}

function changedValue(
  where: string,
  value: string,
  { name, type }: Pick<Column, "name" | "type">,
  span: Span | undefined,
): AppError {
  return new AppError("usage", `${where} gives "${name}" ${value}, which ${type} cannot hold as it is.`, {
    hint: "Write a value that the column can have: it would be changed without a word.",
    ...(span !== undefined && { details: { span } }),
  });
}

function guessColumn(engine: Pick<Engine, "toColumn">, name: string, values: readonly TestValue[]): Column {
  const some = values.filter((value) => value !== null);
  if (some.some((value) => "json" in value)) return { name, type: "JSON", kind: "json" };
  const scalars = some.flatMap((value) => ("value" in value ? [value] : []));
  const kind = guesses.find(([, isOf]) => scalars.length > 0 && scalars.every(isOf))?.[0] ?? "text";
  return engine.toColumn({ name, kind });
}

type Scalar = Extract<TestValue, { readonly value: unknown }>;

const guesses: readonly (readonly [SimpleKind, (scalar: Scalar) => boolean])[] = [
  ["boolean", ({ value }) => typeof value === "boolean"],
  ["integer", ({ value, text }) => typeof value === "number" && /^[+-]?\d{1,18}$/.test(text)],
  ["float", ({ value }) => typeof value === "number"],
  ["date", ({ text }) => /^\d{4}-\d\d-\d\d$/.test(text)],
  ["timestamp", ({ text }) => /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text)],
];
