import type { SnapshotPage } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { formatNumberAs } from "../text/column-format.js";
import { formatCount, formatNumber } from "../text/format.js";
import { familyOf } from "../text/type-kind.js";

/** The first rows as a table that scrolls, below how many there are. The reader's script sorts and searches them. */
export function tableToHtml(
  { columns, rows, totalRows }: SnapshotPage,
  limit: number,
  label: string,
): string {
  const isNumber = columns.map((column) => familyOf(column.kind) === "number");
  const head = columns
    .map(
      ({ name }, index) =>
        `<th scope="col"${isNumber[index] === true ? ' class="number"' : ""}>${escapeHtml(name)}</th>`,
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
    `<div class="table-bar"><span role="status">${count}</span></div>\n` +
    `<div class="table" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table><thead><tr>${head}</tr></thead>\n` +
    `<tbody>${body}</tbody></table></div>`
  );
}

function cellToHtml(value: unknown, isNumber: boolean, format: string | undefined): string {
  if (value === null || value === undefined) return '<td class="null">NULL</td>';
  if (value === "") return '<td class="empty" data-value="">empty</td>';
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const formatted = format !== undefined && isNumber ? formatNumberAs(value, format) : undefined;
  const digits = formatted === undefined ? "" : ` data-value="${escapeHtml(text)}"`;
  return `<td${isNumber ? ' class="number"' : ""}${digits}>${escapeHtml(formatted ?? text)}</td>`;
}
