import type { CheckRule, ExpectedColumn } from "../../../notebook/check-spec.js";
import type { Column } from "../../engine.js";

export interface SchemaDifference {
  readonly column: string;
  /** Null: not to be there. */
  readonly expected: string | null;
  /** Null: missing. */
  readonly actual: string | null;
}

/** Names are told apart by case, as in a contract; the order of columns does not count. */
export function schemaDifferences(
  { expected, match }: Extract<CheckRule, { kind: "schema" }>,
  columns: readonly Pick<Column, "name" | "type">[],
): readonly SchemaDifference[] {
  const actual = new Map(columns.map(({ name, type }) => [name, type]));
  const wrong = expected.flatMap((column): SchemaDifference[] => {
    const type = actual.get(column.name);
    const wanted = column.storedType ?? column.type ?? "any type";
    if (type !== undefined && fits(type, column)) return [];
    return [{ column: column.name, expected: wanted, actual: type ?? null }];
  });
  const names = new Set(expected.map(({ name }) => name));
  const further = match === "subset" ? [] : columns.filter(({ name }) => !names.has(name));
  return [...wrong, ...further.map(({ name, type }) => ({ column: name, expected: null, actual: type }))];
}

/** A query cell may have types that are stored as others. */
function fits(actual: string, { type, storedType }: ExpectedColumn): boolean {
  return (
    type === undefined || [type, storedType].some((name) => name?.toUpperCase() === actual.toUpperCase())
  );
}
