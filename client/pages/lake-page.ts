import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type {
  PublishedDetail,
  PublishedListing,
  VerifyView,
  VersionListing,
} from "../../server/api/protocol.js";
import { addressOf, api, ApiError, lakeValuePath } from "../api-client.js";
import { followEvents } from "../event-stream.js";
import { gridHeight } from "../elements/grid-height.js";
import { toApiFilter, toApiSort } from "../elements/to-page-query.js";
import "../elements/dataset-compare.js";
import type { DatasetCompare } from "../elements/dataset-compare.js";
import "../elements/dataset-versions.js";
import type { VersionEvent } from "../elements/dataset-versions.js";
import "../elements/restated-dates.js";
import "../elements/rollback-dialog.js";
import type { RollbackDialog } from "../elements/rollback-dialog.js";
import "../elements/tag-dialog.js";
import type { TagDialog } from "../elements/tag-dialog.js";
import "../elements/vacuum-dialog.js";
import type { VacuumDialog } from "../elements/vacuum-dialog.js";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatTimestamp,
} from "../../server/text/format.js";
import "../grid/data-grid.js";
import type { GridSource } from "../grid/grid-source.js";
import { downloads } from "../elements/downloads.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";
import { renderIcon } from "../styles/icon.js";
import { renderStatusMark, type Mark } from "../styles/status-mark.js";
import { isPartOfDate } from "../typed-date.js";

type Measure = "rows" | "bytes";

/** From so many partitions on, gaps between them would push the last ones out. */
const DENSE = 200;

const outcomes: Readonly<Record<string, readonly [mark: Mark, word: string]>> = {
  pass: ["passed", "passed"],
  warn: ["warned", "warned"],
  fail: ["failed", "failed"],
  error: ["broken", "could not run"],
};

/** Of each dataset at first: a lake of years has thousands. */
const LISTED_DATES = 24;

