import { html, nothing, type TemplateResult } from "lit";
import type { ChartLegend, LegendItem } from "../../server/chart/chart-legend.js";

/** Names that are put away; the other ones are drawn. */
export type Hidden = ReadonlySet<string>;

/** What the colours mean; a name is put away by a click, and stands alone by Shift and a click. */
export function renderLegend(
  { label, isRamp, items }: ChartLegend,
  hidden: Hidden,
  onChange: (hidden: Hidden) => void,
): TemplateResult {
  const names = items.map((item) => item.label);
  return html`<div class="legend ${isRamp ? "ramp" : ""}">
    ${label === "" ? nothing : html`<span class="label">${label}</span>`}
    <ul>
      ${items.map((item) => html`<li>${isRamp ? renderStep(item) : renderName(item)}</li>`)}
    </ul>
  </div>`;

  function renderName(item: LegendItem): TemplateResult {
    return html`<button
      type="button"
      aria-pressed=${!hidden.has(item.label)}
      title="Hide or show; with Shift, show only this"
      @click=${(event: MouseEvent) => {
        onChange(event.shiftKey ? showOnly(item.label, names, hidden) : toggle(item.label, names, hidden));
      }}
    >
      ${renderStep(item)}
    </button>`;
  }
}

function renderStep({ label, color, isLine = false }: LegendItem): TemplateResult {
  return html`<span class="swatch ${isLine ? "line" : ""}" style="background: ${color}"></span>${label}`;
}

/** Nobody wants to see nothing: without the last one, all are back. */
function toggle(name: string, names: readonly string[], hidden: Hidden): Hidden {
  const next = new Set(hidden);
  if (!next.delete(name)) next.add(name);
  return names.every((other) => next.has(other)) ? new Set() : next;
}

function showOnly(name: string, names: readonly string[], hidden: Hidden): Hidden {
  const others = names.filter((other) => other !== name);
  const isAlone = !hidden.has(name) && others.every((other) => hidden.has(other));
  return new Set(isAlone ? [] : others);
}
