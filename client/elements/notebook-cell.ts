import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type {
  CellRecord,
  CheckRecord,
  ForecastCell,
  LocatedDiagnostic,
  RunView,
} from "../../server/api/protocol.js";
import { cellKinds, isStepKind } from "../../server/notebook/cell-kinds.js";
import { describeVerdict, verdictOf } from "../../server/notebook/verdict.js";
import { insertions } from "../kinds/kinds.js";
import type { CellScene, Standing } from "../kinds/kind.js";
import { viewOf } from "../kinds/views.js";
import { addressOf } from "../api-client.js";
import { loadCode } from "../connection.js";
import { GoToDefinitionEvent } from "../editor/editor-events.js";
import "../editor/sql-cell-editor.js";
import type { SqlCellEditor } from "../editor/sql-cell-editor.js";
import type { SqlLanguageService } from "../editor/language-service.js";
import { toMarkers } from "../editor/markers.js";
import { readCreate } from "../editor/read-create.js";
import { formatCount, formatDuration } from "../../server/text/format.js";
import { markOf, renderStatusMark, wordOf } from "../styles/status-mark.js";
import { may } from "../session.js";
import { renderAvatar } from "../people/avatar.js";
import { bodyOf, optionsOf, sqlOf, type Block, type CellFacts } from "../store/document.js";
import { isStale } from "../store/standing.js";
import { hasResult, type CellProgress } from "../store/run-state.js";
import { CellActionEvent, CellBodyChangeEvent, CellRemakeEvent, type CellAction } from "./cell-events.js";
import "./cell-result.js";
import { downloads } from "./downloads.js";
import { renderIncrement } from "./increment-strip.js";
import { plainReason, renderReason } from "./reason.js";
import "./yaml-field.js";
import type { YamlChangeEvent } from "./yaml-field.js";

const moreActions: readonly {
  readonly action: CellAction;
  readonly label: string;
  readonly keys?: string;
}[] = [
  ...insertions.map(({ noun, ...insertion }) => ({ ...insertion, label: `Add ${noun} below` })),
  { action: "duplicate", label: "Duplicate" },
  { action: "move-up", label: "Move up", keys: "Alt+Shift+↑" },
  { action: "move-down", label: "Move down", keys: "Alt+Shift+↓" },
  { action: "delete", label: "Delete", keys: "d d" },
];

const testAction: (typeof moreActions)[number] = { action: "make-test", label: "Make a test of its rows…" };

function actionsOf(cell: CellFacts): typeof moreActions {
  return cell.kind === "sql" ? [testAction, ...moreActions] : moreActions;
}

/** The page has these anew with each answer; a cell to which they say the same is not drawn again. */
function isOther(value: unknown, before: unknown): boolean {
  return value !== before && JSON.stringify(value) !== JSON.stringify(before);
}

/**
 * A cell of the notebook: its name and standing, its source, and what it came to.
 *
 * @fires cell-action - A button or an entry of the menu.
 * @fires cell-options-change - The settings were edited.
 * @fires cell-body-change - The YAML of a chart or an input was edited.
 */
