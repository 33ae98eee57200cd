import type { Column, Engine } from "../../engine/engine.js";
import type { GivenTable, GivenValue } from "../../engine/given.js";
import type { TestRow, TestValue } from "../../notebook/notebook.js";
import type { SimpleKind } from "../../text/type-kind.js";

/** Rows that are in hand, wherever they were written. */
export interface WrittenRows {
  readonly columns: readonly string[];
  readonly rows: readonly Pick<TestRow, "values">[];
}

export const NO_ROWS: WrittenRows = { columns: [], rows: [] };

/** What has the rows: its columns, where they are known, and the others by the values; those left out are NULL. */
export function toGivenTable(
  engine: Pick<Engine, "toColumn">,
  { columns: names, rows }: WrittenRows,
  known: readonly Column[] | undefined,
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
    rows: rows.map(({ values }) =>
      columns.map((column) => {
        const place = places.get(column.name.toLowerCase());
        return place === undefined ? null : toGiven(values[place] ?? null, column);
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
  if ("json" in value) return { json: JSON.stringify(value.json) };
  return kind === "json" ? { json: JSON.stringify(value.value) } : value.text;
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
