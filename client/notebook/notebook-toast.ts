import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";

const SHOWN_FOR_MS = 6000;

interface Saying {
  readonly canUndo?: boolean;
  readonly isAsking?: boolean;
  readonly steps?: unknown;
}

/** What was just done, said for a while, with the way back from a deletion. */
export class NotebookToast {
  readonly #page: ReactiveControllerHost;
  #note = "";
  #canUndo = false;
  #isAsking = false;
  #steps: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: ReactiveControllerHost) {
    this.#page = page;
  }

  /** `steps`: buttons and links of what may follow. */
  say(note: string, { canUndo = false, isAsking = false, steps }: Saying = {}): void {
    [this.#note, this.#canUndo, this.#isAsking, this.#steps] = [note, canUndo, isAsking, steps];
    this.#page.requestUpdate();
    this.#wait();
  }

  /** Whoever is at it is not hurried. */
  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#note === "") return;
    this.#timer = setTimeout(() => {
      if (document.querySelector(".toast:is(:hover, :focus-within)") === null) this.say("");
      else this.#wait();
    }, SHOWN_FOR_MS);
  }

  /** Every choice is made: none is asked for any more. */
  settle(): void {
    if (this.#isAsking) this.say("");
  }

  render(undo: () => void): TemplateResult {
    return html`<p class="toast" role="status" ?hidden=${this.#note === ""}>
      ${this.#note} ${this.#canUndo ? html`<button @click=${undo}>Undo</button>` : nothing} ${this.#steps}
    </p>`;
  }
}
