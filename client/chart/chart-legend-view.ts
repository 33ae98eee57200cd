import { html, nothing, type TemplateResult } from "lit";
import type { ChartPicking } from "./chart-picking.js";
import type { ChartLegend, LegendItem } from "../../server/chart/chart-legend.js";
import { renderIcon } from "../styles/icon.js";

/** Keys of what is put away; the rest is drawn. */
export type Hidden = ReadonlySet<string>;

interface LegendActions {
  /** Absent where the page cannot be filtered by a colour. */
  readonly picking: Pick<ChartPicking, "isNamePicked" | "pickName"> | undefined;
  readonly onChange: (hidden: Hidden) => void;
}

/** What the colours mean; a name is put away by a click, and stands alone by Shift and a click. */
export function renderLegend(
  { label, isRamp, items }: ChartLegend,
  hidden: Hidden,
  { picking, onChange }: LegendActions,
): TemplateResult {
  const keys = items.map((item) => item.key);
  return html`<div class="legend ${isRamp ? "ramp" : ""}">
    ${label === "" ? nothing : html`<span class="label">${label}</span>`}
    <ul>
      ${items.map((item) => html`<li>${isRamp ? renderStep(item) : renderName(item)}</li>`)}
    </ul>
  </div>`;

  function renderName(item: LegendItem): TemplateResult {
    return html`<button
        type="button"
        aria-pressed=${!hidden.has(item.key)}
        title="Hide or show; with Shift, show only this"
        @click=${(event: MouseEvent) => {
          onChange(event.shiftKey ? showOnly(item.key, keys, hidden) : toggle(item.key, keys, hidden));
        }}
      >
        ${renderStep(item)}</button
      >${picking === undefined || item.isLine === true ? nothing : renderPick(item, picking)}`;
  }
}

function renderPick(
  { key, label }: LegendItem,
  picking: NonNullable<LegendActions["picking"]>,
): TemplateResult {
  return html`<button
    type="button"
    class="pick"
    aria-pressed=${picking.isNamePicked(key)}
    aria-label="Filter the page by ${label}"
    title="Filter the page by this; with Shift, by this too"
    @click=${({ shiftKey }: MouseEvent) => {
      picking.pickName(key, shiftKey);
    }}
  >
    ${renderIcon("filter")}
  </button>`;
}

function renderStep({ label, color, isLine = false }: LegendItem): TemplateResult {
  return html`<span class="swatch ${isLine ? "line" : ""}" style="background: ${color}"></span>${label}`;
}

/** Nobody wants to see nothing: without the last one, all are back. */
function toggle(key: string, keys: readonly string[], hidden: Hidden): Hidden {
  const next = new Set(hidden);
  if (!next.delete(key)) next.add(key);
  return keys.every((other) => next.has(other)) ? new Set() : next;
}

function showOnly(key: string, keys: readonly string[], hidden: Hidden): Hidden {
  const others = keys.filter((other) => other !== key);
  const isAlone = !hidden.has(key) && others.every((other) => hidden.has(other));
  return new Set(isAlone ? [] : others);
}
