import { html, nothing, type TemplateResult } from "lit";
import type { ChartData, PlotChannelName } from "../../server/api/protocol.js";
import { formatCount, formatNumber, formatValue } from "../../server/text/format.js";
import { formatAs } from "../../server/text/value-format.js";
import type { ChartPicking } from "./chart-picking.js";
import { OTHER, REST } from "../../server/chart/plot-description.js";
import { toName } from "../../server/chart/chart-values.js";

const MOST_ROWS = 500;

/** The same as numbers: what is drawn, for who would rather read. */
export function renderChartTable(
  { plot, columns, rows, groupedBy = [] }: ChartData,
  picking?: Pick<ChartPicking, "isPicked" | "pick">,
): TemplateResult {
  const rest = rows.length - MOST_ROWS;
  const channels = columns.map(({ name }) => plot.channels[name as PlotChannelName]);
  const groups = new Set(groupedBy.map(({ channel }) => channel as string));
  /** What the row is the group of, as "city Porto, year 2026". */
  const namesOf = (row: readonly unknown[]): string =>
    columns
      .flatMap(({ name }, index) => {
        if (!groups.has(name)) return [];
        const channel = channels[index];
        const value = row[index] as string | null;
        return `${headOf(channel?.label, name)} ${channel === undefined ? String(value) : toName(value, channel)}`;
      })
      .join(", ");
  return html`<table>
      <thead>
        <tr>
          ${picking === undefined ? nothing : html`<th scope="col">filter</th>`}
          ${columns.map(({ name }, index) => html`<th scope="col">${headOf(channels[index]?.label, name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, MOST_ROWS).map(
          (row, at) =>
            html`<tr>
              ${picking === undefined ? nothing : html`<td>${renderPick(at, namesOf(row), picking)}</td>`}
              ${columns.map((column, index) => {
                const channel = channels[index];
                const isCut = channel?.grain !== undefined || channel?.step !== undefined;
                const value = row[index];
                const { text, kind } = formatValue(value, column.kind);
                if (value === REST) return html`<td class="null">${OTHER}</td>`;
                const format = channel?.format;
                if (value !== null && format !== undefined)
                  return html`<td class="number">${formatAs(Number(value), format)}</td>`;
                if (value !== null && isCut) return html`<td>${toName(value, channel)}</td>`;
                const isNumber = kind === "number";
                return html`<td class=${kind}>
                  ${isNumber && channel?.scale === "quantitative" ? formatNumber(isOneOfSeveral(channel.label) ? withoutZeros(text) : text) : text}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
    ${rest > 0 ? html`<p class="subtitle">and ${formatCount(rest, "more row", "more rows")}</p>` : ""}`;
}

function renderPick(
  row: number,
  names: string,
  picking: Pick<ChartPicking, "isPicked" | "pick">,
): TemplateResult {
  return html`<input
    type="checkbox"
    aria-label="Filter the page by ${names}"
    .checked=${picking.isPicked(row)}
    @change=${() => {
      picking.pick(row, true);
    }}
  />`;
}

/** Where a measure has digits, a count beside it has them too: it is shown without. */
function withoutZeros(text: string): string {
  return text.replace(/\.0+$/, "");
}

function isOneOfSeveral(label: string | undefined): label is "" | undefined {
  return label === undefined || label === "";
}

/** Several measures have no label of their own. */
function headOf(label: string | undefined, name: string): string {
  if (!isOneOfSeveral(label)) return label;
  return name === "color" ? "measure" : "value";
}
