import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { CellRecord, CheckRecord, CheckTrend, Profile } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { loadCode } from "../connection.js";
import type { CheckItem, ShowFailuresEvent } from "../grid/check-list.js";
import "../grid/data-grid.js";
import type { DeriveEvent } from "../grid/grid-events.js";
import type { GridSource } from "../grid/grid-source.js";
import { whenQuiet } from "../quiet.js";
import { may } from "../session.js";
import type { CellFacts } from "../store/document.js";
import { PickedRows } from "../store/picked-rows.js";
import "./cell-menu.js";
import { cellSource, firstRows } from "./cell-source.js";
import { gridHeight } from "./grid-height.js";
import { knownColumns, toGridProfile } from "./to-grid-profile.js";
import { CellActionEvent } from "./cell-events.js";
import { renderIcon } from "../styles/icon.js";

const noFormats = {};
const PROFILED_COLUMNS = 40;
/** Of more, a profile is made when somebody asks for it. */
const PICTURED_ROWS = 1_000_000;

type ResultTab = "table" | "chart" | "profile" | "checks" | "changes" | "lineage" | "sql" | "explain";

const tabs: readonly { readonly id: ResultTab; readonly label: string }[] = [
  { id: "table", label: "Table" },
  { id: "chart", label: "Chart" },
  { id: "profile", label: "Profile" },
  { id: "checks", label: "Checks" },
  { id: "changes", label: "What changes" },
  { id: "lineage", label: "Lineage" },
  { id: "sql", label: "SQL" },
  { id: "explain", label: "Explain" },
];

/** What a tab needs beyond the page: it comes when the tab is first opened. */
const codeOf: Readonly<Record<Exclude<ResultTab, "table">, readonly (() => Promise<unknown>)[]>> = {
  chart: [() => import("../chart/chart-builder.js")],
  profile: [() => import("../grid/column-profile.js"), () => import("./check-suggestions.js")],
  checks: [() => import("../grid/check-list.js")],
  changes: [() => import("./cell-changes.js")],
  lineage: [() => import("./cell-lineage.js")],
  sql: [() => import("./compiled-cell.js")],
  explain: [() => import("./compiled-cell.js")],
};

