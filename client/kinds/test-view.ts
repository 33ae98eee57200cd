import { html, nothing } from "lit";
import type { KindView } from "./kind.js";

/** A test says what it tests; its rows are in its YAML. */
export const testView: KindView = {
  render: ({ cell, isUnread }) => {
    const tested = cell.options["cell"];
    if (isUnread || typeof tested !== "string" || tested === "") return nothing;
    return html`<p class="note">Tests <code>${tested}</code> with the rows below.</p>`;
  },
};
