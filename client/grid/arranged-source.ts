import { keyOf, type GridColumn, type GridRow, type GridSource } from "./grid-source.js";

/** Which columns are not shown, and which come first and stay in sight; by their keys. */
export interface Arrangement {
  readonly hidden: ReadonlySet<string>;
  readonly pinned: readonly string[];
}

export const asItIs: Arrangement = { hidden: new Set(), pinned: [] };

/** The same rows, with fewer columns or in another order. */
export function arrangedSource(source: GridSource, { hidden, pinned }: Arrangement): GridSource {
  const places = new Map(source.columns.map((column, index) => [keyOf(column), index]));
  const front = pinned.flatMap((key) => places.get(key) ?? []);
  const rest = source.columns.flatMap((column, index) =>
    hidden.has(keyOf(column)) || front.includes(index) ? [] : [index],
  );
  const shown = [...front, ...rest];
  const isWhole = shown.length === source.columns.length;
  if (isWhole && shown.every((place, index) => place === index))
    return front.length === 0 ? source : { ...source, pinned: front.length };
  return {
    ...source,
    pinned: front.length,
    columns: shown.map((index) => source.columns[index] as GridColumn),
    fetchRows: async (offset, limit, query) => {
      const page = await source.fetchRows(offset, limit, query);
      return {
        ...page,
        rows: page.rows.map((row): GridRow => shown.map((index) => row[index])),
        ...(page.cut && {
          cut: page.cut.flatMap((cut) => {
            const column = shown.indexOf(cut.column);
            return column === -1 ? [] : [{ ...cut, column }];
          }),
        }),
      };
    },
  };
}
