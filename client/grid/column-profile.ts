import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import {
  formatCompact,
  formatNumber,
  formatShare,
  formatType,
  formatValue,
} from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { renderBars } from "./bars.js";
import { renderTitle } from "./column-title.js";
import { MoreColumnsEvent } from "./grid-events.js";
import { titleOf, type ColumnTitle } from "./grid-source.js";
import { shareOfNulls, type ColumnProfile, type TopValue } from "./profile.js";

const HISTOGRAM = { width: 220, height: 40, gap: 1 };
const MAX_TOP_VALUES = 4;

/**
 * `<column-profile>`: what the values of each column look like, over all rows.
 *
 * @fires more-columns - The last one is nearly in sight, and more are to come.
 */
@customElement("column-profile")
export class ColumnProfileList extends LitElement {
  static override styles = [
    resetStyles,
    controlStyles,
    css`
      :host {
        display: block;
        container-type: inline-size;
        color: var(--text);
        font: var(--size-sm) / var(--leading) var(--font-text);
        font-variant-numeric: tabular-nums;
      }

      ul,
      ol,
      dl,
      dd {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      .column {
        display: grid;
        grid-template-columns: minmax(7rem, 13rem) 10rem 13.75rem minmax(0, 1fr);
        align-items: center;
        gap: var(--space-1) var(--space-4);
        min-height: 3.75rem;
        padding: var(--space-2) var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      .column:last-child {
        border-bottom: 0;
      }

      .name {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .type,
      dt,
      .axis {
        color: var(--text-faint);
        font-size: var(--size-xs);
      }

      .type {
        overflow-wrap: anywhere;
      }

      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: baseline;
        column-gap: var(--space-2);
      }

      dd {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      dl.statistics {
        grid-template-columns: auto minmax(0, 1fr) auto minmax(0, 1fr);
      }

      .nulls {
        color: var(--status-stale);
        font-weight: 500;
      }

      .picture > svg {
        display: block;
        width: 100%;
        height: 40px;
        border-bottom: 1px solid var(--line-strong);
        fill: var(--mark);
      }

      .axis {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
        white-space: pre;
      }

      .axis span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .top li {
        position: relative;
        align-items: center;
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
        height: 17px;
        margin-bottom: 1px;
        padding: 0 0.375rem;
        line-height: 17px;
      }

      .top svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        fill: var(--mark-faint);
      }

      .top span {
        position: relative;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: pre;
      }

      .top .count {
        flex: none;
        color: var(--text-muted);
      }

      .top .rest {
        color: var(--text-faint);
      }

      .absent {
        color: var(--text-faint);
        font-style: italic;
      }

      p {
        margin: 0;
        padding: var(--space-3);
        color: var(--text-muted);
      }

      @container (max-width: 46rem) {
        .column {
          grid-template-columns: minmax(0, 1fr) minmax(0, 13.75rem);
        }

        .picture {
          grid-area: 1 / 2;
        }
      }

      @container (max-width: 24rem) {
        .column {
          grid-template-columns: minmax(0, 1fr);
        }

        .picture {
          grid-area: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) profile: readonly ColumnProfile[] = [];
  /** Those that are not in the profile yet too. */
  @property({ type: Number }) totalColumns = 0;

  readonly #nearEnd = new IntersectionObserver(
    (entries) => {
      if (entries.at(-1)?.isIntersecting !== true || this.#askedAt === this.profile.length) return;
      this.#askedAt = this.profile.length;
      this.#askForMore();
    },
    { rootMargin: "600px" },
  );
  #watched: Element | null = null;
  /** So many were there when it last asked by itself, which it does once. */
  #askedAt = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#nearEnd.disconnect();
    this.#watched = null;
  }

  protected override render(): TemplateResult {
    const { length } = this.profile;
    if (length === 0) return html`<p>No columns</p>`;
    return html`<ul>
        ${this.profile.map((column, index) => renderColumn(column, titleOf(this.profile, index)))}
      </ul>
      ${
        length < this.totalColumns
          ? html`<p>
              <button class="outlined" @click=${() => this.#askForMore()}>More columns</button>
              ${formatNumber(length)} of ${formatNumber(this.totalColumns)}
            </p>`
          : nothing
      }`;
  }

  /** A new observation tells at once whether the end is in sight, so that a short page fills up. */
  protected override updated(): void {
    if (this.#watched !== null) this.#nearEnd.unobserve(this.#watched);
    this.#watched = this.renderRoot.querySelector("button");
    if (this.#watched !== null) this.#nearEnd.observe(this.#watched);
  }

  #askForMore(): void {
    this.dispatchEvent(new MoreColumnsEvent());
  }
}

function renderColumn(column: ColumnProfile, title: ColumnTitle): TemplateResult {
  return html`<li class="column">
    <div>
      <div>${renderTitle(title)}</div>
      <div class="type">${formatType(column.type)}</div>
    </div>
    ${renderCounts(column)}
    <div class="picture">${renderPicture(column)}</div>
    ${renderStatistics(column)}
  </li>`;
}

function renderCounts(column: ColumnProfile): TemplateResult {
  const share = shareOfNulls(column);
  const { distinct, count, nulls } = column;
  const isUnique = distinct === count && count > 1 && !column.isDistinctEstimated;
  return html`<dl>
    <dt>nulls</dt>
    <dd class=${nulls > 0 ? "nulls" : ""}>
      ${nulls > 0 ? `${formatShare(share)} · ${formatCompact(nulls)}` : "none"}
    </dd>
    ${
      distinct === undefined
        ? nothing
        : html`<dt>distinct</dt>
            <dd>
              ${column.isDistinctEstimated ? "≈ " : ""}${formatNumber(distinct)}${isUnique ? " · unique" : ""}
            </dd>`
    }
  </dl>`;
}

function renderPicture(column: ColumnProfile): TemplateResult | typeof nothing {
  const { histogram, topValues } = column;
  if (histogram && histogram.length > 0) {
    const counts = histogram.map(({ count }) => count);
    return html`<svg
        viewBox="0 0 ${HISTOGRAM.width} ${HISTOGRAM.height}"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        ${renderBars(counts, HISTOGRAM)}
      </svg>
      <div class="axis">
        <span>${text(histogram[0]?.from, column)}</span><span>${text(histogram.at(-1)?.to, column)}</span>
      </div>`;
  }
  return topValues && topValues.length > 0 ? renderTopValues(topValues, column) : nothing;
}

function renderTopValues(values: readonly TopValue[], column: ColumnProfile): TemplateResult {
  const shown = values.slice(0, MAX_TOP_VALUES);
  const rest = column.count - column.nulls - shown.reduce((sum, { count }) => sum + count, 0);
  return html`<ol class="top">
    ${shown.map(({ value, count }) => {
      const formatted = formatValue(value, column.kind);
      const isAbsent = formatted.kind === "null" || formatted.kind === "empty";
      const percent = column.count === 0 ? 0 : (count / column.count) * 100;
      return html`<li>
        <svg aria-hidden="true"><rect width="${percent.toFixed(2)}%" height="100%" rx="2" /></svg>
        <span class=${isAbsent ? "absent" : ""}>${formatted.text}</span>
        <span class="count">${formatNumber(count)}</span>
      </li>`;
    })}
    ${
      rest > 0
        ? html`<li><span class="rest">others</span><span class="count">${formatNumber(rest)}</span></li>`
        : nothing
    }
  </ol>`;
}

function renderStatistics(column: ColumnProfile): TemplateResult {
  const quantile = (at: number): unknown => column.quantiles?.find((quantile) => quantile.at === at)?.value;
  const statistics: readonly (readonly [string, unknown])[] = [
    ["min", column.min],
    ["25 %", quantile(0.25)],
    ["median", quantile(0.5)],
    ["75 %", quantile(0.75)],
    ["max", column.max],
    ["mean", column.mean],
  ];
  const known = statistics.filter(([, value]) => value !== undefined && value !== null);
  return html`<dl class="statistics">
    ${known.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd title=${text(value, column)}>${text(value, column)}</dd>`,
    )}
  </dl>`;
}

function text(value: unknown, { kind }: ColumnProfile): string {
  const isNumber = familyOf(kind) === "number" && (typeof value === "number" || typeof value === "string");
  return isNumber ? formatNumber(value) : formatValue(value, kind).text;
}

declare global {
  interface HTMLElementTagNameMap {
    "column-profile": ColumnProfileList;
  }
}
