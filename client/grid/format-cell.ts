import { formatNumberAs } from "../../server/text/column-format.js";
import { formatValue, type FormattedValue } from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { ownValue } from "../own-value.js";
import { keyOf, type GridColumn } from "./grid-source.js";

/** As the column's format says, where it has one and the value is a number. */
export function formatCell(
  value: unknown,
  column: GridColumn,
  formats: Readonly<Record<string, string>>,
): FormattedValue {
  const format = familyOf(column.kind) === "number" ? ownValue(formats, keyOf(column)) : undefined;
  const text = format === undefined ? undefined : formatNumberAs(value, format);
  return text === undefined ? formatValue(value, column.kind) : { text, kind: "number" };
}
