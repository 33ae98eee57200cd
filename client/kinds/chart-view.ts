import { html, nothing } from "lit";
import "../chart/chart-view.js";
import { loadCode } from "../connection.js";
import type { YamlFormEvent } from "../elements/yaml-form.js";
import { sourceOf } from "../store/document.js";
import { isOld, isStale } from "../store/standing.js";
import { hasResult } from "../store/run-state.js";
import type { KindView } from "./kind.js";
import { renderIcon } from "../styles/icon.js";

/** A chart draws the last result of the cell that it names. */
export const chartView: KindView = {
  keyOf: ({ cell, isUnread, sourceRecord }) => {
    if (isUnread || !hasResult(sourceRecord)) return undefined;
    const { fingerprint = "", version = "", finishedAt = "" } = sourceRecord;
    return [JSON.stringify(cell.options), fingerprint, version, finishedAt].join(" ");
  },

  standing: ({ cell, drawnKey, sourceRecord, sourceForecast }) => {
    const from = sourceOf(cell);
    if (drawnKey === "") return { mark: "never", words: `run \`${from}\` to see it` };
    if (isStale(sourceForecast, sourceRecord)) return { mark: "stale", words: `\`${from}\` is out of date` };
    return isOld(sourceForecast, sourceRecord)
      ? { mark: "stale", words: `\`${from}\` could not be computed` }
      : { mark: "none", words: "" };
  },

  form: ({ cell, body, sourceColumns, edit }) => {
    if (edit === undefined) return nothing;
    void loadCode(() => import("../chart/chart-form.js"));
    return html`<chart-form
      .cell=${cell.name}
      .yaml=${body}
      .columns=${sourceColumns ?? []}
      @yaml-form-change=${({ yaml }: YamlFormEvent) => {
        edit(yaml);
      }}
    ></chart-form>`;
  },

  render: ({ notebook, cell, drawnKey, sourceRecord, sourceForecast, run }) => {
    if (drawnKey === "" && cell.hasErrors) return nothing;
    if (drawnKey === "")
      return html`<div class="no-chart">
        <p class="note">The chart appears once <code>${sourceOf(cell)}</code> has run.</p>
        ${run === undefined ? nothing : html`<button class="outlined" @click=${run}>${renderIcon("run")} Run ${sourceOf(cell)}</button>`}
      </div>`;
    return html`<chart-view
      .notebook=${notebook}
      .cell=${cell.name}
      .title=${textOf(cell.options["title"])}
      ?hasLegend=${cell.options["color"] !== undefined}
      .source=${sourceOf(cell)}
      .result=${sourceRecord?.fingerprint}
      .refreshKey=${drawnKey}
      ?stale=${isOld(sourceForecast, sourceRecord)}
    ></chart-view>`;
  },
};

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
