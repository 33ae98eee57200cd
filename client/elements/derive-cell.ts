import { sqlFence } from "../../server/notebook/template.js";
import { toName } from "../../server/notebook/names.js";
import { api } from "../api-client.js";
import { AddCellsEvent } from "../data/data-events.js";
import type { ChartPick } from "../store/picks.js";
import type { GridQuery } from "../grid/grid-source.js";
import { toApiFilter, toApiSort } from "./to-page-query.js";

export interface DerivedCell {
  readonly notebook: string;
  readonly cell: string;
  readonly result: string | undefined;
  readonly query: GridQuery;
  readonly groupBy: readonly string[];
  readonly picked: readonly ChartPick[];
}

/** Asks for a cell of the rows as they are sorted and filtered, or of how many there are of each value. */
export async function deriveCell(
  from: EventTarget,
  { notebook, cell, result, query, groupBy, picked }: DerivedCell,
): Promise<void> {
  const { sql } = await api.deriveCell(notebook, cell, {
    ...(result === undefined ? {} : { result }),
    sort: toApiSort(query.sort),
    filter: toApiFilter(query.filter),
    groupBy: [...groupBy],
    picked: picked.map((pick) => pick.picked),
  });
  const name = toName(groupBy.length === 0 ? `${cell}_rows` : `${cell}_by_${groupBy.join("_")}`);
  from.dispatchEvent(new AddCellsEvent([sqlFence(sql, `--| cell: ${name}\n`)], cell));
}
