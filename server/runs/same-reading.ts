import type { StoredColumn } from "../engine/engine.js";
import type { QueryLineage } from "../engine/lineage.js";
import type { TypeKind } from "../text/type-kind.js";
import { foldCase } from "../text/sql-names.js";

/** A parent as a query reads it. */
export interface ReadRelation {
  readonly columns: readonly StoredColumn[];
  readonly rows: number;
}

/** A query, bound to its parents as they were or as they are now. */
export interface Reading {
  readonly lineage: QueryLineage | undefined;
  /** Parents that are other versions now, by name. */
  readonly parents: ReadonlyMap<string, ReadRelation>;
}

/** Values of these can be equal for a hash, and still be told apart. */
const vague: ReadonlySet<TypeKind> = new Set(["variant", "union", "spatial", "other"]);

/**
 * Of each parent that changed the columns by which its old and its new rows have to be the same for the query to give the same;
 * none where only their number counts. A text says why that would not prove it.
 *
 * What the engine bound is compared, not only which columns are used: a column that is new may be what a name means now, be
 * part of a star or of a NATURAL JOIN, or be counted by DESCRIBE.
 */
export function columnsToCompare(
  before: Reading,
  now: Reading,
): ReadonlyMap<string, readonly StoredColumn[]> | string {
  const [past, current] = [certain(before.lineage), certain(now.lineage)];
  if (past === undefined || current === undefined) return "which columns it reads cannot be told";
  if (past.key !== current.key) return "its query means something else now";
  const compared = new Map<string, readonly StoredColumn[]>();
  for (const [name, parent] of now.parents) {
    const old = before.parents.get(name);
    if (old === undefined) return `\`${name}\` was not read before`;
    if (old.rows !== parent.rows) return `\`${name}\` has another number of rows`;
    if ([...old.columns, ...parent.columns].some(({ read }) => read !== undefined))
      return `\`${name}\` has a column that is stored in another type`;
    const columns = named(current.columns, name, parent);
    const same = columns.every((column) => isSame(column, findColumn(old, column.name)));
    if (!same || columns.some(({ kind }) => vague.has(kind)))
      return `the columns that it reads of \`${name}\` cannot be compared`;
    compared.set(name, columns);
  }
  return compared;
}

type Bound = NonNullable<Extract<QueryLineage, { ok: true }>["bound"]>;

function certain(lineage: QueryLineage | undefined): Bound | undefined {
  if (lineage?.ok !== true) return undefined;
  const parts = [...lineage.columns, lineage.rows, lineage.order];
  return parts.some(({ unknown }) => unknown !== undefined) ? undefined : lineage.bound;
}

function named(all: Bound["columns"], relation: string, parent: ReadRelation): readonly StoredColumn[] {
  return all.flatMap((source) =>
    source.relation === relation ? (findColumn(parent, source.column) ?? []) : [],
  );
}

function findColumn({ columns }: ReadRelation, name: string): StoredColumn | undefined {
  return columns.find((column) => foldCase(column.name) === foldCase(name));
}

/** The place in the files does not count. */
function isSame(column: StoredColumn, other: StoredColumn | undefined): boolean {
  return other !== undefined && column.name === other.name && column.type === other.type;
}
