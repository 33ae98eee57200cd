import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { PublishedListing } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { toApiFilter, toApiSort } from "../elements/to-page-query.js";
import { formatBytes, formatCount, formatNumber, formatTimestamp } from "../format.js";
import "../grid/data-grid.js";
import type { GridSource } from "../grid/grid-source.js";
import { toHash } from "../router.js";

/** `<lake-page>`: what is published, by dataset and run date, and the rows of one of them. */
@customElement("lake-page")
export class LakePage extends LitElement {
  @property() datasetName: string | undefined;
  @property() date: string | undefined;
  @state() private datasets: readonly PublishedListing[] | undefined;
  @state() private source: GridSource | null = null;
  @state() private problem: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("datasetName") || changed.has("date")) void this.#loadRows();
  }

  async #load(): Promise<void> {
    try {
      this.datasets = (await api.lake()).datasets;
      await this.#loadRows();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  #selected(): PublishedListing | undefined {
    return this.datasets?.find(
      (item) =>
        item.dataset === this.datasetName &&
        (this.date === undefined ? item.isLatest : item.runDate === this.date),
    );
  }

  async #loadRows(): Promise<void> {
    const item = this.#selected();
    if (item === undefined) {
      this.source = null;
      return;
    }
    try {
      const { columns, totalRows } = await api.lakeRows(item.runDate, item.dataset, { limit: 1 });
      this.source = {
        columns,
        totalRows,
        fetchRows: (offset, limit, { sort, filter, signal }) =>
          api.lakeRows(
            item.runDate,
            item.dataset,
            { offset, limit, sort: toApiSort(sort), filter: toApiFilter(filter) },
            signal,
          ),
      };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  override render(): TemplateResult {
    const names = [...new Set(this.datasets?.map((item) => item.dataset))];
    return html`<main class="page lake">
      <header class="page-head"><h1>Lake</h1></header>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.datasets === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${this.datasets?.length === 0 ? html`<p class="note">Nothing is published yet. Open a notebook and press Materialize.</p>` : nothing}
      <div class="lake-columns">
        <nav aria-label="Datasets">
          <ul class="datasets">
            ${names.map((name) => this.#renderName(name))}
          </ul>
        </nav>
        ${this.#renderDataset()}
      </div>
    </main>`;
  }

  #renderName(name: string): TemplateResult {
    const dates = (this.datasets ?? [])
      .filter((item) => item.dataset === name)
      .sort((a, b) => (a.runDate < b.runDate ? 1 : -1));
    const latest = dates[0];
    return html`<li>
      <a
        href=${toHash({ page: "lake", dataset: name })}
        aria-current=${this.datasetName === name ? "true" : "false"}
        >${name}</a
      >
      <span class="meta">${formatCount(latest?.rows ?? 0, "row")} · ${latest?.runDate}</span>
    </li>`;
  }

  #renderDataset(): TemplateResult | typeof nothing {
    const item = this.#selected();
    if (item === undefined) return nothing;
    const dates = (this.datasets ?? [])
      .filter((other) => other.dataset === item.dataset)
      .map((other) => other.runDate)
      .sort()
      .reverse();
    return html`<section class="dataset">
      <h2>${item.dataset}</h2>
      ${item.description === undefined ? nothing : html`<p>${item.description}</p>`}
      <p class="dates">
        ${dates.map((date) => html`<a href=${toHash({ page: "lake", dataset: item.dataset, date })} aria-current=${date === item.runDate ? "true" : "false"}>${date}</a> `)}
      </p>
      <dl class="facts">
        <dt>rows</dt>
        <dd>${formatNumber(item.rows)}</dd>
        <dt>size</dt>
        <dd>${formatBytes(item.bytes)}</dd>
        <dt>partitions</dt>
        <dd>
          ${item.partitionBy.length === 0 ? "none" : `${formatNumber(item.partitions)} by ${item.partitionBy.join(", ")}`}
        </dd>
        <dt>key</dt>
        <dd>${item.key.join(", ") || "none"}</dd>
        <dt>from</dt>
        <dd>
          <a href=${toHash({ page: "notebook", name: item.notebook, cell: item.dataset })}
            >${item.notebook}</a
          >
        </dd>
        <dt>published</dt>
        <dd><a href=${toHash({ page: "runs", run: item.run })}>${formatTimestamp(item.publishedAt)}</a></dd>
        <dt>folder</dt>
        <dd><code>${item.path}</code></dd>
      </dl>
      <data-grid .source=${this.source} label=${item.dataset}></data-grid>
      <details>
        <summary>Schema</summary>
        <table class="plain">
          <tbody>
            ${item.columns.map(
              (column) =>
                html`<tr>
                  <td>${column.name}</td>
                  <td><code>${column.type}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </details>
    </section>`;
  }
}
