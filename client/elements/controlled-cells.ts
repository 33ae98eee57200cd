import { freeName } from "../../server/text/free-name.js";
import { toName, reservedNames } from "../../server/notebook/names.js";
import { builtInParameters } from "../../server/notebook/parameters.js";
import { fence } from "../../server/notebook/template.js";
import { api } from "../api-client.js";
import { controlFor, type ControlColumn } from "../editor/guess-control.js";
import { quoteName } from "../editor/sql-words.js";
import { keyOf, type ColumnFilter } from "../grid/grid-source.js";
import { profiled } from "../notebook/make-control.js";
import { ownValue } from "../own-value.js";
import { cellFence, type DerivedCell } from "./derived-cell.js";
import { toApiFilter, toApiSort } from "./to-page-query.js";

const taking: readonly ColumnFilter["operator"][] = ["equals", "at-least", "greater"];

/**
 * A control for the values of a column, and a cell of the rows that it lets through. What the rows are filtered by over
 * that column is what the control begins with.
 */
export async function controlledCells(derived: DerivedCell, key: string): Promise<readonly string[]> {
  const { notebook, cell, result, columns, wanted, picked, formats, takenNames } = derived;
  const index = columns.findIndex((column) => keyOf(column) === key);
  const column = columns[index];
  if (column === undefined) return [];
  const { sort, filter } = wanted.query;
  const own = filter?.columns.filter((each) => each.column === key) ?? [];
  const others = filter && { ...filter, columns: filter.columns.filter((each) => each.column !== key) };
  const known: ControlColumn = {
    ...(await profiled(column, api.cellProfile(notebook, cell, { result, offset: index, limit: 1 }))),
    name: key,
    format: ownValue(formats, key),
    relation: quoteName(cell),
    begin: own.find(({ operator }) => taking.includes(operator))?.value,
  };
  const taken = [...reservedNames, ...builtInParameters.map((each) => each.name), ...takenNames];
  const nameOf = (text: string): string => freeName(toName(text), (name) => taken.includes(name));
  const today = new Date().toISOString().slice(0, 10);
  const { type } = controlFor("x", known, true, today);
  const op = type === "text" ? "contains" : type === "select" || type === "checkbox" ? "eq" : "ge";
  const name = nameOf(op === "ge" ? `${key}_from` : key);
  const { yaml } = controlFor(name, known, op !== "ge", today);
  const format = known.format?.replace("epoch_", "");
  const { sql } = await api.deriveCell(notebook, cell, {
    ...(result === undefined ? {} : { result }),
    picked: picked.map((pick) => pick.picked),
    filter: toApiFilter(others),
    sort: toApiSort(sort),
    chosen: [
      {
        column: key,
        op,
        parameter: name,
        ...(type === "date" && (format === "seconds" || format === "milliseconds") && { since1970: format }),
      },
    ],
  });
  return [fence("yaml", yaml), cellFence(nameOf(`${cell}_chosen`), sql, formats)];
}
