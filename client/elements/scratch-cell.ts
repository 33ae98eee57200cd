import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { api, ApiError } from "../api-client.js";
import { may } from "../session.js";
import type { CellRunEvent, RunSelectionEvent } from "../editor/editor-events.js";
import type { SqlLanguageService } from "../editor/language-service.js";
import "../editor/sql-cell-editor.js";
import type { SqlCellEditor } from "../editor/sql-cell-editor.js";
import "./query-preview.js";
import type { Preview } from "./query-preview.js";
import { renderIcon } from "../styles/icon.js";

const SAMPLE_ROWS = 1000;

/** The user wants the scratch query in the notebook. */
export class ScratchKeepEvent extends Event {
  readonly sql: string;

  constructor(sql: string) {
    super("scratch-keep");
    this.sql = sql;
  }
}

/**
 * `<scratch-cell>`: a query beside the notebook. Neither it nor its rows are saved.
 *
 * @fires scratch-keep - It is to be a cell.
 * @fires scratch-close - It is not wanted any more.
 */
@customElement("scratch-cell")
export class ScratchCell extends LitElement {
  @property() notebook = "";
  @property({ attribute: false }) parameters: Readonly<Record<string, unknown>> = {};
  @property({ attribute: false }) languageService: SqlLanguageService | undefined;
  @state() private sql = "";
  @state() private preview: Preview | undefined;
  @state() private isRunning = false;
  @query("sql-cell-editor") private editor!: SqlCellEditor;
  #abort: AbortController | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  /** Answers a query at once. Nothing that was written is lost. */
  begin(sql: string): void {
    if (sql === "" || this.sql.trim() !== "") return;
    this.sql = sql;
    void this.#run(sql);
  }

  override focus(): void {
    void this.updateComplete.then(() => {
      this.editor.focus();
    });
  }

  override render(): TemplateResult {
    return html`<section class="cell scratch" aria-label="Scratch">
      <header class="cell-head">
        <span class="cell-name">scratch</span>
        <span class="why">the first ${SAMPLE_ROWS} rows; never saved</span>
        <span class="spacer"></span>
        <span class="cell-buttons">
          ${
            this.isRunning
              ? html`<button @click=${() => this.#abort?.abort()}>${renderIcon("stop")} Stop</button>`
              : html`<button
                  title="Run (Ctrl+Enter)"
                  ?disabled=${this.sql.trim() === ""}
                  @click=${() => void this.#run(this.sql)}
                >
                  ${renderIcon("run")} Run
                </button>`
          }
          <button
            ?disabled=${this.sql.trim() === ""}
            ?hidden=${!may("edit")}
            @click=${() => this.dispatchEvent(new ScratchKeepEvent(this.sql))}
          >
            Keep as cell
          </button>
          <button
            class="icon close"
            aria-label="Close the scratch cell"
            @click=${() => this.dispatchEvent(new Event("scratch-close"))}
          >
            ${renderIcon("close")}
          </button>
        </span>
      </header>
      <sql-cell-editor
        .value=${this.sql}
        .languageService=${this.languageService}
        @cell-source-change=${this.#onSource}
        @cell-run=${this.#onRun}
        @run-selection=${this.#onSelection}
        @cell-escape=${() => this.querySelector<HTMLElement>(".behind-editor")?.focus()}
      ></sql-cell-editor>
      <span class="behind-editor" tabindex="-1"></span>
      ${this.preview === undefined ? nothing : html`<div class="preview"><query-preview .preview=${this.preview}></query-preview></div>`}
    </section>`;
  }

  #onSource(event: Event & { readonly value: string }): void {
    event.stopPropagation();
    this.sql = event.value;
  }

  #onRun(event: CellRunEvent): void {
    event.stopPropagation();
    void this.#run(this.sql);
  }

  #onSelection(event: RunSelectionEvent): void {
    event.stopPropagation();
    void this.#run(event.sql);
  }

  /** A query that is under way gives way to the new one. */
  async #run(sql: string): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isRunning = true;
    try {
      const body = { sql, parameters: { ...this.parameters }, limit: SAMPLE_ROWS };
      this.preview = { answer: await api.query(this.notebook, body, abort.signal) };
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.preview = { problem: [error.message, error.hint].filter(Boolean).join(" ") };
    } finally {
      if (this.#abort === abort) this.isRunning = false;
    }
  }
}
