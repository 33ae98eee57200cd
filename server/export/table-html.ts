import type { ReportWidth } from "../notebook/report-width.js";
import { fitPaper, longestWhole } from "../report/paper.js";
import type { SnapshotPage } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { formatNumberAs } from "../text/column-format.js";
import { formatCount, formatNumber } from "../text/format.js";
import { familyOf } from "../text/type-kind.js";

interface ShownColumn {
  readonly isNumber: boolean;
  readonly format: string | undefined;
  /** Of its longest value, in characters, where none may be broken on paper. */
  readonly longest: number | undefined;
}

/** The first rows as a table that scrolls, below how many there are. The reader's script sorts and searches them. */
export function tableToHtml(
  { columns, rows, totalRows }: SnapshotPage,
  limit: number,
  label: string,
  width?: ReportWidth,
): string {
  const shown = rows.slice(0, limit);
  const looks = columns.map(({ kind, format }, index): ShownColumn => {
    const family = familyOf(kind);
    const isNumber = family === "number";
    const texts = shown.map((row) => formatted(row[index], isNumber, format) ?? textOf(row[index]));
    return { isNumber, format, longest: longestWhole(texts, isNumber || family === "temporal") };
  });
  const head = columns
    .map(
      ({ name }, index) =>
        `<th scope="col"${looks[index]?.isNumber === true ? ' class="number"' : ""}>${escapeHtml(name)}</th>`,
    )
    .join("");
  const body = shown
    .map((row) => `<tr>${row.map((value, index) => cellToHtml(value, looks[index])).join("")}</tr>`)
    .join("\n");
  const count =
    shown.length < totalRows
      ? `The first ${formatNumber(shown.length)} of ${formatCount(totalRows, "row")}`
      : formatCount(totalRows, "row");
  const { className, style } = fitPaper(
    looks.map(({ longest }) => longest),
    width,
  );
  const paper = `${className === "" ? "" : ` class="${className}"`}${style === "" ? "" : ` style="${style}"`}`;
  return (
    `<div class="table-bar"><span role="status">${count}</span></div>\n` +
    `<div class="table" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table${paper}><thead><tr>${head}</tr></thead>\n` +
    `<tbody>${body}</tbody></table></div>`
  );
}

function cellToHtml(value: unknown, column: ShownColumn | undefined): string {
  if (value === null || value === undefined) return '<td class="null">NULL</td>';
  if (value === "") return '<td class="empty" data-value="">empty</td>';
  const { isNumber = false, format, longest } = column ?? {};
  const text = textOf(value);
  const shown = formatted(value, isNumber, format);
  const digits = shown === undefined ? "" : ` data-value="${escapeHtml(text)}"`;
  const look = isNumber ? ' class="number"' : longest === undefined ? "" : ' class="whole"';
  return `<td${look}${digits}>${escapeHtml(shown ?? text)}</td>`;
}

function formatted(value: unknown, isNumber: boolean, format: string | undefined): string | undefined {
  return format !== undefined && isNumber ? formatNumberAs(value, format) : undefined;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
