import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { nothingTyped } from "../typed-meanwhile.js";
import { noteRecent, recentFirst } from "./recent.js";

export interface PaletteEntry {
  readonly label: string;
  /** Shown beside it, and found too: a kind, keys, the name of a file. */
  readonly detail?: string;
  run(): void;
}

export interface PaletteList {
  readonly label: string;
  readonly placeholder: string;
  readonly entries: readonly PaletteEntry[];
  /** What the server has to be asked for: stands behind the others as soon as it is there. */
  readonly more?: Promise<readonly PaletteEntry[]>;
}

const empty: PaletteList = { label: "", placeholder: "", entries: [] };

/** `<command-palette>`: everything that can be done or opened, by typing a part of its name. Ctrl/Cmd+K. */
@customElement("command-palette")
export class CommandPalette extends LitElement {
  @state() private list = empty;
  @state() private text = "";
  @state() private at = 0;
  /** More may come. */
  @state() private isAsking = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** `typed`: into its field, already; if it was entered, the first that matches is chosen, as soon as one is there. */
  async show(list: PaletteList, { text, isEntered } = nothingTyped): Promise<void> {
    this.list = { ...list, entries: recentFirst(list.entries) };
    const shown = this.list;
    this.text = text;
    this.at = 0;
    this.isAsking = list.more !== undefined;
    await this.updateComplete;
    if (isEntered && this.#enter()) return;
    if (!this.dialog.open) this.dialog.showModal();
    const more = (await list.more) ?? [];
    if (this.list !== shown) return;
    this.list = { ...list, entries: recentFirst([...list.entries, ...more]) };
    this.isAsking = false;
    if (isEntered && this.dialog.open && this.text === text) this.#enter();
  }

  #enter(): boolean {
    const [first] = this.#found();
    if (first !== undefined) this.#choose(first);
    return first !== undefined;
  }

  override render(): TemplateResult {
    const found = this.#found();
    const { label, placeholder } = this.list;
    return html`<dialog class="palette" aria-label=${label}>
      <input
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant="palette-${this.at}"
        aria-label=${placeholder}
        placeholder=${placeholder}
        autofocus
        .value=${this.text}
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      />
      <ul id="palette-list" role="listbox" aria-label=${label}>
        ${found.map(
          (entry, index) =>
            html`<li
              id="palette-${index}"
              role="option"
              aria-selected=${index === this.at}
              @click=${() => {
                this.#choose(entry);
              }}
            >
              <span>${entry.label}</span
              >${entry.detail === undefined ? nothing : html`<kbd>${entry.detail}</kbd>`}
            </li>`,
        )}
      </ul>
      ${found.length > 0 || this.isAsking ? nothing : html`<p class="note" role="status">Nothing matches.</p>`}
    </dialog>`;
  }

  #found(): readonly PaletteEntry[] {
    const words = this.text.toLowerCase().split(/\s+/);
    return this.list.entries
      .filter(({ label, detail = "" }) => {
        const text = `${label} ${detail}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .slice(0, 50);
  }

  #onInput(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    this.at = 0;
  }

  #onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const found = this.#found();
    if (event.key === "ArrowDown") this.at = Math.min(found.length - 1, this.at + 1);
    else if (event.key === "ArrowUp") this.at = Math.max(0, this.at - 1);
    else if (event.key === "Enter") {
      const entry = found[this.at];
      if (entry !== undefined) this.#choose(entry);
    } else return;
    event.preventDefault();
    void this.updateComplete.then(() =>
      this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }),
    );
  }

  #choose(entry: PaletteEntry): void {
    this.dialog.close();
    noteRecent(entry.label);
    entry.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "command-palette": CommandPalette;
  }
}
