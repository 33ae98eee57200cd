import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  addCheck,
  hasOption,
  listChecks,
  replaceCheck,
  type WrittenCheck,
} from "../../server/notebook/edit-options.js";
import { emptyDraft, readEntry, type CellColumn, type CheckDraft } from "./check-entry.js";
import type { CheckFilledEvent } from "./check-form.js";
import "./check-form.js";

/** The settings of a cell with other checks. */
export class ChecksChangeEvent extends Event {
  readonly yaml: string;

  constructor(yaml: string) {
    super("checks-change");
    this.yaml = yaml;
  }
}

/** What is filled in: another check, or one that is there, by its text. */
interface Open {
  readonly draft: CheckDraft;
  readonly text?: string;
}

/**
 * `<check-entries>`: the checks of a cell, each to be changed or removed, and the form for another one.
 *
 * @fires checks-change - One was added, changed or removed.
 */
@customElement("check-entries")
export class CheckEntries extends LitElement {
  /** The settings of the cell. */
  @property() yaml = "";
  @property({ attribute: false }) columns: readonly CellColumn[] = [];
  /** Names of the notebook's cells. */
  @property({ attribute: false }) cells: readonly string[] = [];
  /** Its rows are published. */
  @property({ type: Boolean }) stored = false;
  @state() private open: Open | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const entries = listChecks(this.yaml);
    if (entries === undefined) return html`<span class="note">as the YAML says</span>`;
    return html`${
      entries.length === 0
        ? nothing
        : html`<ul class="check-entries">
            ${entries.map((entry, index) => this.#renderEntry(entry, index))}
          </ul>`
    }
    ${
      this.open === undefined
        ? html`<button class="outlined" @click=${() => (this.open = { draft: emptyDraft })}>
            Add a check…
          </button>`
        : html`<check-form
            .draft=${this.open.draft}
            .action=${this.open.text === undefined ? "Add check" : "Change check"}
            .columns=${this.columns}
            .cells=${this.cells}
            ?stored=${this.stored && !hasOption(this.yaml, "incremental")}
            @check-filled=${this.#onFilled}
          ></check-form>`
    }`;
  }

  #renderEntry({ text, value }: WrittenCheck, index: number): TemplateResult {
    const draft = readEntry(value);
    const words = text.replace(/\n\s*/g, ", ");
    return html`<li>
      <code>${words}</code>
      ${
        draft === undefined
          ? nothing
          : html`<button
              aria-label="Change ${words}"
              @click=${() => {
                this.open = { draft, text };
              }}
            >
              Change…
            </button>`
      }
      <button
        aria-label="Remove ${words}"
        @click=${() => {
          this.#tell(replaceCheck(this.yaml, index, undefined));
        }}
      >
        Remove
      </button>
    </li>`;
  }

  /** One that was removed meanwhile is added. */
  #onFilled({ entry }: CheckFilledEvent): void {
    const { text } = this.open ?? {};
    this.open = undefined;
    if (entry === undefined) return;
    const index = listChecks(this.yaml)?.findIndex((check) => check.text === text) ?? -1;
    this.#tell(index < 0 ? addCheck(this.yaml, entry) : replaceCheck(this.yaml, index, entry));
  }

  #tell(yaml: string): void {
    this.dispatchEvent(new ChecksChangeEvent(yaml));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "check-entries": CheckEntries;
  }
}