/** `<lake-page>`: what is published, by dataset and run date; of one its rows, where it comes from, how it is cut. */
@customElement("lake-page")
export class LakePage extends LitElement {
  @property() datasetName: string | undefined;
  @property() date: string | undefined;
  /** What is compared with what, at once. */
  @property() from: string | undefined;
  @property() to: string | undefined;
  @state() private datasets: readonly PublishedListing[] | undefined;
  @state() private source: GridSource | null = null;
  @state() private detail: PublishedDetail | undefined;
  /** Of the dataset, in the order of the log. */
  @state() private versions: readonly VersionListing[] = [];
  /** What is compared with, where somebody asked for it. */
  @state() private comparedFrom = "";
  @state() private measure: Measure = "rows";
  @state() private problem: string | null = null;
  @state() private verified: VerifyView | "running" | undefined;
  @query("vacuum-dialog") private vacuumDialog!: VacuumDialog;
  @query("rollback-dialog") private rollbackDialog!: RollbackDialog;
  @query("tag-dialog") private tagDialog!: TagDialog;
  @query("dataset-compare") private comparison!: DatasetCompare | null;
  /** Of each dataset; undefined: all of them. */
  #listed: number | undefined = LISTED_DATES;
  #stopFollowing: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
    this.#stopFollowing = followEvents(
      {},
      {
        onEvent: (event) => {
          const isPublished = event.type === "run-finished" && event.run.published.length > 0;
          if (isPublished || event.type === "lake-changed") void this.#refresh();
        },
        onResync: () => void this.#refresh(),
      },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopFollowing?.();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("datasetName")) this.versions = [];
    if (changed.has("datasetName") || changed.has("date")) this.comparedFrom = "";
    if (changed.has("datasetName") || changed.has("date")) void this.#loadRows();
    else if (changed.has("from") || changed.has("to")) void this.#compareAsked();
  }

  async #load(): Promise<void> {
    try {
      this.datasets = (await api.lake(this.#listed)).datasets;
      await this.#loadRows();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  /** Where others published something: rows that are looked at stay if they are the same. */
  async #refresh(): Promise<void> {
    if (this.datasets === undefined) return;
    try {
      const before = this.#selected();
      this.datasets = (await api.lake(this.#listed)).datasets;
      const now = this.#selected();
      const isSame = now?.version === before?.version && now?.publishedAt === before?.publishedAt;
      const isNumbered = this.date?.includes("@") === true;
      if (!isSame || isNumbered) await this.#loadRows();
      else if (this.datasetName !== undefined) await this.#loadVersions(this.datasetName);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What is shown was so a moment ago; the next event asks again.
    }
  }

  async #verify(): Promise<void> {
    this.verified = "running";
    try {
      this.verified = await api.verify();
    } catch (error) {
      this.verified = undefined;
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  /** Also a run date that is not in the list, and a publication that is shown no longer. */
  #selected(): PublishedListing | undefined {
    const listed = this.datasets?.find(
      (item) =>
        item.dataset === this.datasetName &&
        (this.date === undefined ? item.isLatest : item.runDate === this.date),
    );
    const { detail } = this;
    if (listed !== undefined || detail === undefined || detail.dataset !== this.datasetName) return listed;
    return this.date === detail.runDate || this.date === placeOf(detail) ? detail.listing : undefined;
  }

  async #loadVersions(dataset: string): Promise<void> {
    const { versions } = await api.versions(dataset);
    if (this.datasetName === dataset) this.versions = versions;
  }

  readonly #showAllDates = (): void => {
    this.#listed = undefined;
    void this.#load();
  };

  async #loadRows(): Promise<void> {
    this.source = null;
    this.detail = undefined;
    this.problem = null;
    const { datasetName: dataset, date } = this;
    const place = date ?? this.#selected()?.runDate;
    if (dataset === undefined || place === undefined) return;
    const isAsked = (): boolean => this.datasetName === dataset && this.date === date;
    try {
      const [{ columns, totalRows }, detail] = await Promise.all([
        api.lakeRows(place, dataset, { limit: 1 }),
        api.lakeDetail(place, dataset),
        this.#loadVersions(dataset),
      ]);
      if (!isAsked()) return;
      this.detail = detail;
      this.source = {
        columns,
        totalRows,
        fetchRows: (offset, limit, { sort, filter, signal }) =>
          api.lakeRows(
            place,
            dataset,
            { offset, limit, sort: toApiSort(sort), filter: toApiFilter(filter) },
            signal,
          ),
        valueUrl: (row, column, { sort, filter }) =>
          lakeValuePath(place, dataset, { row, column, sort: toApiSort(sort), filter: toApiFilter(filter) }),
      };
      await this.#compareAsked();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!isAsked()) return;
      const isPlain = error.status === 404 && /^[^@]*$/.test(place);
      this.problem = isPlain
        ? `${dataset} is not published for ${place}.`
        : `${error.message} ${error.hint ?? ""}`;
    }
  }

  /** The greatest run date up to a day. */
  readonly #lookAsOf = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    if (isPartOfDate(field)) return;
    const day = field.value;
    const dates = this.versions.filter(({ isCurrent }) => isCurrent).map(({ runDate }) => runDate);
    const date = dates.sort().findLast((candidate) => candidate <= day);
    const dataset = this.datasetName ?? "";
    if (date === undefined) this.problem = `${dataset} was first published for ${dates[0] ?? "no date"}.`;
    else location.hash = toHash({ page: "lake", dataset, date });
  };

  async #untag({ notebook, runDate: date }: VersionListing, name: string): Promise<void> {
    try {
      await api.untag({ notebook, date, name });
      await this.#loadVersions(this.datasetName ?? "");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  /** What the address asks for. */
  async #compareAsked(): Promise<void> {
    if (this.from !== undefined && this.to !== undefined) await this.#compare(this.from, this.to);
  }

  async #compare(from: string, to: string): Promise<void> {
    this.comparedFrom = from;
    await this.updateComplete;
    const { comparison } = this;
    if (comparison === null) return;
    comparison.from = from;
    comparison.to = to;
    await comparison.updateComplete;
    comparison.scrollIntoView({ block: "nearest" });
    await comparison.compare();
  }

  override render(): TemplateResult {
    const names = [...new Set(this.datasets?.map((item) => item.dataset))];
    return html`<main class="page lake">
      <header class="page-head">
        <h1>Lake</h1>
        ${
          may("run")
            ? html`<button
                title="Reads every file of the lake and says which is missing or damaged; changes nothing"
                ?disabled=${this.verified === "running"}
                @click=${this.#verify}
              >
                Verify
              </button>`
            : nothing
        }
        ${
          may("keep")
            ? html`<button
                title="Says which drafts and old run dates can go to free disk space, and removes them once you agree"
                @click=${() => this.vacuumDialog.show()}
              >
                Vacuum…
              </button>`
            : html`<span class="note">${whyNot("keep")}</span>`
        }
      </header>
      ${
        may("run")
          ? html`<p class="note lake-words">
              <b>Verify</b> reads every file of the lake and says which is missing or
              damaged.${may("keep") ? html` <b>Vacuum</b> frees disk space: it lists drafts and old run dates that nothing needs, and removes them once you agree.` : nothing}
            </p>`
          : nothing
      }
      ${this.#renderVerified()}
      <vacuum-dialog @vacuumed=${this.#load}></vacuum-dialog>
      <rollback-dialog @rolled-back=${this.#load}></rollback-dialog>
      <tag-dialog @tagged=${() => this.#loadVersions(this.datasetName ?? "")}></tag-dialog>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.datasets === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${
        this.datasets !== undefined &&
        this.datasetName !== undefined &&
        this.date === undefined &&
        this.#selected() === undefined
          ? html`<p class="problem" role="alert">${this.datasetName} is not published.</p>`
          : nothing
      }
      ${this.datasets?.length === 0 ? html`<p class="note">Nothing is published yet. Open a notebook and press Materialize.</p>` : nothing}
      ${
        this.datasetName === undefined
          ? this.#renderOverview(names)
          : html`<div class="lake-columns">
              <nav aria-label="Datasets">
                <ul class="datasets">
                  ${names.map((name) => this.#renderName(name))}
                </ul>
              </nav>
              ${this.#renderDataset()}
            </div>`
      }
    </main>`;
  }

  #renderVerified(): TemplateResult | typeof nothing {
    const { verified } = this;
    if (verified === undefined) return nothing;
    if (verified === "running") return html`<p class="note" role="status">Reading the lake …</p>`;
    const { problems } = verified;
    if (problems.length === 0)
      return html`<p class="note" role="status">
        Nothing is missing or damaged: the lake is what its log says.
      </p>`;
    return html`<section role="alert" aria-label="Problems of the lake">
      <p class="problem">${formatCount(problems.length, "problem")}</p>
      <ul>
        ${problems.map(({ message, hint }) => html`<li>${message}. <span class="meta">${hint}</span></li>`)}
      </ul>
    </section>`;
  }

  /** All datasets at a glance, each as it was published last. */
  #renderOverview(names: readonly string[]): TemplateResult | typeof nothing {
    if (names.length === 0) return nothing;
    const latest = names.flatMap((name) => this.#datesOf(name)[0] ?? []);
    // Where all are of one engine, nobody asks which.
    const tellsEngine = latest.some(({ engine }) => engine !== undefined && !engine.startsWith("duckdb "));
    return html`<div class="scroller" tabindex="0" role="region" aria-label="All datasets">
      <table class="plain list stacks">
        <thead>
          <tr>
            <th>dataset</th>
            <th class="number">rows</th>
            <th class="number">size</th>
            <th class="number">partitions</th>
            <th>run date</th>
            <th class="number">run dates</th>
            ${tellsEngine ? html`<th>engine</th>` : nothing}
            <th>notebook</th>
            <th>published</th>
          </tr>
        </thead>
        <tbody>
          ${latest.map((item) => renderListing(item, tellsEngine))}
        </tbody>
      </table>
    </div>`;
  }

  /** A dataset's publications, the newest run date first. */
  #datesOf(name: string): readonly PublishedListing[] {
    return (this.datasets ?? [])
      .filter((item) => item.dataset === name)
      .sort((a, b) => (a.runDate < b.runDate ? 1 : -1));
  }

  #renderName(name: string): TemplateResult {
    const dates = this.#datesOf(name);
    const latest = dates[0];
    return html`<li>
      <a
        href=${toHash({ page: "lake", dataset: name })}
        aria-current=${this.datasetName === name ? "true" : "false"}
        >${name}</a
      >
      <span class="meta"
        >${formatCount(latest?.rows ?? 0, "row")} ·
        ${latest?.runDate}${(latest?.runDates ?? 0) > 1 ? ` · ${formatCount(latest?.runDates ?? 0, "run date")}` : ""}</span
      >
    </li>`;
  }

  #renderDataset(): TemplateResult | typeof nothing {
    const item = this.#selected();
    if (item === undefined) return nothing;
    const dates = this.#datesOf(item.dataset);
    return html`<section class="dataset">
      <h2>${item.dataset}</h2>
      ${item.description === undefined ? nothing : html`<p>${item.description}</p>`}
      ${item.problem === undefined ? nothing : html`<p class="problem" role="alert">${item.problem}</p>`}
      <nav class="dates" aria-label="Run dates">
        ${dates.map(({ runDate: date, restatedUpstream }) => html`<a href=${toHash({ page: "lake", dataset: item.dataset, date })} aria-current=${date === item.runDate ? "true" : "false"} title=${restatedUpstream === undefined ? nothing : "Restated upstream"}>${date}${restatedUpstream === undefined ? nothing : html` <span class="restated-mark" aria-label="restated upstream">${renderIcon("anew")}</span>`}</a> `)}
        ${dates.length < item.runDates ? html`<button @click=${this.#showAllDates}>All ${formatNumber(item.runDates)}</button>` : nothing}
        ${
          item.runDates > 1
            ? html`<label class="as-of"
                >As of <input type="date" .value=${item.runDate} @change=${this.#lookAsOf}
              /></label>`
            : nothing
        }
      </nav>
      <restated-dates
        .notebook=${item.notebook}
        .dates=${dates.flatMap(({ runDate, notebook, restatedUpstream: upstream }) => (upstream === undefined || notebook !== item.notebook ? [] : [{ runDate, upstream }])).reverse()}
        @restated-run=${this.#load}
      ></restated-dates>
      ${this.#renderPast(item)} ${this.#renderVersions(item)}
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
        ${
          item.engine === undefined
            ? nothing
            : html`<dt>engine</dt>
                <dd title=${item.engine}>${item.engine.split(" ").slice(0, 2).join(" ")}</dd>`
        }
        <dt>published</dt>
        <dd><a href=${toHash({ page: "runs", run: item.run })}>${formatTimestamp(item.publishedAt)}</a></dd>
        ${
          this.detail?.isCurrent === false
            ? nothing
            : html`<dt>folder</dt>
                <dd><code>${item.path}</code></dd>`
        }
        ${this.#renderOrigin(item)}
      </dl>
      <p class="downloads">
        ${downloads.map(
          ({ format, label }) =>
            html`<a
              class="button outlined"
              download
              href="${addressOf("GET /api/lake/{date}/{dataset}/download", {
                params: { date: this.date ?? item.runDate, dataset: item.dataset },
                query: { format },
              })}"
              >Download ${label}</a
            > `,
        )}
      </p>
      <data-grid
        .source=${this.source}
        keep-as=${`lake/${item.dataset}`}
        label=${item.dataset}
        style="height:${gridHeight(item.rows)}"
      ></data-grid>
      ${this.#renderPartitions(item)} ${this.#renderChecks(item)}
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
      ${
        this.detail === undefined
          ? nothing
          : html`<details>
              <summary>SQL that computed it</summary>
              <pre class="sql" tabindex="0">${this.detail.sql}</pre>
            </details>`
      }
    </section>`;
  }

  #renderPast({ dataset, runDate }: PublishedListing): TemplateResult | typeof nothing {
    const { detail } = this;
    if (detail === undefined || detail.isCurrent) return nothing;
    return html`<p class="past" role="status">
      This is publication ${detail.number} of ${runDate}, which is shown no longer.
      <a href=${toHash({ page: "lake", dataset, date: runDate })}>See what is shown now</a>
    </p>`;
  }

  #renderVersions({ dataset, runDate, notebook }: PublishedListing): TemplateResult | typeof nothing {
    const { versions, detail } = this;
    const ofDate = versions.filter((version) => version.runDate === runDate && version.notebook === notebook);
    if (ofDate.length === 0) return nothing;
    const dates = versions.filter(({ isCurrent }) => isCurrent).map((version) => version.runDate);
    const older = ofDate.findLast(({ isKept, isCurrent }) => isKept && !isCurrent);
    const before = older === undefined ? dates.sort().findLast((date) => date < runDate) : placeOf(older);
    const asked = this.comparedFrom === "" ? before : this.comparedFrom;
    const [from, to] =
      asked === undefined ? [runDate, dates.find((date) => date > runDate) ?? "draft"] : [asked, runDate];
    const canCompare = this.from !== undefined || versions.filter(({ isKept }) => isKept).length > 1;
    return html`<dataset-versions
        .versions=${ofDate}
        .looked=${detail?.number ?? 0}
        @compare=${({ detail: { version } }: VersionEvent) => this.#compare(placeOf(version), version.runDate)}
        @roll-back=${({ detail: { version } }: VersionEvent) =>
          this.rollbackDialog.show({ dataset, notebook, date: runDate, to: version.number })}
        @tag=${({ detail: { version } }: VersionEvent) =>
          this.tagDialog.show({ notebook, date: runDate, number: version.number })}
        @untag=${({ detail: { version, tag } }: VersionEvent) => this.#untag(version, tag ?? "")}
      ></dataset-versions>
      ${
        canCompare
          ? html`<dataset-compare
              .datasetName=${dataset}
              .versions=${versions}
              .from=${from}
              .to=${to}
            ></dataset-compare>`
          : nothing
      }`;
  }

  /** Lineage: what it was computed of, when, and by which run. */
  #renderOrigin(item: PublishedListing): TemplateResult | typeof nothing {
    const { detail } = this;
    if (detail === undefined) return nothing;
    const parameters = Object.entries(detail.parameters);
    return html`<dt>computed</dt>
      <dd>
        ${formatTimestamp(detail.computedAt)} in
        ${formatDuration(detail.durationMs)}${
          detail.computedBy === item.run
            ? nothing
            : html` by an <a href=${toHash({ page: "runs", run: detail.computedBy })}>earlier run</a>, reused`
        }
      </dd>
      <dt>reads</dt>
      <dd>
        ${detail.parents.length + detail.inputs.length === 0 ? "nothing" : nothing}
        <ul class="reads">
          ${detail.parents.map(
            ({ dataset, runDate }) =>
              html`<li>
                ${
                  runDate === undefined
                    ? html`<code>${dataset}</code>
                        <span class="meta">an earlier version of it, published no more</span>`
                    : html`<a href=${toHash({ page: "lake", dataset, date: runDate })}>${dataset}</a>`
                }
              </li>`,
          )}
          ${detail.inputs.map(
            ({ path, bytes, sha256 }) =>
              html`<li>
                <code>${path}</code>
                <span class="meta" title="SHA-256 ${sha256}">${formatBytes(bytes)}</span>
              </li>`,
          )}
        </ul>
      </dd>
      ${
        parameters.length === 0
          ? nothing
          : html`<dt>parameters</dt>
              <dd>
                ${parameters.map(([name, value]) => html`<code>${name} = ${JSON.stringify(value)}</code> `)}
              </dd>`
      }`;
  }

  #renderPartitions(item: PublishedListing): TemplateResult | typeof nothing {
    const partitions = this.detail?.partitions ?? [];
    if (partitions.length === 0) return nothing;
    const { measure } = this;
    const most = Math.max(1, ...partitions.map((partition) => partition[measure]));
    const hidden = item.partitions - partitions.length;
    const rest = hidden > 0 ? `and ${formatNumber(hidden)} more` : "";
    const named = partitions.map(({ values, ...sizes }) => ({
      ...sizes,
      name: item.partitionBy
        .map((column, index) => `${column} ${values[index] === null ? "NULL" : (values[index] ?? "")}`)
        .join(", "),
    }));
    const format = (partition: Readonly<Record<Measure, number>>): string =>
      measure === "rows" ? formatCount(partition.rows, "row") : formatBytes(partition.bytes);
    return html`<section class="partitions" aria-label="Partitions">
      <header>
        <h3>Partitions by ${item.partitionBy.join(", ")}</h3>
        ${(["rows", "bytes"] as const).map(
          (candidate) =>
            html`<button
              aria-pressed=${candidate === measure ? "true" : "false"}
              @click=${() => (this.measure = candidate)}
            >
              ${candidate}
            </button>`,
        )}
      </header>
      <div class="partition-strip ${named.length > DENSE ? "dense" : ""}" aria-hidden="true">
        ${named.map(
          (partition) =>
            html`<span
              title="${partition.name}: ${format(partition)}"
              style="height:${String(Math.max(2, (partition[measure] / most) * 100))}%"
            ></span>`,
        )}
      </div>
      <p class="partition-ends meta">
        <span>${named[0]?.name}</span><span>${named.length > 1 ? named.at(-1)?.name : nothing} ${rest}</span>
      </p>
      <details>
        <summary>${formatCount(item.partitions, "partition")} as a table</summary>
        <div class="partition-table" tabindex="0" role="region" aria-label="Table of partitions">
          <table class="plain">
            <thead>
              <tr>
                <th>partition</th>
                <th class="number">rows</th>
                <th class="number">size</th>
                <th class="number">files</th>
              </tr>
            </thead>
            <tbody>
              ${named.map(
                ({ name, rows, bytes, files }) =>
                  html`<tr>
                    <td>${name}</td>
                    <td class="number">${formatNumber(rows)}</td>
                    <td class="number">${formatBytes(bytes)}</td>
                    <td class="number">${files}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
          ${rest === "" ? nothing : html`<p class="meta">${rest}</p>`}
        </div>
      </details>
    </section>`;
  }

  /** What did not pass comes first. */
  #renderChecks({ dataset }: PublishedListing): TemplateResult | typeof nothing {
    const checks = [...(this.detail?.checks ?? [])].sort(
      (a, b) => Number(a.outcome === "pass") - Number(b.outcome === "pass"),
    );
    if (checks.length === 0) return nothing;
    return html`<section class="checks" aria-label="Checks">
      <h3>Checks of that run</h3>
      <ul>
        ${checks.map(
          ({ name, outcome, message }) =>
            html`<li>
              <span class="check-outcome ${outcome}"
                >${renderStatusMark(outcomes[outcome]?.[0] ?? "never")}
                ${outcomes[outcome]?.[1] ?? outcome}</span
              >
              <code>${name.startsWith(`${dataset}.`) ? name.slice(dataset.length + 1) : name}</code>
              <span class="meta">${message}</span>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

function renderListing(item: PublishedListing, tellsEngine: boolean): TemplateResult {
  return html`<tr>
    <td>
      <a href=${toHash({ page: "lake", dataset: item.dataset })}>${item.dataset}</a>
      ${item.problem === undefined ? nothing : html`<span class="problem" title=${item.problem}>${renderStatusMark("failed")} damaged</span>`}
      ${item.restatedUpstream === undefined ? nothing : html`<span class="restated-mark" title="${item.restatedUpstream.join(", ")} delivered something else since ${item.runDate} was computed">${renderIcon("anew")} restated upstream</span>`}
    </td>
    <td class="number" data-label="rows">${formatNumber(item.rows)}</td>
    <td class="number">${formatBytes(item.bytes)}</td>
    <td class="number" data-label=${item.partitionBy.length === 0 ? nothing : "partitions"}>
      ${item.partitionBy.length === 0 ? nothing : formatNumber(item.partitions)}
    </td>
    <td data-label="run date">${item.runDate}</td>
    <td class="number" data-label="run dates">${formatNumber(item.runDates)}</td>
    ${tellsEngine ? html`<td title=${item.engine ?? nothing}>${item.engine?.split(" ", 1)}</td>` : nothing}
    <td>
      <a href=${toHash({ page: "notebook", name: item.notebook, cell: item.dataset })}>${item.notebook}</a>
    </td>
    <td>
      <a href=${toHash({ page: "runs", run: item.run })}>${formatTimestamp(item.publishedAt)}</a>
    </td>
  </tr>`;
}

function placeOf({ runDate, number }: Pick<VersionListing, "runDate" | "number">): string {
  return `${runDate}@${String(number)}`;
}
