import { setMapOption } from "../../server/notebook/edit-options.js";
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
  /** How its numbers are shown. */
  readonly formats: Readonly<Record<string, string>>;
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
  const add = (name: string, sql: string, options = ""): void => {
    const header = `cell: ${name}\n${options}`.trimEnd().replace(/^/gm, "--| ");
    from.dispatchEvent(new AddCellsEvent([sqlFence(sql, `${header}\n`)], cell));
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
  if (groupBy.length > 0) add(toName(`${cell}_by_${groupBy.join("_")}`), sql);
  else add(toName(`${cell}_rows`), sql, formatOption(derived.formats));
}

function formatOption(formats: Readonly<Record<string, string>>): string {
  return Object.entries(formats).reduce(
    (yaml, [column, format]) => setMapOption(yaml, "format", column, format),
    "",
  );
}
