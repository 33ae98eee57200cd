import { api, cellValuePath, type CellQuery } from "../api-client.js";
import type { CellRowsPage } from "../../server/api/protocol.js";
import type { GridSource } from "../grid/grid-source.js";
import { toApiFilter, toApiSort } from "./to-page-query.js";

/** What the grid asks for at once. */
const FIRST_ROWS = 200;

export interface CellRows {
  readonly notebook: string;
  readonly cell: string;
  /** Which of its rows. */
  readonly wanted: Pick<CellQuery, "run" | "result" | "check" | "picked">;
}

/** The first page, which brings the columns. */
export function firstRows({ notebook, cell, wanted }: CellRows, signal?: AbortSignal): Promise<CellRowsPage> {
  return api.cellRows(notebook, cell, { limit: FIRST_ROWS, ...wanted }, signal);
}

/** The rows of which `first` is the first page, for a grid. */
export function cellSource({ notebook, cell, wanted }: CellRows, first: CellRowsPage): GridSource {
  const { run, columns, totalRows } = first;
  return {
    columns,
    totalRows,
    fetchRows: (offset, limit, { sort, filter, signal }) => {
      // The first page came with the columns.
      if (offset === 0 && limit <= FIRST_ROWS && sort === null && filter === null) {
        return Promise.resolve({ ...first, rows: first.rows.slice(0, limit) });
      }
      const page = { offset, limit, run, ...wanted, sort: toApiSort(sort), filter: toApiFilter(filter) };
      return api.cellRows(notebook, cell, page, signal);
    },
    valueUrl: (row, column, { sort, filter }) =>
      cellValuePath(notebook, cell, {
        row,
        column,
        run,
        ...wanted,
        sort: toApiSort(sort),
        filter: toApiFilter(filter),
      }),
  };
}
