import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { CellRecord, CheckRecord, LocatedDiagnostic, RunView } from "../../server/api/protocol.js";
import { cellKinds, isStepKind } from "../../server/notebook/cell-kinds.js";
import type { CellScene } from "../kinds/kind.js";
import { viewOf } from "../kinds/views.js";
import { loadCode } from "../connection.js";
import {
  CellSourceChangeEvent,
  GoToDefinitionEvent,
  type CellLeavingEvent,
} from "../editor/editor-events.js";
import "../editor/sql-cell-editor.js";
import type { SqlCellEditor } from "../editor/sql-cell-editor.js";
import type { FormatEvent } from "../grid/grid-events.js";
import type { SqlLanguageService } from "../editor/language-service.js";
import { toMarkers, type EditorMarker } from "../editor/markers.js";
import { formatCount, formatDuration } from "../../server/text/format.js";
import { renderStatusMark } from "../styles/status-mark.js";
import { may, tellsEngine } from "../session.js";
import { renderAvatar } from "../people/avatar.js";
import { bodyOf, optionsOf, sqlOf, type Block, type CellFacts } from "../store/document.js";
import type { Expected } from "../store/notebook-state.js";
import { hasResult, type CellProgress } from "../store/run-state.js";
import { isOld } from "../store/standing.js";
import { kinds } from "../kinds/kinds.js";
import { isOtherTests, type CellTest } from "../store/tests.js";
import {
  CellActionEvent,
  CellBodyChangeEvent,
  CellRemakeEvent,
  MakeControlEvent,
  type CellAction,
} from "./cell-events.js";
import "./cell-menu.js";
import { renderProblems, type ProblemActions } from "./cell-problems.js";
import { renderMode, type CellMode } from "./cell-mode.js";
import "./cell-result.js";
import { standingOf, type CellStanding } from "./cell-standing.js";
import { renderIncrement } from "./increment-strip.js";
import { ProblemRoom } from "./problem-room.js";
import { plainReason, renderReason } from "./reason.js";
import { renderTests } from "./test-outcome.js";
import { TypingPause } from "./typing-pause.js";
import "./yaml-field.js";
import type { YamlChangeEvent } from "./yaml-field.js";
import { renderIcon } from "../styles/icon.js";

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
  @property({ attribute: false, hasChanged: isOther }) forecast: Expected | undefined;
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
  @property({ attribute: false, hasChanged: isOther }) sourceForecast: Expected | undefined;
  @property({ attribute: false, hasChanged: isOther }) sourceColumns: CellFacts["columns"];
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
  /** Of a test: itself; of what is tested: its tests. */
  @property({ attribute: false, hasChanged: isOtherTests }) tests: readonly CellTest[] = [];
  /** What a preview of the selection gave, from the page. */
  @property({ attribute: false }) extra: TemplateResult | typeof nothing = nothing;
  /** Why it is as it is said to be, where that is long. */
  @state() private hasDetail = false;
  @state() private hasSettings = false;
  @state() private mode: CellMode | undefined;
  @query("sql-cell-editor") private editor!: SqlCellEditor | null;
  /** Of what is never run: changes when what it draws may have changed. Empty until there is something to draw. */
  #drawnKey = "";
  /** The focus came here out of the editor: Tab goes on behind it. */
  #hasEscaped = false;
  /** What was opened by an error stays open when it is mended: somebody is typing there. */
  #isYamlOpen = false;
  #hadErrors = false;
  readonly #room = new ProblemRoom(this);
  readonly #typing = new TypingPause(this, () => this.editor?.isSuggesting() === true);
  /** What is wrong, as it was when somebody began to type: half of a query is wrong for a moment. */
  #told: { readonly diagnostics: readonly LocatedDiagnostic[]; readonly hasErrors: boolean } | undefined;
  /** Between two settings the editor moves them along with the text. */
  #markers: readonly EditorMarker[] = [];
  /** A new cell takes it once, and at once: what is typed next is its source. */
  #hasTakenFocus = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    const { cell } = this.block;
    if (cell === undefined) return;
    if (!this.#typing.isTyping) this.#tell(cell);
    this.#drawnKey = viewOf(cell.kind)?.keyOf?.(this.#scene(cell)) ?? this.#drawnKey;
    if (cell.hasErrors && !this.#hadErrors) this.#isYamlOpen = true;
    this.#hadErrors = cell.hasErrors;
  }

  #tell({ hasErrors }: CellFacts): void {
    const { diagnostics, firstLine, block } = this;
    this.#told = { diagnostics, hasErrors };
    this.#markers = toMarkers(diagnostics, { firstLine, text: sqlOf(block) });
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
    void this.updateComplete.then(async () => {
      const form = this.querySelector<LitElement>("chart-form, control-form");
      // Its code comes when it is first needed.
      if (form !== null) await customElements.whenDefined(form.localName).then(() => form.updateComplete);
      this.querySelector<HTMLElement>(".yaml-source select, .yaml-source textarea")?.focus();
    });
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
      @focusin=${this.#onFocusIn}
      @focusout=${this.#onFocusOut}
      @cell-run=${this.#typing.end}
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
        ${isRelation ? nothing : html`<span class="kind">${kinds[cell.kind].noun}</span>`}
        ${this.#renderMeta(cell)} ${this.#renderStanding(standing)}
        <span class="spacer"></span>
        ${this.here.map((name) => renderAvatar(name, `${name} is here`))} ${this.#renderButtons(cell)}
      </header>
      ${this.#renderProgress()} ${this.#renderSettings(cell)}
      ${
        language === "sql"
          ? html`<sql-cell-editor
                .cellName=${cell.name}
                .value=${sqlOf(this.block)}
                .markers=${this.#markers}
                .languageService=${this.languageService}
                ?readOnly=${!may("edit")}
                @cell-source-change=${({ isTyped }: CellSourceChangeEvent) => {
                  if (isTyped) this.#typing.note();
                }}
                @cell-leaving=${({ isLeaving }: CellLeavingEvent) => (this.mode = isLeaving ? "leaving" : "editing")}
                @cell-escape=${this.#onEscape}
              ></sql-cell-editor>
              ${this.selected && may("edit") ? renderMode(this.mode) : nothing}
              <span class="behind-editor" tabindex="-1"></span>`
          : this.#renderYamlCell(cell)
      }
      ${this.#renderProblems()} ${this.#renderIncrement()} ${this.#renderNotes()}
      ${renderTests(cell, this.tests, this.#goTo)} ${this.extra}
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
              @format-column=${this.#onFormat}
              ?stale=${cell.hasErrors || standing.mark === "running" || isOld(this.forecast, this.record)}
            ></cell-result>`
          : nothing
      }
    </section>`;
  }

  #standing(cell: CellFacts): CellStanding {
    const view = viewOf(cell.kind);
    if (view !== undefined && !cell.hasErrors)
      return view.standing?.(this.#scene(cell)) ?? { mark: "none", words: "" };
    return standingOf({ ...cell, hasErrors: this.#told?.hasErrors ?? cell.hasErrors }, this);
  }

  #renderProblems(): TemplateResult {
    const { block, record, firstLine } = this;
    const { diagnostics = [], hasErrors = false } = this.#told ?? {};
    const { height } = this.#room;
    return html`<div
      class="problem-room ${height === undefined ? "" : "held"}"
      style=${height === undefined ? nothing : `height:${String(height)}px`}
    >
      ${renderProblems(block, { diagnostics, hasErrors, record, firstLine }, this.#problemActions)}
    </div>`;
  }

  readonly #problemActions: ProblemActions = {
    remake: (created) => this.dispatchEvent(new CellRemakeEvent(created)),
    control: (parameter) => this.dispatchEvent(new MakeControlEvent(parameter)),
    correct: (sql) => this.dispatchEvent(new CellSourceChangeEvent(sql)),
  };

  readonly #goTo = (cell: string): void => {
    this.dispatchEvent(new GoToDefinitionEvent(cell));
  };

  #renderStanding({ mark, words, detail }: CellStanding): TemplateResult {
    if (detail === undefined)
      return html`<span class="why ${mark}" title=${plainReason(words)}>${this.#renderWords(words)}</span>`;
    return html`<button
        class="words"
        title=${plainReason(detail)}
        aria-expanded=${this.hasDetail}
        @click=${() => (this.hasDetail = !this.hasDetail)}
      >
        ${words}
      </button>
      <span class="why ${mark}">${this.hasDetail ? this.#renderWords(detail) : nothing}</span>`;
  }

  #renderWords(words: string): ReturnType<typeof renderReason> {
    return renderReason(words, { notebook: this.notebook, cells: this.takenNames, goTo: this.#goTo });
  }

  #renderMeta(cell: CellFacts): TemplateResult {
    const { record } = this;
    const formats = cell.options["materialize"] as readonly string[] | undefined;
    const partitions = cell.options["partitionBy"] as readonly string[] | undefined;
    const badge = cell.isDataset
      ? `${(formats ?? []).join(", ")}${(partitions ?? []).length > 0 ? ` by ${(partitions ?? []).join(", ")}` : ""}`
      : "";
    return html`${badge === "" ? nothing : html`<span class="badge" title="A dataset: its rows are published to the lake, as ${badge}">${badge}</span>`}
    ${this.#renderEngine(cell)}
    ${record?.rows === undefined ? nothing : html`<span class="rows">${formatCount(record.rows, "row")}</span>`}
    ${record?.durationMs === undefined || record.outcome !== "succeeded" ? nothing : html`<span class="time">${formatDuration(record.durationMs)}</span>`}`;
  }

  #renderEngine(cell: CellFacts): TemplateResult | typeof nothing {
    if (!tellsEngine(cell)) return nothing;
    void loadCode(() => import("./cell-engine.js"));
    return html`<cell-engine
      .cell=${cell}
      .diagnostics=${this.diagnostics}
      .record=${this.record}
      .progress=${this.progress}
    ></cell-engine>`;
  }

  #renderButtons(cell: CellFacts): TemplateResult {
    const isRunning = this.record?.status === "running" || this.record?.status === "queued";
    const canRun = isStepKind(cell.kind);
    return html`<span class="cell-buttons">
      ${canRun && !isRunning && may("run") ? html`<button title="Run (Ctrl+Enter)" aria-label="Run ${cell.name}" @click=${() => this.#act("run")}>${renderIcon("run")} Run</button>` : nothing}
      ${isRunning && may("run") ? html`<button aria-label="Stop ${cell.name}" @click=${() => this.#act("stop")}>${renderIcon("stop")} Stop</button>` : nothing}
      ${cell.isDataset && may("run") ? html`<button title="Publish this dataset" @click=${() => this.#act("materialize")}>Materialize</button>` : nothing}
      <button
        class="icon"
        title=${canRun ? "Settings" : "Source"}
        aria-label="${canRun ? "Settings" : "Source"} of ${cell.name}"
        aria-expanded=${this.hasSettings}
        ?hidden=${canRun && !may("edit")}
        @click=${this.#onSettings}
      >
        ${renderIcon("settings")}
      </button>
      <cell-menu
        .notebook=${this.notebook}
        .cell=${cell}
        .result=${hasResult(this.record) ? this.record.fingerprint : undefined}
        ?editable=${may("edit")}
        ?downloadable=${hasResult(this.record) && cellKinds[cell.kind].isRelation}
      ></cell-menu>
    </span>`;
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
      .cells=${this.takenNames}
      .yaml=${optionsOf(this.block)}
    ></cell-settings>`;
  }

  #isTypedInto(): boolean {
    return this.querySelector(".yaml-source")?.contains(document.activeElement) === true;
  }

  /** What is never run: what it shows, and its YAML on request. */
  #renderYamlCell(cell: CellFacts): TemplateResult {
    const body = bodyOf(this.block);
    const scene = this.#scene(cell);
    const view = viewOf(cell.kind);
    const isOpen = this.hasSettings || this.fresh || cell.hasErrors || this.#isTypedInto();
    const form = (isOpen ? view?.form?.(scene) : undefined) ?? nothing;
    return html`${view?.render(scene) ?? nothing}
    ${
      isOpen
        ? html`<div class="yaml-source">
            ${form}
            <details
              class="yaml-text"
              ?open=${form === nothing || this.#isYamlOpen}
              @toggle=${({ target }: Event) => (this.#isYamlOpen = (target as HTMLDetailsElement).open)}
            >
              <summary ?hidden=${form === nothing}>YAML</summary>
              <yaml-field
                label="YAML of ${cell.name}"
                ?readOnly=${!may("edit")}
                .value=${body}
                @yaml-change=${this.#onYaml}
                @keydown=${this.#onYamlKey}
              ></yaml-field>
            </details>
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
      sourceColumns: this.sourceColumns,
      body: bodyOf(block),
      diagnostics: this.#told?.diagnostics ?? [],
      firstLine: this.firstLine,
      edit: may("edit")
        ? (body) => {
            this.dispatchEvent(new CellBodyChangeEvent(body, false));
          }
        : undefined,
      run: may("run")
        ? () => {
            this.#act("run");
          }
        : undefined,
    };
  }

  #onYaml({ text, isDraft }: YamlChangeEvent): void {
    if (isDraft) this.#typing.note();
    this.dispatchEvent(new CellBodyChangeEvent(text, isDraft));
  }

  #onFocusIn({ target }: FocusEvent): void {
    const isEditing = target instanceof Element && target.closest("sql-cell-editor") !== null;
    this.mode = isEditing
      ? "editing"
      : target instanceof Element && target.matches(".cell")
        ? "command"
        : undefined;
  }

  #onFocusOut({ relatedTarget }: FocusEvent): void {
    this.#hasEscaped = false;
    this.mode = undefined;
    if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.#typing.end();
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

  async #onFormat({ column, format }: FormatEvent): Promise<void> {
    const { setFormat } = await loadCode(() => import("./set-format.js"));
    setFormat(this, optionsOf(this.block), column, format);
  }

  #onSettings(): void {
    this.hasSettings = !this.hasSettings;
    // With it comes what reads YAML.
    void loadCode(() => import("./cell-settings.js"));
  }

  #act(action: CellAction): void {
    this.dispatchEvent(new CellActionEvent(action));
  }
}
