import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";

const SHOWN_FOR_MS = 6000;

/** What was just done, said for a while, with the way back from a deletion. */
export class NotebookToast {
  readonly #page: ReactiveControllerHost;
  #note = "";
  #canUndo = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: ReactiveControllerHost) {
    this.#page = page;
  }

  say(note: string, { canUndo = false } = {}): void {
    [this.#note, this.#canUndo] = [note, canUndo];
    this.#page.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      [this.#note, this.#canUndo] = ["", false];
      this.#page.requestUpdate();
    }, SHOWN_FOR_MS);
  }

  render(undo: () => void): TemplateResult {
    return html`<p class="toast" role="status" ?hidden=${this.#note === ""}>
      ${this.#note} ${this.#canUndo ? html`<button class="undo" @click=${undo}>Undo</button>` : nothing}
    </p>`;
  }
}
