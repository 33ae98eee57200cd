import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { addressOf } from "../api-client.js";
import { insertions } from "../kinds/kinds.js";
import type { CellFacts } from "../store/document.js";
import { CellActionEvent, type CellAction } from "./cell-events.js";
import { downloads } from "./downloads.js";
import { renderIcon } from "../styles/icon.js";

interface MenuItem {
  readonly action: CellAction;
  readonly label: string;
  readonly keys?: string;
}

const items: readonly MenuItem[] = [
  ...insertions.map(({ noun, ...insertion }) => ({ ...insertion, label: `Add ${noun} below` })),
  { action: "duplicate", label: "Duplicate" },
  { action: "move-up", label: "Move up", keys: "Alt+Shift+↑" },
  { action: "move-down", label: "Move down", keys: "Alt+Shift+↓" },
  { action: "delete", label: "Delete", keys: "d d" },
];

const testItem: MenuItem = { action: "make-test", label: "Make a test of its rows…" };

/**
 * `<cell-menu>`: what else can be done with a cell, and its rows as files. Nothing where there is nothing.
 *
 * @fires cell-action - Something of it was chosen.
 */
@customElement("cell-menu")
export class CellMenu extends LitElement {
  @property() notebook = "";
  @property({ attribute: false }) cell!: CellFacts;
  /** The fingerprint of the rows that are shown. */
  @property() result: string | undefined;
  @property({ type: Boolean }) editable = false;
  /** It has rows. */
  @property({ type: Boolean }) downloadable = false;
  /** At the table itself, where nothing else is chosen. */
  @property({ type: Boolean, attribute: "at-table" }) isAtTable = false;
  @state() private isOpen = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.editable && !this.downloadable) return nothing;
    return html`<span class="menu-anchor">
      <button
        class="icon"
        title=${this.isAtTable ? "Download all rows" : nothing}
        aria-label="${this.isAtTable ? "Download" : "More for"} ${this.cell.name}"
        aria-haspopup="menu"
        aria-expanded=${this.isOpen}
        @click=${this.#onButton}
      >
        ${renderIcon(this.isAtTable ? "download" : "more")}
      </button>
      ${
        this.isOpen
          ? html`<div class="menu" role="menu" @focusout=${this.#onBlur} @keydown=${this.#onKey}>
              ${this.#items().map(({ action, label, keys }) => html`<button role="menuitem" @click=${() => this.#choose(action)}>${label}${keys === undefined ? nothing : html`<kbd>${keys}</kbd>`}</button>`)}
              ${this.#renderDownloads()}
            </div>`
          : nothing
      }
    </span>`;
  }

  #items(): readonly MenuItem[] {
    if (!this.editable) return [];
    return this.cell.kind === "sql" ? [testItem, ...items] : items;
  }

  #renderDownloads(): TemplateResult[] {
    if (!this.downloadable) return [];
    const { notebook: name, cell, result } = this;
    return downloads.map(
      ({ format, label }) =>
        html`<a
          class="button"
          role="menuitem"
          download
          href="${addressOf("GET /api/notebooks/{name}/cells/{cell}/download", {
            params: { name, cell: cell.name },
            query: { format, result },
          })}"
          @click=${() => (this.isOpen = false)}
          >Download ${label}</a
        >`,
    );
  }

  #choose(action: CellAction): void {
    this.isOpen = false;
    this.dispatchEvent(new CellActionEvent(action));
  }

  #onButton(): void {
    this.isOpen = !this.isOpen;
    if (!this.isOpen) return;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[role="menuitem"]')?.focus());
  }

  #onBlur(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (!(next instanceof Node) || !(event.currentTarget as HTMLElement).parentElement?.contains(next))
      this.isOpen = false;
  }

  #onKey(event: KeyboardEvent): void {
    const entries = [
      ...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="menuitem"]'),
    ];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape") {
      this.isOpen = false;
      this.querySelector<HTMLElement>(".menu-anchor > button")?.focus();
    } else if (event.key === "ArrowDown") entries[(at + 1) % entries.length]?.focus();
    else if (event.key === "ArrowUp") entries[(at - 1 + entries.length) % entries.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cell-menu": CellMenu;
  }
}
