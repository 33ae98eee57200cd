import { html, nothing, type TemplateResult } from "lit";
import type { ChartPicking } from "./chart-picking.js";
import type { ChartLegend, LegendItem } from "../../server/chart/chart-legend.js";

/** Names that are put away; the other ones are drawn. */
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
        ${renderStep(item)}</button
      >${picking === undefined || item.isLine === true ? nothing : renderPick(item.label, picking)}`;
  }
}

function renderPick(label: string, picking: NonNullable<LegendActions["picking"]>): TemplateResult {
  return html`<button
    type="button"
    class="pick"
    aria-pressed=${picking.isNamePicked(label)}
    aria-label="Filter the page by ${label}"
    title="Filter the page by this; with Shift, by this too"
    @click=${({ shiftKey }: MouseEvent) => {
      picking.pickName(label, shiftKey);
    }}
  >
    <svg
      width="12"
      height="12"
      viewBox="0 0 13 12"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      aria-hidden="true"
    >
      <path d="M1 2h11M3 6h7M5 10h3" />
    </svg>
  </button>`;
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
