import { html, nothing, type TemplateResult } from "lit";
import type { Present } from "../store/notebook-state.js";
import { renderAvatar } from "./avatar.js";

/** More are counted. */
const SHOWN = 4;

/** Who else has the notebook open. */
export function renderOthers(others: readonly Present[]): TemplateResult | typeof nothing {
  if (others.length === 0) return nothing;
  const more = others.length - SHOWN;
  return html`<span class="others" role="group" aria-label="Also here">
    ${others.slice(0, SHOWN).map(({ name, cell }) => renderAvatar(name, cell === undefined ? `${name} has this notebook open` : `${name} is in ${cell}`))}
    ${
      more > 0
        ? html`<span
            class="meta"
            title=${others
              .slice(SHOWN)
              .map(({ name }) => name)
              .join(", ")}
            >+${more}</span
          >`
        : nothing
    }
  </span>`;
}
