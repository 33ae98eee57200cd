import { z } from "zod";
import type { Origin, QueryLineage } from "../engine/lineage.js";
import { foldCase } from "../text/sql-names.js";

const originSchema = z.object({
  /** Sorted, each once. */
  from: z.array(z.object({ input: z.string(), column: z.string() })),
  /** Why there may be more. */
  unknown: z.string().optional(),
});
type MutableOrigin = z.infer<typeof originSchema>;
/** Columns of input files that something depends on. */
export type InputOrigin = Readonly<MutableOrigin>;

/** From which columns of input files a dataset comes. */
export const inputLineageSchema = z.object({
  /** In their order: from what the values are computed. */
  columns: z.array(originSchema.extend({ name: z.string() })),
  /** What decides which rows there are. */
  rows: originSchema,
});
export type InputLineage = z.infer<typeof inputLineageSchema>;

/** Something that a query reads. */
export interface InputSource {
  originOf(column: string): InputOrigin;
  readonly rows: InputOrigin;
}

/** Of a dataset altogether; beyond, a list says nothing to anybody. */
const MAX_COLUMNS = 5_000;

const NONE: InputOrigin = { from: [] };

export function fileSource(paths: readonly string[]): InputSource {
  return { originOf: (column) => ({ from: paths.map((input) => ({ input, column })) }), rows: NONE };
}

export function unknownSource(reason: string): InputSource {
  const origin = { from: [], unknown: reason };
  return { originOf: () => origin, rows: origin };
}

export function datasetSource({ columns, rows }: InputLineage): InputSource {
  const known = new Map(columns.map((column) => [foldCase(column.name), column]));
  return { originOf: (column) => known.get(foldCase(column)) ?? NONE, rows };
}

/** Through what the query reads, back to the files. */
export function inputLineage(
  lineage: QueryLineage,
  names: readonly string[],
  sourceOf: (relation: string) => InputSource,
): InputLineage {
  if (!lineage.ok) return unknownLineage(names, lineage.reason);
  const trace = ({ columns, unknown }: Origin): readonly InputOrigin[] => [
    ...columns.map(({ relation, column }) => sourceOf(relation).originOf(column)),
    { from: [], ...(unknown !== undefined && { unknown }) },
  ];
  const columns = lineage.columns.map((column) => ({ name: column.name, ...unite(trace(column)) }));
  const rows = unite([...trace(lineage.rows), ...lineage.relations.map((read) => sourceOf(read).rows)]);
  const size = [...columns, rows].reduce((sum, { from }) => sum + from.length, 0);
  return size > MAX_COLUMNS
    ? unknownLineage(names, `it comes from more than ${String(MAX_COLUMNS)} columns, which are not listed`)
    : { columns, rows };
}

/** Columns of a dataset itself that decide which of its rows stay. */
export interface Deciding {
  readonly columns: readonly string[];
  /** Why there may be more. */
  readonly unknown?: string;
}

export function withDeciding(lineage: InputLineage, { columns, unknown }: Deciding): InputLineage {
  const own = datasetSource(lineage);
  const doubt = { from: [], ...(unknown !== undefined && { unknown }) };
  return { ...lineage, rows: unite([lineage.rows, ...columns.map((column) => own.originOf(column)), doubt]) };
}

function unknownLineage(names: readonly string[], reason: string): InputLineage {
  return {
    columns: names.map((name) => ({ name, from: [], unknown: reason })),
    rows: { from: [], unknown: reason },
  };
}

function unite(origins: readonly InputOrigin[]): MutableOrigin {
  const found = new Map(
    origins
      .flatMap(({ from }) => from)
      .map((source) => [JSON.stringify([source.input, source.column]), source]),
  );
  const unknown = origins.find((origin) => origin.unknown !== undefined)?.unknown;
  const from = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
  return { from, ...(unknown !== undefined && { unknown }) };
}