@customElement("notebook-cell")
export class NotebookCell extends LitElement {
  @property() notebook = "";
  @property({ attribute: false }) block!: Block;
  @property({ type: Number }) firstLine = 1;
  @property({ attribute: false }) record: CellRecord | undefined;
  /** The last one, of which the record may be. */
  @property({ attribute: false, hasChanged: isOther }) run: Pick<RunView, "date" | "published"> | undefined;
  @property({ attribute: false }) progress: CellProgress | undefined;
  @property({ attribute: false, hasChanged: isOther }) forecast: ForecastCell | undefined;
  /** What runs is the cell as it was before the last edit. */
  @property({ attribute: false }) isEditedMeanwhile = false;
  /** Its rows are what whoever may begin no run has chosen here. */
  @property({ attribute: false }) isOwnChoice = false;
  @property({ attribute: false, hasChanged: isOther }) checks: readonly CheckRecord[] = [];
  @property({ attribute: false, hasChanged: isOther }) diagnostics: readonly LocatedDiagnostic[] = [];
  @property({ attribute: false }) languageService: SqlLanguageService | undefined;
  @property({ type: Boolean, reflect: true }) selected = false;
  @property({ type: Boolean }) fresh = false;
  /** Of a chart: how the cell that it draws last ended, and whether that still holds. */
  @property({ attribute: false }) sourceRecord: CellRecord | undefined;
  @property({ attribute: false, hasChanged: isOther }) sourceForecast: ForecastCell | undefined;
  /** Of an input: changes when what it offers may have changed. */
  @property() optionsKey = "";
  /** Of the notebook: what the page has set them to. */
  @property({ attribute: false }) parameters: Readonly<Record<string, unknown>> = {};
  /** Changes when the cell or what it reads does, or a run has ended. */
  @property() refreshKey = "";
  /** Names of others who are in it. */
  @property({ attribute: false, hasChanged: isOther }) here: readonly string[] = [];
  /** Names of the notebook's cells. */
  @property({ attribute: false, hasChanged: isOther }) takenNames: readonly string[] = [];
  /** Of an input: what it is set to. */
  @property({ attribute: false }) parameterValue: unknown;
  /** What a preview of the selection gave, from the page. */
  @property({ attribute: false }) extra: TemplateResult | typeof nothing = nothing;
  @state() private hasSettings = false;
  @state() private isMenuOpen = false;
  @query("sql-cell-editor") private editor!: SqlCellEditor | null;
  /** Of what is never run: changes when what it draws may have changed. Empty until there is something to draw. */
  #drawnKey = "";
  /** The focus came here out of the editor: Tab goes on behind it. */
  #hasEscaped = false;
  /** A new cell takes it once, and at once: what is typed next is its source. */
  #hasTakenFocus = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    const { cell } = this.block;
    if (cell !== undefined) this.#drawnKey = viewOf(cell.kind)?.keyOf?.(this.#scene(cell)) ?? this.#drawnKey;
  }

  protected override updated(): void {
    if (!this.fresh || this.#hasTakenFocus || this.block.cell === undefined) return;
    this.#hasTakenFocus = true;
    // What a new cell begins with is there to be typed over.
    if (this.editor === null) this.focusSource();
    else this.editor.select({ start: 0, end: sqlOf(this.block).length });
  }

  /** The cell itself, for the keys of command mode. */
  override focus(options?: FocusOptions): void {
    this.querySelector<HTMLElement>(".cell")?.focus(options);
  }

  /** Puts the cursor into the source. */
  focusSource(): void {
    if (this.editor !== null) {
      this.editor.focus();
      return;
    }
    this.hasSettings = true;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(".yaml-source textarea")?.focus());
  }

  override render(): TemplateResult {
    const { cell } = this.block;
    if (cell === undefined)
      return html`<section class="cell pending"><pre>${this.block.source}</pre></section>`;
    const standing = this.#standing(cell);
    const { language, isRelation, isStep } = cellKinds[cell.kind];
    return html`<section
      class="cell"
      tabindex="-1"
      data-cell=${cell.name}
      data-standing=${standing.mark}
      aria-label="Cell ${cell.name}"
      @keydown=${this.#onCellKey}
      @focusout=${() => (this.#hasEscaped = false)}
    >
      <header class="cell-head">
        ${standing.mark === "none" ? nothing : html`<span class="standing">${renderStatusMark(standing.mark)}</span>`}
        ${
          may("edit")
            ? html`<button class="cell-name" title="Rename (F2)" @click=${() => this.#act("rename")}>
                ${cell.name}
              </button>`
            : html`<span class="cell-name">${cell.name}</span>`
        }
        ${isRelation ? nothing : html`<span class="kind">${cell.kind}</span>`} ${this.#renderMeta(cell)}
        <span class="why ${standing.mark}" title=${plainReason(standing.words)}
          >${this.#renderWords(standing.words)}</span
        >
        <span class="spacer"></span>
        ${this.here.map((name) => renderAvatar(name, `${name} is here`))} ${this.#renderButtons(cell)}
      </header>
      ${this.#renderProgress()} ${this.#renderSettings(cell)}
      ${
        language === "sql"
          ? html`<sql-cell-editor
                .cellName=${cell.name}
                .value=${sqlOf(this.block)}
                .markers=${toMarkers(this.diagnostics, { firstLine: this.firstLine, text: sqlOf(this.block) })}
                .languageService=${this.languageService}
                ?readOnly=${!may("edit")}
                @cell-escape=${this.#onEscape}
              ></sql-cell-editor>
              <span class="behind-editor" tabindex="-1"></span>`
          : this.#renderYamlCell(cell)
      }
      ${this.#renderProblems(cell)} ${this.#renderIncrement()} ${this.#renderNotes()} ${this.extra}
      ${
        !this.block.isUnread && isStep
          ? html`<cell-result
              .notebook=${this.notebook}
              .cell=${cell}
              .record=${this.record}
              .checks=${this.checks}
              .parameters=${this.parameters}
              .refreshKey=${this.refreshKey}
              .takenNames=${this.takenNames}
              ?stale=${standing.mark === "stale" || standing.mark === "running"}
            ></cell-result>`
          : nothing
      }
    </section>`;
  }

  #standing(cell: CellFacts): Standing<ReturnType<typeof markOf> | "none"> {
    const { record, forecast } = this;
    if (cell.hasErrors) return { mark: "failed", words: "has errors" };
    const view = viewOf(cell.kind);
    if (view !== undefined) return view.standing?.(this.#scene(cell)) ?? { mark: "none", words: "" };
    const stale = isStale(forecast, record);
    const own = cell.kind === "check" ? this.checks.find((check) => check.name === cell.name) : undefined;
    const mark = markOf({
      kind: cell.kind,
      status: record?.status ?? "idle",
      outcome: record?.outcome ?? "none",
      isStale: stale,
      verdict: verdictOf(this.checks),
    });
    const word = wordOf(mark);
    const found = own === undefined ? describeVerdict(this.checks) : "";
    if (mark === "stale") {
      const reason =
        forecast?.reason === undefined || forecast.reason === "" ? "what it reads changed" : forecast.reason;
      return { mark, words: `out of date: ${reason}${found === "" ? "" : `; ${found}`}` };
    }
    if (mark === "check-failed" || mark === "check-warned") return { mark, words: found };
    if (mark === "reused" && this.isOwnChoice)
      return { mark, words: "computed for what you chose; nobody else sees it" };
    if (mark === "running" && this.isEditedMeanwhile)
      return { mark, words: "running; changed since it began" };
    if (mark === "never" || mark === "queued" || mark === "running" || mark === "succeeded")
      return { mark, words: word };
    if ((mark === "failed" || mark === "warned") && own !== undefined && own.failures > 0)
      return { mark, words: `${word}: ${formatCount(own.failures, "row")}` };
    return {
      mark,
      words:
        record?.error?.message === undefined
          ? record?.reason === undefined
            ? word
            : mark === "blocked"
              ? record.reason
              : `${word} — ${record.reason}`
          : word,
    };
  }

  #renderWords(words: string): ReturnType<typeof renderReason> {
    const goTo = (cell: string): void => {
      this.dispatchEvent(new GoToDefinitionEvent(cell));
    };
    return renderReason(words, { notebook: this.notebook, cells: this.takenNames, goTo });
  }

  #renderMeta(cell: CellFacts): TemplateResult {
    const { record } = this;
    const formats = cell.options["materialize"] as readonly string[] | undefined;
    const partitions = cell.options["partitionBy"] as readonly string[] | undefined;
    const badge = cell.isDataset
      ? `${(formats ?? []).join(", ")}${(partitions ?? []).length > 0 ? ` by ${(partitions ?? []).join(", ")}` : ""}`
      : "";
    return html`${badge === "" ? nothing : html`<span class="badge">${badge}</span>`}
    ${record?.rows === undefined ? nothing : html`<span class="rows">${formatCount(record.rows, "row")}</span>`}
    ${record?.durationMs === undefined || record.outcome !== "succeeded" ? nothing : html`<span class="time">${formatDuration(record.durationMs)}</span>`}`;
  }

  #renderButtons(cell: CellFacts): TemplateResult {
    const isRunning = this.record?.status === "running" || this.record?.status === "queued";
    const canRun = isStepKind(cell.kind);
    const isMenuEmpty = !may("edit") && this.#renderDownloads(cell).length === 0;
    return html`<span class="cell-buttons">
      ${canRun && !isRunning && may("run") ? html`<button title="Run (Ctrl+Enter)" aria-label="Run ${cell.name}" @click=${() => this.#act("run")}>▸ Run</button>` : nothing}
      ${isRunning && may("run") ? html`<button aria-label="Stop ${cell.name}" @click=${() => this.#act("stop")}>■ Stop</button>` : nothing}
      ${cell.isDataset && may("run") ? html`<button title="Publish this dataset" @click=${() => this.#act("materialize")}>Materialize</button>` : nothing}
      <button
        class="icon"
        title=${canRun ? "Settings" : "Source"}
        aria-label="${canRun ? "Settings" : "Source"} of ${cell.name}"
        aria-expanded=${this.hasSettings}
        ?hidden=${canRun && !may("edit")}
        @click=${this.#onSettings}
      >
        ⚙
      </button>
      <span class="menu-anchor" ?hidden=${isMenuEmpty}>
        <button
          class="icon"
          aria-label="More for ${cell.name}"
          aria-haspopup="menu"
          aria-expanded=${this.isMenuOpen}
          @click=${this.#onMenuButton}
        >
          ⋯
        </button>
        ${
          this.isMenuOpen
            ? html`<div class="menu" role="menu" @focusout=${this.#onMenuBlur} @keydown=${this.#onMenuKey}>
                ${(may("edit") ? actionsOf(cell) : []).map(({ action, label, keys }) => html`<button role="menuitem" @click=${() => this.#choose(action)}>${label}${keys === undefined ? nothing : html`<kbd>${keys}</kbd>`}</button>`)}
                ${this.#renderDownloads(cell)}
              </div>`
            : nothing
        }
      </span>
    </span>`;
  }

  #renderDownloads(cell: CellFacts): TemplateResult[] {
    if (!hasResult(this.record) || !cellKinds[cell.kind].isRelation) return [];
    return downloads.map(
      ({ format, label }) =>
        html`<a
          class="button"
          role="menuitem"
          download
          href="${addressOf("GET /api/notebooks/{name}/cells/{cell}/download", {
            params: { name: this.notebook, cell: cell.name },
            query: { format, result: this.record?.fingerprint },
          })}"
          @click=${() => (this.isMenuOpen = false)}
          >Download ${label}</a
        >`,
    );
  }

  #renderProgress(): TemplateResult | typeof nothing {
    if (this.record?.status !== "running") return nothing;
    const percent = this.progress?.percent;
    return html`<div class="progress" role="progressbar" aria-label="Running">
      <div
        class=${percent === undefined || percent <= 0 ? "bar unknown" : "bar"}
        style="width:${String(percent === undefined || percent <= 0 ? 100 : Math.min(100, percent))}%"
      ></div>
    </div>`;
  }

  #renderSettings(cell: CellFacts): TemplateResult | typeof nothing {
    if (!this.hasSettings || !isStepKind(cell.kind) || !may("edit")) return nothing;
    return html`<cell-settings
      class="settings"
      .cell=${cell}
      .yaml=${optionsOf(this.block)}
    ></cell-settings>`;
  }

  /** What is never run: what it shows, and its YAML on request. */
  #renderYamlCell(cell: CellFacts): TemplateResult {
    const body = bodyOf(this.block);
    return html`${viewOf(cell.kind)?.render(this.#scene(cell)) ?? nothing}
    ${
      this.hasSettings || this.fresh || cell.hasErrors
        ? html`<div class="yaml-source">
            <yaml-field
              label="YAML of ${cell.name}"
              ?readOnly=${!may("edit")}
              .value=${body}
              @yaml-change=${({ text, isDraft }: YamlChangeEvent) => this.dispatchEvent(new CellBodyChangeEvent(text, isDraft))}
              @keydown=${this.#onYamlKey}
            ></yaml-field>
          </div>`
        : nothing
    }`;
  }

  #scene(cell: CellFacts): CellScene {
    const { notebook, block, sourceRecord, sourceForecast, optionsKey, parameterValue } = this;
    return {
      notebook,
      cell,
      isUnread: block.isUnread === true,
      sourceRecord,
      sourceForecast,
      drawnKey: this.#drawnKey,
      optionsKey,
      parameterValue,
      run: may("run")
        ? () => {
            this.#act("run");
          }
        : undefined,
    };
  }

  #onEscape(): void {
    this.focus();
    this.#hasEscaped = true;
  }

  #onCellKey(event: KeyboardEvent): void {
    if (event.key === "Tab" && !event.shiftKey && this.#hasEscaped)
      this.querySelector<HTMLElement>(".behind-editor")?.focus();
  }

  #onYamlKey(event: KeyboardEvent): void {
    if (event.key === "Escape") this.focus();
    else if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #renderProblems(cell: CellFacts): TemplateResult | typeof nothing {
    const { error } = this.record ?? {};
    const problems = this.diagnostics.map(
      (item) =>
        html`<li class=${item.severity}>
          ${this.#renderPlace(item)} ${item.message}
          ${item.hint === undefined ? nothing : html`<span class="hint">${item.hint}</span>`}
          ${item.code === "not-a-query" && cellKinds[cell.kind].isRelation ? this.#renderRemake() : nothing}
        </li>`,
    );
    const failure =
      error !== undefined &&
      !cell.hasErrors &&
      error.code !== "check-failed" &&
      this.record?.outcome === "failed"
        ? html`<li class="error">
            ${error.message}
            ${error.hint === undefined ? nothing : html`<span class="hint">${error.hint}</span>`}
          </li>`
        : nothing;
    if (problems.length === 0 && failure === nothing) return nothing;
    return html`<ul class="problems" role="alert">
      ${problems}${failure}
    </ul>`;
  }

  #renderIncrement(): TemplateResult | typeof nothing {
    return hasResult(this.record)
      ? renderIncrement(this.record, this.run, { notebook: this.notebook, cells: this.takenNames })
      : nothing;
  }

  /** What should be known of the result, such as casts that were made. */
  #renderNotes(): TemplateResult | typeof nothing {
    const notes = hasResult(this.record) ? (this.record.notes ?? []) : [];
    if (notes.length === 0) return nothing;
    return html`<ul class="cell-notes" aria-label="Notes">
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
  }

  /** Lines as the editor counts them; those of the settings stand above it. */
  #renderPlace({ line, column }: LocatedDiagnostic): TemplateResult {
    const own = line - this.firstLine + 1;
    return html`<b title="line ${line}, column ${column} of the file"
      >${own > 0 ? `line ${String(own)}` : "settings"}:</b
    >`;
  }

  #renderRemake(): TemplateResult | typeof nothing {
    const created = readCreate(sqlOf(this.block));
    if (created === undefined || !may("edit")) return nothing;
    return html`<button class="outlined" @click=${() => this.dispatchEvent(new CellRemakeEvent(created))}>
      Make this cell ${created.name}
    </button>`;
  }

  #onSettings(): void {
    this.hasSettings = !this.hasSettings;
    // With it comes what reads YAML.
    void loadCode(() => import("./cell-settings.js"));
  }

  #act(action: CellAction): void {
    this.dispatchEvent(new CellActionEvent(action));
  }

  #choose(action: CellAction): void {
    this.isMenuOpen = false;
    this.#act(action);
  }

  #onMenuButton(): void {
    this.isMenuOpen = !this.isMenuOpen;
    if (!this.isMenuOpen) return;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[role="menuitem"]')?.focus());
  }

  #onMenuBlur(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (!(next instanceof Node) || !(event.currentTarget as HTMLElement).parentElement?.contains(next))
      this.isMenuOpen = false;
  }

  #onMenuKey(event: KeyboardEvent): void {
    const items = [
      ...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="menuitem"]'),
    ];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape") {
      this.isMenuOpen = false;
      this.querySelector<HTMLElement>(".menu-anchor > button")?.focus();
    } else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
