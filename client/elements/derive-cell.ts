import { toName } from "../../server/notebook/names.js";
import { api } from "../api-client.js";
import { loadCode } from "../connection.js";
import { AddCellsEvent } from "../data/data-events.js";
import { cellFence, type DerivedCell } from "./derived-cell.js";
import { toApiFilter, toApiSort } from "./to-page-query.js";

/** Asks for a cell of the rows as they are sorted and filtered, or of groups of them. */
export async function deriveCell(from: EventTarget, derived: DerivedCell): Promise<void> {
  const { notebook, cell, result, picked, wanted } = derived;
  const { query, groupBy } = wanted;
  const rows = {
    ...(result === undefined ? {} : { result }),
    filter: toApiFilter(query.filter),
    picked: picked.map((pick) => pick.picked),
  };
  const add = (name: string, sql: string, formats: DerivedCell["formats"] = {}): void => {
    from.dispatchEvent(new AddCellsEvent([cellFence(name, sql, formats)], cell));
  };
  if (wanted.chosenBy !== undefined) {
    const { controlledCells } = await loadCode(() => import("./controlled-cells.js"));
    const fences = await controlledCells(derived, wanted.chosenBy);
    from.dispatchEvent(new AddCellsEvent(fences, cell));
    return;
  }
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
  if (groupBy.length > 0) add(toName(`${cell}_by_${groupBy.join("_")}`), sql);
  else add(toName(`${cell}_rows`), sql, derived.formats);
}
