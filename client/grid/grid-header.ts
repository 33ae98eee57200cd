import { html, nothing, svg, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  formatCompact,
  formatCount,
  formatNumber,
  formatShare,
  formatType,
  toText,
} from "../../server/text/format.js";
import { ownValue } from "../own-value.js";
import { renderBars } from "./bars.js";
import { renderTitle } from "./column-title.js";
import { HEADER_ROW, type CellPosition } from "./cell-range.js";
import type { GridFilters } from "./grid-filters.js";
import { keyOf, type GridColumn, type GridSort } from "./grid-source.js";
import type { Track, Tracks } from "./grid-tracks.js";
import { barsOf, shareOfNulls, type ColumnProfile } from "./profile.js";

const SPARK = { width: 52, height: 11, gap: 0.5 };
/** A list of top values may be long; the picture shows its head. */
const MAX_BARS = 26;

export interface HeaderState {
  readonly tracks: Tracks;
  readonly profiles: readonly ColumnProfile[];
  readonly sort: GridSort | null;
  readonly cursor: CellPosition | null;
  readonly resizedColumn: number | null;
  /** The profiles are of all rows, also of those that are not shown. */
  readonly isFiltered: boolean;
}

export function renderNames(state: HeaderState): TemplateResult {
  const { tracks, profiles, sort, cursor, resizedColumn } = state;
  const profileOf = new Map(profiles.map((profile) => [keyOf(profile), profile]));
  const render = (track: Track): TemplateResult => {
    const isCursor = cursor?.row === HEADER_ROW && cursor.column === track.index;
    const classes = [
      track.family,
      track.pin?.classes ?? "",
      isCursor ? "cursor" : "",
      resizedColumn === track.index ? "resized" : "",
    ];
    const about = { profile: profileOf.get(keyOf(track.column)), isFiltered: state.isFiltered };
    return renderName(track, classes.join(" "), ariaSort(track, sort), about);
  };
  return html`<div class="gutter" role="columnheader" aria-colindex="1">
      <span class="visually-hidden">Row</span>
    </div>
    ${tracks.pinned.map(render)}
    <div role="presentation"></div>
    ${tracks.scrolled.map(render)}`;
}

function ariaSort({ column }: Track, sort: GridSort | null): "ascending" | "descending" | "none" {
  if (sort?.column !== keyOf(column)) return "none";
  return sort.direction === "asc" ? "ascending" : "descending";
}

interface About {
  readonly profile: ColumnProfile | undefined;
  readonly isFiltered: boolean;
}

function renderName(
  { column, index, title, pin }: Track,
  classes: string,
  sort: "ascending" | "descending" | "none",
  about: About,
): TemplateResult {
  const { profile, isFiltered } = about;
  return html`<div
    role="columnheader"
    id="cell-${HEADER_ROW}-${index}"
    class="name-cell ${classes}"
    style=${pin?.style ?? nothing}
    data-column=${index}
    aria-colindex=${index + 2}
    aria-sort=${sort}
    title=${describe(title.text, column, about)}
  >
    <div class="title">
      ${renderTitle(title)}
      <svg class="arrow" width="8" height="9" viewBox="0 0 8 9" aria-hidden="true">
        <path d="M4 8V1M1 4l3-3 3 3" fill="none" stroke="currentColor" stroke-width="1.5" />
      </svg>
    </div>
    <div class="about ${isFiltered ? "of-all" : ""}">
      <span class="type">${formatType(column.type)}</span>
      ${profile ? html`${renderSpark(profile)}${renderCounts(profile)}` : nothing}
    </div>
    <svg class="more" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <title>More (m)</title>
      <path d="M3 5l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.6" />
    </svg>
    <div class="grip"></div>
  </div>`;
}