/** What a cell came to: its rows, their profile, its checks, and how it differs from what is published. */
@customElement("cell-result")
export class CellResult extends LitElement {
  @property() notebook = "";
  @property({ attribute: false }) cell!: CellFacts;
  @property({ attribute: false }) record: CellRecord | undefined;
  @property({ attribute: false }) checks: readonly CheckRecord[] = [];
  @property({ attribute: false }) parameters: Readonly<Record<string, unknown>> = {};
  /** Changes when the cell does, or what it reads. */
  @property() refreshKey = "";
  /** Names that a new chart cannot have. */
  @property({ attribute: false }) takenNames: readonly string[] = [];
  @property({ type: Boolean }) stale = false;
  @state() private tab: ResultTab = "table";
  @state() private source: GridSource | null = null;
  @state() private problem: string | null = null;
  /** The server has its rows no more. */
  @state() private isGone = false;
  @state() private profile: Profile | undefined;
  /** By the name of the check. */
  @state() private trends: ReadonlyMap<string, CheckTrend["points"]> = new Map();
  /** The check whose failing rows are shown instead of the cell's. */
  @state() private failing: string | undefined;
  /** Columns in which the rows that are shown are wrong. */
  @state() private marked: readonly string[] = [];
  /** What is picked is not yet what the rows are filtered by. */
  @state() private isFiltering = false;
  /** Only the tabs are there. */
  @state() private isCollapsed = false;
  #shown = "";
  /** From then on it stays, with what was chosen in it. */
  #hasBuilder = false;
  readonly #again = new AskAgain(this, () => {
    this.#loadShown();
  });
  #isNear = false;
  #isLoaded = false;
  #isFiltered = false;
  /** By what is picked in charts of its rows. */
  #loading = new AbortController();
  readonly #picked = new PickedRows(
    this,
    () => ({ source: cellKinds[this.cell.kind].isRelation ? this.cell.name : "" }),
    () => {
      if (this.#isLoaded && this.failing === undefined) void this.#loadRows();
    },
  );
  /** The result and the column from which on its profile is being asked for. */
  #profiling = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("record")) return;
    const { record } = this;
    const key = `${record?.fingerprint ?? record?.outcome ?? ""} ${record?.version ?? ""} ${record?.status ?? ""}`;
    if (record?.status !== "idle" || key === this.#shown || !hasRows(this.cell, record)) return;
    this.#shown = key;
    this.profile = undefined;
    this.#profiling = "";
    this.failing = undefined;
    this.isGone = false;
    this.#isLoaded = false;
    if (this.#isNear) this.#loadShown();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  /** Results far below the fold are asked for when somebody comes near. */
  readonly #observer = new IntersectionObserver(
    (entries) => {
      this.#isNear = entries.at(-1)?.isIntersecting === true;
      if (this.#isNear && !this.#isLoaded && this.#shown !== "") this.#loadShown();
    },
    { rootMargin: "400px" },
  );

  readonly #retry = (): void => {
    this.#loadShown();
  };

  #loadShown(): void {
    this.#isLoaded = true;
    void this.#loadRows();
    if (this.tab === "profile") void this.#loadProfile();
    if (this.tab === "checks") void this.#loadTrends();
  }

  override render(): TemplateResult | typeof nothing {
    const visible = this.#visibleTabs();
    if (visible.length === 0) return nothing;
    const shown = visible.find(({ id }) => id === this.tab);
    return html`<div class="result">
      <div class="tabs" role="tablist" aria-label="Result of ${this.cell.name}">
        ${visible.map(
          ({ id, label }, index) =>
            html`<button
              role="tab"
              aria-selected=${shown?.id === id}
              tabindex=${shown?.id === id || (shown === undefined && index === 0) ? 0 : -1}
              @click=${() => this.#show(id)}
              @keydown=${this.#onTabKey}
            >
              ${label}${id === "checks" ? this.#checkBadge() : id === "changes" ? this.#changeBadge() : nothing}
            </button>`,
        )}
      </div>
      ${
        shown === undefined
          ? nothing
          : html`<button
              class="icon collapse"
              aria-expanded=${!this.isCollapsed}
              aria-label="${this.isCollapsed ? "Show" : "Hide"} the result of ${this.cell.name}"
              @click=${() => (this.isCollapsed = !this.isCollapsed)}
            >
              ${renderIcon(this.isCollapsed ? "right" : "down")}
            </button>`
      }
      ${
        shown === undefined
          ? nothing
          : html`<div
              class="tab-panel ${this.#isOldTab() ? "of-before" : ""}"
              ?hidden=${this.isCollapsed}
              role="tabpanel"
              aria-label=${shown.label}
            >
              ${this.#renderOld()} ${this.#renderTab()} ${this.#renderBuilder()}
            </div>`
      }
      ${this.#renderEmpty()}
    </div>`;
  }

  /** What is shown was found out of rows that the cell would not give now. */
  #isOldTab(): boolean {
    return this.stale && /^(profile|checks|changes)$/.test(this.tab);
  }

  #renderOld(): TemplateResult | typeof nothing {
    if (!this.#isOldTab()) return nothing;
    return html`<p class="note" role="status">
      Of the rows of the last run, before what changed since: run the cell to know what it gives now.
    </p>`;
  }

  #renderEmpty(): TemplateResult | typeof nothing {
    const why = whyEmpty(this.cell, this.record, this.isGone);
    if (why === undefined) return nothing;
    return html`<p class="empty-result">
      ${why}
      ${may("run") ? html`<button class="outlined" @click=${() => this.dispatchEvent(new CellActionEvent("run"))}>${renderIcon("run")} Run it</button>` : nothing}
    </p>`;
  }

  #visibleTabs(): typeof tabs {
    const hasResult = this.record !== undefined && this.#shown !== "" && !this.isGone;
    return tabs.filter(({ id }) => {
      if (id === "sql" || id === "explain") return may("query") && !this.cell.hasErrors;
      if (id === "lineage") return cellKinds[this.cell.kind].isRelation && !this.cell.hasErrors;
      if (id === "chart" && !may("edit")) return false;
      if (!hasResult && id !== "checks") return false;
      if (id === "checks") return this.checks.length > 0;
      if (id === "changes") return this.cell.isDataset;
      return id === "table" || cellKinds[this.cell.kind].isRelation;
    });
  }

  /** Once its rows are there: what has no rows is not compared, and what has many is when somebody asks. */
  #changeBadge(): TemplateResult | typeof nothing {
    const { record, source } = this;
    const isSmall = source !== null && source.totalRows <= PICTURED_ROWS;
    if (record?.version === undefined || record.status !== "idle" || this.stale || !isSmall) return nothing;
    void loadCode(() => import("./change-count.js"));
    return html`<change-count
      .notebook=${this.notebook}
      .cell=${this.cell.name}
      .version=${`${record.version} ${this.refreshKey}`}
    ></change-count>`;
  }

  #checkBadge(): TemplateResult | typeof nothing {
    const bad = this.checks.filter((check) => check.outcome !== "pass");
    const isFailed = bad.some((check) => check.outcome !== "warn");
    return bad.length === 0
      ? nothing
      : html` <span class="badge ${isFailed ? "failed" : "warned"}">${bad.length}</span>`;
  }

  #renderTab(): TemplateResult | typeof nothing {
    switch (this.tab) {
      case "table":
        if (this.#hasPassed()) return html`<p class="note">No row fails.</p>`;
        return html`${this.failing === undefined ? nothing : html`<p class="note">Rows that fail <code>${this.failing}</code> <button @click=${this.#showAll}>Show all rows</button></p>`}
          ${this.failing === undefined ? this.#picked.renderLine({ notebook: this.notebook, result: this.#result(), totalRows: this.record?.rows }) : nothing}
          <data-grid
            .source=${this.source}
            .problem=${this.problem}
            .retry=${this.#retry}
            .stale=${this.stale || this.isFiltering}
            .profile=${toGridProfile(this.profile)}
            .marked=${this.marked}
            ?narrowed=${this.#picked.now.length > 0}
            ?derivable=${cellKinds[this.cell.kind].isRelation && this.failing === undefined && may("query")}
            .formats=${this.#formats}
            @derive-cell=${this.#onDerive}
            @show-profile=${() => this.#show("profile")}
            keep-as=${this.failing === undefined ? `${this.notebook}/${this.cell.name}` : ""}
            label=${this.cell.name}
            style="height:${gridHeight(this.failing === undefined ? (this.record?.rows ?? this.source?.totalRows) : this.source?.totalRows)}"
            >${this.failing === undefined && cellKinds[this.cell.kind].isRelation ? html`<cell-menu slot="bar" at-table downloadable .notebook=${this.notebook} .cell=${this.cell} .result=${this.#result()}></cell-menu>` : nothing}</data-grid
          >`;
      case "profile":
        return this.profile === undefined
          ? html`<div class="skeleton" aria-busy="true"></div>`
          : html`${
                may("edit") && this.cell.kind === "sql"
                  ? html`<check-suggestions
                      .notebook=${this.notebook}
                      .cell=${this.cell.name}
                      .result=${this.#result()}
                      .refreshKey=${this.refreshKey}
                    ></check-suggestions>`
                  : nothing
              }<column-profile
                .profile=${toGridProfile(this.profile)}
                .totalColumns=${this.profile.totalColumns}
                @more-columns=${() => void this.#loadProfile()}
              ></column-profile>`;
      case "checks":
        return html`<check-list
          .checks=${this.checks.map((check) => ({ ...toCheckItem(check), trend: this.trends.get(check.name) }))}
          @show-failures=${this.#onShowFailures}
        ></check-list>`;
      case "changes":
        return html`<cell-changes
          .notebook=${this.notebook}
          .cell=${this.cell.name}
          .version=${this.record?.version ?? ""}
          .failed=${this.checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name)}
        ></cell-changes>`;
      case "chart":
        return nothing;
      case "lineage":
        return html`<cell-lineage
          .notebook=${this.notebook}
          .cell=${this.cell.name}
          .refreshKey=${this.refreshKey}
        ></cell-lineage>`;
      case "sql":
      case "explain":
        return html`<compiled-cell
          .notebook=${this.notebook}
          .cell=${this.cell.name}
          .what=${this.tab}
          .parameters=${this.parameters}
          .refreshKey=${this.refreshKey}
        ></compiled-cell>`;
    }
  }

  /** A check that found no row, which is known before its rows are here. */
  #hasPassed(): boolean {
    if (this.cell.kind !== "check") return false;
    const own = this.checks.find((check) => check.name === this.cell.name);
    return (this.source?.totalRows ?? own?.failures) === 0 && own?.outcome !== "error";
  }

  #renderBuilder(): TemplateResult | typeof nothing {
    if (!this.#hasBuilder) return nothing;
    return html`<chart-builder
      ?hidden=${this.tab !== "chart"}
      .notebook=${this.notebook}
      .from=${this.cell.name}
      .columns=${knownColumns(this.source?.columns, this.profile) ?? this.cell.columns ?? []}
      .takenNames=${this.takenNames}
      .refreshKey=${this.#shown}
      .result=${this.#result()}
    ></chart-builder>`;
  }

  #show(tab: ResultTab): void {
    this.tab = tab;
    this.isCollapsed = false;
    for (const load of tab === "table" ? [] : codeOf[tab]) void loadCode(load);
    if (tab === "chart") this.#hasBuilder = true;
    if (tab === "profile" && this.profile === undefined) void this.#loadProfile();
    if (tab === "checks") void this.#loadTrends();
  }

  #onTabKey(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const visible = this.#visibleTabs();
    const next =
      visible[(visible.findIndex(({ id }) => id === this.tab) + by + visible.length) % visible.length];
    if (next === undefined) return;
    this.#show(next.id);
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(),
    );
  }

  #onShowFailures(event: ShowFailuresEvent): void {
    this.failing = event.check;
    this.tab = "table";
    void this.#loadRows();
  }

  async #onDerive(wanted: DeriveEvent): Promise<void> {
    const { deriveCell } = await loadCode(() => import("./derive-cell.js"));
    const { notebook, takenNames } = this;
    const formats = this.#formats;
    const rows = {
      notebook,
      cell: this.cell.name,
      result: this.#result(),
      picked: this.#picked.now,
      formats,
    };
    await deriveCell(this, { ...rows, wanted, takenNames, columns: this.source?.columns ?? [] }).catch(
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        this.problem = error.message;
      },
    );
  }

  get #formats(): Readonly<Record<string, string>> {
    return (this.cell.options["format"] as Readonly<Record<string, string>> | undefined) ?? noFormats;
  }

  #showAll(): void {
    this.failing = undefined;
    void this.#loadRows();
  }

  async #loadRows(): Promise<void> {
    const picked = this.failing === undefined ? this.#picked.take() : [];
    const wanted = { ...this.#wanted(), picked };
    const asked = { notebook: this.notebook, cell: this.cell.name, wanted };
    this.isFiltering = picked.length > 0 || this.#isFiltered;
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    // Rows that were asked for meanwhile are another result's, or filtered otherwise.
    const isLate = (): boolean =>
      signal.aborted ||
      this.#picked.isOld ||
      (wanted.result !== undefined && wanted.result !== this.#wanted().result);
    try {
      const first = await firstRows(asked, signal);
      if (isLate()) return;
      this.isFiltering = false;
      this.#isFiltered = picked.length > 0;
      this.problem = null;
      this.isGone = false;
      this.#again.note();
      this.source = cellSource(asked, first);
      if (first.totalRows <= PICTURED_ROWS) void whenQuiet().then(() => this.#picture());
      this.marked = this.checks.find(({ name }) => name === wanted.check)?.columns ?? [];
    } catch (error) {
      if (isLate()) return;
      if (!(error instanceof ApiError)) throw error;
      if (this.#picked.isRejected(error)) return;
      this.#again.note(error);
      this.problem = error.status === 404 ? null : error.message;
      this.isGone = error.status === 404;
      if (this.isGone) this.source = null;
    }
  }

  /** What the columns are like stands over them, once nothing else is waited for. */
  async #picture(): Promise<void> {
    const isWanted = this.tab === "table" && this.#isNear && cellKinds[this.cell.kind].isRelation;
    if (isWanted && this.isConnected && this.profile === undefined) await this.#loadProfile(true);
  }

  /** The rows of the result that is shown, or those that fail a check of it. */
  #wanted(): { readonly result?: string | undefined; readonly check?: string } {
    const check = this.failing ?? (this.cell.kind === "check" ? this.cell.name : undefined);
    if (check === undefined) return { result: this.#result() };
    return { check, result: this.checks.find(({ name }) => name === check)?.fingerprint };
  }

  /** What is shown is what the page says of it, whatever ran last. */
  #result(): string | undefined {
    return cellKinds[this.cell.kind].isRelation ? this.record?.fingerprint : undefined;
  }

  /** Without an answer the checks stand there without their past. */
  async #loadTrends(): Promise<void> {
    try {
      const { checks } = await api.checkTrends(this.notebook, this.cell.name);
      this.trends = new Map(checks.map(({ check, points }) => [check, points]));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
    }
  }

  /** Asks for the columns that come next, once at a time for one result. */
  async #loadProfile(isQuiet = false): Promise<void> {
    const known = this.profile;
    const offset = known?.columns.length ?? 0;
    const asked = `${this.#shown} ${offset}`;
    if (this.#profiling === asked) return;
    this.#profiling = asked;
    try {
      const range = { offset, limit: PROFILED_COLUMNS, result: this.#result() };
      const more = await api.cellProfile(this.notebook, this.cell.name, range);
      if (this.#profiling !== asked) return;
      this.profile = { ...more, columns: [...(known?.columns ?? []), ...more.columns] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isQuiet) return;
      this.#again.note(error);
      if (this.#profiling === asked) this.problem = error.message;
    } finally {
      if (this.#profiling === asked) this.#profiling = "";
    }
  }
}

/** Computed inside of another one, a cell keeps none. */
function hasRows(cell: CellFacts, record: CellRecord): boolean {
  const isGood = record.outcome === "succeeded" || record.outcome === "reused";
  return cell.kind === "check"
    ? isGood || record.outcome === "failed"
    : isGood && record.fingerprint !== undefined;
}

/** Why there are no rows to show, where nothing else says it; undefined: there are, or will be. */
function whyEmpty(cell: CellFacts, record: CellRecord | undefined, isGone: boolean): string | undefined {
  if (cell.hasErrors || !cellKinds[cell.kind].isRelation) return undefined;
  if (record === undefined || (record.status === "idle" && record.outcome === "none"))
    return "It never ran: there are no rows to show yet.";
  if (record.status !== "idle") return undefined;
  if (isGone) return "Its rows are no longer kept.";
  const isGood = record.outcome === "succeeded" || record.outcome === "reused";
  return isGood && !hasRows(cell, record)
    ? "It was computed inside of what reads it: rows of its own are kept once it runs by itself."
    : undefined;
}

function toCheckItem(check: CheckRecord): CheckItem {
  const { name, severity, outcome, failures, message, cell, file } = check;
  return {
    name,
    severity,
    outcome,
    failures,
    message,
    ...(cell === undefined ? {} : { cell }),
    hasRows: file !== undefined,
  };
}
