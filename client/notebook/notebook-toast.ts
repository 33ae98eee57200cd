import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";

const SHOWN_FOR_MS = 6000;

/** What was just done, said for a while, with the way back from a deletion. */
export class NotebookToast {
  readonly #page: ReactiveControllerHost;
  #note = "";
  #canUndo = false;
  #isAsking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: ReactiveControllerHost) {
    this.#page = page;
  }

  say(note: string, { canUndo = false, isAsking = false } = {}): void {
    [this.#note, this.#canUndo, this.#isAsking] = [note, canUndo, isAsking];
    this.#page.requestUpdate();
    clearTimeout(this.#timer);
    if (note !== "") this.#timer = setTimeout(() => this.say(""), SHOWN_FOR_MS);
  }

  /** Every choice is made: none is asked for any more. */
  settle(): void {
    if (this.#isAsking) this.say("");
  }

  render(undo: () => void): TemplateResult {
    return html`<p class="toast" role="status" ?hidden=${this.#note === ""}>
      ${this.#note} ${this.#canUndo ? html`<button class="undo" @click=${undo}>Undo</button>` : nothing}
    </p>`;
  }
}
