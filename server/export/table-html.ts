import type { SnapshotPage } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { formatNumberAs } from "../text/column-format.js";
import { formatCount, formatNumber } from "../text/format.js";
import { familyOf } from "../text/type-kind.js";

/** The first rows as a table that scrolls, and how many there are. */
export function tableToHtml({ columns, rows, totalRows }: SnapshotPage, limit: number): string {
  const isNumber = columns.map((column) => familyOf(column.kind) === "number");
  const head = columns
    .map(
      ({ name, type }, index) =>
        `<th scope="col"${isNumber[index] === true ? ' class="number"' : ""}>${escapeHtml(name)}<small>${escapeHtml(type)}</small></th>`,
    )
    .join("");
  const shown = rows.slice(0, limit);
  const body = shown
    .map(
      (row) =>
        `<tr>${row.map((value, index) => cellToHtml(value, isNumber[index] === true, columns[index]?.format)).join("")}</tr>`,
    )
    .join("\n");
  const count =
    shown.length < totalRows
      ? `The first ${formatNumber(shown.length)} of ${formatCount(totalRows, "row")}`
      : formatCount(totalRows, "row");
  return (
    `<div class="table" tabindex="0" role="region" aria-label="Rows"><table><thead><tr>${head}</tr></thead>\n` +
    `<tbody>${body}</tbody></table></div>\n<footer>${count}</footer>`
  );
}

function cellToHtml(value: unknown, isNumber: boolean, format: string | undefined): string {
  if (value === null || value === undefined) return '<td class="null">NULL</td>';
  const formatted = format !== undefined && isNumber ? formatNumberAs(value, format) : undefined;
  const text = formatted ?? (typeof value === "string" ? value : JSON.stringify(value));
  return `<td${isNumber ? ' class="number"' : ""}>${escapeHtml(text)}</td>`;
}
