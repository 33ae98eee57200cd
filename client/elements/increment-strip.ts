import { html, nothing, type TemplateResult } from "lit";
import type { CellRecord, RunView } from "../../server/api/protocol.js";
import { describeIncrement, describeWritten } from "../../server/text/describe-increment.js";
import { toHash } from "../router.js";
import { renderReason, type ReasonContext } from "./reason.js";

/**
 * What the run date before had otherwise, with a way to the old and new values; nothing for a dataset that does not add
 * deliveries up. `run` is the one that the record is of, where that is known.
 */
export function renderIncrement(
  record: Pick<CellRecord, "name" | "version" | "incremental">,
  run: Pick<RunView, "date" | "published"> | undefined,
  context: ReasonContext,
): TemplateResult | typeof nothing {
  const { name, version, incremental } = record;
  if (incremental === undefined) return nothing;
  const { since, mode } = incremental;
  const written = describeWritten(incremental);
  const isPublished = run?.published.some((item) => item.dataset === name && item.version === version);
  const to = isPublished === true ? run?.date : version;
  const date = isPublished === true ? run?.date : since;
  return html`<p class="increment">
    <span>${renderReason(describeIncrement(incremental), context)}</span>
    ${written === "" ? nothing : html`<span class="meta">${written}</span>`}
    ${
      since === undefined || to === undefined || date === undefined || mode === "unchanged"
        ? nothing
        : html`<a href=${toHash({ page: "lake", dataset: name, date, from: since, to })}
            >Old and new values</a
          >`
    }
  </p>`;
}
