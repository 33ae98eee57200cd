import type { Column } from "../../engine/engine.js";

/** A row that is there under other values. */
export interface ChangedTestRow {
  readonly expected: readonly unknown[];
  readonly actual: readonly unknown[];
  /** Names of those that differ. */
  readonly columns: readonly string[];
}

/** How the rows of a test differ from what it expects; all values in the order of `columns`. */
export interface TestDifferences {
  readonly columns: readonly string[];
  readonly missing: readonly (readonly unknown[])[];
  readonly unexpected: readonly (readonly unknown[])[];
  readonly changed: readonly ChangedTestRow[];
  /** The rows are the right ones in another order, and that counts. */
  readonly isOrderOnly: boolean;
}

type Row = readonly unknown[];

/** Above it rows are not paired by likeness, which takes time by the square. */
const MAX_PAIRED = 500;

/**
 * Compares rows as multisets, or place by place where their order counts; undefined: no difference. Values come as the engine
 * writes those of one type, so that equal ones are written alike; NULL equals NULL and NaN equals NaN. Rows that differ are told as
 * one that changed where they agree in the `key`, or, without one, in most.
 */
export function compareTestRows(
  columns: readonly string[],
  expected: readonly Row[],
  actual: readonly Row[],
  isOrdered: boolean,
  key: readonly string[] = [],
): TestDifferences | undefined {
  const left = withoutEqual(expected, actual);
  const isSame = left.missing.length === 0 && left.unexpected.length === 0;
  const inOrder = !isOrdered || expected.every((row, index) => keyOf(row) === keyOf(actual[index] ?? []));
  if (isSame && inOrder) return undefined;
  if (isSame) {
    const moved = expected.flatMap((row, index) => changedRow(columns, row, actual[index] ?? []) ?? []);
    return { columns, missing: [], unexpected: [], changed: moved, isOrderOnly: true };
  }
  return { columns, ...paired(columns, left, key), isOrderOnly: false };
}

/** JSON says the same whatever space stands in it. */
export function comparable(columns: readonly Pick<Column, "kind">[], rows: readonly Row[]): readonly Row[] {
  if (columns.every(({ kind }) => kind !== "json")) return rows;
  return rows.map((row) =>
    row.map((value, index) =>
      columns[index]?.kind === "json" && typeof value === "string" ? withoutSpace(value) : value,
    ),
  );
}

/** Outside of its texts. */
function withoutSpace(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
}

function keyOf(row: Row): string {
  return JSON.stringify(row);
}

interface Unequal {
  readonly missing: readonly Row[];
  readonly unexpected: readonly Row[];
}

/** Each row of one side takes an equal one of the other. */
function withoutEqual(expected: readonly Row[], actual: readonly Row[]): Unequal {
  const open = new Map<string, number>();
  for (const row of actual) open.set(keyOf(row), (open.get(keyOf(row)) ?? 0) + 1);
  const missing = expected.filter((row) => !take(open, keyOf(row)));
  const wanted = new Map<string, number>();
  for (const row of expected) wanted.set(keyOf(row), (wanted.get(keyOf(row)) ?? 0) + 1);
  return { missing, unexpected: actual.filter((row) => !take(wanted, keyOf(row))) };
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}

/** The likest first: rows that differ in fewest columns are one row that changed, if they agree in at least one. */
function paired(
  columns: readonly string[],
  { missing, unexpected }: Unequal,
  key: readonly string[],
): Omit<TestDifferences, "columns" | "isOrderOnly"> {
  if (missing.length > MAX_PAIRED || unexpected.length > MAX_PAIRED)
    return { missing, unexpected, changed: [] };
  const pairs = missing.flatMap((row, from) =>
    unexpected.map((other, to) => ({ from, to, changed: changedRow(columns, row, other) })),
  );
  const likely = pairs
    .filter(({ changed }) =>
      key.length > 0
        ? changed?.columns.every((name) => !key.includes(name))
        : changed !== undefined && changed.columns.length < columns.length,
    )
    .sort((a, b) => (a.changed?.columns.length ?? 0) - (b.changed?.columns.length ?? 0));
  const from = new Set<number>();
  const to = new Set<number>();
  const changed: ChangedTestRow[] = [];
  for (const pair of likely) {
    if (pair.changed === undefined || from.has(pair.from) || to.has(pair.to)) continue;
    from.add(pair.from);
    to.add(pair.to);
    changed.push(pair.changed);
  }
  return {
    missing: missing.filter((_, index) => !from.has(index)),
    unexpected: unexpected.filter((_, index) => !to.has(index)),
    changed,
  };
}

function changedRow(columns: readonly string[], expected: Row, actual: Row): ChangedTestRow | undefined {
  const names = columns.filter(
    (_, index) => JSON.stringify(expected[index]) !== JSON.stringify(actual[index]),
  );
  return names.length === 0 ? undefined : { expected, actual, columns: names };
}
