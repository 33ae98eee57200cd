import { html, LitElement, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { nothingTyped } from "../typed-meanwhile.js";

/** `<rename-dialog>`: asks for the new name of a cell. */
@customElement("rename-dialog")
export class RenameDialog extends LitElement {
  @state() private cell = "";
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("input") private field!: HTMLInputElement;
  #answer: ((name: string | undefined) => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Undefined: it keeps its name. `typed`: the new one, as far as it is typed already. */
  async ask(cell: string, { text, isEntered } = nothingTyped): Promise<string | undefined> {
    if (isEntered) return newName(cell, text);
    this.cell = cell;
    await this.updateComplete;
    this.field.value = text === "" ? cell : text;
    this.dialog.showModal();
    if (text === "") this.field.select();
    const name = await new Promise<string | undefined>((resolve) => (this.#answer = resolve));
    return newName(cell, name ?? "");
  }

  override render(): TemplateResult {
    return html`<dialog
      class="small"
      aria-label="Rename cell"
      @close=${() => {
        this.#reply(undefined);
      }}
    >
      <form
        method="dialog"
        @submit=${() => {
          this.#reply(this.field.value);
        }}
      >
        <h2>Rename <code>${this.cell}</code></h2>
        <label
          >New name
          <input name="name" required maxlength="200" autocomplete="off" spellcheck="false" autofocus
        /></label>
        <p class="note">The cells that read it follow.</p>
        <footer>
          <button class="primary">Rename</button><span class="spacer"></span
          ><button
            type="button"
            @click=${() => {
              this.dialog.close();
            }}
          >
            Cancel
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  #reply(name: string | undefined): void {
    this.#answer?.(name);
    this.#answer = undefined;
  }
}

function newName(cell: string, typed: string): string | undefined {
  const name = typed.trim();
  return name === "" || name === cell ? undefined : name;
}

declare global {
  interface HTMLElementTagNameMap {
    "rename-dialog": RenameDialog;
  }
}