/** How many values there are, and how many are missing, as far as there is room. */
function renderCounts(profile: ColumnProfile): TemplateResult {
  const { distinct, nulls, isDistinctEstimated } = profile;
  return html`<span class="counts"
    >${distinct === undefined ? nothing : `${isDistinctEstimated === true ? "≈" : ""}${formatCompact(distinct)} distinct`}${nulls > 0 ? html` <span class="missing">${formatShare(shareOfNulls(profile))} null</span>` : nothing}</span
  >`;
}

/** The distribution in a few pixels, above a line as long as the share of NULL. */
export function renderSpark(profile: ColumnProfile): TemplateResult {
  const { width, height } = SPARK;
  const nulls = shareOfNulls(profile) * width;
  return html`<svg
    class="spark"
    height="14"
    viewBox="0 0 ${width} 14"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${renderBars(barsOf(profile).slice(0, MAX_BARS), SPARK)}
    ${
      nulls > 0
        ? svg`<rect class="nulls" y=${height + 1} width=${Math.max(1.5, nulls).toFixed(1)} height="2" />`
        : nothing
    }
  </svg>`;
}

function describe(title: string, { type, kind }: GridColumn, { profile, isFiltered }: About): string {
  const lines = [`${title}  ${type.slice(0, 300)}`];
  if (profile) {
    const { nulls, distinct, min, max } = profile;
    if (min !== undefined && min !== null) lines.push(`${short(min, kind)} – ${short(max, kind)}`);
    lines.push(`${formatCount(nulls, "null")} (${formatShare(shareOfNulls(profile))})`);
    if (distinct !== undefined) lines.push(`${formatNumber(distinct)} distinct`);
    if (isFiltered) lines.push("Of all rows, also of those that are filtered out");
  }
  return lines.join("\n");
}

function short(value: unknown, kind: GridColumn["kind"]): string {
  return toText(value, kind).slice(0, 60);
}

export interface FilterRowState {
  readonly tracks: Tracks;
  readonly filters: GridFilters;
  /** The column of which a problem is told; undefined: none is. */
  readonly told: string | undefined;
  readonly formats: Readonly<Record<string, string>>;
  readonly onInput: (event: InputEvent, column: GridColumn) => void;
  readonly onKeyDown: (event: KeyboardEvent, index: number) => void;
  readonly onChange: () => void;
}

function placeholderOf({ kind }: GridColumn, family: Track["family"], format: string | undefined): string {
  const isTime = kind === "date" || kind === "timestamp" || format?.startsWith("epoch_") === true;
  if (isTime) return ">= 2020-07-01";
  return family === "text" || family === "nested" ? "contains" : "= < > null";
}

/** Each field stays that of its column, also when others come into sight. */
export function renderFilterRow(state: FilterRowState): TemplateResult {
  const { tracks, filters, told, onInput, onKeyDown } = state;
  const keyOfTrack = ({ column }: Track): string => keyOf(column);
  const render = ({ column, index, family, title, pin }: Track): TemplateResult =>
    html`<div
      role="gridcell"
      class=${pin?.classes ?? nothing}
      style=${pin?.style ?? nothing}
      aria-colindex=${index + 2}
    >
      <input
        aria-label="Filter ${title.text}"
        placeholder=${placeholderOf(column, family, ownValue(state.formats, keyOf(column)))}
        aria-invalid=${told !== undefined && filters.problems.has(keyOf(column))}
        aria-describedby=${told === keyOf(column) ? "filter-problem" : nothing}
        autocomplete="off"
        spellcheck="false"
        .value=${filters.textOf(column)}
        @input=${(event: InputEvent) => onInput(event, column)}
        @keydown=${(event: KeyboardEvent) => onKeyDown(event, index)}
        @change=${state.onChange}
      />
    </div>`;
  return html`<div class="row filters" role="row" aria-rowindex="2">
    <div class="gutter" role="gridcell" aria-colindex="1"></div>
    ${repeat(tracks.pinned, keyOfTrack, render)}
    <div role="presentation"></div>
    ${repeat(tracks.scrolled, keyOfTrack, render)}
  </div>`;
}
