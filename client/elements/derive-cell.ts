import { sqlFence } from "../../server/notebook/template.js";
import { toName } from "../../server/notebook/names.js";
import { api } from "../api-client.js";
import { loadCode } from "../connection.js";
import { AddCellsEvent } from "../data/data-events.js";
import type { ChartPick } from "../store/picks.js";
import type { DeriveEvent } from "../grid/grid-events.js";
import type { GridColumn } from "../grid/grid-source.js";
import { toApiFilter, toApiSort } from "./to-page-query.js";

export interface DerivedCell {
  readonly notebook: string;
  readonly cell: string;
  readonly result: string | undefined;
  readonly columns: readonly GridColumn[];
  readonly wanted: DeriveEvent;
  readonly picked: readonly ChartPick[];
  /** Names that another cell cannot have. */
  readonly takenNames: readonly string[];
}

/** Asks for a cell of the rows as they are sorted and filtered, or of groups of them. */
export async function deriveCell(from: EventTarget, derived: DerivedCell): Promise<void> {
  const { notebook, cell, result, picked, wanted } = derived;
  const { query, groupBy } = wanted;
  const rows = {
    ...(result === undefined ? {} : { result }),
    filter: toApiFilter(query.filter),
    picked: picked.map((pick) => pick.picked),
  };
  const add = (name: string, sql: string): void => {
    from.dispatchEvent(new AddCellsEvent([sqlFence(sql, `--| cell: ${name}\n`)], cell));
  };
  if (wanted.asks) {
    const { SummaryDialog } = await loadCode(() => import("./summary-dialog.js"));
    const made = await SummaryDialog.here().choose({ ...derived, rows, groupBy });
    if (made !== undefined) add(made.name, made.sql);
    return;
  }
  const { sql } = await api.deriveCell(notebook, cell, {
    ...rows,
    sort: toApiSort(query.sort),
    groupBy: [...groupBy],
  });
  add(toName(groupBy.length === 0 ? `${cell}_rows` : `${cell}_by_${groupBy.join("_")}`), sql);
}
