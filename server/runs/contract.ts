import { AppError } from "../base/errors.js";
import { suggest } from "../text/suggest.js";
import type { Column, Engine, QueryScope } from "../engine/engine.js";
import type { ExpectedColumn } from "../notebook/check-spec.js";
import type { ColumnContract, SqlCell } from "../notebook/notebook.js";

/** What a dataset's columns differ in from its `columns:`, one sentence each. Order does not count. */
export function contractProblems(
  contract: readonly ColumnContract[],
  types: ReadonlyMap<string, string>,
  columns: readonly Pick<Column, "name" | "type">[],
): string[] {
  const actual = new Map(columns.map((column) => [column.name, column.type]));
  const known = new Set(contract.map((column) => column.name));
  const missing = contract
    .filter((column) => !actual.has(column.name))
    .map((column) => {
      const near = suggest(column.name, actual.keys());
      return `column "${column.name}" is missing${near === undefined ? "" : ` (did you mean "${near}"?)`}`;
    });
  const extra = columns
    .filter((column) => !known.has(column.name))
    .map((column) => `column "${column.name}" is not in the contract`);
  const wrong = contract.flatMap((column) => {
    const type = actual.get(column.name);
    const wanted = types.get(column.name) ?? column.type;
    return type === undefined || type === wanted
      ? []
      : [`column "${column.name}" is ${type}, and ${wanted} in the contract`];
  });
  return [...missing, ...extra, ...wrong];
}

/** As errors and problems say it. */
export function brokenContract({ name }: Pick<SqlCell, "name">, problems: string): string {
  return `Dataset "${name}" breaks its contract, the columns and types that it promises: ${problems}.`;
}

/** Fails with code query where the columns break the cell's contract. */
export async function requireContract(
  engine: Engine,
  scope: QueryScope,
  cell: SqlCell,
  columns: readonly Pick<Column, "name" | "type">[],
): Promise<void> {
  const contract = cell.options.columns;
  // Types that are written as the engine calls them need not be asked for.
  if (contract === undefined || contractProblems(contract, new Map(), columns).length === 0) return;
  const problems = contractProblems(contract, await canonicalTypes(engine, scope, contract), columns);
  if (problems.length > 0) {
    throw new AppError("query", brokenContract(cell, problems.join("; ")), {
      hint: "Change the query, or the contract: `columns:` of the cell.",
    });
  }
}

/** Fails with code query where one of the types is none. */
export async function withStoredTypes(
  engine: Engine,
  scope: QueryScope,
  columns: readonly ExpectedColumn[],
): Promise<readonly ExpectedColumn[]> {
  const typed = columns.flatMap(({ name, type }) =>
    type === undefined ? [] : [{ name, type, nullable: true }],
  );
  if (typed.length === 0) return columns;
  const types = await canonicalTypes(engine, scope, typed);
  return columns.map((column) => {
    const storedType = types.get(column.name);
    return storedType === undefined ? column : { ...column, storedType };
  });
}

/** The engine's names of the types that people wrote: `int` is INTEGER. */
export async function canonicalTypes(
  engine: Engine,
  scope: QueryScope,
  contract: readonly ColumnContract[],
): Promise<ReadonlyMap<string, string>> {
  const known = await storedTypes(engine, scope, contract);
  if (known !== undefined) return known;
  const bad: ColumnContract[] = [];
  for (const column of contract)
    if ((await storedTypes(engine, scope, [column])) === undefined) bad.push(column);
  throw badTypes(bad);
}

/** Undefined where one of the types is none. */
async function storedTypes(
  engine: Engine,
  scope: QueryScope,
  contract: readonly ColumnContract[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const written = contract.map(({ type }) => type);
  const types = await engine.storedTypes(scope, written, { label: "contract" });
  return types && new Map(contract.map(({ name, type }, index) => [name, types[index] ?? type]));
}

function badTypes(contract: readonly ColumnContract[]): AppError {
  return new AppError(
    "query",
    `A type in \`columns:\` is not known: ${contract.map((column) => column.type).join(", ")}.`,
  );
}
