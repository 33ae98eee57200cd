import { html, nothing, type TemplateResult } from "lit";
import type { RowDiff } from "../../server/api/protocol.js";
import { formatCount, formatNumber } from "../../server/text/format.js";
import { renderValue } from "./rows-table.js";

/** What the two sides are called above old and new values. */
export interface SideNames {
  readonly before: string;
  readonly after: string;
}

/** How two versions of a dataset differ: counts, columns, and examples old and new. `against` stands behind the counts. */
export function renderChanges(diff: RowDiff, names: SideNames, against: TemplateResult): TemplateResult {
  const total = Math.max(diff.rowsBefore, diff.rowsAfter);
  return html`<div class="changes">
    <p class="headline">
      ${
        diff.key.length === 0
          ? html`<b>${formatCount(diff.added, "row")}</b> added,
              <b>${formatCount(diff.removed, "row")}</b> removed`
          : html`<b>${formatNumber(diff.changed)}</b> of ${formatCount(total, "row")}
              change${diff.changed === 1 ? "s" : ""}, ${formatNumber(diff.added)} added,
              ${formatNumber(diff.removed)} removed`
      }
      <span class="muted">${against}${renderKey(diff)}</span>
    </p>
    ${renderColumns(diff)} ${renderMoves(diff, names)} ${renderChanged(diff, names)}
    ${renderRows("Added", diff.examples.added, diff)} ${renderRows("Removed", diff.examples.removed, diff)}
  </div>`;
}

function renderKey({ key, keyFrom }: RowDiff): TemplateResult | typeof nothing {
  if (keyFrom === undefined) return html`, whole rows compared, since nothing is a key`;
  if (keyFrom === "key") return nothing;
  const why = keyFrom === "group by" ? "which the query groups by" : "found to be unique on both sides";
  return html`, matched by <code>${key.join(", ")}</code>, ${why}`;
}

function renderColumns(diff: RowDiff): TemplateResult | typeof nothing {
  const columns = diff.columns.filter(
    (column) => column.changed > 0 || column.before !== undefined || column.after !== undefined,
  );
  if (columns.length === 0) return nothing;
  return html`<ul class="column-changes">
    ${columns.map(
      (column) =>
        html`<li>
          <code>${column.name}</code>
          ${column.changed > 0 ? html`${formatCount(column.changed, "row")}` : nothing}
          ${typeChange(column.before, column.after)}
        </li>`,
    )}
  </ul>`;
}

/** One after the other, as in a list. */
function keyShower({ key: names }: RowDiff, show: Show): (key: readonly unknown[]) => unknown {
  return (key) => key.flatMap((value, index) => [index === 0 ? "" : ", ", show(value, names[index] ?? "")]);
}

type Show = (value: unknown, column: string) => TemplateResult | string;

function shower({ examples }: RowDiff): Show {
  const kinds = new Map(examples.columns.map((column) => [column.name, column.kind]));
  return (value, column) => renderValue(value, kinds.get(column));
}

function renderMoves(diff: RowDiff, names: SideNames): TemplateResult | typeof nothing {
  if (diff.moves.length === 0) return nothing;
  const text = shower(diff);
  const showKey = keyShower(diff, text);
  return html`<h4>Moved farthest</h4>
    <div class="scroller" tabindex="0" role="region" aria-label="Numbers that moved farthest">
      <table class="plain">
        <thead>
          <tr>
            <th>column</th>
            <th>${diff.key.join(", ")}</th>
            <th class="number before">${names.before}</th>
            <th class="number after">${names.after}</th>
            <th class="number">by</th>
          </tr>
        </thead>
        <tbody>
          ${diff.moves.map(
            ({ column, key, before, after, change }) =>
              html`<tr>
                <td><code>${column}</code></td>
                <td>${showKey(key)}</td>
                <td class="number before">${text(before, column)}</td>
                <td class="number after">${text(after, column)}</td>
                <td class="number">${change > 0 ? "+" : ""}${formatNumber(change)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function renderChanged(diff: RowDiff, names: SideNames): TemplateResult | typeof nothing {
  const { changed } = diff.examples;
  if (changed.length === 0) return nothing;
  const text = shower(diff);
  const showKey = keyShower(diff, text);
  return html`<h4>Changed</h4>
    <div class="scroller" tabindex="0" role="region" aria-label="Changed rows">
      <table class="plain">
        <thead>
          <tr>
            <th>${diff.key.join(", ")}</th>
            <th>column</th>
            <th class="before">${names.before}</th>
            <th class="after">${names.after}</th>
          </tr>
        </thead>
        <tbody>
          ${changed.flatMap((row) =>
            row.values.map(
              ({ column, before, after }) =>
                html`<tr>
                  <td>${showKey(row.key)}</td>
                  <td><code>${column}</code></td>
                  <td class="before">${text(before, column)}</td>
                  <td class="after">${text(after, column)}</td>
                </tr>`,
            ),
          )}
        </tbody>
      </table>
    </div>`;
}

function renderRows(
  label: string,
  rows: readonly (readonly unknown[])[],
  diff: RowDiff,
): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  const { columns } = diff.examples;
  return html`<h4>${label}</h4>
    <div class="scroller" tabindex="0" role="region" aria-label="${label} rows">
      <table class="plain">
        <thead>
          <tr>
            ${columns.map((column) => html`<th>${column.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${columns.map((column, index) => html`<td>${renderValue(row[index], column.kind)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function typeChange(before: string | undefined, after: string | undefined): TemplateResult | typeof nothing {
  if (before === undefined && after === undefined) return nothing;
  if (before === undefined) return html`<span class="after">new, ${after}</span>`;
  return after === undefined
    ? html`<span class="before">gone, was ${before}</span>`
    : html`${before} → ${after}`;
}
