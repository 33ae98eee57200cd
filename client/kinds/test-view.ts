import { html, nothing } from "lit";
import type { KindView } from "./kind.js";
import { renderIcon } from "../styles/icon.js";

/** A test says what it tests; its rows are in its YAML. */
export const testView: KindView = {
  render: ({ cell, isUnread, run }) => {
    const tested = cell.options["cell"];
    if (isUnread || typeof tested !== "string" || tested === "") return nothing;
    return html`<p class="note test-note">
      Tests <code>${tested}</code> with rows of its own.
      ${run === undefined ? nothing : html`<button class="outlined" @click=${run}>${renderIcon("run")} Run this test</button>`}
    </p>`;
  },
};
