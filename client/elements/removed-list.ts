import { html, nothing, type TemplateResult } from "lit";
import type { RemovedDataset, ReshapedColumn } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { toHash } from "../router.js";
import { renderReason } from "./reason.js";

/** What leaves a run date, or has left it: why, what is shown instead, and who reads it. */
export function renderRemoved(
  removed: readonly RemovedDataset[],
  notebook: string,
  isDone = false,
): TemplateResult {
  return html`<ul class="removed">
    ${removed.map(
      (item) =>
        html`<li>
          <code>${item.path}</code> <span class="meta">${formatCount(item.rows, "row")}</span>:
          ${renderReason(item.reason, { notebook, cells: [] })}. ${thenWords(item, isDone)}
          ${renderReaders(item)}
        </li>`,
    )}
  </ul>`;
}

function thenWords(
  { dataset, latestThen, instead }: RemovedDataset,
  isDone: boolean,
): TemplateResult | typeof nothing {
  if (instead !== undefined)
    return html`What <code>${instead}</code> published for that date is shown again.`;
  if (latestThen === undefined) return nothing;
  if (isDone)
    return latestThen === null
      ? html`<code>lake.${dataset}</code> is gone.`
      : html`<code>lake.${dataset}</code> is now that of ${latestThen}.`;
  return latestThen === null
    ? html`There is no <code>lake.${dataset}</code> then.`
    : html`<code>lake.${dataset}</code> is that of ${latestThen} then.`;
}

/** Columns that readers lose, or find with another type. */
export function renderReshaped(reshaped: readonly ReshapedColumn[]): TemplateResult {
  return html`<ul class="removed">
    ${reshaped.map(
      (item) =>
        html`<li>
          <code>${item.dataset}.${item.column}</code>
          ${item.after === null ? html`is lost (${item.before})` : html`changes from ${item.before} to ${item.after}`}.
          ${renderReaders(item)}
        </li>`,
    )}
  </ul>`;
}

function renderReaders({ readers }: Pick<RemovedDataset, "readers">): TemplateResult | typeof nothing {
  if (readers.length === 0) return nothing;
  return html`Read by
  ${readers.map(
    ({ notebook, cell, as }, index) =>
      html`${index === 0 ? "" : ", "}<a href=${toHash({ page: "notebook", name: notebook, cell })}
          ><code>${cell}</code> in ${notebook}</a
        >
        as <code>${as}</code>`,
  )}.`;
}
