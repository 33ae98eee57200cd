import type * as PlotModule from "@observablehq/plot";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ChartData } from "../../server/api/protocol.js";
import { ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { loadCode } from "../connection.js";
import { writeClipboard } from "../grid/write-clipboard.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { PickedRows } from "../store/picked-rows.js";
import { fetchChart, fetchDraft, type ChartDraft } from "./chart-api.js";
import type { ChartFormat } from "./chart-download.js";
import type { Hidden } from "./chart-legend-view.js";
import type * as ChartParts from "./chart-parts.js";
import type { PlotFigure } from "./plot-figure.js";
import { chartViewStyles, legendStyles } from "./chart-view-styles.js";
import { renderIcon } from "../styles/icon.js";

type Panel = "sql" | "table";
type Plot = typeof PlotModule;

const formats = ["SVG", "PNG", "CSV"] as const satisfies readonly ChartFormat[];

const FIRST_HEIGHT = 280;

/**
 * `<chart-view>`: a chart of the notebook, or one that is being built. The old picture stays, dimmed, until the new one
 * is there, and keeps its place.
 */
@customElement("chart-view")
export class ChartView extends LitElement {
  static override styles = [resetStyles, controlStyles, legendStyles, chartViewStyles];

  @property() notebook = "";
  /** Name of the chart cell. */
  @property() cell = "";
  /** The cell that it draws. */
  @property() source = "";
  /** In place of a cell: a chart that is in no file. A new object asks anew. */
  @property({ attribute: false }) draft: ChartDraft | null = null;
  /** Fingerprint of the rows that are drawn; undefined: those of the newest run. */
  @property({ attribute: false }) result: string | undefined;
  /** Another value: the chart may have changed, or what it is of. */
  @property({ attribute: false }) refreshKey: unknown;
  /** What it is of has changed since. */
  @property({ type: Boolean }) stale = false;
  /** Shown where the chart has no title of its own, or is not here yet. */
  @property() override title = "";
  /** Room is kept for one until the chart is here. */
  @property({ type: Boolean }) hasLegend = false;
  /** In place of asking the server: a chart that is here already. */
  @property({ attribute: false }) data: ChartData | null = null;

  @state() private shown: ChartData | null = null;
  @state() private problem: ApiError | null = null;
  @state() private isLoading = false;
  @state() private panel: Panel | null = null;
  @state() private isCopied = false;
  @state() private plot: Plot | null = null;
  #parts: typeof ChartParts | undefined;
  /** Keys in the legend that somebody has put away. */
  @state() private putAway: Hidden = new Set();

  @query(".canvas") private canvas!: HTMLElement | null;

  /** A chart far below the fold is asked for, with the code that draws it, when somebody comes near. */
  readonly #observer = new IntersectionObserver(
    (entries) => {
      if (entries.at(-1)?.isIntersecting !== true) return;
      this.#observer.disconnect();
      this.#isNear = true;
      void this.#load();
    },
    { rootMargin: "400px" },
  );
  #isNear = false;
  /** It is asked for wherever it is: somebody may print it. */
  protected readonly isEager: boolean = false;
  readonly #again = new AskAgain(this, () => void this.#load());
  /** By what is picked elsewhere it is filtered; by its own marks the others are. */
  readonly #picked = new PickedRows(
    this,
    () => ({ source: this.source, chart: this.cell }),
    () => {
      if (this.#isNear) void this.#load();
    },
  );
  #picking: ChartParts.ChartPicking | undefined;
  readonly #resize = new ResizeObserver(() => {
    this.#planDrawing();
  });
  #abort: AbortController | undefined;
  #frame = 0;
  #drawnWidth = 0;
  #drawn: ChartData | null = null;
  #drawnHidden: Hidden | null = null;
  #height = FIRST_HEIGHT;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    this.#isNear = this.isEager;
    if (!this.isEager) this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#observer.disconnect();
    this.#abort?.abort();
    cancelAnimationFrame(this.#frame);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const asks = (["notebook", "cell", "draft", "refreshKey", "data"] as const).some((name) =>
      changed.has(name),
    );
    if (changed.has("notebook") || changed.has("cell")) this.shown = null;
    if (asks && this.#isNear) void this.#load();
    this.#planDrawing();
  }

  async #load(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const asked = this.#ask(abort.signal);
    if (asked === null) return;
    this.isLoading = true;
    try {
      const [data, plot, parts] = await Promise.all([
        asked,
        loadCode(() => import("@observablehq/plot")),
        loadCode(() => import("./chart-parts.js")),
      ]);
      if (abort.signal.aborted) return;
      this.#parts = parts;
      this.#again.note();
      this.shown = data;
      this.plot = plot;
      this.problem = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (this.#picked.isRejected(error)) return;
      this.#again.note(error);
      this.problem = error;
    } finally {
      if (this.#abort === abort) this.isLoading = false;
    }
  }

  #ask(signal: AbortSignal): Promise<ChartData> | null {
    if (this.data !== null) return Promise.resolve(this.data);
    if (this.notebook === "") return null;
    if (this.draft !== null)
      return fetchDraft(
        this.notebook,
        { ...this.draft, ...(this.result !== undefined && { result: this.result }) },
        signal,
      );
    return this.cell === "" ? null : this.#fetch(signal);
  }

  #fetch(signal: AbortSignal): Promise<ChartData> {
    const query = { result: this.result, picked: this.#picked.take() };
    return fetchChart(this.notebook, this.cell, query, signal);
  }

  #planDrawing(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#draw();
    });
  }

  #draw(): void {
    const { canvas, shown, plot } = this;
    const parts = this.#parts;
    const width = Math.floor(canvas?.clientWidth ?? 0);
    if (
      canvas === null ||
      shown === null ||
      plot === null ||
      parts === undefined ||
      width < 40 ||
      shown.rows.length === 0
    )
      return;
    const { putAway: hidden } = this;
    const isDrawn = width === this.#drawnWidth && shown === this.#drawn && hidden === this.#drawnHidden;
    if (isDrawn && canvas.firstChild !== null) {
      this.#picking?.mark();
      return;
    }
    const { chartHeight, drawChart, pageTheme } = parts;
    const figure = drawChart(plot, shown, { width, theme: pageTheme, tips: "pointer", hidden });
    canvas.replaceChildren(figure);
    [this.#drawnWidth, this.#drawn, this.#drawnHidden] = [width, shown, hidden];
    this.#height = chartHeight(shown);
    canvas.style.minHeight = `${String(this.#height)}px`;
    if (this.source === "" || this.cell === "" || shown.groupedBy === undefined) return;
    if (this.#picking?.canvas !== canvas)
      this.#picking = new parts.ChartPicking(canvas, { chart: this.cell, source: this.source });
    this.#picking.show(figure as Element as PlotFigure, shown);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { shown, problem } = this;
    const title = shown?.plot.title ?? this.title;
    return html`<figure aria-busy=${this.isLoading}>
      <header>
        <div class="titles">
          ${title === "" ? nothing : html`<h3>${title}</h3>`}
          ${this.#picked.renderLine({ notebook: this.notebook, result: this.result, totalRows: shown?.totalRows })}
          ${shown?.plot.subtitle === undefined ? nothing : html`<p class="subtitle">${shown.plot.subtitle}</p>`}
        </div>
        ${this.#renderTools(shown !== null)}
      </header>
      ${shown === null ? this.#renderLegendRoom() : this.#renderLegend(shown)}
      <div
        class="stage ${this.isLoading || this.stale || (problem !== null && shown !== null) ? "is-old" : ""}"
      >
        ${this.#renderStage()}
      </div>
      ${
        shown !== null && problem !== null
          ? html`<div class="over" role="status">
              <p>${problem.message} ${problem.hint}</p>
              ${this.#renderAgain()}
            </div>`
          : nothing
      }
      <figcaption>${shown?.caption ?? ""}</figcaption>
      ${shown === null || this.panel === null ? nothing : this.#renderPanel(shown, this.panel)}
    </figure>`;
  }

  /** Room is kept for them while nothing is drawn yet. */
  #renderTools(isShown: boolean): TemplateResult {
    return html`<div class="tools" ?inert=${!isShown} style=${isShown ? "" : "visibility: hidden"}>
      <button type="button" aria-pressed=${this.panel === "table"} @click=${() => this.#toggle("table")}>
        Table
      </button>
      <button type="button" aria-pressed=${this.panel === "sql"} @click=${() => this.#toggle("sql")}>
        View SQL
      </button>
      <span class="downloads" role="group" aria-label="Download">
        ${formats.map(
          (format) =>
            html`<button
              type="button"
              aria-label="Download ${format}"
              @click=${() => void this.#download(format)}
            >
              ${renderIcon("download")} ${format}
            </button>`,
        )}
      </span>
    </div>`;
  }

  #renderLegendRoom(): TemplateResult | typeof nothing {
    return this.hasLegend ? html`<div class="legend">&nbsp;</div>` : nothing;
  }

  #renderLegend(shown: ChartData): TemplateResult | typeof nothing {
    const parts = this.#parts;
    const legend = parts?.legendOf(shown, parts.pageTheme);
    if (parts === undefined || legend === undefined) return nothing;
    return parts.renderLegend(legend, this.putAway, {
      picking: this.#picking?.hasColors === true ? this.#picking : undefined,
      onChange: (hidden) => {
        this.putAway = hidden;
      },
    });
  }

  #renderStage(): TemplateResult {
    const { shown, problem } = this;
    const height = `min-height: ${String(this.#height)}px`;
    if (shown !== null && shown.rows.length > 0) return html`<div class="canvas" style=${height}></div>`;
    const note =
      shown !== null
        ? html`<strong>There is nothing to draw.</strong>
            ${shown.totalRows === 0 ? "No rows." : "No row has a value."}`
        : problem !== null
          ? html`<strong>${problem.message}</strong>
              <span>${problem.hint ?? ""}</span> ${this.#renderAgain()}`
          : html`<span class="visually-hidden">Loading the chart</span>`;
    return html`<div class="note" role="status" style=${`height: ${String(this.#height)}px`}>${note}</div>`;
  }

  #renderAgain(): TemplateResult {
    return html`<button type="button" @click=${() => void this.#load()}>Try again</button>`;
  }

  #renderPanel(shown: ChartData, panel: Panel): TemplateResult {
    if (panel === "table")
      return html`<div class="panel" tabindex="0">
        ${this.#parts?.renderChartTable(shown, this.#picking)}
      </div>`;
    return html`<div class="panel" tabindex="0">
      <pre><code>${shown.sql}</code></pre>
      <button type="button" @click=${() => void this.#copy(shown.sql)}>
        ${this.isCopied ? "Copied" : "Copy"}
      </button>
    </div>`;
  }

  #toggle(panel: Panel): void {
    this.panel = this.panel === panel ? null : panel;
    this.isCopied = false;
  }

  async #copy(sql: string): Promise<void> {
    await writeClipboard(sql);
    this.isCopied = true;
  }

  async #download(format: ChartFormat): Promise<void> {
    const { shown: data, plot, putAway: hidden } = this;
    if (data === null || plot === null) return;
    const name = this.cell === "" ? "chart" : this.cell;
    await this.#parts?.downloadChart(format, name, { plot, data, hidden, width: this.#drawnWidth });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "chart-view": ChartView;
  }
}
