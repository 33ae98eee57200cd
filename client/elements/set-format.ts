import { isEditable, setMapOption } from "../../server/notebook/edit-options.js";
import { CellOptionsChangeEvent } from "./cell-events.js";

/** Writes into the settings of a cell how a column is shown, or removes it; what cannot be read is left alone. */
export function setFormat(cell: EventTarget, yaml: string, column: string, format: string | undefined): void {
  if (!isEditable(yaml)) return;
  cell.dispatchEvent(new CellOptionsChangeEvent(setMapOption(yaml, "format", column, format), false));
}
